//! `prism doctor`: what is missing, and whether the store is whole.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{
    common::{Prism, Ran, files, fixture},
    models,
};

const ARTICLE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";

/// A store with one published analysis, and its id.
pub(super) fn with_an_analysis() -> (Prism, String) {
    let prism =
        Prism::with_settings("[model]\nprovider = \"extractive\"\n[extractive]\npublish = true");
    let page = fixture(ARTICLE).display().to_string();
    let ran = prism.run(["analyze", "--format", "json", &page]).expect(0);
    let id = ran.json_lines()[0]["id"].as_str().unwrap().to_owned();
    (prism, id)
}

pub(super) fn doctor(prism: &Prism, args: &[&str]) -> Ran {
    prism.run([&["doctor", "--format", "json"], args].concat())
}

/// What the doctor says of `check` at this level.
fn of(ran: &Ran, check: &str, level: &str) -> Vec<String> {
    ran.json_lines()
        .iter()
        .filter(|line| line["check"] == check && line["level"] == level)
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect()
}

pub(super) fn make_old(path: &Path) {
    let year_ago = SystemTime::now() - Duration::from_hours(365 * 24);
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(year_ago).unwrap();
}

#[test]
fn a_machine_with_nothing_set_up_is_told_what_is_missing_and_nothing_is_made() {
    let prism = Prism::with_settings("");
    fs::remove_file(prism.path("prism.toml")).unwrap();
    let ran = prism.run(["doctor", "--offline"]).expect(0);
    for line in [
        "warning  settings: there is no `prism.toml` here",
        "hint: `prism init` writes one",
        "warning  feeds: none are configured",
        "warning  engine: the settings name none, so `prism ingest` refuses to start",
        "ok       store: there is none in `prism-data` yet",
    ] {
        assert!(ran.stdout.contains(line), "no `{line}` in\n{}", ran.stdout);
    }
    assert!(!prism.path("prism-data").exists());
    fs::create_dir(prism.path("prism-data")).unwrap();
    let ran = doctor(&prism, &["--offline"]).expect(0);
    assert_eq!(of(&ran, "store", "ok"), ["nothing is in it yet"]);
    assert!(prism.store_bytes().is_empty());

    fs::write(
        prism.path("prism.toml"),
        "[[feeds]]\nurl = \"http://a.example/f\"\n",
    )
    .unwrap();
    let ran = doctor(&prism, &["--offline"]).expect(3);
    assert_eq!(of(&ran, "engine", "error").len(), 1, "{}", ran.stdout);
    assert_eq!(of(&ran, "feeds", "ok"), ["1 configured"]);

    fs::write(prism.path("prism.toml"), "[fetch]\nalow_private = []\n").unwrap();
    let ran = doctor(&prism, &[]).expect(3);
    let told = of(&ran, "settings", "error");
    assert!(
        told[0].contains("unknown setting `fetch.alow_private`"),
        "{told:?}"
    );
    assert_eq!(
        ran.json_lines()[0]["hint"],
        "did you mean `fetch.allow_private`?"
    );
}

fn house(server: &str, key: &str) -> Prism {
    let settings = format!(
        "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"{server}/v1\"\n{key}\n"
    );
    Prism::with_settings(&settings).env("HOUSE_KEY", models::KEY)
}

async fn run(prism: Prism, args: &'static [&'static str]) -> (Prism, Ran) {
    tokio::task::spawn_blocking(move || {
        let ran = doctor(&prism, args);
        (prism, ran)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_is_asked_whether_it_answers_and_the_key_is_never_shown() {
    let server = models::server(vec![models::said(&json!({"ok": true}))]).await;
    let prism = house(&server.uri(), "api_key_env = \"HOUSE_KEY\"");
    let (prism, ran) = run(prism, &[]).await;
    let ran = ran.expect(0);
    assert_eq!(of(&ran, "key", "ok"), ["`HOUSE_KEY` is set"]);
    let engine = of(&ran, "engine", "ok");
    assert!(
        engine[0].contains("the text of the articles goes to 127.0.0.1"),
        "{engine:?}"
    );
    let answered = of(&ran, "model", "ok");
    assert!(
        answered[0].starts_with("`tiny-2026-11` answered in")
            && answered[0].ends_with("1000 tokens in, 200 out"),
        "{answered:?}"
    );
    assert!(!ran.stdout.contains(models::KEY) && !ran.stderr.contains(models::KEY));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);

    let (_, ran) = run(prism, &["--offline"]).await;
    assert_eq!(of(&ran, "model", "ok"), ["not asked"]);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_a_missing_one_and_a_server_that_is_not_there_are_errors() {
    let refused = ResponseTemplate::new(401).set_body_json(json!({"error": {"message": "no"}}));
    let server = models::server(vec![refused]).await;
    let (_, ran) = run(house(&server.uri(), "api_key_env = \"HOUSE_KEY\""), &[]).await;
    let ran = ran.expect(3);
    assert_eq!(of(&ran, "model", "error").len(), 1, "{}", ran.stdout);

    let (_, ran) = run(house(&server.uri(), "api_key_env = \"OTHER_KEY\""), &[]).await;
    let told = of(&ran.expect(3), "key", "error");
    assert!(told[0].contains("`OTHER_KEY`"), "{told:?}");

    let prism = house(&server.uri(), "api_key_file = \"key\"");
    fs::write(prism.path("key"), "\n").unwrap();
    let (_, ran) = run(prism, &["--offline"]).await;
    assert_eq!(of(&ran.expect(3), "key", "error"), ["`key` is empty"]);

    // Nobody listens there.
    let gone = house("http://127.0.0.1:9", "api_key_env = \"HOUSE_KEY\"");
    let (_, ran) = run(gone, &[]).await;
    let told = of(&ran.expect(3), "model", "error");
    assert!(told[0].starts_with("it was not reached"), "{told:?}");
}

#[test]
fn a_whole_store_is_said_to_be_whole_and_is_not_touched() {
    let (prism, _) = with_an_analysis();
    let before = prism.store_bytes();
    let ran = doctor(&prism, &["--verify-store"]).expect(0);
    let told = of(&ran, "store", "ok");
    assert_eq!(
        told,
        [
            "1 analyses, state and documents agree; 1 revisions, 1 articles and 0 answers of models read"
        ]
    );
    assert_eq!(of(&ran, "database", "ok").len(), 1);
    assert_eq!(of(&ran, "folder", "ok").len(), 1);
    assert_eq!(before, prism.store_bytes());
}

#[test]
fn projections_and_left_over_files_are_mended_from_the_revisions() {
    let (prism, id) = with_an_analysis();
    let published = prism.path(&format!("prism-data/analyses/{id}.json"));
    let whole = fs::read(&published).unwrap();
    let held = prism.path(&format!("prism-data/held/{id}.json"));
    let begun = prism.path("prism-data/articles/abc.json#1");
    for damage in ["gone", "cut"] {
        if damage == "gone" {
            fs::remove_file(&published).unwrap();
        } else {
            fs::write(&published, &whole[..whole.len() / 2]).unwrap();
        }
        fs::create_dir_all(held.parent().unwrap()).unwrap();
        fs::write(&held, "{}").unwrap();
        fs::write(&begun, "{").unwrap();
        // Somebody may be writing it just now.
        let young = doctor(&prism, &["--repair"]);
        assert!(begun.exists(), "{}", young.stdout);
        fs::write(&held, "{}").unwrap();
        fs::write(&published, b"").unwrap();
        make_old(&begun);

        let ran = doctor(&prism, &[]).expect(3);
        assert_eq!(of(&ran, "store", "error").len(), 2, "{}", ran.stdout);
        assert_eq!(of(&ran, "store", "warning").len(), 1, "{}", ran.stdout);
        let ran = doctor(&prism, &["--repair"]).expect(0);
        assert_eq!(of(&ran, "store", "ok").len(), 3, "{}", ran.stdout);
        assert!(!held.exists() && !begun.exists());
        assert_eq!(fs::read(&published).unwrap(), whole);
        doctor(&prism, &[]).expect(0);
    }
}

#[test]
fn a_lost_database_is_made_anew_from_the_revisions() {
    let (prism, id) = with_an_analysis();
    let listed = prism.run(["list", "--format", "json"]).expect(0).stdout;
    let published = prism.documents("analyses");
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(prism.path("prism-data").join(name));
    }
    let ran = doctor(&prism, &[]).expect(3);
    assert_eq!(
        of(&ran, "database", "error"),
        ["there is no `state.db`, but revisions"]
    );
    assert!(!prism.path("prism-data/state.db").exists());
    let ran = doctor(&prism, &["--repair"]).expect(0);
    let mended = of(&ran, "store", "ok");
    assert_eq!(
        mended,
        [format!(
            "mended: `revisions/{id}/1.json` has no row in the state"
        )]
    );
    assert_eq!(
        prism.run(["list", "--format", "json"]).expect(0).stdout,
        listed
    );
    assert_eq!(prism.documents("analyses"), published);
    // Its address and its text lead to it again: nothing is written twice.
    let page = fixture(ARTICLE).display().to_string();
    prism.run(["analyze", &page]).expect(0).says("1 unchanged");
}

#[test]
fn a_backup_whose_database_is_older_than_its_documents_is_brought_in_step() {
    let prism =
        Prism::with_settings("[model]\nprovider = \"extractive\"\n[extractive]\npublish = true");
    let page = fs::read_to_string(fixture(ARTICLE)).unwrap();
    let mut older = Vec::new();
    for name in ["Skarrow", "Starrow", "Sparrow"] {
        fs::write(prism.path("page.html"), page.replace("Skarrow", name)).unwrap();
        prism
            .run(["analyze", "page.html"])
            .expect(0)
            .says("1 saved");
        if older.is_empty() {
            older = fs::read(prism.path("prism-data/state.db")).unwrap();
        }
    }
    let listed = prism.run(["list"]).expect(0).stdout;
    assert!(listed.contains("r3"), "{listed}");
    let published = prism.documents("analyses");
    fs::write(prism.path("prism-data/state.db"), older).unwrap();

    let ran = doctor(&prism, &[]).expect(3);
    assert_eq!(of(&ran, "store", "warning").len(), 2, "{}", ran.stdout);
    doctor(&prism, &["--repair", "--verify-store"]).expect(0);
    assert_eq!(prism.run(["list"]).expect(0).stdout, listed);
    assert_eq!(prism.documents("analyses"), published);
    doctor(&prism, &[]).expect(0);
}

#[test]
fn a_revision_that_is_not_the_next_one_is_a_matter_for_a_person() {
    let (prism, id) = with_an_analysis();
    let folder = prism.path(&format!("prism-data/revisions/{id}"));
    fs::copy(folder.join("1.json"), folder.join("4.json")).unwrap();
    let ran = doctor(&prism, &["--repair"]).expect(3);
    let told = of(&ran, "store", "error");
    assert_eq!(
        told,
        [format!("`revisions/{id}/4.json` has no row in the state")]
    );
    assert!(folder.join("4.json").exists());
    fs::remove_file(folder.join("4.json")).unwrap();

    fs::remove_file(folder.join("1.json")).unwrap();
    let ran = doctor(&prism, &["--repair"]).expect(3);
    let told = of(&ran, "store", "error");
    assert!(
        told.contains(&format!("`revisions/{id}/1.json` is missing")),
        "{told:?}"
    );
    assert_eq!(prism.documents("analyses").len(), 1);
}

#[test]
fn a_document_that_was_changed_is_found_by_reading_it() {
    let (prism, id) = with_an_analysis();
    let article = files(&prism.path("prism-data/articles")).remove(0);
    let text = fs::read_to_string(&article).unwrap();
    fs::write(&article, text.replacen("Skarrow", "Starrow", 5)).unwrap();
    let completions = prism.path("prism-data/completions");
    fs::create_dir_all(&completions).unwrap();
    fs::write(completions.join("0.json"), "{\"purpose\": 1}").unwrap();
    doctor(&prism, &[]).expect(0);
    let ran = doctor(&prism, &["--verify-store", "--repair"]).expect(3);
    let told = of(&ran, "store", "error").join("\n");
    for words in [
        "its name is not the digest of what it holds",
        "`completions/0.json` is damaged",
        &format!("`revisions/{id}/1.json` is damaged: the text of its source `s1` is another"),
    ] {
        assert!(told.contains(words), "no `{words}` in\n{told}");
    }
}

#[test]
fn a_claim_whose_words_were_moved_is_found() {
    let (prism, id) = with_an_analysis();
    let path = prism.path(&format!("prism-data/revisions/{id}/1.json"));
    let mut analysis: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let claims = analysis["verification"]["claims"].as_array_mut().unwrap();
    let claim = claims
        .iter_mut()
        .find(|claim| claim["evidence"]["field"] == "text")
        .unwrap();
    let start = claim["evidence"]["span"]["start"].as_u64().unwrap();
    claim["evidence"]["span"]["start"] = json!(start + 1);
    fs::write(&path, analysis.to_string()).unwrap();
    let ran = doctor(&prism, &["--verify-store"]).expect(3);
    let told = of(&ran, "store", "error").join("\n");
    assert!(told.contains("the evidence of a claim in"), "{told}");
}

#[test]
fn a_damaged_database_gets_a_clear_line() {
    let (prism, _) = with_an_analysis();
    let path = prism.path("prism-data/state.db");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, b"this is no database, whatever its name says").unwrap();
    let ran = doctor(&prism, &[]).expect(3);
    let told = of(&ran, "database", "error");
    assert!(told[0].contains("file is not a database"), "{told:?}");
    let hint = ran
        .json_lines()
        .into_iter()
        .find(|l| l["check"] == "database");
    let hint = hint.unwrap()["hint"].to_string();
    assert!(hint.contains("restore `state.db` from a backup"), "{hint}");

    // A page in the middle is overwritten: it opens, and its own check finds it.
    let mut torn = whole.clone();
    let page = torn.len() / 2 / 4096 * 4096;
    torn[page..page + 4096].fill(0xAA);
    fs::write(&path, &torn).unwrap();
    let ran = doctor(&prism, &[]).expect(3);
    let told = [of(&ran, "store", "error"), of(&ran, "database", "error")].concat();
    assert!(!told.is_empty(), "{}", ran.stdout);
}

#[test]
fn a_store_that_is_a_file_or_cannot_be_written_gets_a_clear_line() {
    let prism = Prism::new();
    fs::write(prism.path("prism-data"), "").unwrap();
    let ran = doctor(&prism, &[]).expect(3);
    let told = of(&ran, "folder", "error");
    assert!(told[0].ends_with("prism-data` is no folder"), "{told:?}");

    let (prism, _) = with_an_analysis();
    // A file where a folder of documents should be: nobody can write below it.
    let analyses = prism.path("prism-data/analyses");
    fs::rename(&analyses, prism.path("elsewhere")).unwrap();
    fs::write(&analyses, "").unwrap();
    let ran = doctor(&prism, &[]).expect(3);
    let told = of(&ran, "folder", "error");
    assert!(told[0].starts_with("cannot use `"), "{told:?}");
}

#[test]
fn a_held_lock_is_said_and_the_repair_waits_for_its_end() {
    let (prism, _) = with_an_analysis();
    let lock = fs::File::create(prism.path("prism-data/lock")).unwrap();
    lock.try_lock().unwrap();
    let ran = doctor(&prism, &[]).expect(0);
    assert_eq!(of(&ran, "lock", "warning").len(), 1);
    doctor(&prism, &["--repair"])
        .expect(5)
        .says("another run holds");
    prism.run(["prune"]).expect(5).says("another run holds");
    drop(lock);
    assert_eq!(of(&doctor(&prism, &["--repair"]), "lock", "ok"), ["free"]);
}

#[test]
fn the_doctor_says_what_the_model_costs_and_from_where() {
    let settings = |name: &str, more: &str| {
        Prism::with_settings(&format!(
            "[model]\nprovider = \"openai\"\nname = \"{name}\"\nbase_url = \"http://127.0.0.1:1/v1\"\n{more}"
        ))
    };
    let doctor = ["doctor", "--offline"];
    for (name, more, says) in [
        (
            "gpt-5-mini-2025-08-07",
            "",
            "$0.25 and $2 for a million tokens in and out, as its vendor asked on 2026-06-15",
        ),
        (
            "tiny",
            "price = { input = 1.0, output = 3.0 }\n",
            "$1 and $3 for a million tokens in and out, as the settings say",
        ),
        (
            "tiny",
            "[budget]\nunpriced = true\n",
            "price: unknown, so costs are not counted",
        ),
    ] {
        let ran = settings(name, more).run(doctor).expect(0);
        assert!(ran.stdout.contains(says), "{}", ran.stdout);
    }
    let ran = settings("tiny", "[[feeds]]\nurl = \"http://127.0.0.1:1/feed\"\n")
        .run(doctor)
        .expect(3);
    assert!(
        ran.stdout
            .contains("error    price: the price of the model `tiny` is unknown"),
        "{}",
        ran.stdout
    );
}

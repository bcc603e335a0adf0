//! Bad input gets a clear error and the right exit code, and good input beside it is not
//! lost.

use std::fs;

use super::common::{Prism, fixture};

const ARTICLE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";

fn arg(path: &str) -> String {
    fixture(path).display().to_string()
}

#[test]
fn a_page_becomes_an_analysis_without_a_key_and_a_second_time_nothing_is_new() {
    let prism = Prism::new();
    let first = prism
        .run(["analyze", &arg(ARTICLE)])
        .expect(0)
        .says("extractive engine");
    assert!(first.stdout.contains("Skarrow council"), "{}", first.stdout);
    let held = prism.documents("held");
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].1["status"], "held");
    assert_eq!(held[0].1["held_for"][0], "extractive");
    assert_ne!(
        held[0].1["digital_source_type"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next(),
        Some("trainedAlgorithmicMedia")
    );
    assert!(prism.documents("analyses").is_empty());

    let before = prism.store_bytes();
    prism
        .run(["analyze", &arg(ARTICLE)])
        .expect(0)
        .says("1 unchanged");
    assert_eq!(before, prism.store_bytes());
}

#[test]
fn an_extractive_analysis_is_published_where_the_house_says_so() {
    let prism =
        Prism::with_settings("[model]\nprovider = \"extractive\"\n[extractive]\npublish = true");
    prism
        .run(["analyze", &arg(ARTICLE)])
        .expect(0)
        .says("1 saved");
    assert_eq!(prism.documents("analyses").len(), 1);
    assert!(prism.documents("held").is_empty());
}

#[test]
fn each_bad_input_has_its_own_words_and_exits_with_1() {
    let prism = Prism::new();
    for (input, words) in [
        ("no-such-file.html".to_owned(), "no_such_file"),
        (arg("inputs/empty.html"), "is empty"),
        (arg("inputs/report.pdf"), "not_article"),
        (arg("inputs/picture.png"), "not_article"),
        (arg("inputs/page.bin"), "not_article"),
        (arg("inputs/listing.html"), "listing"),
        (arg("inputs/not-found.html"), "error_page"),
        (arg("inputs/bot-check.html"), "bot_wall"),
        (
            arg("pages/lumen-report.example/travel/slow-train-to-hallow.html"),
            "consent",
        ),
        ("file:///etc/passwd".to_owned(), "name the file by its path"),
        ("ftp://a.example/x".to_owned(), "refused_scheme"),
        ("http://127.0.0.1:1/".to_owned(), "blocked_address"),
        (
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "blocked_address",
        ),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "blocked_address"),
        ("http://2130706433/".to_owned(), "blocked_address"),
    ] {
        prism.run(["analyze", &input]).expect(1).says(words);
    }
    assert!(prism.documents("revisions").is_empty());
}

#[test]
fn a_good_input_beside_a_bad_one_is_done_and_the_exit_code_is_3() {
    let prism = Prism::new();
    let ran = prism
        .run(["analyze", "--format", "json", "nowhere.html", &arg(ARTICLE)])
        .expect(3);
    assert_eq!(ran.json_lines().len(), 1);
}

#[test]
fn strict_exits_with_4_when_an_analysis_is_held() {
    let prism = Prism::new();
    prism.run(["analyze", "--strict", &arg(ARTICLE)]).expect(4);
    prism
        .run(["analyze", "--strict", &arg(ARTICLE)])
        .expect(4)
        .says("1 unchanged");
}

#[test]
fn several_pages_make_one_analysis_together() {
    let prism = Prism::new();
    let pages = [
        "pages/meridian-post.example/nation/aurelia-brandt-towed-in.html",
        "pages/northsound.example/news/aurelia-brandt-crew-safe.html",
    ];
    let pages: Vec<_> = pages.iter().map(|page| arg(page)).collect();
    let ran = prism
        .run([
            "analyze",
            "--together",
            "--format",
            "json",
            &pages[0],
            &pages[1],
        ])
        .expect(0);
    let analysis = &ran.json_lines()[0];
    assert_eq!(analysis["sources"].as_array().unwrap().len(), 2);
    assert_eq!(analysis["sources"][1]["id"], "s2");
    // Each of them alone is another analysis.
    prism.run(["analyze", &pages[0]]).expect(0).says("1 held");
    prism
        .run(["analyze", "--together", &pages[0], &pages[1]])
        .expect(0)
        .says("1 unchanged");
}

#[test]
fn extract_gives_one_object_for_each_input_in_their_order() {
    let prism = Prism::new();
    let wall = arg("pages/lumen-report.example/travel/slow-train-to-hallow.html");
    let ran = prism
        .run(["extract", &arg(ARTICLE), "nowhere.html", &wall])
        .expect(3);
    let objects = ran.json_lines();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[0]["quality"], "ok");
    for field in [
        "input",
        "url",
        "title",
        "byline",
        "published",
        "modified",
        "outlet",
        "language",
        "image",
        "access",
        "text",
        "blocks",
    ] {
        assert!(objects[0].get(field).is_some(), "no `{field}`");
    }
    assert_eq!(objects[1]["input"], "nowhere.html");
    assert!(
        objects[1]["error"]
            .as_str()
            .unwrap()
            .contains("nowhere.html")
    );
    assert_eq!(objects[2]["quality"], "consent");
    prism.run(["extract", "nowhere.html"]).expect(1);
}

#[test]
fn a_compressed_page_and_standard_input_are_pages_too() {
    use std::io::Write;
    let prism = Prism::new();
    let body = fs::read(fixture(ARTICLE)).unwrap();
    let packed = prism.path("page.html.gz");
    let mut encoder = flate2::write::GzEncoder::new(
        fs::File::create(&packed).unwrap(),
        flate2::Compression::fast(),
    );
    encoder.write_all(&body).unwrap();
    encoder.finish().unwrap();
    let plain = prism.run(["extract", &arg(ARTICLE)]).expect(0);
    let ran = prism.run(["extract", packed.to_str().unwrap()]).expect(0);
    assert_eq!(plain.json_lines()[0]["text"], ran.json_lines()[0]["text"]);
}

#[test]
fn settings_that_are_wrong_exit_with_2_and_say_where() {
    for (toml, words) in [
        (
            "[fetch]\nallow_privat = []",
            "did you mean `fetch.allow_private`?",
        ),
        ("[fetch\n", "line 1"),
        ("[ingest]\nmax_age = 3", "ingest.max_age"),
        (
            "[fetch]\nallow_private = [\"not an address\"]",
            "fetch.allow_private",
        ),
        (
            "[model]\nprovider = \"openai\"",
            "`OPENAI_API_KEY` is not set",
        ),
        (
            "[model]\nprovider = \"openai\"\napi_key_env = \"HOUSE_KEY\"",
            "`HOUSE_KEY`",
        ),
        (
            "[model]\nprovider = \"openai\"\nbase_url = \"file:///x\"",
            "no `http` or `https` address",
        ),
        ("[model]\nprovider = \"nobody\"", "model.provider"),
        ("[house]\ncategories = []", "house.categories"),
    ] {
        Prism::with_settings(toml)
            .run(["analyze", &arg(ARTICLE)])
            .expect(2)
            .says(words);
    }
    let missing = Prism::new();
    missing
        .run(["--config", "nowhere.toml", "list"])
        .expect(2)
        .says("nowhere.toml");
}

#[test]
fn ingest_does_not_guess_who_writes_and_wants_feeds() {
    let prism = Prism::with_settings("[[feeds]]\nurl = \"http://a.example/feed\"");
    prism.run(["ingest"]).expect(2).says("provider = ");
    Prism::new()
        .run(["ingest"])
        .expect(2)
        .says("no feeds are configured");
}

#[test]
fn a_second_ingest_at_the_same_time_exits_with_5() {
    let prism = Prism::new();
    prism.run(["analyze", &arg(ARTICLE)]).expect(0);
    let lock = fs::File::create(prism.path("prism-data/lock")).unwrap();
    lock.lock().unwrap();
    prism
        .run(["ingest", "--feed", "http://127.0.0.1:1/"])
        .expect(5)
        .says("another run holds");
    // An editor's command never takes the lock.
    prism.run(["analyze", &arg(ARTICLE)]).expect(0);
}

#[test]
fn a_file_that_is_no_feed_exits_with_1() {
    let prism = Prism::new();
    let ran = prism
        .run([
            "feeds",
            "parse",
            "--format",
            "json",
            &arg("inputs/not-a-feed.html"),
        ])
        .expect(1);
    assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
    let feed = arg("pages/harbour-courier.example/feed.xml");
    let ran = prism
        .run(["feeds", "parse", "--format", "json", &feed])
        .expect(0);
    let parsed = &ran.json_lines()[0];
    assert_eq!(parsed["entries"].as_array().unwrap().len(), 12);
    for field in [
        "id",
        "title",
        "url",
        "published",
        "updated",
        "authors",
        "summary",
    ] {
        assert!(parsed["entries"][0].get(field).is_some(), "no `{field}`");
    }
}

#[test]
fn verify_tells_a_supported_text_from_an_unsupported_one() {
    let prism = Prism::new();
    let source = prism.path("source.txt");
    fs::write(&source, "The council of Harlow voted 14 to 6 on 3 March 2026. \"We had no choice,\" said Dana Whitlock.").unwrap();
    let right = prism.path("right.txt");
    fs::write(
        &right,
        "Harlow's council voted 14 to 6. \"We had no choice,\" Dana Whitlock said.",
    )
    .unwrap();
    let wrong = prism.path("wrong.txt");
    fs::write(
        &wrong,
        "Harlow's council voted 15 to 6. \"We had every choice,\" Dana Whitlock said.",
    )
    .unwrap();
    let [source, right, wrong] = [&source, &right, &wrong].map(|path| path.to_str().unwrap());
    prism.run(["verify", "--source", source, right]).expect(0);
    let ran = prism.run(["verify", "--source", source, wrong]).expect(4);
    assert!(ran.stdout.contains("15"), "{}", ran.stdout);

    let rows = prism.path("rows.jsonl");
    fs::write(
        &rows,
        "{\"id\":\"a\",\"source\":\"It cost 5 euros.\",\"text\":\"It cost 5 euros.\"}\n\
         {\"id\":\"b\",\"sources\":[\"It cost 5 euros.\"],\"text\":\"It cost 7 euros.\"}\n",
    )
    .unwrap();
    let answers = prism
        .run(["verify", "--jsonl", rows.to_str().unwrap()])
        .expect(4)
        .json_lines();
    assert_eq!(answers[0]["verdict"], "supported");
    assert_eq!(answers[1]["verdict"], "unsupported");
    let finding = &answers[1]["findings"][0];
    assert_eq!(
        (finding["kind"].as_str(), finding["severity"].as_str()),
        (Some("number"), Some("error"))
    );
    assert_eq!(finding["start"], 8);

    prism.run(["verify", right]).expect(2).says("no source");
    prism
        .run(["verify", "--source", "-"])
        .expect(2)
        .says("only once");
    let empty = fixture("inputs/empty.html").display().to_string();
    prism
        .run(["verify", "--source", source, &empty])
        .expect(1)
        .says("is empty");
    fs::write(&rows, "{\"id\":\"a\"}\n").unwrap();
    prism
        .run(["verify", "--jsonl", rows.to_str().unwrap()])
        .expect(2)
        .says("line 1");
}

#[test]
fn the_store_shows_what_is_in_it() {
    let prism = Prism::new();
    prism.run(["list"]).expect(1).says("there is no store");
    prism.run(["analyze", &arg(ARTICLE)]).expect(0);
    let rows = prism
        .run(["list", "--format", "json"])
        .expect(0)
        .json_lines();
    let id = rows[0]["id"].as_str().unwrap();
    assert_eq!(rows[0]["status"], "held");
    let shown = prism
        .run(["show", &id[..6], "--format", "json"])
        .expect(0)
        .json_lines();
    assert_eq!(shown[0]["id"], id);
    for (format, words) in [("text", "Source:"), ("markdown", "# "), ("html", "<h1>")] {
        let ran = prism.run(["show", id, "--format", format]).expect(0);
        assert!(ran.stdout.contains(words), "{format}: {}", ran.stdout);
    }
    assert!(
        prism
            .run(["list", "--status", "ready"])
            .expect(0)
            .stdout
            .is_empty()
    );
    prism
        .run(["show", "zzz"])
        .expect(1)
        .says("`prism list` shows the ids");
}

#[test]
fn prompts_can_be_read_replaced_and_rendered_without_a_key() {
    let prism = Prism::new();
    let listed = prism.run(["prompts", "list"]).expect(0).stdout;
    assert!(
        listed.contains("analysis") && listed.contains("repair"),
        "{listed}"
    );
    let file = prism.run(["prompts", "show", "analysis"]).expect(0).stdout;
    let folder = prism.path("prompts");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("analysis.md"),
        file.replace("You are a news analyst.", "You are our analyst."),
    )
    .unwrap();
    let folder = folder.to_str().unwrap();
    let rendered = prism
        .run(["--prompts", folder, "prompts", "render", &arg(ARTICLE)])
        .expect(0)
        .stdout;
    assert!(
        rendered.contains("You are our analyst.") && rendered.contains("Oster Quay"),
        "{rendered}"
    );
    fs::write(
        prism.path("prompts/analysis.md"),
        file.replace("{{ words }}", "{{ wrods }}"),
    )
    .unwrap();
    prism
        .run(["--prompts", folder, "prompts", "list"])
        .expect(2)
        .says("wrods");
    prism.run(["prompts", "show", "nothing"]).expect(2);
}

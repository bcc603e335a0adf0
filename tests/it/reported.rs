//! What a run leaves for whoever looks at it later: the report and the log.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::common::{Prism, Ran, change_state, fixture, root};

fn demo() -> String {
    fixture("exchanges/demo").display().to_string()
}

fn report(prism: &Prism) -> Value {
    serde_json::from_slice(&fs::read(prism.path("report.json")).unwrap()).unwrap()
}

/// Fails unless this is a report as its schema has it.
fn valid(prism: &Prism, report: &Value) {
    let schema = prism.run(["schema", "report"]).expect(0).stdout;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let faults: Vec<_> = validator
        .iter_errors(report)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let mut without = report.clone();
    without.as_object_mut().unwrap().remove("ended_at");
    assert!(!validator.is_valid(&without), "the schema asks for nothing");
}

/// The lines of stderr, each of which must be JSON.
fn log(ran: &Ran) -> Vec<Value> {
    ran.stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

fn events<'a>(log: &'a [Value], event: &str) -> Vec<&'a Value> {
    log.iter().filter(|line| line["event"] == event).collect()
}

#[test]
fn the_report_of_a_run_names_each_feed_and_each_article() {
    let prism = Prism::new();
    let run = ["ingest", "--replay", &demo(), "--report", "report.json"];
    prism.run(run).expect(0);
    let report = report(&prism);
    valid(&prism, &report);
    assert_eq!(report["schema"], "prism.report/1");
    assert_eq!(report["exit_code"], 0);
    assert_eq!(report["error"], Value::Null);
    let items = report["items"].as_array().unwrap();
    let feeds = report["feeds"].as_array().unwrap();
    assert_eq!(feeds.len(), 2);
    let entries: u64 = feeds.iter().map(|f| f["entries"].as_u64().unwrap()).sum();
    assert_eq!(entries, items.len() as u64);
    let counts = report["counts"].as_object().unwrap();
    let counted: u64 = counts.values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(counted, items.len() as u64);
    // Nothing but the report stands in the folder: no temporary file.
    let names: Vec<_> = fs::read_dir(prism.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_said_and_the_run_is_not_lost() {
    let prism = Prism::new();
    let demo = demo();
    for path in ["nowhere/report.json", "."] {
        prism
            .run(["ingest", "--replay", &demo, "--report", path])
            .expect(2)
            .says("cannot be written");
        assert!(!prism.path("prism-data").exists(), "the run began");
    }
    // A name that is too long for any file system comes out only when it is written.
    let long = "r".repeat(300);
    let ran = prism.run(["ingest", "--replay", &demo, "--report", &long]);
    let ran = ran.expect(3).says("warning: cannot write the report");
    assert!(ran.stderr.contains("items: "), "{}", ran.stderr);
    assert!(!prism.documents("revisions").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_feed_and_a_failed_page_stand_in_report_and_log_with_their_reasons() {
    let server = MockServer::start().await;
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>T</title><item><title>An\u{1b}[2J entry</title>\
         <link>{}/page</link><guid>1</guid></item>\
         <item><title>No address</title><guid isPermaLink=\"false\">obey me</guid></item></channel></rss>",
        server.uri()
    );
    let answer = ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml");
    Mock::given(path("/good"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let settings = format!(
        "[model]\nprovider = \"extractive\"\n[fetch]\nretries = 0\nallow_private = [\"127.0.0.0/8\"]\n\
         [[feeds]]\nurl = \"{0}/good\"\n[[feeds]]\nurl = \"{0}/gone?token=a-long-secret\"\n",
        server.uri()
    );
    let prism = Prism::with_settings(&settings);
    let (prism, ran) = tokio::task::spawn_blocking(move || {
        let run = ["--log-format", "json", "ingest", "--report", "report.json"];
        let ran = prism.run(run);
        (prism, ran)
    })
    .await
    .unwrap();
    let ran = ran.expect(0);
    let report = report(&prism);
    valid(&prism, &report);
    let feeds = report["feeds"].as_array().unwrap();
    assert_eq!(feeds[0]["outcome"], "read");
    assert_eq!(feeds[0]["entries"], 2);
    assert_eq!(feeds[1]["outcome"], "failed");
    assert_eq!(feeds[1]["reason"], "status_404");
    assert_eq!(report["counts"]["failed"], 1);
    let items = report["items"].as_array().unwrap();
    let item = items
        .iter()
        .find(|item| item["outcome"] == "failed")
        .unwrap();
    assert_eq!(item["reason"], "status_404");
    assert!(item["ms"].is_u64() && feeds[0]["ms"].is_u64());

    let log = log(&ran);
    for line in &log {
        assert!(line["time"].as_str().unwrap().ends_with('Z'), "{line}");
        assert!(line["level"].is_string(), "{line}");
    }
    assert_eq!(events(&log, "feed").len(), 2);
    let items = events(&log, "item");
    assert_eq!(items.len(), 2);
    let failed = items
        .iter()
        .find(|item| item["outcome"] == "failed")
        .unwrap();
    assert_eq!(failed["reason"], "status_404");
    assert_eq!(failed["feed"], format!("{}/good", server.uri()));
    assert_eq!(failed["input"], format!("{}/page", server.uri()));
    assert!(failed["ms"].is_u64());
    assert_eq!(failed["cost_micro_dollars"], 0);
    let summary = events(&log, "summary");
    assert_eq!(summary.len(), 1);
    assert_eq!(summary[0]["feeds"], json!({"read": 1, "failed": 1}));
    assert_eq!(summary[0]["items"]["failed"], 1);
    assert_eq!(summary[0]["exit_code"], 0);
    // Neither a secret of an address nor a word of a feed gets into the log.
    for word in ["secret", "An entry", "An\\u001b", "No address", "obey me"] {
        assert!(!ran.stderr.contains(word), "`{word}` in\n{}", ran.stderr);
    }
}

/// A run was cut off before the projections of a revision, and then that revision was lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_the_store_ends_says_so_in_its_report() {
    let page = "pages/harbour-courier.example/2026/11/ferry-terminal.html";
    let prism = Prism::new();
    let page = fixture(page).display().to_string();
    prism.run(["analyze", &page]).expect(0);
    fs::remove_dir_all(prism.path("prism-data/revisions")).unwrap();
    change_state(&prism, "UPDATE analyses SET projected = 0").await;

    let run = [
        "--log-format",
        "json",
        "ingest",
        "--feed",
        "http://127.0.0.1:9/feed",
    ];
    let ran = prism.run([&run[..], &["--report", "report.json"]].concat());
    let ran = ran.expect(3);
    let report = report(&prism);
    valid(&prism, &report);
    assert_eq!(report["exit_code"], 3);
    let message = report["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("the store lacks `revisions/"),
        "{message}"
    );
    assert_eq!(
        report["error"]["hint"],
        "restore the file from a backup of the store"
    );
    let log = log(&ran);
    assert_eq!(log.last().unwrap()["message"], message);
    assert_eq!(log.last().unwrap()["level"], "error");
    assert_eq!(events(&log, "summary")[0]["exit_code"], 3);
}

/// The run is asked to end while a feed takes its time.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_leaves_its_report_too() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200)
        .set_body_raw(
            "<rss version=\"2.0\"><channel/></rss>",
            "application/rss+xml",
        )
        .set_delay(Duration::from_secs(3));
    Mock::given(path("/feed"))
        .respond_with(slow)
        .mount(&server)
        .await;
    let settings = format!(
        "[model]\nprovider = \"extractive\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\n\
         [[feeds]]\nurl = \"{}/feed\"\n",
        server.uri()
    );
    let prism = Prism::with_settings(&settings);
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("prism"))
        .args(["ingest", "--report", "report.json"])
        .current_dir(prism.path("."))
        .env_clear()
        .spawn()
        .unwrap();
    // The request says that the run is under way, and that signals are heard.
    while server.received_requests().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let pid = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(kill.unwrap().success());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await;
    assert_eq!(ended.unwrap().unwrap().status.code(), Some(130));
    let report = report(&prism);
    valid(&prism, &report);
    assert_eq!(report["exit_code"], 130);
    assert_eq!(report["feeds"][0]["outcome"], "failed");
    assert_eq!(report["feeds"][0]["reason"], "interrupted");
}

#[test]
fn every_line_of_a_json_log_is_json_whatever_is_said() {
    let prism = Prism::new();
    let demo = demo();
    let run = ["ingest", "--replay", &demo, "--log-format", "json"];
    let ran = prism.run(run).expect(0);
    let log_lines = log(&ran);
    assert!(events(&log_lines, "item").len() > 5);
    assert!(
        log_lines[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("engine: ")
    );

    let ran = prism
        .run(["--log-format", "json", "show", "nobody"])
        .expect(1);
    let said = log(&ran).remove(0);
    assert_eq!(said["level"], "error");
    assert_eq!(said["message"], "no analysis has the id `nobody`");
    assert_eq!(said["hint"], "`prism list` shows the ids");
    assert_eq!(said["exit_code"], 1);

    // Log lines proper, with their fields.
    let prism = Prism::with_settings(
        "[model]\nprovider = \"extractive\"\n[fetch]\nretries = 1\nmax_wait = \"0s\"\nallow_private = [\"127.0.0.0/8\"]",
    )
    .env("PRISM_LOG", "prism=debug");
    let feed = [
        "ingest",
        "--feed",
        "http://127.0.0.1:9/feed",
        "--log-format",
        "json",
    ];
    let ran = prism.run(feed).expect(1);
    let lines = log(&ran);
    let line = lines.iter().find(|line| line["level"] == "debug");
    assert!(
        line.is_some_and(|line| line["fields"].is_object()),
        "{lines:#?}"
    );
    assert_eq!(events(&lines, "feed")[0]["outcome"], "failed");
}

#[test]
fn the_schema_of_the_report_in_the_docs_is_the_programs_own() {
    let printed = Prism::new().run(["schema", "report"]).expect(0).stdout;
    let kept = fs::read_to_string(root().join("docs/report.schema.json")).unwrap_or_default();
    assert!(
        printed == kept,
        "run `cargo run -- schema report > docs/report.schema.json` and review the change"
    );
}

//! How a run ends: at its deadline, when somebody asks, when the store fails.

use std::{
    process::{Child, Command},
    time::{Duration, Instant},
};

use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::{
    common::{Prism, fixture},
    models::{good, house_with, run, said, server},
};

const PAGE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";

/// A site with a feed of two entries; the first page comes after `delay`, the second is not
/// there.
async fn site(delay: Duration) -> MockServer {
    let site = MockServer::start().await;
    let items: Vec<String> = ["a", "b"]
        .iter()
        .map(|name| {
            let link = format!("{}/{name}", site.uri());
            format!("<item><title>{name}</title><link>{link}</link><guid>{link}</guid></item>")
        })
        .collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>N</title>{}</channel></rss>",
        items.concat()
    );
    Mock::given(path("/feed"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml"))
        .mount(&site)
        .await;
    let page = std::fs::read_to_string(fixture(PAGE)).unwrap();
    let page = ResponseTemplate::new(200)
        .set_body_raw(page, "text/html")
        .set_delay(delay);
    Mock::given(path("/a"))
        .respond_with(page)
        .mount(&site)
        .await;
    site
}

fn settings(site: &MockServer, more: &str) -> String {
    format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nretries = 0\n{more}\n\
         [[feeds]]\nurl = \"{}/feed\"\n",
        site.uri()
    )
}

fn ingest() -> Vec<String> {
    ["ingest", "--format", "json"].map(String::from).to_vec()
}

fn reasons(lines: &[Value]) -> Vec<&str> {
    let mut reasons: Vec<&str> = lines
        .iter()
        .map(|line| line["reason"].as_str().unwrap())
        .collect();
    reasons.sort_unstable();
    reasons
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_holds_whatever_a_site_does_and_the_next_run_goes_on() {
    let slow = site(Duration::from_mins(1)).await;
    let deadline = "[ingest]\nmax_age = \"99999h\"\ndeadline = \"3s\"";
    let engine = format!(
        "[model]\nprovider = \"extractive\"\n{}",
        settings(&slow, deadline)
    );
    let began = Instant::now();
    let (prism, ran) = run(Prism::with_settings(&engine), ingest()).await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(reasons(&ran.json_lines()), ["deadline", "status_404"]);
    ran.expect(0).says("1 deferred");

    // The site is well again; the feed need not name the entry any more.
    slow.reset().await;
    let page = std::fs::read_to_string(fixture(PAGE)).unwrap();
    let nothing = "<rss version=\"2.0\"><channel><title>N</title></channel></rss>";
    for (at, body, kind) in [
        ("/a", page.as_str(), "text/html"),
        ("/feed", nothing, "text/xml"),
    ] {
        Mock::given(path(at))
            .respond_with(ResponseTemplate::new(200).set_body_raw(body, kind))
            .mount(&slow)
            .await;
    }
    let (_, ran) = run(prism, ingest()).await;
    ran.expect(0).says("1 held");
}

/// Starts the program and asks it to end once the model has been asked.
async fn interrupted(prism: &Prism, model: &MockServer) -> (Child, Instant) {
    let child = Command::new(assert_cmd::cargo::cargo_bin!("prism"))
        .args(["ingest", "--report", "report.json"])
        .current_dir(prism.path("."))
        .env_clear()
        .env("HOUSE_KEY", "k")
        .spawn()
        .unwrap();
    while model.received_requests().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pid = child.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(kill.unwrap().success());
    (child, Instant::now())
}

async fn report(prism: &Prism, mut child: Child) -> Value {
    let ended = tokio::task::spawn_blocking(move || child.wait()).await;
    assert_eq!(ended.unwrap().unwrap().code(), Some(130));
    serde_json::from_slice(&std::fs::read(prism.path("report.json")).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_for_is_saved_when_somebody_asks_the_run_to_end() {
    let site = site(Duration::ZERO).await;
    let model = server(vec![said(&good()).set_delay(Duration::from_secs(2))]).await;
    let more = settings(&site, "[ingest]\nmax_age = \"99999h\"");
    let prism = house_with(&model, &more);
    let (child, _) = interrupted(&prism, &model).await;
    let report = report(&prism, child).await;
    assert_eq!(report["counts"]["saved"], 1, "{report:#}");
    assert_eq!(prism.documents("analyses").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_grace_nobody_is_waited_for_and_the_call_counts_until_it_is_known() {
    let site = site(Duration::ZERO).await;
    let model = server(vec![said(&good()).set_delay(Duration::from_secs(20))]).await;
    let more = settings(
        &site,
        "[ingest]\nmax_age = \"99999h\"\n[run]\ngrace = \"300ms\"",
    );
    let prism = house_with(&model, &more);
    let (child, asked) = interrupted(&prism, &model).await;
    let report = report(&prism, child).await;
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(report["counts"]["deferred"], 1, "{report:#}");
    assert!(prism.documents("analyses").is_empty());

    // What nobody has answered yet fills the cap: there is no room for a second call.
    let cap = ("PRISM_BUDGET_USD_PER_DAY", "0.03");
    let (prism, ran) = run(prism.env(cap.0, cap.1), ingest()).await;
    assert_eq!(reasons(&ran.json_lines()), ["cap_reached"]);
    ran.expect(3);
    model.reset().await;
    Mock::given(path("/v1/chat/completions"))
        .respond_with(said(&good()))
        .mount(&model)
        .await;
    let (_, ran) = run(prism.env(cap.0, "1.0"), ingest()).await;
    ran.expect(0).says("1 saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_none_is_said_to_be_damaged() {
    let site = site(Duration::ZERO).await;
    let engine = format!(
        "[model]\nprovider = \"extractive\"\n{}",
        settings(&site, "")
    );
    let prism = Prism::with_settings(&engine);
    std::fs::create_dir_all(prism.path("prism-data")).unwrap();
    std::fs::write(prism.path("prism-data/state.db"), "no database at all").unwrap();
    let (prism, ran) = run(prism, ingest()).await;
    ran.expect(3)
        .says("file is not a database")
        .says("hint: restore `state.db` from a backup");
    let kept = std::fs::read(prism.path("prism-data/state.db")).unwrap();
    assert_eq!(kept, b"no database at all");
}

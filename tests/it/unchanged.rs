//! Feeds that have not changed, and what is wanted of those that have.

use serde_json::Value;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::path};

use super::{
    common::{Prism, Ran, change_state, fixture},
    models::run,
};

const PAGE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";

fn feed(server: &MockServer, entries: &[(&str, &str)]) -> String {
    let items: Vec<String> = entries
        .iter()
        .map(|(name, title)| {
            let link = format!("{}/{name}", server.uri());
            format!("<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>")
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>News</title>{}</channel></rss>",
        items.concat()
    )
}

/// A feed with validators: whoever has its current tag gets a 304.
async fn serve_feed(server: &MockServer, tag: &'static str, cache: &str, body: String) {
    let whole = ResponseTemplate::new(200)
        .insert_header("etag", tag)
        .insert_header("cache-control", cache)
        .set_body_raw(body, "application/rss+xml");
    let same = ResponseTemplate::new(304)
        .insert_header("etag", tag)
        .insert_header("cache-control", cache);
    let answer = move |request: &Request| {
        let has = request.headers.get("if-none-match");
        if has.is_some_and(|value| value == tag) {
            same.clone()
        } else {
            whole.clone()
        }
    };
    Mock::given(path("/feed"))
        .respond_with(answer)
        .mount(server)
        .await;
}

async fn serve_page(server: &MockServer) {
    let page = std::fs::read_to_string(fixture(PAGE)).unwrap();
    Mock::given(path("/a"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(page, "text/html"))
        .mount(server)
        .await;
}

/// A site with a feed of one entry, and its page.
async fn site(cache: &str) -> MockServer {
    let server = MockServer::start().await;
    let body = feed(&server, &[("a", "The ferry terminal")]);
    serve_feed(&server, "\"one\"", cache, body).await;
    serve_page(&server).await;
    server
}

async fn requests(server: &MockServer, at: &str) -> usize {
    let all = server.received_requests().await.unwrap();
    all.iter().filter(|one| one.url.path() == at).count()
}

fn prism(server: &MockServer, of_feed: &str) -> Prism {
    Prism::with_settings(&format!(
        "[model]\nprovider = \"extractive\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\nretries = 0\n\
         [ingest]\nmax_age = \"99999h\"\n\
         [[feeds]]\nurl = \"{}/feed\"\n{of_feed}",
        server.uri()
    ))
}

async fn ingest(prism: Prism) -> (Prism, Ran) {
    run(
        prism,
        vec!["ingest".into(), "--format".into(), "json".into()],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_feed_costs_one_request_and_a_fresh_one_none() {
    let server = site("no-cache").await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(0).says("feeds: 1 read, 0 failed").says("1 held");
    let (prism, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read (1 unchanged), 0 failed");
    assert_eq!(
        (
            requests(&server, "/feed").await,
            requests(&server, "/a").await
        ),
        (2, 1)
    );

    // It changes, and asks not to be asked for a while.
    server.reset().await;
    let body = feed(&server, &[("b", "Another"), ("a", "The ferry terminal")]);
    serve_feed(&server, "\"two\"", "max-age=600", body).await;
    let (prism, ran) = ingest(prism).await;
    ran.expect(0)
        .says("feeds: 1 read, 0 failed")
        .says("1 failed");
    let (prism, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read (1 unchanged), 0 failed");
    assert_eq!(requests(&server, "/feed").await, 1);
    // Who names a feed wants to know now.
    let url = format!("{}/feed", server.uri());
    let (_, ran) = run(prism, vec!["ingest".into(), "--feed".into(), url]).await;
    ran.expect(0).says("feeds: 1 read (1 unchanged), 0 failed");
    assert_eq!(requests(&server, "/feed").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_keeps_nothing_of_a_feed() {
    let server = site("max-age=600").await;
    let (prism, ran) = run(
        prism(&server, ""),
        vec!["ingest".into(), "--dry-run".into()],
    )
    .await;
    ran.expect(0).says("deferred: dry_run (1)");
    assert!(prism.documents("articles").is_empty());
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed").says("1 held");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_house_does_not_want_of_a_feed_is_skipped_with_its_reason() {
    for (wanted, reason) in [
        ("exclude = [\"ferry\"]\n", "excluded"),
        ("include = [\"budget\"]\n", "not_included"),
        ("min_words = 5000\n", "too_short"),
        ("languages = [\"ko\"]\n", "language"),
        ("limit = 0\n", "feed_limit"),
    ] {
        let server = site("no-cache").await;
        let (_, ran) = ingest(prism(&server, wanted)).await;
        assert_eq!(ran.json_lines()[0]["reason"], reason, "{}", ran.stderr);
        ran.expect(0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_category_of_a_feed_is_that_of_its_analyses() {
    let server = site("no-cache").await;
    let (prism, ran) = ingest(prism(&server, "category = \"Sports\"\n")).await;
    ran.expect(0);
    let held: Vec<Value> = prism.documents("held").into_iter().map(|d| d.1).collect();
    assert_eq!(held[0]["category"], "Sports");
    self::prism(&server, "category = \"Gossip\"\n")
        .run(["ingest"])
        .expect(2)
        .says("`Gossip` is none of `house.categories`");
}

/// The tags that the feed was asked with, one request after the other.
async fn asked_with(server: &MockServer) -> Vec<Option<String>> {
    let all = server.received_requests().await.unwrap();
    all.iter()
        .filter(|one| one.url.path() == "/feed")
        .map(|one| {
            let tag = one.headers.get("if-none-match")?;
            Some(tag.to_str().unwrap().to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_day_a_feed_is_asked_for_all_of_itself() {
    let server = site("no-cache").await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(0);
    change_state(&prism, "UPDATE feeds SET read_ms = read_ms - 86400000").await;
    let (prism, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    // It is known again as it is now, and nothing came of reading it twice.
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read (1 unchanged), 0 failed");
    let one = Some("\"one\"".to_owned());
    assert_eq!(asked_with(&server).await, [None, None, one]);
    assert_eq!(requests(&server, "/a").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_clock_noted_keeps_no_feed_from_being_asked() {
    let server = site("max-age=600").await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(0);
    let far = "UPDATE feeds SET read_ms = 4102444800000, fresh_until_ms = 4102444800000";
    change_state(&prism, far).await;
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    assert_eq!(asked_with(&server).await, [None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_moved_is_not_asked_with_the_tag_of_its_old_place() {
    let server = site("no-cache").await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(0);
    server.reset().await;
    let moved = ResponseTemplate::new(301).insert_header("location", "/moved");
    Mock::given(path("/feed"))
        .respond_with(moved)
        .mount(&server)
        .await;
    // A careless server: whoever asks with any tag is told that nothing has changed.
    let body = feed(&server, &[("b", "Another")]);
    let answer = move |request: &Request| {
        if request.headers.contains_key("if-none-match") {
            return ResponseTemplate::new(304);
        }
        ResponseTemplate::new(200).set_body_raw(body.clone(), "application/rss+xml")
    };
    Mock::given(path("/moved"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    assert_eq!(requests(&server, "/b").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_304_that_nobody_asked_for_is_a_failure_and_broken_tags_are_none() {
    let server = MockServer::start().await;
    Mock::given(path("/feed"))
        .respond_with(ResponseTemplate::new(304).insert_header("etag", "\"one\""))
        .mount(&server)
        .await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(1).says("304");
    server.reset().await;
    let body = feed(&server, &[("a", "The ferry terminal")]);
    let broken = ResponseTemplate::new(200)
        .insert_header("etag", "x".repeat(5_000))
        .insert_header("last-modified", "soon\tor later")
        .set_body_raw(body, "application/rss+xml");
    Mock::given(path("/feed"))
        .respond_with(broken)
        .mount(&server)
        .await;
    serve_page(&server).await;
    let (prism, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    assert_eq!(asked_with(&server).await, [None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_has_the_whole_feed_whatever_was_known_of_it() {
    let server = site("max-age=600").await;
    let (prism, ran) = ingest(prism(&server, "")).await;
    ran.expect(0);
    let recording = prism.path("recording").display().to_string();
    let record = vec!["ingest".into(), "--record".into(), recording.clone()];
    let (prism, ran) = run(prism, record).await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    assert_eq!(asked_with(&server).await, [None, None]);
    // Its replay reads it every time, into this store too, and asks nobody.
    server.reset().await;
    let (_, ran) = run(
        prism,
        vec!["ingest".into(), "--replay".into(), recording.clone()],
    )
    .await;
    ran.expect(0).says("feeds: 1 read, 0 failed");
    assert_eq!(requests(&server, "/feed").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_that_differ_only_in_a_secret_are_each_read() {
    let server = site("max-age=600").await;
    let url = |token: &str| format!("{}/feed?token={token}", server.uri());
    let settings = format!(
        "[model]\nprovider = \"extractive\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\n\
         [ingest]\nmax_age = \"99999h\"\n\
         [[feeds]]\nurl = \"{}\"\n[[feeds]]\nurl = \"{}\"\n",
        url("0123456789"),
        url("9876543210")
    );
    let (prism, ran) = ingest(Prism::with_settings(&settings)).await;
    ran.expect(0).says("feeds: 2 read, 0 failed");
    let (_, ran) = ingest(prism).await;
    ran.expect(0).says("feeds: 2 read, 0 failed");
    assert_eq!(asked_with(&server).await, [None, None, None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_is_no_tag_is_an_error_of_the_settings() {
    let server = MockServer::start().await;
    prism(&server, "languages = [\"english\"]\n")
        .run(["ingest"])
        .expect(2)
        .says("feeds.languages")
        .says("`english` is no language tag");
}

//! Feeds that have not changed, and what is wanted of those that have.

use serde_json::Value;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::path};

use super::{
    common::{Prism, Ran, fixture},
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
    let server = MockServer::start().await;
    let body = feed(&server, &[("a", "The ferry terminal")]);
    serve_feed(&server, "\"one\"", "no-cache", body).await;
    serve_page(&server).await;
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
    let server = MockServer::start().await;
    let body = feed(&server, &[("a", "The ferry terminal")]);
    serve_feed(&server, "\"one\"", "max-age=600", body).await;
    serve_page(&server).await;
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
        let server = MockServer::start().await;
        let body = feed(&server, &[("a", "The ferry terminal")]);
        serve_feed(&server, "\"one\"", "no-cache", body).await;
        serve_page(&server).await;
        let (_, ran) = ingest(prism(&server, wanted)).await;
        assert_eq!(ran.json_lines()[0]["reason"], reason, "{}", ran.stderr);
        ran.expect(0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_category_of_a_feed_is_that_of_its_analyses() {
    let server = MockServer::start().await;
    let body = feed(&server, &[("a", "The ferry terminal")]);
    serve_feed(&server, "\"one\"", "no-cache", body).await;
    serve_page(&server).await;
    let (prism, ran) = ingest(prism(&server, "category = \"Sports\"\n")).await;
    ran.expect(0);
    let held: Vec<Value> = prism.documents("held").into_iter().map(|d| d.1).collect();
    assert_eq!(held[0]["category"], "Sports");
    self::prism(&server, "category = \"Gossip\"\n")
        .run(["ingest"])
        .expect(2)
        .says("`Gossip` is none of `house.categories`");
}

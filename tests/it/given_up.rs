//! Work with which one run after the other dies: it is given up, and nothing else with it.

use std::{process::Stdio, time::Duration};

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::{
    common::{Prism, change_state, fixture},
    models::{chat, house_with, run, server},
};

const PAGE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";
/// Runs that may die over one entry.
const MOST: usize = 5;

/// A site with a feed of these entries. The page of `hangs` takes longer than any run lives.
async fn site(entries: &[&str], hangs: &str) -> MockServer {
    let site = MockServer::start().await;
    let mut items = String::new();
    for (nth, name) in entries.iter().enumerate() {
        let link = format!("{}/{name}", site.uri());
        // The newest first, which is the order in which they are taken up.
        items += &format!(
            "<item><title>{name}</title><link>{link}</link><guid>{link}</guid>\
             <pubDate>Wed, 18 Nov 2026 07:{:02}:00 +0000</pubDate></item>",
            59 - nth
        );
        // Another text, and so another story, for each.
        let page = std::fs::read_to_string(fixture(PAGE)).unwrap();
        let page = page.replace("Skarrow", &format!("Skarrow {name}"));
        let wait = if *name == hangs { 120 } else { 0 };
        let page = ResponseTemplate::new(200)
            .set_body_raw(page, "text/html")
            .set_delay(Duration::from_secs(wait));
        Mock::given(path(format!("/{name}")))
            .respond_with(page)
            .mount(&site)
            .await;
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>N</title>{items}</channel></rss>");
    Mock::given(path("/feed"))
        .respond_with(ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml"))
        .mount(&site)
        .await;
    site
}

fn settings(site: &MockServer) -> String {
    format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[ingest]\nmax_age = \"99999h\"\n\
         [[feeds]]\nurl = \"{}/feed\"\n",
        site.uri()
    )
}

async fn requests(server: &MockServer, at: &str) -> usize {
    let all = server.received_requests().await.unwrap();
    all.iter().filter(|one| one.url.path() == at).count()
}

/// As if everything had been found a day before.
async fn a_day_later(prism: &Prism) {
    change_state(prism, "UPDATE jobs SET found_ms = found_ms - 86400000").await;
}

/// Starts a run and kills it when it has asked for `at`.
async fn killed(prism: &Prism, server: &MockServer, at: &str) {
    let before = requests(server, at).await;
    let mut child = prism
        .command(["ingest"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while requests(server, at).await == before {
        assert!(
            child.try_wait().unwrap().is_none(),
            "`{at}` was not asked for"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The last run: what became of each entry, by its name.
async fn outcomes(prism: Prism) -> (Prism, Vec<(String, String)>) {
    let args = ["ingest", "--format", "json"].map(String::from).to_vec();
    let (prism, ran) = run(prism, args).await;
    let lines = ran.json_lines();
    let ended = lines.iter().map(|line| {
        let input = line["input"].as_str().unwrap();
        let name = input.rsplit('/').next().unwrap().to_owned();
        let word = |key: &str| line[key].as_str().unwrap().to_owned();
        (name, format!("{} {}", word("outcome"), word("reason")))
    });
    let mut ended: Vec<_> = ended.collect();
    ended.sort();
    (prism, ended)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, word): &(&str, &str)| ((*name).to_owned(), (*word).to_owned());
    expected.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_which_five_runs_died_is_not_fetched_again_and_the_others_are() {
    let site = site(&["a", "b", "c"], "b").await;
    let prism = Prism::with_settings(&format!(
        "[model]\nprovider = \"extractive\"\n{}",
        settings(&site)
    ));
    for _ in 0..MOST {
        killed(&prism, &site, "/b").await;
    }
    // What stands before it was written by runs that died over it.
    assert!(!prism.documents("held").is_empty());
    a_day_later(&prism).await;
    let (prism, ended) = outcomes(prism).await;
    let given_up = ("b".to_owned(), "failed cut_off".to_owned());
    assert!(ended.contains(&given_up), "{ended:?}");
    assert_eq!(prism.documents("held").len(), 2);
    assert_eq!(requests(&site, "/b").await, MOST);
    let (_, ended) = outcomes(prism).await;
    assert_eq!(ended, []);
    assert_eq!(requests(&site, "/b").await, MOST);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_with_which_five_runs_died_is_not_written_any_more() {
    let site = site(&["a"], "none").await;
    let hangs = ResponseTemplate::new(200)
        .set_body_json(chat("", "stop"))
        .set_delay(Duration::from_mins(2));
    let model = server(vec![hangs]).await;
    let prism = house_with(&model, &settings(&site));
    let calls = "/v1/chat/completions";
    for _ in 0..MOST {
        killed(&prism, &model, calls).await;
    }
    a_day_later(&prism).await;
    let (_, ended) = outcomes(prism).await;
    assert_eq!(ended, pairs(&[("a", "failed cut_off")]));
    assert_eq!(requests(&model, calls).await, MOST);
    assert_eq!(requests(&site, "/a").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_asked_to_end_gives_nothing_up() {
    let site = site(&["a"], "a").await;
    let deadline = settings(&site).replace("[ingest]", "[ingest]\ndeadline = \"1s\"");
    let mut prism =
        Prism::with_settings(&format!("[model]\nprovider = \"extractive\"\n{deadline}"));
    for _ in 0..=MOST {
        let ended;
        (prism, ended) = outcomes(prism).await;
        assert_eq!(ended, pairs(&[("a", "deferred deadline")]));
    }
}

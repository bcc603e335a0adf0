//! Caps, reservations and `prism costs`, against a model's server on loopback.

use std::time::Duration;

use serde_json::json;
use wiremock::{Mock, ResponseTemplate, matchers::path};

use super::{
    common::Prism,
    models::{analyze, bodies, good, house, house_with, run, said, server},
};

fn args(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_could_pass_a_cap_is_not_made_and_the_next_run_takes_it_up() {
    let server = server(vec![said(&good())]).await;
    for cap in [
        "usd_per_day = 0.001",
        "tokens_per_month = 100",
        "usd_per_run = 0.0",
    ] {
        let (prism, ran) = analyze(house_with(&server, &format!("[budget]\n{cap}\n"))).await;
        let key = cap.split(' ').next().unwrap();
        assert!(
            ran.stderr.contains(&format!("`budget.{key}` leaves ")),
            "{}",
            ran.stderr
        );
        ran.expect(3)
            .says("deferred: cap_reached (1)")
            .says("hint: the next run takes up");
        assert!(prism.documents("analyses").is_empty());
        assert!(prism.documents("completions").is_empty());
    }
    assert!(bodies(&server).await.is_empty());
    let (_, ran) = analyze(house_with(&server, "[budget]\nusd_per_day = 1.0\n")).await;
    ran.expect(0).says("1 saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_are_those_of_the_answers() {
    let server = server(vec![said(&good())]).await;
    let (prism, ran) = analyze(house(&server)).await;
    ran.expect(0);
    let (prism, ran) = run(prism, args(&["costs", "--by", "model", "--format", "json"])).await;
    let row = json!({
        "name": "openai/tiny",
        "calls": 1,
        "usage": {"input": 1000, "cached_input": 600, "output": 200},
        "cost_micro_dollars": 1100,
        "unpriced_calls": 0,
        "lost_calls": 0
    });
    assert_eq!(ran.json_lines(), [row]);
    let (prism, ran) = run(prism, args(&["costs", "--by", "prompt"])).await;
    assert!(
        ran.stdout
            .contains("0.001100       1         1000          600        200  analysis.")
    );
    ran.expect(0);
    let (_, ran) = run(prism, args(&["costs", "--since", "2999-01-01"])).await;
    assert_eq!(ran.stdout, "nothing was bought since 2999-01-01\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_broke_off_counts_at_its_highest_cost() {
    let late = said(&good()).set_delay(Duration::from_secs(20));
    let server = server(vec![late]).await;
    let (prism, ran) = analyze(house_with(&server, "timeout = \"200ms\"\n")).await;
    ran.expect(1).says("failed: timeout (1)");
    let asked = bodies(&server).await;
    assert_eq!(asked.len(), 2);
    let keys: Vec<_> = server.received_requests().await.unwrap();
    let key = |nth: usize| keys[nth].headers.get("idempotency-key").unwrap().clone();
    assert_eq!(key(0), key(1));
    let (_, ran) = run(prism, args(&["costs", "--format", "json"])).await;
    let row = ran.json_lines().remove(0);
    assert_eq!((&row["calls"], &row["lost_calls"]), (&json!(2), &json!(2)));
    // At least the room of the answer, at twice a millionth a token, twice.
    assert!(
        row["cost_micro_dollars"].as_u64().unwrap() > 2 * 2 * 4000,
        "{row}"
    );
}

#[test]
fn ingest_refuses_a_model_that_nothing_bounds() {
    let settings = |more: &str| {
        Prism::with_settings(&format!(
            "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"http://127.0.0.1:1/v1\"\n\
             [[feeds]]\nurl = \"http://127.0.0.1:1/feed\"\n{more}"
        ))
    };
    settings("")
        .run(["ingest"])
        .expect(2)
        .says("the price of the model `tiny` is unknown")
        .says("hint: set `model.price`");
    for word in ["unpriced = true", "tokens_per_day = 1000"] {
        settings(&format!("[budget]\n{word}\n"))
            .run(["ingest"])
            .expect(1);
    }
}

/// What a dry run says of a page whose model has answered before is what the call costs.
#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_the_call_will_cost() {
    let model = server(vec![said(&good())]).await;
    let site = wiremock::MockServer::start().await;
    let page = std::fs::read_to_string(super::common::fixture(
        "pages/harbour-courier.example/2026/11/ferry-terminal.html",
    ))
    .unwrap();
    let answer = |body: String, kind: &str| ResponseTemplate::new(200).set_body_raw(body, kind);
    // The second page is the same article with another ending.
    let longer = page.replace("</p>", " The port has a chapel.</p>");
    for (at, body) in [("/a", page), ("/b", longer)] {
        Mock::given(path(at))
            .respond_with(answer(body.replace("rel=\"canonical\"", ""), "text/html"))
            .mount(&site)
            .await;
    }
    let feed = |name: &str| {
        let link = format!("{}/{name}", site.uri());
        let item = format!("<item><title>T</title><link>{link}</link><guid>{link}</guid></item>");
        format!("<rss version=\"2.0\"><channel><title>N</title>{item}</channel></rss>")
    };
    for name in ["a", "b"] {
        Mock::given(path(format!("/feed-{name}")))
            .respond_with(answer(feed(name), "application/rss+xml"))
            .mount(&site)
            .await;
    }
    let more = format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[ingest]\nmax_age = \"99999h\"\n\
         [[feeds]]\nurl = \"{}/feed-a\"\n",
        site.uri()
    );
    let prism = house_with(&model, &more);
    let other = format!("{}/feed-b", site.uri());
    let dry = args(&["ingest", "--dry-run", "--format", "json"]);
    let (prism, ran) = run(prism, dry.clone()).await;
    let row = ran.json_lines().remove(0);
    let expected = &row["expected"];
    assert!(
        expected["cost_micro_dollars"].as_u64().unwrap() > 500,
        "{row}"
    );
    ran.expect(0)
        .says("would be written: 1 call, about ")
        .says("expected: 1 calls, about ");
    assert!(bodies(&model).await.is_empty());

    let (prism, ran) = run(prism, args(&["ingest"])).await;
    ran.expect(0).says("cost $0.001100");
    let on = [dry, args(&["--feed", &other])].concat();
    let (prism, ran) = run(prism, on).await;
    let row = ran.json_lines().remove(0);
    let expected = row["expected"]["cost_micro_dollars"].as_u64().unwrap();
    let (_, ran) = run(
        prism,
        args(&["ingest", "--feed", &other, "--format", "json"]),
    )
    .await;
    let bill = ran.json_lines()[0]["spent"]["cost_micro_dollars"]
        .as_u64()
        .unwrap();
    assert!(
        expected.abs_diff(bill) * 10 <= bill,
        "expected {expected}, billed {bill}"
    );
}

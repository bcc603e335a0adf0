//! The whole path against a model's server on loopback that answers, fails and lies.

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::method};

use super::common::{Prism, Ran, fixture};

const ARTICLE: &str = "pages/harbour-courier.example/2026/11/ferry-terminal.html";
pub(super) const KEY: &str = "sk-a-key-that-must-never-be-seen";

/// An answer whose every fact stands in the article.
pub(super) fn good() -> Value {
    json!({
        "category": "Politics",
        "keyphrase": "Oster Quay",
        "title": "Skarrow backs a ferry terminal at Oster Quay",
        "summary": "The council of Skarrow has voted 17 to 12 for a new ferry terminal.",
        "lede": "The terminal is to cost €48.6 million. Marit Ollander won the vote late on Tuesday.",
        "sections": [
            {"heading": "What Oster Quay will cost", "paragraphs": ["The national ports fund bears €21 million."]},
            {"heading": "What is still open", "paragraphs": ["The contract must be signed before the end of the year."]}
        ],
        "quote": 1,
        "quote_after": 1
    })
}

/// The same with a vote that nobody counted.
fn wrong() -> Value {
    let mut answer = good();
    answer["summary"] =
        json!("The council of Skarrow has voted 19 to 10 for a new ferry terminal.");
    answer
}

pub(super) fn chat(text: &str, finish: &str) -> Value {
    json!({
        "id": "c1",
        "object": "chat.completion",
        "model": "tiny-2026-11",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200,
                  "prompt_tokens_details": {"cached_tokens": 600}}
    })
}

pub(super) fn said(answer: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(chat(&answer.to_string(), "stop"))
}

/// A server that gives these answers in turn, the last one for ever.
pub(super) async fn server(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let (last, first) = answers.split_last().unwrap();
    for answer in first {
        let mock = Mock::given(method("POST")).respond_with(answer.clone());
        mock.up_to_n_times(1).mount(&server).await;
    }
    Mock::given(method("POST"))
        .respond_with(last.clone())
        .mount(&server)
        .await;
    server
}

pub(super) fn house(server: &MockServer) -> Prism {
    house_with(server, "")
}

/// The same with further lines of settings.
pub(super) fn house_with(server: &MockServer, more: &str) -> Prism {
    let settings = format!(
        "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"{}/v1\"\napi_key_env = \"HOUSE_KEY\"\n\
         price = {{ input = 1.0, cached_input = 0.5, output = 2.0 }}\n{more}",
        server.uri()
    );
    Prism::with_settings(&settings).env("HOUSE_KEY", KEY)
}

pub(super) async fn run(prism: Prism, args: Vec<String>) -> (Prism, Ran) {
    tokio::task::spawn_blocking(move || {
        let ran = prism.run(args);
        (prism, ran)
    })
    .await
    .unwrap()
}

pub(super) async fn analyze(prism: Prism) -> (Prism, Ran) {
    let page = fixture(ARTICLE).display().to_string();
    run(
        prism,
        vec!["analyze".into(), "--format".into(), "json".into(), page],
    )
    .await
}

pub(super) async fn bodies(server: &MockServer) -> Vec<Value> {
    let requests: Vec<Request> = server.received_requests().await.unwrap();
    requests
        .iter()
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect()
}

fn no_secret_anywhere(prism: &Prism, ran: &Ran) {
    assert!(!ran.stdout.contains(KEY) && !ran.stderr.contains(KEY));
    for (path, bytes) in prism.store_bytes() {
        let found = bytes
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        assert!(!found, "the key stands in `{}`", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_answer_is_saved_with_its_evidence_and_never_bought_again() {
    let server = server(vec![said(&good())]).await;
    let (prism, ran) = analyze(house(&server)).await;
    let analysis = ran.json_lines().remove(0);
    let ran = ran.expect(0).says("1 saved");
    assert_eq!(
        analysis["status"], "ready",
        "{:#}",
        analysis["verification"]["findings"]
    );
    assert_eq!(analysis["verification"]["verdict"], "supported");
    let claims = analysis["verification"]["claims"].as_array().unwrap();
    assert!(
        claims.iter().any(|claim| claim["kind"] == "number"),
        "{claims:#?}"
    );
    let text = source_text(&prism, &analysis);
    for claim in claims
        .iter()
        .filter(|claim| claim["support"] == "supported")
    {
        let evidence = &claim["evidence"];
        if evidence["field"] == "text" {
            assert_eq!(
                points(&text, &evidence["span"]),
                evidence["text"].as_str().unwrap()
            );
        }
    }
    let quote = &analysis["pull_quote"];
    assert_eq!(
        points(&text, &quote["span"]),
        quote["text"].as_str().unwrap()
    );
    assert_eq!(quote["after"], "1");
    // 400 fresh tokens, 600 cached at half the price, 200 out at twice.
    assert_eq!(
        analysis["provenance"]["cost_micro_dollars"],
        400 + 300 + 400
    );
    assert_eq!(analysis["provenance"]["model_answered"], "tiny-2026-11");
    assert_eq!(prism.documents("analyses").len(), 1);
    no_secret_anywhere(&prism, &ran);

    let before = prism.store_bytes();
    let (prism, ran) = analyze(prism).await;
    ran.expect(0).says("1 unchanged");
    assert_eq!(before, prism.store_bytes());
    assert_eq!(bodies(&server).await.len(), 1);
}

fn source_text(prism: &Prism, analysis: &Value) -> String {
    let key = format!(
        "{}.json",
        analysis["sources"][0]["article"].as_str().unwrap()
    );
    let articles = prism.documents("articles");
    let article = articles.iter().find(|(name, _)| *name == key).unwrap();
    article.1["text"].as_str().unwrap().to_owned()
}

/// The text of a span of code points.
fn points(text: &str, span: &Value) -> String {
    let at = |end: &str| usize::try_from(span[end].as_u64().unwrap()).unwrap();
    text.chars()
        .skip(at("start"))
        .take(at("end") - at("start"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_goes_back_once_and_only_the_named_field_may_change() {
    let repair = json!({"fields": [
        {"field": "/summary", "text": "The council of Skarrow has voted 17 to 12 for a new ferry terminal."},
        {"field": "/title", "text": "A title that nobody asked for"}
    ]});
    let server = server(vec![said(&wrong()), said(&repair)]).await;
    let (_, ran) = analyze(house(&server)).await;
    let analysis = ran.json_lines().remove(0);
    ran.expect(0).says("1 saved");
    assert_eq!(analysis["status"], "ready");
    assert_eq!(analysis["summary"], repair["fields"][0]["text"]);
    assert_eq!(analysis["title"], good()["title"]);
    assert_eq!(analysis["provenance"]["calls"], 2);
    assert_eq!(analysis["provenance"]["repairs"], 1);
    let asked = bodies(&server).await[1].to_string();
    assert!(
        asked.contains("19 to 10") && asked.contains("/summary"),
        "{asked}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_unsupported_is_held_and_never_replaces_what_is_published() {
    let stubborn = json!({"fields": [{"field": "/summary", "text": wrong()["summary"]}]});
    let server = server(vec![said(&good()), said(&wrong()), said(&stubborn)]).await;
    let (prism, ran) = analyze(house(&server)).await;
    let id = ran.json_lines()[0]["id"].as_str().unwrap().to_owned();
    let published = prism.documents("analyses");

    let args = [
        "regenerate",
        &id,
        "--note",
        "Shorter, please.",
        "--format",
        "json",
    ]
    .map(String::from);
    let (prism, ran) = run(prism, args.to_vec()).await;
    let held = ran.json_lines().remove(0);
    ran.expect(0).says("1 held");
    assert_eq!(held["revision"], 2);
    assert_eq!(held["held_for"], json!(["unsupported"]));
    assert_eq!(held["slug"], published[0].1["slug"]);
    let finding = &held["verification"]["findings"][0];
    assert_eq!(finding["field"], "/summary");
    assert_eq!(finding["severity"], "error");
    assert!(
        finding["message"].as_str().unwrap().contains("19"),
        "{finding:#}"
    );
    assert_eq!(prism.documents("analyses"), published);
    assert_eq!(prism.documents("held").len(), 1);
    let asked = bodies(&server).await[1].to_string();
    assert!(asked.contains("Shorter, please."), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_answer_is_asked_for_once_more_with_more_room() {
    let cut = ResponseTemplate::new(200).set_body_json(chat("{\"category\": \"Poli", "length"));
    let first = server(vec![cut.clone(), said(&good())]).await;
    let (_, ran) = analyze(house(&first)).await;
    ran.expect(0).says("1 saved");
    let asked = bodies(&first).await;
    let room = |body: &Value| body["max_tokens"].as_u64().unwrap();
    assert_eq!(room(&asked[1]), 2 * room(&asked[0]));

    let second = server(vec![cut]).await;
    let (_, ran) = analyze(house(&second)).await;
    ran.expect(1).says("failed: cut");
    assert_eq!(bodies(&second).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_answer_has_its_own_reason() {
    let text = |text: &str| ResponseTemplate::new(200).set_body_json(chat(text, "stop"));
    let mut half = good().to_string();
    half.truncate(120);
    for (answer, words, calls) in [
        (
            ResponseTemplate::new(401).set_body_json(json!({"error": {"message": KEY}})),
            "refused_key",
            1,
        ),
        (
            ResponseTemplate::new(404)
                .set_body_json(json!({"error": {"message": "no such model"}})),
            "unknown_model",
            1,
        ),
        (
            text("I would rather talk about the weather."),
            "not_json",
            2,
        ),
        (text(&half), "cut", 2),
        (text(""), "empty", 2),
        (text("{\"title\": \"only a title\"}"), "wrong_shape", 2),
        (
            ResponseTemplate::new(200).set_body_string("<html>gateway</html>"),
            "not_an_answer",
            1,
        ),
    ] {
        let server = server(vec![answer]).await;
        let (prism, ran) = analyze(house(&server)).await;
        let ran = ran.expect(1).says(words);
        no_secret_anywhere(&prism, &ran);
        assert!(prism.documents("revisions").is_empty());
        assert_eq!(bodies(&server).await.len(), calls, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_waited_for_and_a_broken_one_is_given_up() {
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "1");
    let first = server(vec![busy, said(&good())]).await;
    let begun = std::time::Instant::now();
    let (_, ran) = analyze(house(&first)).await;
    ran.expect(0).says("1 saved");
    assert!(begun.elapsed() >= Duration::from_secs(1));

    let hours = ResponseTemplate::new(429).insert_header("Retry-After", "7200");
    let second = server(vec![hours]).await;
    let (_, ran) = analyze(house(&second)).await;
    ran.expect(1).says("rate_limit");
    assert_eq!(bodies(&second).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_answer_is_kept_and_asked_for_once_more_then_only_by_hand() {
    let nothing = || ResponseTemplate::new(200).set_body_json(chat("", "stop"));
    let prose = ResponseTemplate::new(200).set_body_json(chat("I would rather not.", "stop"));
    let server = server(vec![nothing(), prose, nothing(), said(&good())]).await;
    let (prism, ran) = analyze(house(&server)).await;
    ran.expect(1).says("failed: not_json");
    let kept = prism.documents("completions");
    assert_eq!(kept.len(), 2);
    let empty = kept
        .iter()
        .find(|one| one.1["purpose"] == "analysis")
        .unwrap();
    assert_eq!(empty.1["unusable"]["reason"], "empty");
    assert_eq!(empty.1["unusable"]["usage"]["output"], 200);
    let asked = bodies(&server).await;
    let user = |nth: usize| asked[nth]["messages"][1]["content"].as_str().unwrap();
    assert!(user(1).starts_with(user(0).trim_end()));
    assert!(user(1).contains("could not be used: empty."), "{}", user(1));

    let (prism, ran) = analyze(prism).await;
    ran.expect(0).says("1 saved").says("model: 2 calls");
    assert_eq!(prism.documents("completions").len(), 4);
    assert_eq!(bodies(&server).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analysis_without_a_model_gives_way_to_one_with() {
    let server = server(vec![said(&good())]).await;
    let page = fixture(ARTICLE).display().to_string();
    let without = house(&server).env("PRISM_MODEL_PROVIDER", "extractive");
    let (prism, ran) = run(without, vec!["analyze".into(), page]).await;
    ran.expect(0).says("1 held");
    let prism = prism.env("PRISM_MODEL_PROVIDER", "openai");
    let (prism, ran) = analyze(prism).await;
    assert_eq!(ran.json_lines()[0]["revision"], 2);
    ran.expect(0).says("1 saved");
    assert!(prism.documents("held").is_empty());
    assert_eq!(prism.documents("analyses").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn anthropics_messages_are_spoken_too() {
    let answer = json!({
        "id": "m1", "type": "message", "role": "assistant", "model": "tiny-anthropic",
        "content": [{"type": "text", "text": good().to_string()}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 100, "cache_read_input_tokens": 50, "cache_creation_input_tokens": 25, "output_tokens": 10}
    });
    let server = server(vec![ResponseTemplate::new(200).set_body_json(answer)]).await;
    let settings = format!(
        "[model]\nprovider = \"anthropic\"\nname = \"tiny\"\nbase_url = \"{}\"\napi_key_env = \"HOUSE_KEY\"",
        server.uri()
    );
    let (_, ran) = analyze(Prism::with_settings(&settings).env("HOUSE_KEY", KEY)).await;
    let analysis = ran.json_lines().remove(0);
    ran.expect(0).says("cost unknown");
    assert_eq!(
        analysis["provenance"]["usage"],
        json!({"input": 175, "cached_input": 50, "output": 10})
    );
    assert!(analysis["provenance"]["cost_micro_dollars"].is_null());
    assert_eq!(
        bodies(&server).await[0]["output_config"]["format"]["type"],
        "json_schema"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_replayed_without_the_server_or_the_key() {
    let server = server(vec![
        said(&wrong()),
        said(&json!({"fields": []})),
        said(&good()),
    ])
    .await;
    let page = fixture(ARTICLE).display().to_string();
    let record = [
        "analyze",
        "--record",
        "tape",
        "--format",
        "json",
        page.as_str(),
    ]
    .map(String::from);
    let (prism, first) = run(house(&server), record.to_vec()).await;
    let first = first.expect(0).says("1 held");
    drop(server);
    for path in super::common::files(&prism.path("tape")) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            !text.contains(KEY),
            "the key stands in `{}`",
            path.display()
        );
    }
    let tape = prism.path("tape").display().to_string();
    let replay = [
        "analyze",
        "--replay",
        tape.as_str(),
        "--format",
        "json",
        page.as_str(),
    ]
    .map(String::from);
    let (_, second) = run(Prism::new(), replay.to_vec()).await;
    let (first, second) = (
        first.json_lines().remove(0),
        second.expect(0).json_lines().remove(0),
    );
    assert_eq!(first["verification"], second["verification"]);
    assert_eq!(first["provenance"], second["provenance"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_given_twice_is_bought_once() {
    let server = server(vec![said(&good())]).await;
    let page = fixture(ARTICLE).display().to_string();
    let (_, ran) = run(house(&server), vec!["analyze".into(), page.clone(), page]).await;
    ran.expect(0).says("1 saved, 1 unchanged");
    assert_eq!(bodies(&server).await.len(), 1);
}

//! A second model that judges what the first has written, and repairs that must keep what
//! was right.

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::method};

use super::{
    common::Prism,
    models::{KEY, analyze, bodies, chat, good, said, server},
};

/// A house with a model at one server and a judge at another.
fn house(model: &MockServer, judge: &MockServer) -> Prism {
    let settings = format!(
        "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"{}/v1\"\napi_key_env = \"HOUSE_KEY\"\n\
         [verify.judge]\nprovider = \"openai\"\nname = \"stern\"\nbase_url = \"{}/v1\"\napi_key_env = \"HOUSE_KEY\"\n\
         price = {{ input = 3.0, output = 9.0 }}\n",
        model.uri(),
        judge.uri()
    );
    Prism::with_settings(&settings).env("HOUSE_KEY", KEY)
}

/// A judge that doubts every sentence with this word.
async fn judge_that_doubts(word: &'static str) -> MockServer {
    let server = MockServer::start().await;
    let answer = move |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let asked = body["messages"][1]["content"].as_str().unwrap();
        let sentences: Vec<Value> = asked
            .split("<sentence number=")
            .skip(1)
            .enumerate()
            .map(|(nth, sentence)| {
                let said = sentence.split("Passages:").next().unwrap();
                json!({
                    "number": nth + 1,
                    "reason": "The passages do not say when.",
                    "supported": !said.contains(word)
                })
            })
            .collect();
        let answer = json!({ "sentences": sentences });
        ResponseTemplate::new(200).set_body_json(chat(&answer.to_string(), "stop"))
    };
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_judge_says_is_a_finding_of_its_own_and_its_cost_is_its_own() {
    let model = server(vec![said(&good())]).await;
    let judge = judge_that_doubts("contract").await;
    let (_, ran) = analyze(house(&model, &judge)).await;
    let analysis = ran.json_lines().remove(0);
    let ran = ran.expect(0).says("judge: the model `stern`");
    let findings = analysis["verification"]["findings"].as_array().unwrap();
    assert!(!analysis["provenance"]["judge"].is_null(), "{}", ran.stderr);
    let judged: Vec<&Value> = findings.iter().filter(|f| f["kind"] == "judge").collect();
    assert_eq!(judged.len(), 1, "{findings:#?}");
    assert_eq!(judged[0]["reason"], "judged_unsupported");
    assert_eq!(judged[0]["field"], "/sections/1/paragraphs/0");
    let message = judged[0]["message"].as_str().unwrap();
    assert!(
        message.ends_with("The passages do not say when."),
        "{message}"
    );
    // It is told apart from the check's own verdict.
    assert_eq!(analysis["verification"]["verdict"], "supported");
    let used = &analysis["provenance"]["judge"];
    assert_eq!(used["model_asked"], "stern");
    assert_eq!(used["unsupported"], 1);
    assert_eq!(used["calls"], 1);
    assert_eq!(used["cost_micro_dollars"], 1000 * 3 + 200 * 9);
    assert_eq!(analysis["provenance"]["calls"], 1);
    assert!(analysis["provenance"]["cost_micro_dollars"].is_null());
    // The judge sees sentences with their passages, not the whole article.
    let asked = bodies(&judge).await.remove(0).to_string();
    assert!(asked.contains("The contract must be signed"), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analysis_that_its_judge_did_not_judge_is_held() {
    let model = server(vec![said(&good())]).await;
    let judge = server(vec![said(&json!({"sentences": []}))]).await;
    let (_, ran) = analyze(house(&model, &judge)).await;
    let analysis = ran.json_lines().remove(0);
    ran.expect(0);
    assert_eq!(analysis["held_for"], json!(["unjudged"]));
    assert!(analysis["provenance"]["judge"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_that_loses_a_right_quotation_is_not_taken() {
    let mut wrong = good();
    wrong["summary"] =
        json!("The council of Skarrow has voted 19 to 12 for a terminal at “Oster Quay”.");
    for (repaired, status) in [
        (
            "The council of Skarrow has voted 17 to 12 for a terminal.",
            "held",
        ),
        (
            "The council of Skarrow has voted 17 to 12 for a terminal at “Oster Quay”.",
            "ready",
        ),
    ] {
        let repair = json!({"fields": [{"field": "/summary", "text": repaired}]});
        let model = server(vec![said(&wrong), said(&repair)]).await;
        let settings = format!(
            "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"{}/v1\"\napi_key_env = \"HOUSE_KEY\"\n",
            model.uri()
        );
        let (_, ran) = analyze(Prism::with_settings(&settings).env("HOUSE_KEY", KEY)).await;
        let analysis = ran.json_lines().remove(0);
        assert_eq!(analysis["status"], status, "{}", analysis["summary"]);
        let asked = bodies(&model).await.remove(1).to_string();
        assert!(asked.contains("Keep this quotation as it is"), "{asked}");
    }
}

//! The recorded demo, replayed as a newcomer does it.

use std::fs;

use serde_json::Value;

use super::common::{Prism, Ran, fixture, root};

fn ingest(prism: &Prism) -> Ran {
    let demo = fixture("exchanges/demo").display().to_string();
    prism.run([
        "ingest",
        "--replay",
        &demo,
        "--format",
        "json",
        "--report",
        "report.json",
    ])
}

fn fresh() -> Prism {
    // A replay must not depend on what the environment says.
    Prism::new()
        .env("OPENAI_API_KEY", "a key that nobody needs")
        .env("PRISM_HOUSE_WORDS", "7")
}

#[test]
fn two_replays_give_the_same_bytes_and_a_second_run_changes_nothing() {
    let (one, two) = (fresh(), fresh());
    let first = ingest(&one).expect(0);
    ingest(&two).expect(0);
    let bytes = one.store_bytes();
    assert!(bytes.len() > 20, "only {} files", bytes.len());
    for (ours, theirs) in bytes.iter().zip(&two.store_bytes()) {
        assert_eq!(ours.0, theirs.0);
        assert!(ours.1 == theirs.1, "`{}` differs", ours.0.display());
    }
    assert_eq!(bytes.len(), two.store_bytes().len());

    let again = ingest(&one).expect(0).says("nothing was bought");
    assert!(again.json_lines().is_empty(), "{}", again.stdout);
    assert!(bytes == one.store_bytes(), "a second run changed the store");
    assert!(!first.json_lines().is_empty());
}

#[test]
fn the_demo_shows_what_the_program_is_for() {
    let prism = fresh();
    let items = ingest(&prism).expect(0).json_lines();
    let of = |outcome: &str, reason: &str| {
        items
            .iter()
            .filter(|item| item["outcome"] == outcome && item["reason"] == reason)
            .count()
    };
    assert!(of("saved", "") >= 1, "{items:#?}");
    assert!(of("held", "unsupported") >= 1, "{items:#?}");
    assert_eq!(of("skipped", "consent"), 1);
    assert_eq!(of("skipped", "paywalled"), 1);
    assert_eq!(of("skipped", "duplicate"), 1);

    let revisions = prism.documents("revisions");
    let has_error = |analysis: &Value| {
        let findings = analysis["verification"]["findings"].as_array().unwrap();
        findings
            .iter()
            .any(|finding| finding["severity"] == "error")
    };
    for (_, analysis) in &revisions {
        let held_for = analysis["held_for"].as_array().unwrap();
        let title = &analysis["title"];
        assert_eq!(
            analysis["status"] == "held",
            !held_for.is_empty(),
            "{title}"
        );
        let unsupported = held_for.iter().any(|why| why == "unsupported");
        assert_eq!(unsupported, has_error(analysis), "{title}");
    }
    let cut = |analysis: &Value| analysis["sources"][0]["excerpt"]["share"].as_f64().unwrap() < 1.0;
    assert!(
        revisions.iter().any(|(_, analysis)| cut(analysis)),
        "no article is longer than the budget"
    );
    let languages: Vec<_> = revisions
        .iter()
        .map(|(_, analysis)| analysis["language"].as_str().unwrap())
        .collect();
    assert!(
        languages.contains(&"de") && languages.contains(&"ko"),
        "{languages:?}"
    );

    let report: Value =
        serde_json::from_str(&fs::read_to_string(prism.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["items"].as_array().unwrap().len(), items.len());
}

#[test]
fn every_document_is_valid_and_its_spans_hold_the_words_they_name() {
    let prism = fresh();
    ingest(&prism).expect(0);
    let schema: Value = serde_json::from_str(&prism.run(["schema"]).expect(0).stdout).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let articles = prism.documents("articles");
    let mut claims = 0;
    for (_, analysis) in prism.documents("revisions") {
        let faults: Vec<_> = validator
            .iter_errors(&analysis)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
        for claim in analysis["verification"]["claims"].as_array().unwrap() {
            claims += 1;
            let field = analysis
                .pointer(claim["field"].as_str().unwrap())
                .unwrap()
                .as_str()
                .unwrap();
            assert_eq!(part(field, &claim["span"]), claim["text"].as_str().unwrap());
            if claim["support"] == "supported" {
                assert!(!claim["evidence"].is_null(), "{claim:#}");
            }
            let evidence = &claim["evidence"];
            if evidence["field"] == "text" {
                let source = analysis["sources"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|s| s["id"] == evidence["source"]);
                let name = format!("{}.json", source.unwrap()["article"].as_str().unwrap());
                let article = &articles.iter().find(|(file, _)| *file == name).unwrap().1;
                let text = article["text"].as_str().unwrap();
                assert_eq!(
                    part(text, &evidence["span"]),
                    evidence["text"].as_str().unwrap()
                );
            }
        }
    }
    assert!(claims > 50, "only {claims} claims in the whole demo");
}

/// The part of a text that a span of code points covers.
fn part(text: &str, span: &Value) -> String {
    let at = |end: &str| usize::try_from(span[end].as_u64().unwrap()).unwrap();
    text.chars()
        .skip(at("start"))
        .take(at("end") - at("start"))
        .collect()
}

#[test]
fn what_was_not_recorded_is_an_error_that_says_so() {
    let prism = fresh();
    let demo = fixture("exchanges/demo").display().to_string();
    prism
        .run([
            "analyze",
            "--replay",
            &demo,
            "http://harbour-courier.example/never-asked.html",
        ])
        .expect(1)
        .says("not_recorded")
        .says("hint:");
    // An address is checked in a replay, too.
    prism
        .run(["analyze", "--replay", &demo, "http://10.0.0.1/"])
        .expect(1)
        .says("blocked_address");
}

#[test]
fn a_recorded_analysis_is_verified_again_from_the_stored_text() {
    let prism = fresh();
    ingest(&prism).expect(0);
    let held = prism.documents("held");
    let (_, analysis) = held
        .iter()
        .find(|(_, one)| one["held_for"][0] == "unsupported")
        .unwrap();
    let key = analysis["sources"][0]["article"].as_str().unwrap();
    let article =
        fs::read_to_string(prism.path(&format!("prism-data/articles/{key}.json"))).unwrap();
    let article: Value = serde_json::from_str(&article).unwrap();
    let source = prism.path("source.txt");
    let title = article["title"].as_str().unwrap_or_default();
    fs::write(
        &source,
        format!("{title}\n\n{}", article["text"].as_str().unwrap()),
    )
    .unwrap();
    let finding = analysis["verification"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["severity"] == "error");
    let field = finding.unwrap()["field"].as_str().unwrap();
    let text = prism.path("text.txt");
    fs::write(&text, analysis.pointer(field).unwrap().as_str().unwrap()).unwrap();
    prism
        .run([
            "verify",
            "--source",
            source.to_str().unwrap(),
            text.to_str().unwrap(),
        ])
        .expect(4);
}

#[test]
fn the_schema_in_the_docs_is_the_programs_own() {
    let printed = Prism::new().run(["schema"]).expect(0).stdout;
    let kept = fs::read_to_string(root().join("docs/analysis.schema.json")).unwrap_or_default();
    assert!(
        printed == kept,
        "run `cargo run -- schema > docs/analysis.schema.json` and review the change"
    );
}

//! Bytes only: no request of these tests is ever sent.

use std::fs;

use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::*;
use crate::{analysis::answer, prompt};

const KEY: &str = "test-key-123";

fn options(base_url: &str) -> ModelOptions {
    ModelOptions {
        base_url: base_url.parse().unwrap(),
        model: "asked-model".to_owned(),
        key: Some(KEY.into()),
        temperature: None,
        seed: None,
        time: Duration::from_mins(1),
    }
}

fn prompt() -> Prompt {
    let categories = ["Politics".to_owned(), "World".to_owned()];
    Prompt {
        id: "analysis".to_owned(),
        version: "1".to_owned(),
        purpose: prompt::Purpose::Analysis,
        digest: String::new(),
        system: "the same for all".to_owned(),
        user: "this \"article\"".to_owned(),
        schema: answer::schema(&categories, &[]),
        candidates: Vec::new(),
        max_output_tokens: 1500,
    }
}

fn request(kind: ProviderKind, options: ModelOptions) -> Request {
    provider(kind, options).request(&prompt())
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(request.body.as_deref().unwrap()).unwrap()
}

#[test]
fn the_body_for_each_vendor() {
    let openai = request(ProviderKind::OpenAi, options("https://api.openai.com/v1"));
    insta::assert_json_snapshot!("openai_hosted", body(&openai));
    let mut local = options("http://127.0.0.1:18434");
    local.temperature = Some(0.7);
    local.seed = Some(42);
    let local = request(ProviderKind::OpenAi, local);
    insta::assert_json_snapshot!("openai_local", body(&local));
    let mut claude = options("https://api.anthropic.com");
    claude.temperature = Some(0.5);
    claude.seed = Some(42);
    let claude = request(ProviderKind::Anthropic, claude);
    insta::assert_json_snapshot!("anthropic", body(&claude));
}

#[test]
fn the_address_follows_from_the_base() {
    for (kind, base, expected) in [
        (
            ProviderKind::OpenAi,
            "https://api.openai.com/v1",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            ProviderKind::OpenAi,
            "https://api.openai.com/v1/",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            ProviderKind::OpenAi,
            "http://127.0.0.1:18434",
            "http://127.0.0.1:18434/v1/chat/completions",
        ),
        (
            ProviderKind::OpenAi,
            "https://gate.example/api/v1",
            "https://gate.example/api/v1/chat/completions",
        ),
        (
            ProviderKind::OpenAi,
            "data:text/plain,x",
            "data:text/plain,x",
        ),
        (
            ProviderKind::Anthropic,
            "https://api.anthropic.com",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            ProviderKind::Anthropic,
            "https://api.anthropic.com/v1/",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            ProviderKind::Anthropic,
            "https://gate.example/anthropic",
            "https://gate.example/anthropic/v1/messages",
        ),
    ] {
        assert_eq!(request(kind, options(base)).url.as_str(), expected);
    }
}

#[test]
fn only_the_hosted_service_gets_its_own_parameters() {
    for (base, hosted) in [
        ("https://api.openai.com/v1", true),
        ("https://eu.api.openai.com/v1", true),
        ("https://house.openai.azure.com/openai/v1", true),
        ("https://notopenai.com/v1", false),
        ("https://openai.com.example/v1", false),
    ] {
        let body = body(&request(ProviderKind::OpenAi, options(base)));
        assert_eq!(
            body.get("max_completion_tokens").is_some(),
            hosted,
            "{base}"
        );
        assert_eq!(body.get("max_tokens").is_none(), hosted, "{base}");
    }
}

#[test]
fn the_key_travels_in_a_secret_header_only() {
    for (kind, name, value) in [
        (
            ProviderKind::OpenAi,
            "authorization",
            format!("Bearer {KEY}"),
        ),
        (ProviderKind::Anthropic, "x-api-key", KEY.to_owned()),
    ] {
        let request = request(kind, options("https://api.example"));
        let secrets: Vec<_> = request
            .secret_headers
            .iter()
            .map(|(name, value)| (*name, value.expose_secret()))
            .collect();
        assert_eq!(secrets, [(name, value.as_str())]);
        assert_eq!(request.purpose, Purpose::Model);
        assert!(!format!("{request:?}").contains(KEY));
    }
    let mut without = options("http://127.0.0.1:1");
    without.key = None;
    assert!(
        request(ProviderKind::OpenAi, without)
            .secret_headers
            .is_empty()
    );
}

/// Each file of `fixtures/answers/responses` is a response and what is made of it.
#[test]
fn every_recorded_shape_is_read_as_expected() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/answers/responses");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let kind: ProviderKind = serde_json::from_value(case["provider"].clone()).unwrap();
        let response = Response {
            status: u16::try_from(case["status"].as_u64().unwrap()).unwrap(),
            headers: case["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
            body: match case["text"].as_str() {
                Some(text) => Bytes::from(text.to_owned()),
                None => Bytes::from(case["body"].to_string()),
            },
        };
        let found = provider(kind, options("https://api.example/v1")).completion(&response);
        check(&path.display().to_string(), &case["expect"], found);
        seen += 1;
    }
    assert!(seen > 50, "only {seen} cases were found");
}

fn check(case: &str, expect: &Value, found: Result<Completion, ModelError>) {
    match found {
        Ok(completion) => {
            assert_eq!(completion.model_asked, "asked-model", "{case}");
            let found = json!({
                "text": completion.text,
                "finish": completion.finish,
                "usage": completion.usage,
                "model_answered": completion.model_answered,
            });
            assert_eq!(found, *expect, "{case}");
        }
        Err(error) => {
            assert_eq!(
                error.reason(),
                expect["reason"].as_str().unwrap_or("an answer"),
                "{case}: {error}"
            );
            if let Some(message) = expect["message"].as_str() {
                assert_eq!(error.to_string(), message, "{case}");
            }
            if let Some(usage) = expect.get("usage") {
                assert_eq!(json!(error.usage()), *usage, "{case}");
            }
            if let Some(wait) = expect.get("retry_after") {
                assert_eq!(
                    json!(error.retry_after().map(|wait| wait.as_secs())),
                    *wait,
                    "{case}"
                );
            }
            assert!(error.hint().is_some(), "{case}");
            for text in [error.to_string(), format!("{error:?}")] {
                assert!(
                    !text.contains(KEY) && !text.contains("sk-"),
                    "{case}: {text}"
                );
                assert!(!text.chars().any(char::is_control), "{case}: {text}");
            }
        }
    }
}

#[test]
fn a_long_message_of_a_vendor_is_cut() {
    let text = error::message(&"long ".repeat(500), None);
    assert_eq!(text.chars().count(), 301);
    assert!(text.ends_with('…'));
}

#[test]
fn no_body_makes_a_translator_panic() {
    let whole = br#"{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":-1}}"#;
    for end in 0..=whole.len() {
        for (kind, status) in [(ProviderKind::OpenAi, 200), (ProviderKind::Anthropic, 429)] {
            let response = Response {
                status,
                headers: vec![("retry-after".to_owned(), "soon".to_owned())],
                body: Bytes::copy_from_slice(&whole[..end]),
            };
            let found = provider(kind, options("https://api.example")).completion(&response);
            assert!(found.is_err() || end == whole.len());
        }
    }
}

//! Recordings: what is written, what is served, and what never is.

use std::{collections::VecDeque, fs, path::Path};

use bytes::Bytes;

use super::*;

/// Gives these outcomes in turn; panics when asked too often.
struct Scripted(Mutex<VecDeque<Result<Response, FetchError>>>);

impl Transport for Scripted {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, FetchError>> {
        let outcome = self.0.lock().unwrap().pop_front();
        Box::pin(future::ready(outcome.expect("an outcome is left")))
    }
}

fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response {
    Response {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.into(),
    }
}

fn page_request(url: &str) -> Request {
    Request {
        method: Method::Get,
        purpose: Purpose::Page,
        secret_headers: Vec::new(),
        body: None,
        ..question(&Url::parse(url).unwrap())
    }
}

fn model_request(body: &'static str) -> Request {
    Request {
        body: Some(body.into()),
        ..question(&Url::parse("https://model.example/v1/chat").unwrap())
    }
}

fn recorder(folder: &Path, outcomes: Vec<Result<Response, FetchError>>) -> Recorder {
    let inner = Arc::new(Scripted(Mutex::new(outcomes.into())));
    Recorder::create(folder, inner, TestClock::default().now()).unwrap()
}

/// What can be compared of an outcome.
fn told(outcome: Result<Response, FetchError>) -> String {
    match outcome {
        Ok(response) => format!("{response:?}"),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn a_replay_gives_what_the_recording_gave() {
    let folder = tempfile::tempdir().unwrap();
    let requests = [
        page_request("https://news.example/a#top"),
        page_request("https://news.example/a"),
        page_request("https://news.example/bytes"),
        page_request("https://news.example/broken"),
        model_request("{\"b\":[1,{\"y\":1,\"x\":2}],\"a\":0}"),
    ];
    let tape = recorder(
        folder.path(),
        vec![
            Ok(response(
                503,
                &[
                    ("retry-after", "2"),
                    ("date", "today"),
                    ("set-cookie", "id=1"),
                ],
                "",
            )),
            Ok(response(
                200,
                &[("content-type", "text/html"), ("etag", "\"1\"")],
                "\u{feff}Zürich\0",
            )),
            Ok(response(200, &[], &b"\xff\xfeh\0"[..])),
            Err(FetchError::Closed {
                url: "https://news.example/broken".to_owned(),
                detail: "reset".to_owned(),
            }),
            Ok(response(200, &[("x-request-id", "r1")], "{}")),
        ],
    );
    let mut given = Vec::new();
    for request in &requests {
        given.push(told(tape.send(request.clone()).await));
    }
    assert!(given[0].contains("retry-after") && !given[0].contains("cookie"));
    assert!(given[2].contains("\\xff\\xfeh"));

    let replay = Replay::open(folder.path()).unwrap();
    assert_eq!(replay.recorded_at(), TestClock::default().now());
    let mut replayed = Vec::new();
    for request in &requests {
        replayed.push(told(replay.send(request.clone()).await));
    }
    assert_eq!(given, replayed);
    // The last answer repeats, and the order of keys in a body plays no part.
    assert_eq!(told(replay.send(requests[0].clone()).await), given[1]);
    let reordered = model_request("{ \"a\": 0, \"b\": [1, {\"x\": 2, \"y\": 1}] }");
    assert_eq!(told(replay.send(reordered).await), given[4]);
}

#[tokio::test]
async fn a_miss_is_an_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let tape = recorder(folder.path(), vec![Ok(response(200, &[], "{}"))]);
    tape.send(model_request("{\"q\":1}")).await.unwrap();
    let replay = Replay::open(folder.path()).unwrap();

    let error = replay
        .send(page_request("https://news.example/new"))
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "not_recorded");
    assert!(
        error
            .to_string()
            .starts_with("`GET https://news.example/new` is not in the recording")
    );
    let hint = error.hint().unwrap();
    assert!(
        hint.contains("`--record ") && !hint.contains("prompt"),
        "{hint}"
    );

    let error = replay.send(model_request("{\"q\":2}")).await.unwrap_err();
    assert!(error.to_string().contains("with the body `"), "{error}");
    assert!(
        error
            .hint()
            .unwrap()
            .contains("the prompt, the model or a setting has changed")
    );
    assert!(!error.is_transient());
}

#[tokio::test]
async fn no_secret_reaches_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let tape = recorder(
        folder.path(),
        vec![
            Ok(response(
                401,
                &[("retry-after", "sk-very-secret")],
                "{\"error\":\"no such key: Bearer sk-very-secret (sk-very-secret)\"}",
            )),
            Ok(response(
                200,
                &[],
                [b"\xff".as_slice(), b"sk-very-secret"].concat(),
            )),
            Ok(response(
                302,
                &[("location", "/b?token=0123456789abc&x=1")],
                "",
            )),
            Ok(response(200, &[], "ok")),
        ],
    );
    let refused = tape.send(model_request("{}")).await.unwrap();
    assert_eq!(
        refused.body,
        "{\"error\":\"no such key: REDACTED (REDACTED)\"}"
    );
    tape.send(model_request("{\"q\":1}")).await.unwrap();
    let first = "https://reader:pw-secret@news.example/a?api_key=0123456789abc";
    let hop = tape.send(page_request(first)).await.unwrap();
    assert_eq!(
        hop.header("location"),
        Some("https://news.example/b?token=REDACTED&x=1")
    );
    let next = "https://news.example/b?token=0123456789abc&x=1";
    tape.send(page_request(next)).await.unwrap();

    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let mut text = fs::read_to_string(&path).unwrap();
        if let Some(coded) = text.split("\"body_base64\": \"").nth(1) {
            use base64::Engine;
            let coded = coded.split('"').next().unwrap();
            let bytes = base64::prelude::BASE64_STANDARD.decode(coded).unwrap();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        for secret in ["sk-very", "pw-secret", "reader", "0123456789abc"] {
            assert!(!text.contains(secret), "{secret} in {}", path.display());
        }
    }
    // Found again by the address with its secret, and by the one that the redirect gives.
    let replay = Replay::open(folder.path()).unwrap();
    assert!(replay.send(page_request(next)).await.is_ok());
    assert!(
        replay
            .send(page_request(hop.header("location").unwrap()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn recording_anew_removes_old_exchanges_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let first = recorder(folder.path(), vec![Ok(response(200, &[], "old"))]);
    first
        .send(page_request("https://news.example/old"))
        .await
        .unwrap();
    let kept = [
        "prism.toml",
        "report.json",
        "get-notes.json",
        "get-news-12345678-x.json",
    ];
    for name in kept {
        fs::write(folder.path().join(name), "kept").unwrap();
    }
    let second = recorder(folder.path(), vec![Ok(response(200, &[], "new"))]);
    second
        .send(page_request("https://[2001:db8::1]:8080/new"))
        .await
        .unwrap();

    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !kept.contains(&name.as_str()))
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].starts_with("get-2001db81-") && names[0].ends_with("-1.json"));
    assert_eq!(names[1], "recorded_at");
    let replay = Replay::open(folder.path()).unwrap();
    assert!(
        replay
            .send(page_request("https://news.example/old"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_damaged_recording_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = Replay::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("recorded_at"), "{error}");

    fs::write(folder.path().join("recorded_at"), "2026-11-24T12:00:00Z\n").unwrap();
    let path = folder.path().join("get-news.example-0123abcd-1.json");
    let key = "\"method\":\"GET\",\"url\":\"https://news.example/\"";
    for damaged in [
        String::new(),
        "{".to_owned(),
        format!("{{{key}}}"),
        format!("{{{key},\"status\":200}}"),
        format!("{{{key},\"status\":200,\"body\":\"a\",\"body_base64\":\"YQ==\"}}"),
        format!("{{{key},\"status\":200,\"body_base64\":\"?\"}}"),
    ] {
        fs::write(&path, &damaged).unwrap();
        let error = Replay::open(folder.path()).unwrap_err();
        assert_eq!(error.reason(), "cassette");
        assert!(
            error
                .to_string()
                .contains("get-news.example-0123abcd-1.json"),
            "{damaged}"
        );
    }
}

/// A server that is busy at first plays no part in a replay's time, and the addresses
/// of redirects are checked there as well.
#[tokio::test]
async fn the_client_works_the_same_on_a_replay() {
    let folder = tempfile::tempdir().unwrap();
    let tape = recorder(
        folder.path(),
        vec![
            Ok(response(503, &[("retry-after", "60")], "")),
            Ok(response(301, &[("location", "/b")], "")),
            Ok(response(200, &[("content-type", "text/html")], "ok")),
            Ok(response(
                302,
                &[("location", "http://169.254.169.254/")],
                "",
            )),
        ],
    );
    for url in [
        "https://news.example/a",
        "https://news.example/a",
        "https://news.example/b",
        "https://news.example/c",
    ] {
        tape.send(page_request(url)).await.unwrap();
    }
    let replay = Replay::open(folder.path()).unwrap();
    let clock = Arc::new(ReplayClock::new(replay.recorded_at()));
    let client = Client::new(Arc::new(replay), clock, Guard::default(), Policy::default());
    let url = |path: &str| {
        Url::parse("https://news.example/")
            .unwrap()
            .join(path)
            .unwrap()
    };
    let begun = Instant::now();
    let page = client.get(&url("a"), Purpose::Page).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(page.url, Some(url("b")));
    assert_eq!(page.retrieved, TestClock::default().now());
    let error = client.get(&url("c"), Purpose::Page).await.unwrap_err();
    assert_eq!(error.reason(), "blocked_address");
}

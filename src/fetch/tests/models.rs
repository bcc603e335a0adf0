//! Questions to a model.

use super::*;

#[tokio::test]
async fn a_model_is_asked_with_its_key_and_its_errors_are_answers() {
    for (head, status, hits) in [
        ("200 OK", 200, 1),
        ("401 Unauthorized", 401, 1),
        ("302 Found\r\nLocation: /b", 302, 1),
        ("429 Slow Down", 429, 5),
        ("429 Quota\r\nX-Should-Retry: false", 429, 1),
        ("429 Slow Down\r\nRetry-After: 86400", 429, 1),
        ("529 Overloaded", 529, 5),
    ] {
        let server = Server::saying(answer(head, b"{\"a\":1}")).await;
        let client = client(Guard::default(), Arc::default());
        let answer = client.ask(question(&server.url())).await.unwrap();
        assert_eq!(answer.response.status, status);
        assert_eq!(answer.response.body, "{\"a\":1}", "{head}");
        assert_eq!(
            (answer.attempts as usize, server.hits()),
            (hits, hits),
            "{head}"
        );
        let sent = server.heads.lock().unwrap()[0].to_lowercase();
        assert!(sent.starts_with("post /a "));
        assert!(sent.contains("authorization: bearer sk-very-secret\r\n"));
        assert!(sent.contains("content-type: application/json\r\n"));
    }
}

#[tokio::test]
async fn a_model_that_may_have_answered_is_not_asked_again_here() {
    for (reason, script) in [
        ("timeout", Script::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())),
        ("closed", Script::Reset(Vec::new())),
    ] {
        let server = Server::start(vec![script]).await;
        let client = client(Guard::default(), Arc::default());
        let error = client.ask(question(&server.url())).await.unwrap_err();
        assert_eq!(error.reason(), reason);
        assert_eq!((error.attempts(), server.hits()), (1, 1));
        assert!(error.may_be_billed());
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_named_without_its_value() {
    let mut request = question(&Url::parse("http://127.0.0.1:1/").unwrap());
    request.secret_headers = vec![("authorization", "Bearer sk\nvery-secret".to_owned().into())];
    let error = live(Guard::default()).send(request).await.unwrap_err();
    assert_eq!(error.reason(), "bad_header");
    assert!(error.to_string().contains("`authorization`"));
    assert!(!error.to_string().contains("secret"));
}

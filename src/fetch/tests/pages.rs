//! Pages and feeds, from servers that send them in every way but the plain one.

use super::{
    decode::tests::{BROTLI, TEXT, deflated, gzipped, zlibbed},
    *,
};

#[tokio::test]
async fn a_page_comes_back_decoded_whatever_its_encoding() {
    for (encoding, body) in [
        ("identity", TEXT.to_vec()),
        ("gzip", gzipped(TEXT)),
        ("br", BROTLI.to_vec()),
        ("deflate", zlibbed(TEXT)),
        ("deflate", deflated(TEXT)),
        ("deflate, gzip", gzipped(&zlibbed(TEXT))),
    ] {
        let head = format!("200 OK\r\nContent-Encoding: {encoding}\r\nContent-Type: text/html");
        let server = Server::saying(answer(&head, &body)).await;
        let page = server.get().await.unwrap();
        assert_eq!(page.body, TEXT, "{encoding}");
        assert_eq!(page.content_type.as_deref(), Some("text/html"));
        assert_eq!(page.url, Some(server.url()));
        assert_eq!(page.retrieved, TestClock::default().now());
        let head = server.heads.lock().unwrap()[0].to_lowercase();
        assert!(head.contains("accept-encoding: gzip, br, deflate\r\n"));
        assert!(head.contains("user-agent: prism-test (owner@news.example)\r\n"));
    }
}

#[tokio::test]
async fn odd_but_readable_answers_are_read() {
    let latin1 = b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 2\r\n\r\nok".to_vec();
    for bytes in [
        b"HTTP/1.1 200\r\ncontent-LENGTH:  2 \r\nX-Empty:\r\n\r\nok".to_vec(),
        b"HTTP/1.0 200 OK\r\n\r\nok".to_vec(),
        b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\nok".to_vec(),
        b"HTTP/1.1 200 OK\r\nbad header\r\nContent-Length: 2\r\n\r\nok".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"
            .to_vec(),
        // Longer than it says: what was promised counts.
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more".to_vec(),
        latin1,
    ] {
        let server = Server::saying(bytes).await;
        assert_eq!(server.get().await.unwrap().body, "ok");
    }
}

#[tokio::test]
async fn what_is_no_page_has_its_own_reason_and_is_not_asked_again() {
    let redirect = |to: &str| answer(&format!("302 Found\r\nLocation: {to}"), b"");
    let of_type = |name: &str| answer(&format!("200 OK\r\nContent-Type: {name}"), b"x");
    for (reason, bytes) in [
        ("status_404", answer("404 Not Found", b"<h1>Gone</h1>")),
        ("status_403", answer("403 Forbidden", b"")),
        ("status_204", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        ("status_206", answer("206 Partial Content", b"part")),
        ("status_304", b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec()),
        ("status_501", answer("501 Not Implemented", b"")),
        ("status_999", answer("999 Denied", b"")),
        ("empty", answer("200 OK", b"")),
        ("content_type", of_type("video/mp4")),
        ("content_type", of_type("Application/PDF; name=a")),
        ("content_type", of_type("application/vnd.ms-excel")),
        ("decode", answer("200 OK\r\nContent-Encoding: gzip", TEXT)),
        (
            "decode",
            answer("200 OK\r\nContent-Encoding: gzip", &gzipped(TEXT)[..30]),
        ),
        ("decode", answer("200 OK\r\nContent-Encoding: zstd", TEXT)),
        ("too_large", answer("200 OK", &vec![b'a'; 100_001])),
        (
            "too_large",
            answer(
                "200 OK\r\nContent-Encoding: gzip",
                &gzipped(&vec![b'a'; 100_001]),
            ),
        ),
        ("bad_response", b"HTTP/9.9 abc\r\n\r\n".to_vec()),
        ("bad_response", b"<html>no head at all</html>".to_vec()),
        (
            "bad_response",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok".to_vec(),
        ),
        (
            "bad_response",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok".to_vec(),
        ),
        (
            "bad_response",
            format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(1 << 20)).into_bytes(),
        ),
        (
            "bad_response",
            format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: a\r\n".repeat(5000)).into_bytes(),
        ),
        ("bad_redirect", answer("302 Found", b"")),
        ("bad_redirect", redirect("http://[::1/")),
        ("redirect_loop", redirect("a#again")),
        ("blocked_address", redirect("file:///etc/hosts")),
        (
            "blocked_address",
            redirect("http://169.254.169.254/latest/"),
        ),
        ("blocked_address", redirect("//10.0.0.1/")),
        (
            "blocked_address",
            redirect("http://news.example@127.0.0.1/"),
        ),
        ("blocked_address", redirect("http://2130706433:1/")),
    ] {
        let server = Server::saying(bytes.clone()).await;
        let error = server.get().await.unwrap_err();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        assert_eq!(error.reason(), reason, "{shown}: {error}");
        assert!(!error.is_transient(), "{shown}");
        assert_eq!(server.hits(), 1, "{shown}");
    }
}

/// The body of these never ends, so the test ends only if it is not awaited.
#[tokio::test]
async fn what_is_refused_is_refused_from_its_head() {
    for (reason, head) in [
        (
            "content_type",
            "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n",
        ),
        (
            "too_large",
            "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
        ),
        ("status_404", "HTTP/1.1 404 Not Found\r\n\r\n"),
    ] {
        let server = Server::start(vec![Script::Drip(head.into())]).await;
        let begun = Instant::now();
        assert_eq!(server.get().await.unwrap_err().reason(), reason);
        assert!(begun.elapsed() < LIMITS.time, "{reason}");
    }
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let server = Server::start(vec![Script::Flood(head, vec![b'a'; 10_000])]).await;
    assert_eq!(server.get().await.unwrap_err().reason(), "too_large");
}

#[tokio::test]
async fn a_slow_answer_is_cut_off_and_asked_for_once_more() {
    for start in [
        "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
    ] {
        let server = Server::start(vec![Script::Drip(start.into())]).await;
        let begun = Instant::now();
        let error = server.get().await.unwrap_err();
        assert_eq!(error.reason(), "timeout");
        assert_eq!((error.attempts(), server.hits()), (2, 2));
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn the_whole_fetch_has_a_limit_too() {
    let server = Server::start(vec![Script::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec())]).await;
    let policy = Policy {
        total: Duration::from_millis(50),
        ..Policy::default()
    };
    let client = Client::new(
        live(server.guard()),
        Arc::new(SystemClock),
        server.guard(),
        policy,
    );
    let error = client.get(&server.url(), Purpose::Feed).await.unwrap_err();
    assert_eq!(error.reason(), "timeout");
}

#[tokio::test]
async fn what_breaks_off_is_asked_for_again() {
    let whole = Script::Say(answer("200 OK", b"ok"));
    for broken in [
        Script::Reset(Vec::new()),
        Script::Say(Vec::new()),
        Script::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
        Script::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec()),
        Script::Say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha".to_vec()),
    ] {
        let server = Server::start(vec![broken.clone(), whole.clone()]).await;
        assert_eq!(server.get().await.unwrap().body, "ok");
        let server = Server::start(vec![broken]).await;
        let error = server.get().await.unwrap_err();
        assert_eq!(error.reason(), "closed", "{error}");
        assert_eq!((error.attempts(), server.hits()), (4, 4));
    }
}

#[tokio::test]
async fn transient_statuses_are_waited_out_as_the_server_asks() {
    let whole = Script::Say(answer("200 OK", b"ok"));
    let busy = |header: &str| Script::Say(answer(&format!("503 Busy{header}"), b"x"));
    let half_a_second = Duration::from_millis(250)..=Duration::from_millis(500);
    for (header, wait) in [
        ("", half_a_second.clone()),
        ("\r\nRetry-After: banana", half_a_second.clone()),
        ("\r\nRetry-After: -5", half_a_second),
        (
            "\r\nRetry-After: 2",
            Duration::from_secs(2)..=Duration::from_secs(2),
        ),
        (
            "\r\nRetry-After: Tue, 24 Nov 2026 12:00:30 GMT",
            Duration::from_secs(30)..=Duration::from_secs(30),
        ),
    ] {
        let server = Server::start(vec![busy(header), whole.clone()]).await;
        let clock = Arc::new(TestClock::default());
        let page = client(server.guard(), clock.clone())
            .get(&server.url(), Purpose::Page)
            .await;
        assert_eq!(page.unwrap().body, "ok");
        let waits = clock.0.lock().unwrap().clone();
        assert!(
            waits.len() == 1 && wait.contains(&waits[0]),
            "{header}: {waits:?}"
        );
    }
    for seconds in ["3600", "99999999999999999999"] {
        let server = Server::start(vec![busy(&format!("\r\nRetry-After: {seconds}"))]).await;
        let error = server.get().await.unwrap_err();
        assert_eq!(
            (error.reason().as_str(), error.status()),
            ("retry_later", Some(503))
        );
        assert_eq!(server.hits(), 1);
    }
    let server = Server::start(vec![busy("")]).await;
    let error = server.get().await.unwrap_err();
    assert_eq!(
        (error.reason().as_str(), error.attempts(), server.hits()),
        ("status_503", 4, 4)
    );
}

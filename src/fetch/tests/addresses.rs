//! Redirects, names and addresses: where a request goes, and where it never does.

use super::*;

#[tokio::test]
async fn redirects_lead_to_the_page() {
    for (location, path) in [
        ("/b", "/b"),
        ("b?x=1#part", "/b?x=1"),
        ("../b", "/b"),
        ("  /b  ", "/b"),
        ("/caf\u{e9}", "/caf%C3%A9"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let hop = answer(&format!("{status} Moved\r\nLocation: {location}"), b"");
            let server =
                Server::start(vec![Script::Say(hop), Script::Say(answer("200 OK", b"ok"))]).await;
            let page = server.get().await.unwrap();
            assert_eq!(page.url, Some(server.url().join(path).unwrap()));
        }
    }
}

#[tokio::test]
async fn redirects_end_after_ten() {
    let hops = (0..30)
        .map(|n| Script::Say(answer(&format!("302 Found\r\nLocation: /{n}"), b"")))
        .collect();
    let server = Server::start(hops).await;
    assert_eq!(
        server.get().await.unwrap_err().reason(),
        "too_many_redirects"
    );
    assert_eq!(server.hits(), 11);
}

#[tokio::test]
async fn nothing_connects_to_an_address_that_is_not_open() {
    let secret = Server::saying(answer("200 OK", b"secret")).await;
    let hop = answer(&format!("302 Found\r\nLocation: {}", secret.url()), b"");
    let server = Server::saying(hop).await;
    assert_eq!(server.get().await.unwrap_err().reason(), "blocked_address");

    // A name that passes as a name, but leads to an address that is not open.
    let guard = Guard::new(&["10.1.2.3".to_owned()]).unwrap();
    let url = Url::parse(&format!("http://localhost:{}/", secret.address.port())).unwrap();
    assert!(guard.check(&url).is_ok());
    let error = client(guard, Arc::default())
        .get(&url, Purpose::Page)
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "blocked_address", "{error}");

    // The transport does not rely on the client's check.
    let request = Request {
        purpose: Purpose::Page,
        ..question(&secret.url())
    };
    let error = live(Guard::default()).send(request).await.unwrap_err();
    assert_eq!(error.reason(), "blocked_address");

    // Nor is a page fetched as if the settings had named it, as a model is.
    let error = client(Guard::default(), Arc::default())
        .get(&secret.url(), Purpose::Model)
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "blocked_address");
    assert_eq!(secret.hits(), 0);
}

#[tokio::test]
async fn a_name_may_be_opened_with_one_port() {
    let server = Server::saying(answer("200 OK", b"ok")).await;
    let url = Url::parse(&format!("http://localhost:{}/", server.address.port())).unwrap();
    let page = server.client().get(&url, Purpose::Page).await.unwrap();
    assert_eq!(page.body, "ok");
}

#[tokio::test]
async fn the_settings_may_say_where_a_host_is() {
    let server = Server::saying(answer("200 OK", b"ok")).await;
    let hosts = BTreeMap::from([("news.example".to_owned(), server.address)]);
    let guard = Guard::default().with_hosts(hosts);
    let url = Url::parse("http://news.example/a").unwrap();
    let page = client(guard, Arc::default())
        .get(&url, Purpose::Page)
        .await
        .unwrap();
    assert_eq!(page.body, "ok");
    assert!(server.heads.lock().unwrap()[0].contains("host: news.example\r\n"));
}

#[tokio::test]
async fn failures_to_connect_are_told_apart() {
    let guard = Guard::new(&["127.0.0.0/8".to_owned()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"this is no TLS\r\n\r\n").await;
        }
    });
    let error = client(guard.clone(), Arc::default())
        .get(&url, Purpose::Page)
        .await
        .unwrap_err();
    assert_eq!(
        (error.reason().as_str(), error.attempts()),
        ("tls", 1),
        "{error}"
    );

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    let error = client(guard, Arc::default())
        .get(&url, Purpose::Page)
        .await
        .unwrap_err();
    assert_eq!((error.reason().as_str(), error.attempts()), ("connect", 4));
}

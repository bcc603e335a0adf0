//! The client and the live transport against servers on loopback that misbehave.

mod addresses;
mod models;
mod pages;
mod recording;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures::future::{self, BoxFuture};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

use super::*;

/// Stands still, and keeps a list of the waits instead of waiting.
#[derive(Default)]
struct TestClock(Mutex<Vec<Duration>>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(time);
        Box::pin(future::ready(()))
    }
}

/// A server that answers the n-th connection with the n-th script, the last one again
/// and again, and closes it.
struct Server {
    address: SocketAddr,
    hits: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What a server does on one connection, after it has read the request's head.
#[derive(Clone)]
enum Script {
    /// Sends these bytes.
    Say(Vec<u8>),
    /// Sends these bytes, then one byte now and then for ever.
    Drip(Vec<u8>),
    /// Sends these bytes, then the others for ever.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends these bytes, then resets the connection.
    Reset(Vec<u8>),
}

impl Server {
    async fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            hits: Arc::default(),
            heads: Arc::default(),
        };
        let (hits, heads) = (server.hits.clone(), server.heads.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let hit = hits.fetch_add(1, Ordering::SeqCst);
                let script = scripts[hit.min(scripts.len() - 1)].clone();
                tokio::spawn(play(stream, script, heads.clone()));
            }
        });
        server
    }

    async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(vec![Script::Say(answer.into())]).await
    }

    fn url(&self) -> Url {
        Url::parse(&format!("http://{}/a", self.address)).unwrap()
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    /// A guard that opens this server and nothing else.
    fn guard(&self) -> Guard {
        Guard::new(&[self.address.to_string()]).unwrap()
    }

    fn client(&self) -> Client {
        client(self.guard(), Arc::default())
    }

    async fn get(&self) -> Result<Page, FetchError> {
        self.client().get(&self.url(), Purpose::Page).await
    }
}

async fn play(mut stream: TcpStream, script: Script, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read_buf(&mut head).await {
            Ok(read) if read > 0 => {}
            _ => return,
        }
    }
    heads
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&head).into_owned());
    // The client may hang up at any time, which is what many of the tests are about.
    match script {
        Script::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Script::Drip(bytes) => {
            let _ = stream.write_all(&bytes).await;
            while stream.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Script::Flood(bytes, more) => {
            let _ = stream.write_all(&bytes).await;
            while stream.write_all(&more).await.is_ok() {}
        }
        Script::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.set_zero_linger().unwrap();
        }
    }
}

const LIMITS: Limits = Limits {
    bytes: 100_000,
    time: Duration::from_millis(400),
};

fn live(guard: Guard) -> SharedTransport {
    let live = Live::new(LiveOptions {
        user_agent: "prism-test (owner@news.example)".to_owned(),
        connect_time: Duration::from_secs(5),
        guard,
    });
    Arc::new(live.unwrap())
}

fn client(guard: Guard, clock: Arc<TestClock>) -> Client {
    let policy = Policy {
        page: LIMITS,
        feed: LIMITS,
        ..Policy::default()
    };
    Client::new(live(guard.clone()), clock, guard, policy)
}

/// An answer with these header lines and this body, of the right length.
fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn question(url: &Url) -> Request {
    Request {
        method: Method::Post,
        url: url.clone(),
        purpose: Purpose::Model,
        headers: vec![("x-version", "1".to_owned())],
        secret_headers: vec![("authorization", "Bearer sk-very-secret".to_owned().into())],
        body: Some("{\"q\":1}".into()),
        limits: LIMITS,
    }
}

//! The other side: feeds with validators, pages and a model, on one loopback port, fast
//! enough not to be what is measured. It tells the hosts apart by their names only.

use std::{
    str,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::{Crowd, paper::Article};

/// What the server saw of its model.
#[derive(Default)]
struct Seen {
    calls: AtomicU64,
    under_way: AtomicU64,
    most_under_way: AtomicU64,
    /// Milliseconds since the server began, of the first call and the last answer.
    first: AtomicU64,
    last: AtomicU64,
    unchanged: AtomicU64,
}

struct Server {
    crowd: Crowd,
    seen: Seen,
    began: Instant,
}

/// Serves until the process is ended; prints its port first.
#[expect(clippy::print_stdout, reason = "its parent reads the port there")]
pub(crate) async fn serve(crowd: Crowd) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    let server = Arc::new(Server {
        crowd,
        seen: Seen::default(),
        began: Instant::now(),
    });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.visitor(stream).await });
    }
}

impl Server {
    /// Answers one connection's requests in turn.
    async fn visitor(&self, mut stream: TcpStream) -> Result<()> {
        let mut read = Vec::new();
        loop {
            let head = loop {
                if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                    break at + 4;
                }
                if stream.read_buf(&mut read).await? == 0 {
                    return Ok(());
                }
            };
            let text = str::from_utf8(&read[..head])?.to_owned();
            let length = header(&text, "content-length").map_or(Ok(0), str::parse::<usize>)?;
            while read.len() < head + length {
                if stream.read_buf(&mut read).await? == 0 {
                    return Ok(());
                }
            }
            let answer = self.answer(&text, &read[head..head + length]).await;
            read.drain(..head + length);
            stream.write_all(&answer).await?;
        }
    }

    async fn answer(&self, head: &str, body: &[u8]) -> Vec<u8> {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let host = header(head, "host").unwrap_or_default();
        if path.ends_with("/chat/completions") {
            return self.model(body).await;
        }
        if path == "/seen" {
            return json_response(&self.seen());
        }
        if path == "/feed.xml" {
            let etag = "\"the-first-edition\"";
            if header(head, "if-none-match") == Some(etag) {
                self.seen.unchanged.fetch_add(1, Ordering::Relaxed);
                return response("304 Not Modified", &format!("ETag: {etag}\r\n"), b"");
            }
            let headers = format!("Content-Type: application/rss+xml\r\nETag: {etag}\r\n");
            return response("200 OK", &headers, self.feed(host).as_bytes());
        }
        let nth = path
            .strip_prefix("/article/")
            .and_then(|nth| nth.parse().ok());
        match nth {
            Some(nth) => {
                let page = Article::new(nth).page(host);
                response(
                    "200 OK",
                    "Content-Type: text/html; charset=utf-8\r\n",
                    page.as_bytes(),
                )
            }
            None => response("404 Not Found", "", b"nothing here"),
        }
    }

    /// The feed of a host: every so many articles, beginning with its own number.
    fn feed(&self, host: &str) -> String {
        let digits: String = host.chars().filter(char::is_ascii_digit).collect();
        let first: usize = digits.parse().unwrap_or_default();
        let items: String = (first..self.crowd.articles)
            .step_by(self.crowd.feeds)
            .map(|nth| Article::new(nth).item(host))
            .collect();
        format!(
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>The Crowd Gazette</title>\
             <link>http://{host}/</link><description>Invented</description>\n{items}</channel></rss>\n"
        )
    }

    async fn model(&self, body: &[u8]) -> Vec<u8> {
        let seen = &self.seen;
        if seen.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            seen.first.store(self.ms(), Ordering::Relaxed);
        }
        let under_way = seen.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        seen.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        if self.crowd.delay > 0 {
            sleep(Duration::from_millis(self.crowd.delay)).await;
        }
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let prompt = asked["messages"][1]["content"].as_str().unwrap_or_default();
        let said = match Article::asked_for(prompt) {
            Some(article) => article.answer().to_string(),
            None => "I do not know that article.".to_owned(),
        };
        seen.under_way.fetch_sub(1, Ordering::Relaxed);
        seen.last.store(self.ms(), Ordering::Relaxed);
        json_response(&json!({
            "id": "crowd", "object": "chat.completion", "model": "crowd-1",
            "choices": [{"index": 0, "finish_reason": "stop",
                         "message": {"role": "assistant", "content": said}}],
            "usage": {"prompt_tokens": 1400, "completion_tokens": 260, "total_tokens": 1660}
        }))
    }

    fn seen(&self) -> Value {
        let seen = &self.seen;
        let number = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        json!({
            "calls": number(&seen.calls),
            "most_under_way": number(&seen.most_under_way),
            "buying_ms": number(&seen.last).saturating_sub(number(&seen.first)),
            "unchanged": number(&seen.unchanged),
        })
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

fn json_response(value: &Value) -> Vec<u8> {
    let body = value.to_string();
    response(
        "200 OK",
        "Content-Type: application/json\r\n",
        body.as_bytes(),
    )
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    let mut response = head.into_bytes();
    response.extend_from_slice(body);
    response
}

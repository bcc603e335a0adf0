//! A tiny web server for the demo newspaper, to record the demo from.
//!
//! Answers `GET` on the loopback address with the files of `fixtures/pages/<host>/`, where
//! the host comes from the request: from its `Host` header, or from a target in absolute
//! form, so that it can stand in as an HTTP proxy.
//! It has validators and answers 304, and nothing else of a real server: one request a
//! connection, no ranges, no compression, no listing.
//!
//! ```text
//! cargo run --example site -- --port 8975
//! curl -H 'Host: harbour-courier.example' http://127.0.0.1:8975/feed.xml
//! ```

use std::{
    env,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    str,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use jiff::{Timestamp, fmt::rfc2822};
use sha2::{Digest, Sha256};
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// The folder that holds one folder a host.
const ROOT: &str = "fixtures/pages";
/// Far more than the head of any request of ours.
const MAX_HEAD: usize = 16 * 1024;

#[tokio::main]
async fn main() -> Result<()> {
    let port = port(env::args().skip(1))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("cannot listen on `127.0.0.1:{port}`"))?;
    loop {
        let (stream, _) = listener.accept().await?;
        // A visitor that hangs up or says nothing is no reason to stop.
        tokio::spawn(timeout(Duration::from_secs(10), serve(stream)));
    }
}

fn port(mut args: impl Iterator<Item = String>) -> Result<u16> {
    match (args.next().as_deref(), args.next(), args.next()) {
        (None, ..) => Ok(8975),
        (Some("--port"), Some(port), None) => {
            port.parse().with_context(|| format!("no port: `{port}`"))
        }
        _ => bail!("usage: site [--port PORT]"),
    }
}

async fn serve(mut stream: TcpStream) -> Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() > MAX_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let response = answer(&String::from_utf8_lossy(&head)).await;
    stream.write_all(&response).await?;
    Ok(stream.shutdown().await?)
}

async fn answer(head: &str) -> Vec<u8> {
    let Some(target) = head
        .strip_prefix("GET ")
        .and_then(|rest| rest.split(' ').next())
    else {
        return response("405 Method Not Allowed", "Allow: GET\r\n", b"");
    };
    let (host, path) = match target
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((host, path)) => (host, path),
        None => (
            header(head, "host").unwrap_or_default(),
            target.trim_start_matches('/'),
        ),
    };
    let Some((file, body)) = find(host, path).await else {
        let page = b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>";
        return response("404 Not Found", "Content-Type: text/html\r\n", page);
    };
    let digest = Sha256::digest(&body);
    let short = digest
        .iter()
        .take(8)
        .fold(0, |all, byte| (all << 8) | u64::from(*byte));
    let etag = format!("\"{short:016x}\"");
    let validators = format!(
        "ETag: {etag}\r\nLast-Modified: {}\r\n",
        changed(&file).await
    );
    if header(head, "if-none-match") == Some(&etag) {
        return response("304 Not Modified", &validators, b"");
    }
    let kind = content_type(&file, &body);
    let headers = format!("Content-Type: {kind}\r\n{validators}");
    response("200 OK", &headers, &body)
}

/// The file for this address. Each step of the path must be a plain name, so nothing
/// outside the two folders can be named; there is no percent-decoding.
async fn find(host: &str, path: &str) -> Option<(PathBuf, Vec<u8>)> {
    let host = host.split(':').next()?;
    let path = path.split(['?', '#']).next()?;
    let plain = |step: &str| {
        !step.is_empty()
            && !step.starts_with('.')
            && step
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    if !plain(host) || !path.split('/').all(plain) || path.ends_with(".expected.json") {
        return None;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(ROOT)
        .join(host)
        .join(path);
    let body = fs::read(&file).await.ok()?;
    Some((file, body))
}

/// A charset is named only where it is UTF-8; the other pages name their own.
fn content_type(file: &Path, body: &[u8]) -> &'static str {
    let utf8 = str::from_utf8(body).is_ok();
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") if utf8 => "text/html; charset=utf-8",
        Some("html") => "text/html",
        Some("xml") if file.ends_with("atom.xml") => "application/atom+xml",
        Some("xml") => "application/rss+xml; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// When the file was last changed, as HTTP writes it.
async fn changed(file: &Path) -> String {
    let modified = fs::metadata(file).await.and_then(|meta| meta.modified());
    let at = modified
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .expect("a file's time lies in the years that HTTP can write")
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut response = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    response.extend_from_slice(body);
    response
}

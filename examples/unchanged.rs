//! What a run costs over many feeds of which nothing is new: processor time and most memory
//! of the whole process.
//!
//! Serves feeds with validators on the loopback address, runs `prism ingest` once to know
//! them and then to find that none has changed, and prints what each run took. Each feed has
//! a connection of its own, without the name look-up and the handshake of TLS that a server
//! of the web would cost beside. Reads `/proc`, so it is for Linux.
//!
//! ```text
//! cargo build --release
//! cargo run --release --example unchanged -- --feeds 1000 target/release/prism
//! ```

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{
    env, fs,
    net::Ipv4Addr,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Entries of one feed: as many as feeds of news have on average.
const ENTRIES: usize = 20;

/// Ticks of a second in `/proc`, the same on every Linux.
const TICKS: f64 = 100.0;

const TAG: &str = "\"unchanged\"";

fn main() -> Result<()> {
    let (feeds, program) = arguments(env::args().skip(1))?;
    let program = program
        .canonicalize()
        .with_context(|| format!("there is no `{}`", program.display()))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let port = listener.local_addr()?.port();
    let (counter, asked) = watch::channel(0_usize);
    runtime.spawn(serve(listener, counter));

    let folder = tempfile::tempdir()?;
    let mut settings = format!(
        "[model]\nprovider = \"extractive\"\n[fetch]\nallow_private = [\"127.0.0.0/8:{port}\"]\n"
    );
    for nth in 0..feeds {
        settings += &format!("[[feeds]]\nurl = \"http://127.0.0.1:{port}/{nth}\"\n");
    }
    fs::write(folder.path().join("prism.toml"), settings)?;
    for name in ["first", "unchanged", "unchanged"] {
        let (before, began, spent) = (*asked.borrow(), Instant::now(), children_seconds()?);
        let mut child = Command::new(&program)
            .arg("ingest")
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("stderr"))?)
            .spawn()?;
        let mut most_kb = 0;
        let status = loop {
            most_kb = most_kb.max(peak_kb(child.id()).unwrap_or(0));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            thread::sleep(Duration::from_millis(2));
        };
        let said = fs::read_to_string(folder.path().join("stderr"))?;
        ensure!(status.success(), "{status}: {said}");
        let line = said.lines().find(|line| line.starts_with("feeds: "));
        println!(
            "{name}: {} requests, {:.2} s of CPU, {} MB, {:.2} s; {}",
            *asked.borrow() - before,
            children_seconds()? - spent,
            most_kb / 1_000,
            began.elapsed().as_secs_f64(),
            line.unwrap_or("no feeds"),
        );
    }
    Ok(())
}

fn arguments(mut args: impl Iterator<Item = String>) -> Result<(usize, PathBuf)> {
    match (
        args.next().as_deref(),
        args.next(),
        args.next(),
        args.next(),
    ) {
        (Some("--feeds"), Some(feeds), Some(program), None) => {
            let feeds = feeds
                .parse()
                .with_context(|| format!("no number: `{feeds}`"))?;
            Ok((feeds, program.into()))
        }
        _ => bail!("usage: unchanged --feeds N PROGRAM"),
    }
}

/// Processor time of the children that have ended.
fn children_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // After the name, which may hold anything, come the state and the numbers.
    let (_, fields) = stat
        .rsplit_once(')')
        .context("no name in /proc/self/stat")?;
    let ticks: f64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .map(str::parse::<f64>)
        .sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS)
}

/// The most memory that a process has had so far.
fn peak_kb(id: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

async fn serve(listener: TcpListener, asked: watch::Sender<usize>) {
    while let Ok((stream, _)) = listener.accept().await {
        let asked = asked.clone();
        tokio::spawn(async move {
            // A visitor that hangs up is no reason to stop.
            let _ = converse(stream, &asked).await;
        });
    }
}

/// Answers one request and closes, as if each feed had a host of its own.
async fn converse(mut stream: TcpStream, asked: &watch::Sender<usize>) -> Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head);
    asked.send_modify(|count| *count += 1);
    let path = head.split(' ').nth(1).unwrap_or("/");
    let answer = if head.contains(TAG) {
        format!("HTTP/1.1 304 Not Modified\r\netag: {TAG}\r\nconnection: close\r\n\r\n")
    } else {
        let body = feed(path);
        format!(
            "HTTP/1.1 200 OK\r\netag: {TAG}\r\ncontent-type: application/rss+xml\r\n\
             connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    stream.write_all(answer.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

/// A feed of entries that are too old to be fetched.
fn feed(path: &str) -> String {
    let entries: Vec<String> = (0..ENTRIES)
        .map(|nth| {
            format!(
                "<item><title>Entry {nth} of {path}</title><guid>{path}/{nth}</guid>\
                 <link>http://news.example{path}/{nth}</link>\
                 <pubDate>Tue, 03 Nov 2020 12:00:00 GMT</pubDate>\
                 <description>What the council decided on the ferry terminal.</description></item>"
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>Feed {path}</title>{}</channel></rss>",
        entries.concat()
    )
}

//! What a run of `prism ingest` costs: its processor time, its memory, its pace.
//!
//! Starts a made-up paper and a model in a process of their own, so that their time is not
//! counted, runs the release binary on them with a store in a new folder, and prints the
//! figures of that run. Linux only: they come from `/proc`.
//!
//! ```text
//! cargo build --release && cargo run --example crowd -- --articles 1000
//! … -- --articles 640 --calls 32 --delay 2000      the pace with a slow model
//! … -- --articles 1000 --feeds 1000 --again        a second run of which nothing is new
//! ```

mod paper;
mod server;

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What is asked for.
#[derive(Clone, Debug)]
struct Crowd {
    /// Articles of all feeds together.
    articles: usize,
    feeds: usize,
    /// Model calls at the same time.
    calls: usize,
    /// Milliseconds that the model takes.
    delay: u64,
    /// Whether there is a second run on the same store.
    again: bool,
    /// Whether this process is the server.
    serve: bool,
    /// The program, if it is not the release binary of this folder.
    binary: PathBuf,
}

/// What a run cost.
struct Ran {
    wall: Duration,
    processor: Duration,
    peak_kb: u64,
    most_threads: u64,
}

fn main() -> Result<()> {
    let crowd = Crowd::parse(env::args().skip(1))?;
    if crowd.serve {
        return tokio::runtime::Runtime::new()?.block_on(server::serve(crowd));
    }
    let folder = tempfile::tempdir()?;
    let mut other = Other::start(&crowd)?;
    fs::write(folder.path().join("prism.toml"), crowd.settings(other.port))?;
    crowd.run(folder.path(), &mut other)?;
    if crowd.again {
        crowd.run(folder.path(), &mut other)?;
    }
    Ok(())
}

impl Crowd {
    fn parse(args: impl Iterator<Item = String>) -> Result<Self> {
        let mut crowd = Self {
            articles: 1000,
            feeds: 1,
            calls: 4,
            delay: 0,
            again: false,
            serve: false,
            binary: Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/prism"),
        };
        let mut args = args;
        while let Some(arg) = args.next() {
            let mut value = || {
                args.next()
                    .with_context(|| format!("`{arg}` needs a value"))
            };
            match arg.as_str() {
                "--articles" => crowd.articles = value()?.parse()?,
                "--feeds" => crowd.feeds = value()?.parse::<usize>()?.max(1),
                "--calls" => crowd.calls = value()?.parse::<usize>()?.max(1),
                "--delay" => crowd.delay = value()?.parse()?,
                "--binary" => crowd.binary = value()?.into(),
                "--again" => crowd.again = true,
                "--serve" => crowd.serve = true,
                _ => bail!(
                    "usage: crowd [--articles N] [--feeds N] [--calls N] [--delay MS] [--again] [--binary FILE]"
                ),
            }
        }
        Ok(crowd)
    }

    fn settings(&self, port: u16) -> String {
        let Self {
            articles, calls, ..
        } = self;
        let mut settings = format!(
            "[model]\nprovider = \"openai\"\nname = \"crowd-1\"\nbase_url = \"http://127.0.0.1:{port}/v1\"\n\
             concurrency = {calls}\nprice = {{ input = 0.1, output = 0.4 }}\n\
             [budget]\nusd_per_day = 1000000.0\n\
             [ingest]\nmax_age = \"1000000h\"\nfirst_run_limit = {articles}\n\
             max_new_per_run = {articles}\ndeadline = \"24h\"\n[fetch.hosts]\n"
        );
        for feed in 0..self.feeds {
            settings += &format!("\"paper-{feed}.example\" = \"127.0.0.1:{port}\"\n");
        }
        for feed in 0..self.feeds {
            settings += &format!("[[feeds]]\nurl = \"http://paper-{feed}.example/feed.xml\"\n");
        }
        settings
    }

    /// One run, and its figures.
    #[expect(clippy::print_stdout, reason = "the figures are what this is for")]
    fn run(&self, folder: &Path, other: &mut Other) -> Result<()> {
        let before = other.seen()?;
        let child = Command::new(&self.binary)
            .args(["ingest", "--report", "report.json"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log"))?)
            .spawn()
            .with_context(|| format!("cannot start `{}`", self.binary.display()))?;
        let ran = watch(child)?;
        let seen = other.seen()?;
        let since = |name: &str| {
            seen[name].as_u64().unwrap_or_default() - before[name].as_u64().unwrap_or_default()
        };
        let report = fs::read_to_string(folder.join("report.json"))
            .with_context(|| fs::read_to_string(folder.join("log")).unwrap_or_default())?;
        let report: Value = serde_json::from_str(&report)?;
        let feeds = outcomes(&report["feeds"]);
        let items = outcomes(&report["items"]);
        let of = |outcomes: &BTreeMap<String, u64>, name| outcomes.get(name).copied().unwrap_or(0);
        let written = of(&items, "saved") + of(&items, "held");
        println!(
            "feeds           {feeds:?}, {} answered 304",
            since("unchanged")
        );
        println!("articles        {items:?}");
        println!("wall time       {:.2} s", ran.wall.as_secs_f64());
        println!("processor time  {:.2} s", ran.processor.as_secs_f64());
        println!(
            "peak memory     {:.1} MB, {} threads",
            ran.peak_kb as f64 / 1024.0,
            ran.most_threads
        );
        if written > 0 {
            let each = ran.processor.as_secs_f64() * 1000.0 / written as f64;
            println!("an article      {each:.2} ms of processor time");
            println!(
                "pace            {:.1} articles a second",
                written as f64 / ran.wall.as_secs_f64()
            );
        }
        if self.delay > 0 && since("calls") > 0 {
            // From the first call to the last answer: fetching, which comes before, has its
            // own pace.
            let buying = seen["buying_ms"].as_f64().unwrap_or_default() / 1000.0;
            let possible = self.calls as f64 * 1000.0 / self.delay as f64;
            let rate = since("calls") as f64 / buying;
            println!(
                "buying          {} calls in {buying:.2} s, at most {} at once: {rate:.2} a second, {:.1} % of {possible}",
                since("calls"),
                seen["most_under_way"],
                100.0 * rate / possible
            );
        }
        println!();
        Ok(())
    }
}

/// How many of each outcome.
fn outcomes(list: &Value) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    for one in list.as_array().into_iter().flatten() {
        let reason = one["reason"].as_str().unwrap_or_default();
        let outcome = one["outcome"].as_str().unwrap_or("without an outcome");
        // The reason says most where something was not written.
        let name = match (outcome, reason) {
            ("failed" | "skipped" | "deferred", reason) => format!("{outcome}: {reason}"),
            _ => outcome.to_owned(),
        };
        *counted.entry(name).or_default() += 1;
    }
    counted
}

/// Waits for the end of a process. Its processor time is read when it has ended and before
/// it is taken note of, its memory while it runs.
fn watch(mut child: Child) -> Result<Ran> {
    let began = Instant::now();
    let folder = PathBuf::from(format!("/proc/{}", child.id()));
    let (mut peak_kb, mut most_threads) = (0, 0);
    let ticks = loop {
        let status = fs::read_to_string(folder.join("status"))?;
        let number = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let word = line.and_then(|rest| rest.split_whitespace().next());
            word.and_then(|word| word.parse().ok()).unwrap_or_default()
        };
        peak_kb = peak_kb.max(number("VmHWM:"));
        most_threads = most_threads.max(number("Threads:"));
        let stat = fs::read_to_string(folder.join("stat"))?;
        let (_, fields) = stat.rsplit_once(") ").context("no state in `/proc`")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        if fields[0] == "Z" {
            break fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        }
        sleep(Duration::from_millis(10));
    };
    let wall = began.elapsed();
    child.wait()?;
    Ok(Ran {
        wall,
        // `/proc` counts in hundredths of a second.
        processor: Duration::from_millis(ticks * 10),
        peak_kb,
        most_threads,
    })
}

/// The process of the paper and the model; ends with this one.
struct Other {
    child: Child,
    port: u16,
}

impl Other {
    fn start(crowd: &Crowd) -> Result<Self> {
        let numbers = [
            ("--articles", crowd.articles.to_string()),
            ("--feeds", crowd.feeds.to_string()),
            ("--delay", crowd.delay.to_string()),
        ];
        let mut child = Command::new(env::current_exe()?)
            .arg("--serve")
            .args(
                numbers
                    .iter()
                    .flat_map(|(name, value)| [*name, value.as_str()]),
            )
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().context("the server has no output")?;
        BufReader::new(out).read_line(&mut line)?;
        let port = line.trim().parse().context("the server names no port")?;
        Ok(Self { child, port })
    }

    /// What it saw so far.
    fn seen(&mut self) -> Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(b"GET /seen HTTP/1.1\r\nHost: crowd\r\n\r\n")?;
        stream.shutdown(std::net::Shutdown::Write)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

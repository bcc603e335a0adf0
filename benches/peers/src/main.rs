//! How fast prism reads pages, beside others that read the same pages in the same run.
//!
//! One thread; the readers take turns, each going over all pages in a round, and every
//! round begins with another one, so that a slow moment of the machine hits all alike. What
//! is compared: `scraper`'s parse alone, which is the floor for anything built on it;
//! `dom_smoothie`, content and its metadata; and prism, content, metadata and verdict. The
//! others are given decoded text, prism bytes that it decodes itself.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- FOLDER [--rounds N]
//! ```
//!
//! `FOLDER` is searched for `.html` and `.html.gz`. Says nothing of how well anybody reads.

use std::{env, fs, hint::black_box, io::Read, path::Path, time::Instant};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use prism::{article, fetch::Page};

const USAGE: &str = "usage: peers FOLDER [--rounds N]";

/// A page as prism takes it, and as the others do.
struct Input {
    page: Page,
    text: String,
}

/// Reads one page; gives how long its text is, for the optimiser and for a look.
type Reader = fn(&Input) -> usize;

const READERS: [(&str, Reader); 3] = [
    ("scraper, parse alone", |input| {
        scraper::Html::parse_document(&input.text)
            .tree
            .nodes()
            .len()
    }),
    ("dom_smoothie", |input| {
        // A page without an article is an error to it, and no text to us.
        dom_smoothie::Readability::new(input.text.as_str(), None, None)
            .and_then(|mut page| page.parse())
            .map_or(0, |article| article.text_content.len())
    }),
    ("prism", |input| {
        article::extract(&input.page).article.text.len()
    }),
];

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let (mut folder, mut rounds) = (None, 7);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().context(USAGE)?.parse().context(USAGE)?,
            _ if folder.is_none() => folder = Some(argument),
            _ => bail!(USAGE),
        }
    }
    let inputs = inputs(Path::new(&folder.context(USAGE)?))?;
    ensure!(!inputs.is_empty() && rounds > 0, "no pages, or no rounds");
    let bytes: usize = inputs.iter().map(|input| input.page.body.len()).sum();
    println!(
        "{} pages, {} bytes each on average",
        inputs.len(),
        bytes / inputs.len()
    );

    let mut seconds = vec![Vec::new(); READERS.len()];
    let mut letters = [0; READERS.len()];
    // One round more: the first only warms up.
    for round in 0..=rounds {
        for turn in 0..READERS.len() {
            let at = (round + turn) % READERS.len();
            let clock = Clock::start();
            letters[at] = inputs
                .iter()
                .map(|input| black_box(READERS[at].1(black_box(input))))
                .sum();
            if round > 0 {
                seconds[at].push(clock.seconds());
            }
        }
    }
    let medians: Vec<f64> = seconds.iter_mut().map(|times| median(times)).collect();
    println!(
        "{:24} {:>8} {:>8} {:>16} {:>12}",
        "", "pages/s", "ms/page", "of prism's time", "output"
    );
    for ((name, _), (median, letters)) in READERS.iter().zip(medians.iter().zip(letters)) {
        let count = inputs.len() as f64;
        println!(
            "{name:24} {:8.0} {:8.3} {:16.2} {letters:12}",
            count / median,
            median / count * 1e3,
            median / medians[READERS.len() - 1],
        );
    }
    Ok(())
}

/// The pages below a folder, by path.
fn inputs(folder: &Path) -> Result<Vec<Input>> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".html") || name.ends_with(".html.gz") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut inputs = Vec::new();
    for path in paths {
        let mut body = fs::read(&path)?;
        if path.extension().is_some_and(|end| end == "gz") {
            let mut plain = Vec::new();
            MultiGzDecoder::new(&body[..])
                .read_to_end(&mut plain)
                .with_context(|| format!("`{}` is no gzip", path.display()))?;
            body = plain;
        }
        inputs.push(Input {
            text: String::from_utf8_lossy(&body).into_owned(),
            page: Page {
                url: None,
                status: 200,
                content_type: None,
                body: body.into(),
                retrieved: jiff::Timestamp::UNIX_EPOCH,
            },
        });
    }
    Ok(inputs)
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    let half = times.len() / 2;
    if times.len() % 2 == 1 {
        times[half]
    } else {
        f64::midpoint(times[half - 1], times[half])
    }
}

/// Time on the processor where the system tells it, so that a busy machine does not count;
/// else time that passes.
struct Clock {
    on_cpu: Option<u64>,
    began: Instant,
}

impl Clock {
    fn start() -> Self {
        Self {
            on_cpu: on_cpu(),
            began: Instant::now(),
        }
    }

    fn seconds(&self) -> f64 {
        match (self.on_cpu, on_cpu()) {
            (Some(before), Some(now)) => (now - before) as f64 / 1e9,
            _ => self.began.elapsed().as_secs_f64(),
        }
    }
}

/// Nanoseconds that this thread has run, on Linux.
fn on_cpu() -> Option<u64> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok()
}

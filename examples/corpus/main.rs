//! Measures extraction on folders of real pages with known content, and fails when a
//! figure is under its floor.
//!
//! A data set is a folder with `truth.json` (an object by page id, each with some of
//! `text`, `with`, `without`, `title`, `author`, `date`) and `pages/ID.html.gz`. Pages are
//! read as files of unknown origin, without address, server's charset or network. The
//! pages are no part of the project; see `docs/extraction.md`.
//!
//! ```text
//! cargo run --release --example corpus -- FOLDER [--worst N] [--labels FILE] [--update [--allow-regression]]
//! ```

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]

mod floors;
mod labels;
mod measure;

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;
use prism::{
    article::{Quality, extract},
    fetch::Page,
    text::sha256,
};
use serde_json::{Map, Value};

use floors::{Floors, Verdict};
use labels::Labels;
use measure::{Answer, Score};

const FLOORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/corpus-floors.json");

/// What is aimed at: close to what a perfect choice among other extractors would give.
/// By set and figure, sorted.
const GOALS: [(&str, &str, f64); 12] = [
    ("evaldata", "author_exact", 0.65),
    ("evaldata", "date_exact", 0.90),
    ("evaldata", "date_spurious", 0.15),
    ("evaldata", "phrase_f1", 0.945),
    ("evaldata", "title_exact", 0.82),
    ("htmldate", "date_exact", 0.94),
    ("scrapinghub", "shingle_f1", 0.980),
    ("wcxb", "author_exact", 0.74),
    ("wcxb", "date_exact", 0.90),
    ("wcxb", "date_spurious", 0.15),
    ("wcxb", "shingle_f1", 0.955),
    ("wcxb", "title_exact", 0.88),
];

fn main() -> Result<ExitCode> {
    let options = Options::parse(env::args().skip(1))?;
    let mut labels = options.labels.as_deref().map(Labels::read).transpose()?;
    let mut gate = Gate {
        floors: Floors::read(Path::new(FLOORS))?,
        options,
        fallen: Vec::new(),
    };
    let mut corpora = String::new();
    for folder in data_sets(&gate.options.folder)? {
        let set = DataSet::read(&folder)?;
        println!(
            "\n{}: {} pages, corpus {}",
            set.name,
            set.pages.len(),
            set.corpus
        );
        let scores: Vec<&Score> = set.pages.iter().map(|page| &page.score).collect();
        gate.pass(&set.name, &set.corpus, &measure::figures(&scores));
        print_worst(&set.pages, gate.options.worst);
        for page in &set.pages {
            if let Some(labels) = &mut labels {
                labels.compare(&set.name, &page.id, page.quality);
            }
        }
        corpora += &set.corpus;
    }
    ensure!(
        !corpora.is_empty(),
        "no data set in `{}`: a folder with `truth.json` and `pages`",
        gate.options.folder.display()
    );
    if let Some(labels) = labels {
        println!("\n{labels}");
        let corpus = sha256(format!("{}{corpora}", labels.digest).as_bytes());
        gate.pass(
            "labels",
            &corpus,
            &[("articles_kept", labels.articles_kept())],
        );
    }
    gate.close()
}

/// The command line.
struct Options {
    folder: PathBuf,
    labels: Option<PathBuf>,
    worst: usize,
    update: bool,
    may_lower: bool,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        const USAGE: &str =
            "usage: corpus FOLDER [--worst N] [--labels FILE] [--update [--allow-regression]]";
        let mut options = Self {
            folder: PathBuf::new(),
            labels: None,
            worst: 0,
            update: false,
            may_lower: false,
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--worst" => {
                    let number = arguments.next().context(USAGE)?;
                    options.worst = number
                        .parse()
                        .with_context(|| format!("no number: `{number}`"))?;
                }
                "--labels" => options.labels = Some(arguments.next().context(USAGE)?.into()),
                "--update" => options.update = true,
                "--allow-regression" => options.may_lower = true,
                _ if argument.starts_with('-') => bail!("{USAGE}"),
                _ => options.folder = argument.into(),
            }
        }
        let without_update = options.may_lower && !options.update;
        if options.folder.as_os_str().is_empty() || without_update {
            bail!("{USAGE}");
        }
        Ok(options)
    }
}

/// Compares figures with their floors, or makes floors of them.
struct Gate {
    options: Options,
    floors: Floors,
    /// The figures under their floors.
    fallen: Vec<String>,
}

impl Gate {
    fn pass(&mut self, set: &str, corpus: &str, figures: &[(&str, f64)]) {
        for &(name, value) in figures {
            let goal = GOALS
                .iter()
                .find(|goal| (goal.0, goal.1) == (set, name))
                .map_or(String::new(), |goal| format!("{:.3}", goal.2));
            let (floor, mark) = match self.floors.check(set, Some(corpus), name, value) {
                Verdict::Free => (String::new(), ""),
                Verdict::Held(floor) => (format!("{floor:.4}"), ""),
                Verdict::Fallen(floor) => (format!("{floor:.4}"), "FALLEN"),
            };
            println!("  {name:18} {value:.4}  floor {floor:6}  goal {goal:5}  {mark}");
            if !mark.is_empty() && !self.options.update {
                self.fallen.push(format!("{set} {name}"));
            }
        }
        if self.options.update {
            let may_lower = self.options.may_lower;
            let refused = self.floors.update(set, Some(corpus), figures, may_lower);
            self.fallen.extend(refused);
        }
    }

    fn close(self) -> Result<ExitCode> {
        if self.fallen.is_empty() {
            if self.options.update {
                self.floors.write(Path::new(FLOORS))?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        println!("\nunder their floors: {}", self.fallen.join(", "));
        if self.options.update {
            println!("nothing was written; `--allow-regression` lowers floors");
        }
        Ok(ExitCode::FAILURE)
    }
}

/// One data set, measured.
struct DataSet {
    name: String,
    /// SHA-256 over the sorted digests of its pages and of its truth.
    corpus: String,
    /// By id.
    pages: Vec<Measured>,
}

struct Measured {
    id: String,
    digest: String,
    score: Score,
    quality: Quality,
}

impl DataSet {
    fn read(folder: &Path) -> Result<Self> {
        let raw = fs::read(folder.join("truth.json"))?;
        let truth: Map<String, Value> = serde_json::from_slice(&raw)
            .with_context(|| format!("`truth.json` of `{}`", folder.display()))?;
        let truths: Vec<(&String, &Value)> = truth.iter().collect();
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<Measured>> {
            let mut pages = Vec::new();
            while let Some((id, truth)) = truths.get(next.fetch_add(1, Ordering::Relaxed)) {
                pages.push(Measured::of(folder, id, truth)?);
            }
            Ok(pages)
        };
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let parts: Vec<Result<Vec<Measured>>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("extraction never panics"))
                .collect()
        });
        let mut pages = Vec::new();
        for part in parts {
            pages.extend(part?);
        }
        pages.sort_by(|a, b| a.id.cmp(&b.id));
        let mut digests: Vec<&str> = pages.iter().map(|page| page.digest.as_str()).collect();
        digests.sort_unstable();
        let corpus = sha256(format!("{}\n{}", digests.join("\n"), sha256(&raw)).as_bytes());
        Ok(Self {
            name: folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            corpus,
            pages,
        })
    }
}

impl Measured {
    fn of(folder: &Path, id: &str, truth: &Value) -> Result<Self> {
        let path = folder.join("pages").join(format!("{id}.html.gz"));
        let packed =
            fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut body = Vec::new();
        MultiGzDecoder::new(&packed[..])
            .read_to_end(&mut body)
            .with_context(|| format!("`{}` is no gzip", path.display()))?;
        let digest = sha256(&body);
        let reading = extract(&Page {
            url: None,
            status: 200,
            content_type: None,
            body: body.into(),
            // A fixed time, so that two runs agree on what lies in the future.
            retrieved: "2026-11-25T00:00:00Z".parse()?,
        });
        Ok(Self {
            id: id.to_owned(),
            digest,
            score: Score::of(truth, &Answer::from(&reading)),
            quality: reading.quality,
        })
    }
}

/// The folder itself if it is a data set, else those in it, by name.
fn data_sets(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_set = |path: &Path| path.join("truth.json").is_file() && path.join("pages").is_dir();
    if is_set(folder) {
        return Ok(vec![folder.canonicalize()?]);
    }
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if is_set(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn print_worst(pages: &[Measured], most: usize) {
    let mut rated: Vec<(f64, &Measured)> = pages
        .iter()
        .map(|page| (page.score.text_f1().unwrap_or(1.0), page))
        .filter(|(f1, page)| *f1 < 1.0 || !page.score.wrong().is_empty())
        .collect();
    // Among equal texts those with the most wrong metadata first.
    rated.sort_by(|(f1, page), (other_f1, other)| {
        f1.total_cmp(other_f1)
            .then_with(|| other.score.wrong().len().cmp(&page.score.wrong().len()))
            .then_with(|| page.id.cmp(&other.id))
    });
    for (f1, page) in rated.into_iter().take(most) {
        let wrong = page.score.wrong().join(", ");
        println!("  {f1:.3} {:10} {} {wrong}", page.quality.as_str(), page.id);
    }
}

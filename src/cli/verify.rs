//! `prism verify`: any text against any sources, also text that prism did not write.

mod people;

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use clap::ValueEnum;
use jiff::Timestamp;

use super::{Context, Exit, Failure, ListFormat, output};
use crate::{
    article::{self, Moment},
    fetch::Page,
    verify::{
        CopyLimits, Verdict,
        external::{Answer, Row},
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A source: plain text, or an HTML page, whose article is taken; may be given several times
    #[arg(long = "source", value_name = "FILE", conflicts_with = "jsonl")]
    sources: Vec<PathBuf>,
    /// The day on which the sources were published, as `2026-01-05`
    #[arg(long, value_name = "DATE", conflicts_with = "jsonl")]
    published: Option<Moment>,
    /// Many texts at once: a line is {"id", "source" or "sources", "text", "published"}
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// The text to check; standard input when it is not named
    #[arg(value_name = "TEXT-FILE", conflicts_with = "jsonl")]
    text: Option<PathBuf>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
    /// Show every sentence with the passages that support it, also for `--jsonl`
    #[arg(long)]
    evidence: bool,
    /// Exit with 4 for any finding of this severity, not only for an unsupported text
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

/// What makes `verify` exit with 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A finding of severity error, which is what makes a text unsupported
    Error,
    /// Any finding
    Warning,
}

impl Args {
    /// The exit code that this answer asks for.
    fn exit(&self, answer: &Answer) -> Exit {
        let fails = match self.fail_on {
            Some(FailOn::Warning) => !answer.findings.is_empty(),
            Some(FailOn::Error) | None => answer.verdict == Verdict::Unsupported,
        };
        if fails { Exit::Unsupported } else { Exit::Done }
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let copying = context.settings(Vec::new())?.verify.copy_limits();
    match &args.jsonl {
        Some(path) => many(args, path, copying),
        None => one(args, copying),
    }
}

fn many(args: &Args, path: &Path, copying: CopyLimits) -> Result<Exit, Failure> {
    let failed = |error| Failure::io("read", path, &error);
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(std::fs::File::open(path).map_err(failed)?))
    };
    let mut exit = Exit::Done;
    for (at, line) in reader.lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let row = Row::parse(&line, at + 1).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("`{}`, {error}", path.display()),
                error.hint(),
            )
        })?;
        let row = Row { copying, ..row };
        let answer = if args.evidence {
            row.check_with_evidence()
        } else {
            row.check()
        };
        if args.exit(&answer) == Exit::Unsupported {
            exit = Exit::Unsupported;
        }
        output::json_line(&answer)?;
    }
    Ok(exit)
}

fn one(args: &Args, copying: CopyLimits) -> Result<Exit, Failure> {
    if args.sources.is_empty() {
        let hint = "name each source with `--source FILE`, or many texts with `--jsonl FILE`";
        return Err(Failure::new(
            Exit::Usage,
            "there is no source to check against",
            Some(hint.into()),
        ));
    }
    let stdin = PathBuf::from("-");
    let path = args.text.as_ref().unwrap_or(&stdin);
    let from_stdin = args
        .sources
        .iter()
        .chain([path])
        .filter(|path| **path == stdin);
    if from_stdin.count() > 1 {
        let message = "standard input can be read only once, as a source or as the text";
        return Err(Failure::new(Exit::Usage, message, None));
    }
    let mut sources = Vec::new();
    let mut published = args.published;
    for path in &args.sources {
        let (text, stated) = source(path)?;
        published = published.or(stated);
        sources.push(text);
    }
    let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
    let id = path.display().to_string();
    if text.trim().is_empty() {
        return Err(Failure::new(
            Exit::Nothing,
            format!("`{id}` is empty"),
            None,
        ));
    }
    let row = Row {
        id,
        sources,
        text,
        published: published.map(Moment::date),
        copying,
    };
    let answer = row.check_with_evidence();
    match args.format {
        ListFormat::Json => output::json_line(&answer)?,
        ListFormat::Text => output::print(&people::report(&row, &answer, args.evidence))?,
    }
    Ok(args.exit(&answer))
}

/// The text of a source, and its publication time where it is a page that states one.
fn source(path: &Path) -> Result<(String, Option<Moment>), Failure> {
    let body = bytes(path)?;
    let marked = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
    // A page may be UTF-16, which a text file of ours never is.
    let wide = body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff");
    let is_page = wide || marked.trim_ascii_start().first() == Some(&b'<');
    if !is_page {
        return Ok((String::from_utf8_lossy(&body).into_owned(), None));
    }
    let page = Page {
        url: None,
        status: 200,
        content_type: None,
        body: Bytes::from(body),
        retrieved: Timestamp::now(),
    };
    let article = article::extract(&page).article;
    // A text may take up the headline, so the headline is part of what supports it.
    let text = article
        .title
        .into_iter()
        .chain([article.text])
        .collect::<Vec<_>>()
        .join("\n\n");
    Ok((text, article.published))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::io("read", path, &error);
    if path == Path::new("-") {
        let mut body = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut body)
            .map_err(failed)?;
        return Ok(body);
    }
    std::fs::read(path).map_err(failed)
}

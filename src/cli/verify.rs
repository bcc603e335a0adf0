//! `prism verify`: any text against any sources, also text that prism did not write.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use jiff::Timestamp;

use super::{Exit, Failure, ListFormat, output};
use crate::{
    article::{self, Moment},
    fetch::Page,
    verify::{
        Severity, Verdict,
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
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.jsonl {
        Some(path) => many(path),
        None => one(args),
    }
}

fn many(path: &Path) -> Result<Exit, Failure> {
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
        let answer = row.check();
        if answer.verdict == Verdict::Unsupported {
            exit = Exit::Unsupported;
        }
        output::json_line(&answer)?;
    }
    Ok(exit)
}

fn one(args: &Args) -> Result<Exit, Failure> {
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
    };
    let answer = row.check();
    match args.format {
        ListFormat::Json => output::json_line(&answer)?,
        ListFormat::Text => output::print(&for_people(&row, &answer))?,
    }
    Ok(match answer.verdict {
        Verdict::Supported => Exit::Done,
        Verdict::Unsupported => Exit::Unsupported,
    })
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

fn for_people(row: &Row, answer: &Answer) -> String {
    let mut out = String::new();
    for finding in &answer.findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let line = 1 + row
            .text
            .chars()
            .take(finding.points.start)
            .filter(|c| *c == '\n')
            .count();
        out += &format!(
            "{}:{line}: {severity}: {}\n",
            row.id,
            output::one_line(&finding.message)
        );
        out += &format!("    the text: {}\n", output::one_line(&finding.text));
        if let Some(closest) = &finding.closest {
            out += &format!(
                "    {}: {}\n",
                closest.source,
                output::one_line(&closest.text)
            );
        }
    }
    let errors = answer
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    let verdict = match answer.verdict {
        Verdict::Supported => "supported",
        Verdict::Unsupported => "unsupported",
    };
    let warnings = answer.findings.len() - errors;
    out + &format!(
        "{}: {verdict}, {errors} errors, {warnings} warnings\n",
        row.id
    )
}

//! Texts that are right by construction: sentences of a source against that source, and
//! analyses composed of them and of summaries that people corrected.

use std::{collections::BTreeSet, time::Instant};

use prism::{
    text::{sentences, word_count},
    verify::{
        Checker, SourceText,
        external::{self, Answer},
    },
};

use crate::rows::{Row, errors};

/// A file: its name, its rows and their answers.
pub(crate) type File = (String, Vec<Row>, Vec<Answer>);

/// Words of a composed analysis.
const WORDS: usize = 300;

fn check(source: &str, text: String) -> Answer {
    let row = external::Row {
        id: String::new(),
        sources: vec![source.to_owned()],
        text,
        published: None,
        copying: prism::verify::CopyLimits::default(),
    };
    row.check()
}

/// The sources of the files, each once.
fn sources(files: &[File]) -> BTreeSet<&str> {
    let rows = files.iter().flat_map(|(_, rows, _)| rows);
    rows.map(|row| row.source.as_str()).collect()
}

/// Every fifth sentence of every source, held against that source.
pub(crate) fn verbatim(files: &[File]) {
    let (mut all, mut wrong, mut warned) = (0, 0, 0);
    for source in sources(files) {
        for span in sentences(source, Some("en")).into_iter().step_by(5) {
            let text = span.of(source);
            if word_count(text) < 5 {
                continue;
            }
            let answer = check(source, text.to_owned());
            all += 1;
            let found = errors(&answer);
            warned += usize::from(answer.findings.iter().any(|f| {
                f.severity == prism::verify::Severity::Warning
                    && serde_json::to_value(f.kind).is_ok_and(|kind| kind != "copying")
            }));
            if !found.is_empty() {
                wrong += 1;
                for finding in found {
                    println!(
                        "  verbatim: {:?} `{}` in: {text}",
                        finding.reason, finding.text
                    );
                }
            }
        }
    }
    println!(
        "verbatim sentences: {wrong} of {all} with an error ({:.2} %), {warned} with a warning",
        100.0 * f64::from(wrong) / f64::from(all)
    );
}

/// The summary of a row that people call supported, then sentences of its source.
fn composed(row: &Row) -> Option<String> {
    let mut text = row.summary.clone();
    let spans = sentences(&row.source, Some("en"));
    let mut words = word_count(&text);
    // Every second sentence, so that what stands between is missing as in a summary.
    for span in spans.iter().skip(1).step_by(2) {
        if words >= WORDS {
            break;
        }
        // A part of a longer quotation would become another one.
        if !is_balanced(span.of(&row.source)) {
            continue;
        }
        text.push(' ');
        text.push_str(span.of(&row.source));
        words += word_count(span.of(&row.source));
    }
    (words >= WORDS * 9 / 10).then_some(text)
}

/// Whether every quotation of a sentence begins and ends in it.
fn is_balanced(sentence: &str) -> bool {
    let count = |mark: char| sentence.matches(mark).count();
    count('"').is_multiple_of(2) && count('“') == count('”') && count('«') == count('»')
}

/// How many composed analyses would be held.
pub(crate) fn held(files: &[File], list: bool) {
    for wanted in ["defacto_fixed", "summedits_news"] {
        let rows = files
            .iter()
            .filter(|(name, ..)| name == wanted)
            .flat_map(|(_, rows, _)| rows)
            .filter(|row| row.label == "supported");
        let (mut all, mut held) = (0_u32, 0_u32);
        for (row, text) in rows.filter_map(|row| Some((row, composed(row)?))) {
            all += 1;
            let answer = check(&row.source, text);
            let errors = errors(&answer);
            held += u32::from(!errors.is_empty());
            for finding in errors.iter().filter(|_| list) {
                println!(
                    "  {}: {:?} `{}`: {}",
                    row.id, finding.reason, finding.text, finding.message
                );
            }
        }
        println!(
            "composed of {wanted}: {held} of {all} analyses held ({:.1} %)",
            100.0 * f64::from(held) / f64::from(all.max(1))
        );
    }
}

/// The time for an analysis of 300 words against a source of 900.
pub(crate) fn timed(files: &[File]) {
    let (mut times, mut alone) = (Vec::new(), Vec::new());
    for source in sources(files) {
        let words = word_count(source);
        if !(800..=1000).contains(&words) {
            continue;
        }
        let text: Vec<&str> = sentences(source, Some("en"))
            .into_iter()
            .step_by(3)
            .map(|span| span.of(source))
            .collect();
        let text = text.join(" ");
        if !(270..=330).contains(&word_count(&text)) {
            continue;
        }
        let milliseconds = |began: Instant| began.elapsed().as_secs_f64() * 1e3;
        let sources = [SourceText {
            language: Some("en"),
            ..SourceText::new("s1", source)
        }];
        let checker = Checker::new(&sources);
        let began = Instant::now();
        let report = checker.check(&text, Some("en"));
        alone.push(milliseconds(began));
        assert!(!report.sentences.is_empty());
        let began = Instant::now();
        let answer = check(source, text);
        times.push(milliseconds(began));
        assert!(answer.id.is_empty());
    }
    for (what, mut times) in [
        ("300 words against 900", times),
        ("the same, the source read before", alone),
    ] {
        times.sort_by(f64::total_cmp);
        if let Some(median) = times.get(times.len() / 2) {
            println!(
                "{what}: median {median:.2} ms of {} texts, worst {:.2} ms",
                times.len(),
                times[times.len() - 1]
            );
        }
    }
}

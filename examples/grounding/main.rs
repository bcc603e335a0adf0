//! Measures the check on analyses with known errors.
//!
//! `cargo run --release --example grounding -- FOLDER [--predictions FOLDER] [--list NAME] [--curve]`
//!
//! `FOLDER` holds files of rows `{"id", "source", "summary", "label", "error_types",
//! "error_spans", "meta"}`, one JSON object a line. Prints, for each file, what the check
//! finds, with errors only and with warnings too; for perturbed rows also what is found
//! beside the unchanged text; for each reason on how many rows that people call right and
//! wrong it is found; then false alarms on verbatim sentences, the rate at which composed
//! analyses would be held, and the time taken. `--predictions` writes the answers for
//! `score_grounding.py`, `--list` prints the rows of one file or error type,
//! `--curve` what would be found with other bounds.

#![expect(clippy::print_stdout, reason = "a program for people")]
#![expect(clippy::unwrap_used, reason = "a measuring tool may stop at bad input")]

mod composed;
mod curves;
mod reasons;
mod rows;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use prism::verify::{Severity, external::Answer};
use rows::{Row, Tally, newly};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut folder, mut predictions, mut list) = (None, None, None);
    let mut curve = false;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--predictions" => predictions = arguments.next().map(PathBuf::from),
            "--list" => list = arguments.next(),
            "--curve" => curve = true,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.expect("usage: grounding FOLDER [--predictions FOLDER] [--list NAME]");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let (mut checked, mut seconds) = (0, 0.0);
    let mut all = Vec::new();
    println!("file               rows   prec  recall   f.a.  b.acc    with warnings");
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let rows = Row::read(file);
        let began = Instant::now();
        let answers: Vec<Answer> = rows.iter().map(Row::check).collect();
        seconds += began.elapsed().as_secs_f64();
        checked += rows.len();
        report(&name, &rows, &answers);
        if let Some(to) = &predictions {
            write_predictions(to, &name, &rows, &answers);
        }
        if list.as_deref() == Some(&name) {
            rows.iter()
                .zip(&answers)
                .for_each(|(row, answer)| show(row, answer, &[]));
        }
        if name == "pert" {
            perturbed(&rows, &answers, list.as_deref());
        }
        all.push((name, rows, answers));
    }
    reasons::print(&all);
    composed::verbatim(&all);
    composed::held(&all, list.as_deref() == Some("composed"));
    composed::timed(&all);
    if curve {
        curves::print(&all);
    }
    println!(
        "{checked} rows, {:.0} a second",
        f64::from(u32::try_from(checked).unwrap()) / seconds
    );
}

/// The figures of one file.
fn report(name: &str, rows: &[Row], answers: &[Answer]) {
    let (mut tally, mut with_warnings) = (Tally::default(), Tally::default());
    let mut entities: BTreeMap<&str, Tally> = BTreeMap::new();
    for (row, answer) in rows.iter().zip(answers) {
        let errors = rows::errors(answer);
        if row.label != "ambiguous" {
            let is_wrong = row.label == "unsupported";
            tally.add(is_wrong, !errors.is_empty());
            with_warnings.add(is_wrong, answer.findings.iter().any(rows::is_of_fact));
        }
        for entity in &row.meta.entities {
            let hit = errors
                .iter()
                .any(|f| f.points.start < entity.end && entity.start < f.points.end);
            for kind in [entity.group(), "all"] {
                entities
                    .entry(kind)
                    .or_default()
                    .add(entity.label != "Non-hallucinated", hit);
            }
        }
    }
    println!("{name:18} {tally}  {}", with_warnings.shares());
    for (kind, tally) in entities {
        println!("  entities {kind:7} {tally}");
    }
}

/// What is found in rows with one change that is not found in the row without it.
fn perturbed(rows: &[Row], answers: &[Answer], list: Option<&str>) {
    let controls: BTreeMap<String, &Answer> = rows
        .iter()
        .zip(answers)
        .filter(|(row, _)| row.label == "supported")
        .filter_map(|(row, answer)| Some((row.meta.pair.as_ref()?.to_string(), answer)))
        .collect();
    let mut found: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (row, answer) in rows.iter().zip(answers) {
        let Some(kind) = row.error_types.first() else {
            continue;
        };
        let pair = row.meta.pair.as_ref().map(ToString::to_string);
        let control = pair.and_then(|pair| controls.get(&pair));
        let new = newly(answer, control.copied());
        let figures = found.entry(kind).or_default();
        figures[0] += 1;
        figures[1] += usize::from(new.iter().any(|f| f.severity == Severity::Error));
        figures[2] += usize::from(!new.is_empty());
        figures[3] += usize::from(new.iter().any(|f| row.is_at_error(f)));
        if list == Some(kind) {
            show(row, answer, &new);
        }
    }
    println!("  perturbation                rows  errors   any  at the change");
    for (kind, [rows, errors, any, at]) in found {
        let share = |n: usize| n as f64 / rows as f64;
        println!(
            "  {kind:26} {rows:5}   {:.3}  {:.3}  {:.3}",
            share(errors),
            share(any),
            share(at)
        );
    }
    let supported = rows.iter().filter(|row| row.label == "supported").count();
    let quiet = |severity: Option<Severity>| {
        controls
            .values()
            .filter(|answer| {
                answer
                    .findings
                    .iter()
                    .any(|f| severity.is_none_or(|wanted| f.severity == wanted))
            })
            .count()
    };
    println!(
        "  of {supported} unchanged rows {} have an error, {} any finding",
        quiet(Some(Severity::Error)),
        quiet(None)
    );
}

fn show(row: &Row, answer: &Answer, new: &[&prism::verify::external::AnswerFinding]) {
    println!(
        "\n{} {} {:?} {:?}",
        row.id, row.label, row.error_types, row.error_spans
    );
    println!("  {}", row.summary);
    if let Some(original) = &row.meta.original {
        println!("  ORIGINAL {original}");
    }
    for finding in &answer.findings {
        let mark = if new.iter().any(|f| std::ptr::eq(*f, finding)) {
            "NEW "
        } else {
            ""
        };
        println!(
            "    {mark}{:?} {:?} `{}`: {}",
            finding.severity, finding.reason, finding.text, finding.message
        );
        if let Some(closest) = &finding.closest {
            println!("        {}", closest.text);
        }
    }
}

fn write_predictions(to: &Path, name: &str, rows: &[Row], answers: &[Answer]) {
    fs::create_dir_all(to).unwrap();
    let mut out = String::new();
    for (row, answer) in rows.iter().zip(answers) {
        let errors = rows::errors(answer);
        let findings: Vec<_> = errors
            .iter()
            .map(|f| {
                serde_json::json!({"kind": f.kind, "text": f.text, "start": f.points.start,
                    "end": f.points.end, "why": f.reason})
            })
            .collect();
        let line = serde_json::json!({"id": row.id, "unsupported": !errors.is_empty(),
            "findings": findings, "score": 2 * errors.len() + answer.findings.len()});
        out += &format!("{line}\n");
    }
    fs::write(to.join(format!("{name}.jsonl")), out).unwrap();
}

//! Rows with known errors, and what is counted of the answers to them.

use std::{fmt, fs, path::Path};

use prism::verify::{
    Kind, Severity,
    external::{self, Answer, AnswerFinding},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) summary: String,
    pub(crate) label: String,
    /// Whether names have capitals.
    #[serde(default)]
    pub(crate) cased: bool,
    #[serde(default)]
    pub(crate) error_types: Vec<String>,
    #[serde(default)]
    pub(crate) error_spans: Vec<String>,
    pub(crate) meta: Meta,
}

#[derive(Deserialize)]
pub(crate) struct Meta {
    pub(crate) pair: Option<serde_json::Value>,
    pub(crate) original: Option<String>,
    #[serde(default)]
    pub(crate) entities: Vec<Entity>,
}

/// A named thing of a row, labelled by people.
#[derive(Deserialize)]
pub(crate) struct Entity {
    pub(crate) start: usize,
    pub(crate) end: usize,
    #[serde(rename = "type")]
    kind: Option<String>,
    pub(crate) label: String,
}

impl Entity {
    pub(crate) fn group(&self) -> &'static str {
        match self.kind.as_deref().unwrap_or_default() {
            "DATE" | "TIME" => "dates",
            "CARDINAL" | "ORDINAL" | "MONEY" | "PERCENT" | "QUANTITY" => "numbers",
            _ => "names",
        }
    }
}

impl Row {
    pub(crate) fn read(file: &Path) -> Vec<Self> {
        fs::read_to_string(file)
            .unwrap()
            .lines()
            .map(|line| {
                serde_json::from_str(line)
                    .unwrap_or_else(|error| panic!("{}: {error}: {line}", file.display()))
            })
            .collect()
    }

    pub(crate) fn check(&self) -> Answer {
        let row = external::Row {
            id: self.id.clone(),
            sources: vec![self.source.clone()],
            text: self.summary.clone(),
            published: None,
            copying: prism::verify::CopyLimits::default(),
        };
        row.check()
    }

    /// Whether the finding is about the words that were changed; where words were left
    /// out, every new finding is.
    pub(crate) fn is_at_error(&self, finding: &AnswerFinding) -> bool {
        self.error_spans.is_empty()
            || self.error_spans.iter().any(|span| {
                finding.text.contains(span.as_str())
                    || span.contains(finding.text.as_str())
                    || span
                        .split(' ')
                        .any(|w| w.len() > 3 && finding.text.contains(w))
            })
    }
}

/// The findings of severity error.
pub(crate) fn errors(answer: &Answer) -> Vec<&AnswerFinding> {
    let findings = answer.findings.iter();
    findings.filter(|f| f.severity == Severity::Error).collect()
}

/// Whether the finding says that something is not so, and not only how it is written.
pub(crate) fn is_of_fact(finding: &AnswerFinding) -> bool {
    !matches!(finding.kind, Kind::Copying | Kind::Echo)
}

/// The findings that the answer for the unchanged text does not have.
pub(crate) fn newly<'a>(answer: &'a Answer, control: Option<&Answer>) -> Vec<&'a AnswerFinding> {
    let known = |finding: &AnswerFinding| {
        control.is_some_and(|control| {
            control
                .findings
                .iter()
                .any(|f| f.reason == finding.reason && f.text == finding.text)
        })
    };
    answer.findings.iter().filter(|f| !known(f)).collect()
}

/// Right and wrong answers.
#[derive(Default)]
pub(crate) struct Tally {
    hit: usize,
    false_alarm: usize,
    missed: usize,
    quiet: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, wrong: bool, found: bool) {
        *match (wrong, found) {
            (true, true) => &mut self.hit,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.false_alarm,
            (false, false) => &mut self.quiet,
        } += 1;
    }
}

impl Tally {
    /// Precision, recall, false alarms and balanced accuracy.
    pub(crate) fn shares(&self) -> String {
        let share = |part: usize, rest: usize| part as f64 / ((part + rest) as f64).max(1.0);
        let (recall, alarms) = (
            share(self.hit, self.missed),
            share(self.false_alarm, self.quiet),
        );
        format!(
            "{:.3}  {recall:.3}  {alarms:.3}  {:.3}",
            share(self.hit, self.false_alarm),
            f64::midpoint(recall, 1.0 - alarms)
        )
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.hit + self.missed + self.false_alarm + self.quiet;
        write!(f, "{rows:5}  {}", self.shares())
    }
}

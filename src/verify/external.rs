//! `prism verify`: any text against any sources, as JSON Lines.
//!
//! Reads rows and writes answers; opening files and printing is the command's.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Checker, CopyLimits, Evidence, Kind, Reason, Report, Severity, SourceField, SourceText,
    Unchecked, Verdict,
    language::{language_beside, language_of},
};
use crate::{
    article::Moment,
    text::{CodePoints, Points, Span},
};

/// One text to check, with its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Given back with the answer.
    pub id: String,
    /// The texts of the sources; at least one.
    pub sources: Vec<String>,
    /// The text to check.
    pub text: String,
    /// The day the sources were published.
    pub published: Option<Date>,
    /// From which lengths on copying is found.
    pub copying: CopyLimits,
}

/// Why a line is no row.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// Not JSON, or a field is missing, unknown or of another type.
    #[error("line {line}: {source}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// What is wrong, with its column.
        source: serde_json::Error,
    },
    /// Neither `source` nor `sources`, both, or an empty list.
    #[error("line {line}: needs either `source` or a non-empty list `sources`")]
    Sources {
        /// The line, from 1.
        line: usize,
    },
    /// `published` is no date.
    #[error("line {line}: `published` is no date: `{value}`")]
    Published {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        value: String,
    },
}

impl RowError {
    /// What the writer of the file can do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Json { .. } | Self::Sources { .. } => {
                r#"a row looks like {"id": "1", "source": "…", "text": "…"}"#.to_owned()
            }
            Self::Published { .. } => {
                "write a day as `2026-01-05` or a time as `2026-01-05T09:30:00Z`".to_owned()
            }
        })
    }
}

impl Row {
    /// Reads the line number `line` (from 1) of a JSONL file.
    pub fn parse(text: &str, line: usize) -> Result<Self, RowError> {
        #[derive(Deserialize)]
        struct Raw {
            id: String,
            source: Option<String>,
            sources: Option<Vec<String>>,
            text: String,
            published: Option<String>,
        }
        let raw: Raw =
            serde_json::from_str(text).map_err(|source| RowError::Json { line, source })?;
        let sources = match (raw.source, raw.sources) {
            (Some(source), None) => vec![source],
            (None, Some(sources)) if !sources.is_empty() => sources,
            _ => return Err(RowError::Sources { line }),
        };
        let published = match raw.published {
            None => None,
            Some(value) => match value.parse::<Moment>() {
                Ok(moment) => Some(moment.date()),
                Err(_) => return Err(RowError::Published { line, value }),
            },
        };
        Ok(Self {
            id: raw.id,
            sources,
            text: raw.text,
            published,
            copying: CopyLimits::default(),
        })
    }

    /// Checks the row's text against its sources.
    pub fn check(&self) -> Answer {
        self.checked(false)
    }

    /// The same, with every sentence and what supports it, and how much was copied.
    pub fn check_with_evidence(&self) -> Answer {
        self.checked(true)
    }

    fn checked(&self, with_evidence: bool) -> Answer {
        let ids: Vec<String> = (1..=self.sources.len()).map(|n| format!("s{n}")).collect();
        let sources: Vec<SourceText<'_>> = self
            .sources
            .iter()
            .zip(&ids)
            .map(|(text, id)| SourceText {
                published: self.published,
                language: language_of(text),
                ..SourceText::new(id, text)
            })
            .collect();
        let checker = Checker::new(&sources).with_copy_limits(self.copying);
        let theirs = sources.iter().find_map(|source| source.language);
        let language = language_beside(&self.text, theirs);
        let report = checker.check(&self.text, language);
        let text_of = |evidence: &Evidence| {
            let source = sources.iter().find(|source| source.id == evidence.source);
            source.map(|source| source.text)
        };
        let mut answer = Answer::new(self.id.clone(), &self.text, &report, text_of);
        if with_evidence {
            answer.add_evidence(&self.text, &report, text_of);
            let overlap = checker.overlap([(self.text.as_str(), language)]);
            answer.copying = Some(AnswerCopying {
                longest_run: overlap.longest_run,
                share: overlap.share,
            });
        }
        answer
    }
}

/// One line of the answer.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The row's id.
    pub id: String,
    /// Whether the text may stand.
    pub verdict: Verdict,
    /// What a person must see.
    pub findings: Vec<AnswerFinding>,
    /// Every sentence with what supports it, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<AnswerSentence>,
    /// How much was copied, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copying: Option<AnswerCopying>,
    /// What could not be checked, and why; nothing stands here where all was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unchecked: Vec<Unchecked>,
}

/// A sentence of the checked text as JSON has it.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerSentence {
    /// The sentence.
    pub text: String,
    /// Where it stands in the checked text.
    #[serde(flatten)]
    pub points: Points,
    /// Share of the weight of its content words that the evidence covers, 0 to 1.
    pub covered: f64,
    /// At most three passages, the best first.
    pub evidence: Vec<AnswerPassage>,
}

/// How much of a text was taken over word for word, outside quotation marks.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AnswerCopying {
    /// Words of the longest run that stands in a source too.
    pub longest_run: usize,
    /// Share of the text's 8-word runs that stand in a source, 0 to 1.
    pub share: f64,
}

/// A finding as JSON has it, its place in code points.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerFinding {
    /// What it is about.
    pub kind: Kind,
    /// Why.
    pub reason: Reason,
    /// How bad.
    pub severity: Severity,
    /// The words.
    pub text: String,
    /// Where they stand in the checked text.
    #[serde(flatten)]
    pub points: Points,
    /// One sentence for an editor.
    pub message: String,
    /// The nearest passage of a source.
    pub closest: Option<AnswerPassage>,
}

/// A passage of a source as JSON has it.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerPassage {
    /// `s1`, `s2`, … in the order of the sources.
    pub source: String,
    /// Which text of the source.
    pub field: SourceField,
    /// The words.
    pub text: String,
    /// Where they stand there.
    #[serde(flatten)]
    pub points: Points,
}

impl Answer {
    /// The answer for `text`; `text_of` gives the text that an evidence points into.
    pub fn new<'s>(
        id: String,
        text: &str,
        report: &Report,
        text_of: impl Fn(&Evidence) -> Option<&'s str>,
    ) -> Self {
        let mut sources = Vec::new();
        let counted = CodePoints::new(text);
        Self {
            id,
            verdict: report.verdict(),
            findings: report
                .findings
                .iter()
                .map(|finding| AnswerFinding {
                    kind: finding.kind,
                    reason: finding.reason,
                    severity: finding.severity,
                    text: finding.span.of(text).to_owned(),
                    points: counted.points(finding.span),
                    message: finding.message.clone(),
                    closest: finding
                        .closest
                        .as_ref()
                        .map(|e| passage(e, &mut sources, &text_of)),
                })
                .collect(),
            sentences: Vec::new(),
            copying: None,
            unchecked: report.unchecked.clone(),
        }
    }

    fn add_evidence<'s>(
        &mut self,
        text: &str,
        report: &Report,
        text_of: impl Fn(&Evidence) -> Option<&'s str>,
    ) {
        let counted = CodePoints::new(text);
        let mut sources = Vec::new();
        let sentences = report.sentences.iter();
        self.sentences = sentences
            .map(|sentence| AnswerSentence {
                text: sentence.span.of(text).to_owned(),
                points: counted.points(sentence.span),
                covered: (sentence.covered * 1000.0).round() / 1000.0,
                evidence: sentence
                    .evidence
                    .iter()
                    .map(|e| passage(e, &mut sources, &text_of))
                    .collect(),
            })
            .collect();
    }
}

/// The passage as an answer has it; `counted` are the texts that were met before.
fn passage<'s>(
    evidence: &Evidence,
    counted: &mut Vec<CodePoints<'s>>,
    text_of: &impl Fn(&Evidence) -> Option<&'s str>,
) -> AnswerPassage {
    AnswerPassage {
        source: evidence.source.clone(),
        field: evidence.field,
        text: evidence.text.clone(),
        points: match text_of(evidence) {
            Some(text) => points_in(counted, text, evidence.span),
            None => evidence.span.to_points(&evidence.text),
        },
    }
}

/// The place of `span` in `text`, which is counted when it is met first.
fn points_in<'s>(counted: &mut Vec<CodePoints<'s>>, text: &'s str, span: Span) -> Points {
    let at = counted
        .iter()
        .position(|known| std::ptr::eq(known.text(), text))
        .unwrap_or_else(|| {
            counted.push(CodePoints::new(text));
            counted.len() - 1
        });
    counted[at].points(span)
}

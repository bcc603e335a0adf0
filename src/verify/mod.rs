//! The check: every quotation, number, date and name of a text is held against the
//! sources, and gets a span that supports it or a finding that says it has none.
//!
//! Pure and deterministic. Works on any text against any sources; [`check`] applies it
//! to a draft and is the only way to make a [`Verified`].

mod copying;

pub use copying::{Overlap, overlap};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{analysis::Draft, story::Story, text::Span};

/// One text that claims are held against.
#[derive(Clone, Copy, Debug)]
pub struct SourceText<'a> {
    /// How evidence names it: `s1`, `s2`, ….
    pub id: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// Its title, which supports a claim too.
    pub title: Option<&'a str>,
    /// The names of its authors and outlet, which may be named.
    pub names: &'a [String],
    /// The day it was published, against which "Tuesday" is resolved.
    pub published: Option<Date>,
    /// BCP 47 tag.
    pub language: Option<&'a str>,
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Words in quotation marks.
    Quotation,
    /// A number, amount or percentage.
    Number,
    /// A date or time.
    Date,
    /// A person, organisation, place or work.
    Name,
}

/// Whether the sources bear a claim out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// The evidence says it.
    Supported,
    /// The evidence says something else.
    Contradicted,
    /// There is no evidence.
    Unsupported,
}

/// A checkable statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub kind: ClaimKind,
    /// Where it stands in the checked text.
    pub span: Span,
    /// Whether it is borne out.
    pub support: Support,
    /// Where a source says it; always there for a supported claim.
    pub evidence: Option<Evidence>,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The source's id.
    pub source: String,
    /// Which text of the source the span is in.
    pub field: SourceField,
    /// Where.
    pub span: Span,
    /// The words there.
    pub text: String,
}

/// The texts of a source that can support a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceField {
    /// The article's text.
    Text,
    /// Its title.
    Title,
    /// The name of an author or the outlet; the span is in that name.
    Name,
    /// The publication date; the span is in its RFC 3339 form.
    Published,
}

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Look at it.
    Warning,
    /// It is not in the sources.
    Error,
}

/// Why something was found; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The quoted words stand in no source.
    QuotationNotFound,
    /// A source has nearly these words; the closest passage shows them.
    QuotationAltered,
    /// The quotation leaves words out, which may hide a "not".
    QuotationElided,
    /// No source has this number.
    NumberNotFound,
    /// No source has this date.
    DateNotFound,
    /// No source has this name.
    NameNotFound,
}

/// Something that a person must see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: ClaimKind,
    /// Why.
    pub reason: Reason,
    /// How bad.
    pub severity: Severity,
    /// Where in the checked text.
    pub span: Span,
    /// One plain sentence for an editor.
    pub message: String,
    /// The passage of a source that comes nearest.
    pub closest: Option<Evidence>,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing of severity error was found.
    Supported,
    /// At least one error was found.
    Unsupported,
}

/// What was found in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every checkable statement, in the order of its span.
    pub claims: Vec<Claim>,
    /// What a person must see, in the order of its span.
    pub findings: Vec<Finding>,
}

/// The sources of one check, prepared once and asked for many texts.
#[derive(Debug)]
pub struct Checker<'a> {
    sources: &'a [SourceText<'a>],
}

impl<'a> Checker<'a> {
    /// Reads the sources once.
    pub fn new(sources: &'a [SourceText<'a>]) -> Self {
        Self { sources }
    }

    /// Holds `text` against the sources.
    pub fn check(&self, text: &str, language: Option<&str>) -> Report {
        let _ = (text, language, self.sources);
        unimplemented!()
    }
}

/// A draft with a support or a finding for each of its claims. Made by [`check`] alone.
#[derive(Clone, Debug)]
pub struct Verified {
    draft: Draft,
    fields: Vec<(String, Report)>,
}

/// Checks every field of `draft` against `story`.
pub fn check(draft: Draft, story: &Story) -> Verified {
    let _ = story;
    Verified {
        fields: Vec::new(),
        draft,
    }
}

impl Verified {
    /// What was checked.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The report of each field, under the field's JSON Pointer.
    pub fn fields(&self) -> &[(String, Report)] {
        &self.fields
    }

    /// The findings of severity error, each with the pointer of its field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.fields.iter().flat_map(|(pointer, report)| {
            report
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(move |finding| (pointer.as_str(), finding))
        })
    }
}

//! What a text states, and where a source says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Finding;
use crate::text::Span;

/// What a claim or a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words in quotation marks.
    Quotation,
    /// A number, amount or percentage.
    Number,
    /// A date or time.
    Date,
    /// A person, organisation, place or work.
    Name,
    /// A URL, an e-mail address or a telephone number.
    Address,
    /// Words taken over from a source; no claim, and no error of fact.
    Copying,
    /// Text that follows an attack in a source; no claim, and no error of fact.
    Echo,
    /// What a second model says of a sentence; no claim.
    Judge,
    /// Who said something.
    Attribution,
    /// Whether something is so or not, and in which direction.
    Polarity,
    /// A statement as a whole.
    Sentence,
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
    pub kind: Kind,
    /// Where it stands in the checked text.
    pub span: Span,
    /// Whether it is borne out.
    pub support: Support,
    /// Where a source says it; always there for a supported claim.
    pub evidence: Option<Evidence>,
}

impl Claim {
    /// A finding says that a source has something else in the claim's place.
    pub(in crate::verify) fn contradict(&mut self, by: &Finding) {
        self.support = Support::Contradicted;
        self.evidence.clone_from(&by.closest);
    }
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

//! What a person must see: the closed list of reasons, how bad each is, and what they
//! come to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Evidence, Kind};
use crate::text::Span;

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
    /// The quotation joins parts that the sources keep apart: by an attribution, in other
    /// places of a source, or in several sources.
    QuotationJoined,
    /// The text names one source for the quotation, and only another one has it.
    QuotationOtherSource,
    /// No source has this number.
    NumberNotFound,
    /// A source has this number in another currency, or as a percentage or not as one.
    NumberUnitDiffers,
    /// A source has a more exact number, and the text does not say that it rounds.
    NumberRounded,
    /// A source has this number, but another one in this place.
    NumberMisplaced,
    /// No source has this date.
    DateNotFound,
    /// A source has this date, but another one in this place.
    DateMisplaced,
    /// No source has this name.
    NameNotFound,
    /// A source has a part of this name, with another first name or none.
    NameAltered,
    /// No source has this address.
    AddressNotFound,
    /// A run of words outside quotation marks is the source's.
    Copied,
    /// The run is so long that the analysis is held.
    CopiedAtLength,
    /// A sentence repeats an order that a source gives to language models.
    EchoOfInstruction,
    /// A word stands in a source only inside such an order.
    EchoOfMarker,
    /// The text speaks of the prompt it was made with.
    EchoOfPrompt,
    /// A second model found the sentence unsupported.
    JudgedUnsupported,
    /// A source gives these words to someone else.
    AttributionDiffers,
    /// A source has this name, but another one in this place.
    NameMisplaced,
    /// The text denies what the sources say, or says what they deny.
    NegationDiffers,
    /// A source has the opposite word in the same place, such as "rose" for "fell".
    DirectionDiffers,
    /// The sources say nothing of most of a sentence.
    SentenceNotCovered,
}

/// Something that a person must see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
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

pub(in crate::verify) fn finding(
    kind: Kind,
    reason: Reason,
    severity: Severity,
    span: Span,
    message: String,
    closest: Option<Evidence>,
) -> Finding {
    Finding {
        kind,
        reason,
        severity,
        span,
        message,
        closest,
    }
}

/// `words` in quotation marks for a message, cut where they are long.
pub(in crate::verify) fn quoted(words: &str) -> String {
    // A message is one sentence; the whole passage stands beside it.
    const LONGEST: usize = 120;
    match words.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("“{}…”", words[..cut].trim_end()),
        None => format!("“{words}”"),
    }
}

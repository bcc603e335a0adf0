//! The document `prism.analysis/1`: what is stored and published of an analysis.
//!
//! All text is plain text; whoever renders it escapes it. Spans count Unicode code
//! points and are half-open. `prism schema` prints the JSON Schema of [`Analysis`].

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    article::{Access, Moment},
    llm::Usage,
    text::Points,
    verify::{Kind, Reason, Severity, SourceField, Support, Unchecked, Verdict},
};

/// The value of [`Analysis::schema`].
pub const SCHEMA_NAME: &str = "prism.analysis/1";

/// One revision of an analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// `prism.analysis/1`.
    pub schema: String,
    /// Given once, at creation; never computed again.
    pub id: String,
    /// The addresses under which its sources are known.
    pub aliases: Vec<String>,
    /// Readable name for addresses; fixed at revision 1.
    pub slug: String,
    /// 1, 2, ….
    pub revision: u64,
    /// Whether it may be published.
    pub status: Status,
    /// Why it is held; empty when it is ready.
    pub held_for: Vec<HeldFor>,
    /// BCP 47 tag of the text.
    pub language: String,
    /// One of the configured categories.
    pub category: String,
    /// What marks the text as written by a machine.
    pub label: String,
    /// The words that the title and the first heading take up.
    pub keyphrase: String,
    /// The headline.
    pub title: String,
    /// One sentence under the title.
    pub summary: String,
    /// The opening paragraph.
    pub lede: String,
    /// The body.
    pub sections: Vec<Section>,
    /// Words of a source, set off for display.
    pub pull_quote: Option<PullQuote>,
    /// The note under the analysis.
    pub disclaimer: String,
    /// Words of lede, headings and paragraphs.
    pub word_count: usize,
    /// At 200 words a minute, rounded up, at least 1.
    pub reading_minutes: usize,
    /// The lead image of the first source that has one.
    pub image: Option<AnalysisImage>,
    /// The id of the source that the page links as "Source".
    pub lead_source: String,
    /// The articles that it was written from.
    pub sources: Vec<AnalysisSource>,
    /// What the check found.
    pub verification: Verification,
    /// How it was made.
    pub provenance: Provenance,
    /// When revision 1 was made.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    /// When this revision was made.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub revised_at: Timestamp,
    /// The IPTC digital source type that is true of the text.
    pub digital_source_type: String,
}

/// Whether a revision may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing stands against it.
    Ready,
    /// A person must look at it first.
    Held,
}

impl Status {
    /// The word as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Held => "held",
        }
    }
}

/// Why a revision is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldFor {
    /// The check has findings of severity error.
    Unsupported,
    /// It consists of the sources' own sentences, and the house has not said that it
    /// may publish them.
    Extractive,
    /// A long run of words was taken over from a source.
    Copying,
    /// It follows an order that a source gives to language models, or speaks of its
    /// prompt.
    Echo,
    /// The second model that the house wants to judge it gave no answer.
    Unjudged,
}

impl HeldFor {
    /// The word as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Extractive => "extractive",
            Self::Copying => "copying",
            Self::Echo => "echo",
            Self::Unjudged => "unjudged",
        }
    }
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Stable within the analysis.
    pub id: String,
    /// The heading.
    pub heading: String,
    /// The paragraphs.
    pub paragraphs: Vec<String>,
}

/// Words of a source, copied by code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullQuote {
    /// The words, without an ellipsis.
    pub text: String,
    /// Who said them.
    pub speaker: Option<String>,
    /// Who that is.
    pub role: Option<String>,
    /// The id of the source.
    pub source: String,
    /// Where they stand in that source's text.
    pub span: Points,
    /// The id of the section that it follows.
    pub after: String,
}

/// The lead image, with what is known of its rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalysisImage {
    /// Where the image is.
    pub url: Url,
    /// The text for those who cannot see it.
    pub alt: Option<String>,
    /// The caption.
    pub caption: Option<String>,
    /// Who made or supplied it.
    pub credit: Option<String>,
    /// Where its licence stands.
    pub license_url: Option<Url>,
    /// Whether it may be shown.
    pub rights: ImageRights,
    /// The id of the source that it comes from.
    pub source: String,
}

/// Whether an image may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageRights {
    /// Nobody has said.
    Unknown,
    /// Under a licence.
    Licensed,
    /// The house's own.
    Own,
}

/// One article that the analysis was written from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalysisSource {
    /// `s1`, `s2`, ….
    pub id: String,
    /// Where its page came from, after redirects.
    pub url: Option<Url>,
    /// The address that the page gives itself.
    pub canonical_url: Option<Url>,
    /// The outlet.
    pub outlet: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The authors.
    pub byline: Vec<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was changed.
    pub modified: Option<Moment>,
    /// When prism received it.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub retrieved: Timestamp,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Words of its text.
    pub words: usize,
    /// SHA-256 (hex) of its text.
    pub text_sha256: String,
    /// The key of its snapshot: `articles/<key>.json`.
    pub article: String,
    /// Who may read it.
    pub access: Access,
    /// The opt-outs seen on the page.
    pub rights: Vec<String>,
    /// What of it the model was shown.
    pub excerpt: ExcerptShown,
}

/// What of a source the model was shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcerptShown {
    /// Tokens, as counted for the vendor; 0 where no model was asked.
    pub tokens: usize,
    /// Share of the text, 0 to 1.
    pub share: f64,
    /// Blocks of the text that were left out.
    pub blocks_left_out: usize,
}

/// What the check found in the whole analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// `unsupported` when there is at least one finding of severity error.
    pub verdict: Verdict,
    /// How many of each.
    pub counts: Counts,
    /// Every checkable statement with what supports it.
    pub claims: Vec<ClaimRecord>,
    /// What a person must see.
    pub findings: Vec<FindingRecord>,
    /// Every sentence with the passages that bear it out.
    pub sentences: Vec<SentenceRecord>,
    /// What could not be checked in some of its texts, and why.
    pub unchecked: Vec<Unchecked>,
    /// How much was taken over word for word.
    pub copying: Copying,
}

/// Claims and findings, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All claims.
    pub claims: usize,
    /// Claims that a source bears out.
    pub supported: usize,
    /// Claims that a source contradicts.
    pub contradicted: usize,
    /// Claims that no source bears out.
    pub unsupported: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
}

/// A claim as the document has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRecord {
    /// JSON Pointer of the text that makes it.
    pub field: String,
    /// Where in that text.
    pub span: Points,
    /// The words there.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// Whether it is borne out.
    pub support: Support,
    /// Where a source says it.
    pub evidence: Option<EvidenceRecord>,
}

/// A place in a source as the document has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRecord {
    /// The source's id.
    pub source: String,
    /// Which text of it.
    pub field: SourceField,
    /// Where in that text.
    pub span: Points,
    /// The words there.
    pub text: String,
}

/// A finding as the document has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRecord {
    /// JSON Pointer of the text that it is about.
    pub field: String,
    /// What it is about.
    pub kind: Kind,
    /// Why.
    pub reason: Reason,
    /// How bad.
    pub severity: Severity,
    /// The words.
    pub text: String,
    /// Where in the field's text.
    pub span: Points,
    /// One plain sentence for an editor.
    pub message: String,
    /// The passage of a source that comes nearest.
    pub closest: Option<EvidenceRecord>,
}

/// A sentence of the analysis with what supports it, as the document has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SentenceRecord {
    /// JSON Pointer of the text that it stands in.
    pub field: String,
    /// Where in that text.
    pub span: Points,
    /// Share of the weight of its content words that the evidence covers, 0 to 1.
    pub covered: f64,
    /// At most three passages, the best first.
    pub evidence: Vec<EvidenceRecord>,
}

/// How much of the analysis was taken over word for word, outside quotation marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copying {
    /// Words of the longest run that stands in a source too.
    pub longest_run: usize,
    /// Share of the analysis' 8-word runs that stand in a source, 0 to 1.
    pub share: f64,
}

/// How a revision was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What wrote it.
    pub engine: EngineKind,
    /// Who answered: `openai`, `anthropic`, `gemini`, `ollama`.
    pub provider: Option<String>,
    /// The model that was asked for.
    pub model_asked: Option<String>,
    /// The model that says it answered.
    pub model_answered: Option<String>,
    /// The prompt.
    pub prompt: Option<PromptUsed>,
    /// What was asked of the model besides the prompt, such as `temperature`.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Tokens of all calls.
    pub usage: Usage,
    /// Millionths of a US dollar; null when the price is unknown.
    pub cost_micro_dollars: Option<u64>,
    /// Calls whose answers went into this revision.
    pub calls: usize,
    /// Those of them that asked the model to mend findings.
    pub repairs: usize,
    /// The keys of their completions: `completions/<key>.json`.
    pub completions: Vec<String>,
    /// The second model that judged the analysis; null where none was asked.
    pub judge: Option<JudgeUsed>,
    /// The version of prism.
    pub program_version: String,
}

/// The second model that judged an analysis, and what that took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeUsed {
    /// Who answered.
    pub provider: String,
    /// The model that was asked for.
    pub model_asked: String,
    /// The model that says it answered.
    pub model_answered: Option<String>,
    /// The prompt of the first call.
    pub prompt: Option<PromptUsed>,
    /// Sentences that it judged.
    pub sentences: usize,
    /// Those that it did not find supported.
    pub unsupported: usize,
    /// Tokens of all its calls.
    pub usage: Usage,
    /// Millionths of a US dollar; null when the price is unknown.
    pub cost_micro_dollars: Option<u64>,
    /// Its calls.
    pub calls: usize,
    /// The keys of their completions.
    pub completions: Vec<String>,
}

/// What wrote an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// A language model.
    Model,
    /// A program that takes the sources' own sentences.
    Extractive,
}

impl EngineKind {
    /// The word as JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Extractive => "extractive",
        }
    }
}

/// Which prompt was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptUsed {
    /// The template's id.
    pub id: String,
    /// The template's version.
    pub version: String,
    /// SHA-256 (hex) of the rendered prompt.
    pub digest: String,
}

impl Analysis {
    /// The JSON that is stored: two spaces of indent, fields in their fixed order, a
    /// line feed at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a document has only string keys");
        text.push('\n');
        text
    }

    /// Reads a stored document.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The JSON Schema (2020-12) of the document.
    pub fn schema_document() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

//! The analysis: the draft that a model or the extractive engine writes, and the
//! document that is stored.

mod document;
mod draft;

pub use document::{
    Analysis, AnalysisImage, AnalysisSource, ClaimRecord, Copying, Counts, EngineKind,
    EvidenceRecord, ExcerptShown, FindingRecord, HeldFor, ImageRights, PromptUsed, Provenance,
    SCHEMA_NAME, Section as DocumentSection, Status, Verification,
};
pub use draft::{Draft, PullQuote, Section};

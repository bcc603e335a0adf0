//! The analysis: the draft that a model or the extractive engine writes, and the
//! document that is stored.

pub mod answer;
pub mod document;
mod draft;

pub use document::Analysis;
pub use draft::{Draft, PullQuote, Section};

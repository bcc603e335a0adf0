//! The analysis: the draft that a model or the extractive engine writes, and the
//! document that is stored.

pub mod answer;
mod draft;

pub use draft::{Draft, PullQuote, Section};

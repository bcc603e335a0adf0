//! prism reads news articles, has a language model write a short analysis of
//! each story, checks every claim of it against the source text, and stores the
//! result as JSON.
//!
//! The data flows one way; each module gives the type that the next one takes:
//!
//! ```text
//! feed::Entry ─▶ fetch::Page ─▶ article::Article ─▶ story::Story ─▶ pack::Excerpt ─▶ prompt::Prompt ─▶ llm::Completion
//!                                                        │                                                   ▼
//!                                                        │                                            analysis::Draft
//!                                                        └────────────────▶ verify::check ◀──────────────────┘
//!                                                                               ▼
//!                                                        verify::Verified ─▶ analysis::Analysis ─▶ store
//! ```
//!
//! Only [`pipeline`] knows all stages, and concurrency lives only there.

pub mod feed;
pub mod fetch;

pub mod article;
pub mod story;

pub mod pack;
pub mod prompt;

pub mod llm;

pub mod analysis;
pub mod extractive;

pub mod verify;

pub mod store;

pub mod pipeline;

pub mod render;
pub mod report;

pub mod cli;
pub mod settings;

pub mod text;

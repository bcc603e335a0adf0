//! Why there is no analysis of a story, as reports name it.

use super::ask::AskError;
use crate::{
    analysis::answer::AnswerError, prompt::PromptError, report::Again, settings::Attention,
    store::StoreError,
};

/// Why there is no analysis.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The model gave no usable answer.
    #[error(transparent)]
    Ask(Box<AskFailure>),
    /// The answer is not what was asked for.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The answer was cut, the second time with more room.
    #[error("the answer was cut at {tokens} tokens")]
    Cut {
        /// The room that it had.
        tokens: usize,
    },
    /// The judge left a sentence out.
    #[error("the judge says nothing of sentence {number}")]
    NotJudged {
        /// Its number in the list.
        number: usize,
    },
    /// The prompt could not be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// Nothing of the story fits into the model's context.
    #[error("no block of the story fits into `model.context_tokens` = {limit}")]
    NoRoom {
        /// The setting.
        limit: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the model gave no usable answer.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct AskFailure {
    message: String,
    reason: String,
    hint: Option<String>,
    attention: Option<Attention>,
    again: Again,
    deferred: bool,
}

impl From<AskError> for WriteError {
    fn from(error: AskError) -> Self {
        Self::Ask(Box::new(AskFailure {
            message: error.to_string(),
            reason: error.reason(),
            hint: error.hint(),
            attention: error.attention(),
            again: error.again(),
            deferred: error.is_deferred(),
        }))
    }
}

impl WriteError {
    /// The named reason for reports.
    pub fn reason(&self) -> String {
        match self {
            Self::Ask(failure) => failure.reason.clone(),
            Self::Answer(error) => error.reason().to_owned(),
            Self::Cut { .. } => "cut".into(),
            Self::NotJudged { .. } => "not_judged".into(),
            Self::Prompt(_) => "prompt".into(),
            Self::NoRoom { .. } => "no_room".into(),
            Self::Store(_) => "store".into(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Ask(failure) => failure.hint.clone(),
            Self::Cut { .. } => Some("raise `model.max_output_tokens`".into()),
            Self::NoRoom { .. } => {
                Some("raise `model.context_tokens`, or lower `model.max_output_tokens`".into())
            }
            Self::Prompt(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Answer(_) | Self::NotJudged { .. } => None,
        }
    }

    /// Whether the model may well give an answer that can be used when it is asked again:
    /// it wrote nothing, or not what was asked for.
    pub(super) fn is_of_chance(&self) -> bool {
        match self {
            Self::Answer(_) => true,
            Self::Ask(failure) => failure.reason == "empty",
            _ => false,
        }
    }

    pub(super) fn attention(&self) -> Option<Attention> {
        match self {
            Self::Ask(failure) => failure.attention,
            Self::Store(_) => Some(Attention::DamagedStore),
            _ => None,
        }
    }

    pub(super) fn is_deferred(&self) -> bool {
        matches!(self, Self::Ask(failure) if failure.deferred)
    }

    pub(super) fn again(&self) -> Again {
        match self {
            Self::Ask(failure) => failure.again,
            // The settings are wrong, or the disk is full: not the item's own fault.
            Self::Prompt(_) | Self::NoRoom { .. } | Self::Store(_) => Again::Always,
            Self::Answer(_) | Self::Cut { .. } | Self::NotJudged { .. } => Again::No,
        }
    }
}

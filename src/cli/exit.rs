//! How a command ends: the exit codes, and the one place that prints an error.

use std::{
    io::Write,
    process::{ExitCode, Termination},
};

use serde_json::json;

use crate::{
    article::SitesError,
    feed::FeedError,
    fetch::{BadEntry, FetchError},
    pipeline::EngineError,
    prompt::PromptError,
    report::{
        RunError,
        talk::{self, Level},
    },
    settings::SettingsError,
    store::StoreError,
};

/// The exit codes of prism; all others are reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, also when there was nothing new.
    Done = 0,
    /// Nothing could be done: every feed failed, or every input that was named.
    Nothing = 1,
    /// Wrong usage or settings.
    Usage = 2,
    /// Done, but with something that a person must see.
    Attention = 3,
    /// `verify` found an unsupported text, or `analyze --strict` held one.
    Unsupported = 4,
    /// Another run holds the lock.
    Locked = 5,
    /// Interrupted; the state is saved.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        self.into()
    }
}

/// Why a command could not do its work: what, where, and what next.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// A failure with its exit code and advice.
    pub(super) fn new(exit: Exit, message: impl std::fmt::Display, hint: Option<String>) -> Self {
        Self {
            exit,
            message: message.to_string(),
            hint,
        }
    }

    /// A failure for want of a file or folder.
    pub(super) fn io(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(
            Exit::Nothing,
            format!("cannot {what} `{}`: {error}", path.display()),
            None,
        )
    }

    /// How the program ends over it.
    pub(super) fn exit(&self) -> Exit {
        self.exit
    }

    /// The failure as the report of a run has it.
    pub(super) fn run_error(&self) -> RunError {
        RunError {
            message: self.message.clone(),
            hint: self.hint.clone(),
        }
    }

    /// Prints the failure, once, and gives the exit code.
    pub fn print(self) -> ExitCode {
        if talk::is_json() {
            let exit_code = self.exit as u8;
            talk::event(
                Level::Error,
                json!({"message": self.message, "hint": self.hint, "exit_code": exit_code}),
            );
            return self.exit.into();
        }
        let mut stderr = std::io::stderr().lock();
        // When stderr is closed there is nobody left to tell.
        let _ = writeln!(stderr, "error: {}", self.message);
        if let Some(hint) = self.hint {
            let _ = writeln!(stderr, "\nhint: {hint}");
        }
        self.exit.into()
    }
}

/// Says that the runtime cannot be made, and gives the exit code.
pub fn no_runtime(error: &std::io::Error) -> ExitCode {
    Failure::new(
        Exit::Nothing,
        format!("cannot start the runtime: {error}"),
        None,
    )
    .print()
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(Exit::Usage, &error, error.hint())
    }
}

impl From<SitesError> for Failure {
    fn from(error: SitesError) -> Self {
        Self::new(Exit::Usage, &error, error.hint())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::new(Exit::Usage, &error, error.hint())
    }
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        Self::new(Exit::Usage, &error, error.hint())
    }
}

impl From<BadEntry> for Failure {
    fn from(error: BadEntry) -> Self {
        Self::new(
            Exit::Usage,
            format!("setting `fetch.allow_private`: {error}"),
            None,
        )
    }
}

/// Errors of single fetches are outcomes; those that reach a command are of the set-up.
impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self::new(Exit::Usage, &error, error.hint())
    }
}

impl From<FeedError> for Failure {
    fn from(error: FeedError) -> Self {
        Self::new(Exit::Nothing, &error, error.hint())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = match error {
            StoreError::Locked { .. } => Exit::Locked,
            _ if error.is_damage() => Exit::Attention,
            _ => Exit::Nothing,
        };
        Self::new(exit, &error, error.hint())
    }
}

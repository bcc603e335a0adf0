//! What the doctor found, a line each, printed as it is found.

use serde_json::json;

use super::{Exit, Failure, ListFormat, output};
use crate::text::one_line;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    Ok,
    Warning,
    Error,
}

impl Grade {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

pub(super) struct Findings {
    format: ListFormat,
    warnings: usize,
    errors: usize,
}

impl Findings {
    pub(super) fn new(format: ListFormat) -> Self {
        Self {
            format,
            warnings: 0,
            errors: 0,
        }
    }

    pub(super) fn ok(
        &mut self,
        name: &'static str,
        message: impl Into<String>,
    ) -> Result<(), Failure> {
        self.note(name, Grade::Ok, &message.into(), None)
    }

    pub(super) fn warning(
        &mut self,
        name: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Result<(), Failure> {
        self.note(name, Grade::Warning, &message.into(), Some(&hint.into()))
    }

    pub(super) fn error(
        &mut self,
        name: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Result<(), Failure> {
        self.note(name, Grade::Error, &message.into(), Some(&hint.into()))
    }

    /// What would have ended another command.
    pub(super) fn failure(&mut self, name: &'static str, failure: &Failure) -> Result<(), Failure> {
        let told = failure.run_error();
        self.note(name, Grade::Error, &told.message, told.hint.as_deref())
    }

    pub(super) fn note(
        &mut self,
        name: &'static str,
        grade: Grade,
        message: &str,
        hint: Option<&str>,
    ) -> Result<(), Failure> {
        match grade {
            Grade::Ok => {}
            Grade::Warning => self.warnings += 1,
            Grade::Error => self.errors += 1,
        }
        let level = grade.as_str();
        let message = one_line(message);
        match self.format {
            ListFormat::Json => output::json_line(&json!({
                "check": name,
                "level": level,
                "message": message,
                "hint": hint,
            })),
            ListFormat::Text => {
                let mut text = format!("{level:<7}  {name}: {message}\n");
                if let Some(hint) = hint {
                    text += &format!("         hint: {hint}\n");
                }
                output::print(&text)
            }
        }
    }

    /// How the command ends: with 3 where something needs a person.
    pub(super) fn exit(&self) -> Exit {
        let count = |n: usize, what: &str| {
            let s = if n == 1 { "" } else { "s" };
            format!("{n} {what}{s}")
        };
        let (errors, warnings) = (count(self.errors, "error"), count(self.warnings, "warning"));
        output::say(&format!("{errors}, {warnings}\n"));
        match self.errors {
            0 => Exit::Done,
            _ => Exit::Attention,
        }
    }
}

//! The form of what is said on stderr: lines for people, or one JSON object a line for
//! whoever filters the log a month later. A process has one stderr, so it has one form,
//! which is chosen once at its start.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use serde_json::{Map, Value};

static JSON: AtomicBool = AtomicBool::new(false);

/// From now on every line on stderr is a JSON object.
pub fn speak_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// Whether stderr takes JSON.
pub fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// How things go.
    Info,
    /// Something to look at.
    Warning,
    /// Something failed.
    Error,
}

impl Level {
    /// The word as log lines have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Writes one line of JSON: time and level, then these fields.
pub fn event(level: Level, fields: Value) {
    line(&json_line(Timestamp::now(), level.as_str(), fields));
}

/// One line of the log as JSON.
pub fn json_line(at: Timestamp, level: &str, fields: Value) -> String {
    let mut object = Map::new();
    object.insert(
        "time".into(),
        at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into(),
    );
    object.insert("level".into(), level.into());
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
    Value::Object(object).to_string()
}

/// Writes one line in one piece. Nothing can be done when stderr is closed, and a run must
/// not end over it.
pub(super) fn line(text: &str) {
    let _ = std::io::stderr()
        .lock()
        .write_all(format!("{text}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_has_its_time_and_level_first_and_is_one_line() {
        let line = json_line(
            Timestamp::UNIX_EPOCH,
            Level::Warning.as_str(),
            json!({"message": "two\nlines"}),
        );
        assert_eq!(
            line,
            r#"{"time":"1970-01-01T00:00:00.000Z","level":"warning","message":"two\nlines"}"#
        );
    }
}

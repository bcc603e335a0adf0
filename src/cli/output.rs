//! Data on stdout. A reader that has gone away is no error: `prism list | head` is usual.

use std::io::{ErrorKind, Write};

use super::{Exit, Failure};

/// Writes text as it is.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(
            Exit::Nothing,
            format!("cannot write to stdout: {error}"),
            None,
        )),
        _ => Ok(()),
    }
}

/// Writes one line of JSON.
pub(super) fn json_line(value: &impl serde::Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(value).expect("what prism prints has only string keys");
    print(&(line + "\n"))
}

/// Says something on stderr.
pub(super) fn say(text: &str) {
    // When stderr is closed there is nobody left to tell.
    let _ = write!(std::io::stderr().lock(), "{text}");
}

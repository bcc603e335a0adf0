//! Data on stdout, talk on stderr, and files that are whole or not there. A reader that has
//! gone away is no error: `prism list | head` is usual.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, ErrorKind, Write},
    path::Path,
};

use jiff::Timestamp;
use serde_json::json;

use super::{Exit, Failure};
use crate::report::{
    Report,
    talk::{self, Level},
};

/// Writes text as it is.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
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

/// Says something on stderr. A line that begins with `error: ` or `warning: ` is one.
pub(super) fn say(text: &str) {
    if talk::is_json() {
        let (level, message) = match text.split_once(": ") {
            Some(("error", rest)) => (Level::Error, rest),
            Some(("warning", rest)) => (Level::Warning, rest),
            _ => (Level::Info, text),
        };
        talk::event(level, json!({"message": message.trim_end()}));
    } else {
        // When stderr is closed there is nobody left to tell.
        let _ = write!(io::stderr().lock(), "{text}");
    }
}

/// Says what happened in a run that ends with this exit code.
pub(super) fn summary(report: &Report, exit: Exit, ended_at: Timestamp) {
    if talk::is_json() {
        let level = match exit {
            Exit::Done => Level::Info,
            _ => Level::Warning,
        };
        talk::event(level, report.summary_event(exit as u8, ended_at));
    } else {
        say(&report.summary());
    }
}

/// Puts `text` into a file in one step: whoever reads it sees the old text or the new one,
/// never a part. A link keeps leading to its file; what is no file (`/dev/stdout`) is
/// written to as it is.
pub(super) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        return write(&mut File::create(path)?);
    }
    let path = match &there {
        Some(_) => path.canonicalize()?,
        None => path.to_owned(),
    };
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_synced(&beside, write)
        .and_then(|()| match there {
            Some(there) => fs::set_permissions(&beside, there.permissions()),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // What could not be written is of no use; that it stays is less than the error.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_synced(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write(&mut file)?;
    file.into_inner()?.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn text(text: &str) -> impl FnOnce(&mut dyn Write) -> io::Result<()> {
        move |file| file.write_all(text.as_bytes())
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        replace_file(&path, text("one")).unwrap();
        replace_file(&path, text("two")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace_file(&folder.path().join("nowhere/report.json"), text("x")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_leading_to_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace_file(&link, text("new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }
}

//! The lock of `prism ingest`: an OS lock on a file, which dies with its process. The file
//! says `running` for as long as a run has not come to its end, so that the next one knows
//! that it was cut off.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    StoreError,
    unfinished::{Unfinished, unfinished},
};

const RUNNING: &str = "running\n";

/// A write takes milliseconds; what is older belongs to no living process.
const WRITE_TIME: Duration = Duration::from_secs(2);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    folder: PathBuf,
    cut_off: bool,
}

impl Lock {
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("lock");
        let failed = |error| StoreError::Folder {
            path: path.clone(),
            error,
        };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false);
        let mut file = file.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { path }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut said = String::new();
        file.read_to_string(&mut said).map_err(failed)?;
        let mut lock = Self {
            file,
            folder: folder.to_owned(),
            cut_off: !said.is_empty(),
        };
        // What stands there already is not written anew: a run that is killed on the way
        // must not take from the next one that an earlier one was cut off.
        if said != RUNNING {
            lock.say(RUNNING).map_err(failed)?;
        }
        Ok(lock)
    }

    /// Whether the run before this one was cut off.
    pub fn was_cut_off(&self) -> bool {
        self.cut_off
    }

    /// Ends a run that came to its end; removes what one that was cut off left of files
    /// that it was writing.
    pub fn release(mut self) -> Result<(), StoreError> {
        let failed = |error| StoreError::Folder {
            path: self.folder.clone(),
            error,
        };
        let all_gone = !self.cut_off || remove_unfinished(&self.folder).map_err(failed)?;
        if all_gone {
            let path = self.folder.join("lock");
            self.say("")
                .map_err(|error| StoreError::Folder { path, error })?;
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

/// Removes the files that were being written when their process died; says whether none is
/// left.
fn remove_unfinished(folder: &Path) -> std::io::Result<bool> {
    let mut all_gone = true;
    for Unfinished { path, age } in unfinished(folder)? {
        if age > WRITE_TIME {
            std::fs::remove_file(path)?;
        } else {
            all_gone = false;
        }
    }
    Ok(all_gone)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_run_that_was_cut_off_is_known_and_its_unfinished_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let lock = Lock::take(folder.path()).unwrap();
        assert!(!lock.was_cut_off());
        assert!(matches!(
            Lock::take(folder.path()),
            Err(StoreError::Locked { .. })
        ));
        drop(lock);

        std::fs::create_dir_all(path("revisions/a")).unwrap();
        std::fs::write(path("revisions/a/1.json"), "{}").unwrap();
        let old = File::create(path("revisions/a/2.json#1")).unwrap();
        old.set_modified(SystemTime::now() - Duration::from_mins(1))
            .unwrap();
        std::fs::write(path("revisions/a/3.json#1"), "{").unwrap();
        let said = File::options().write(true).open(path("lock")).unwrap();
        let before = SystemTime::now() - Duration::from_mins(1);
        said.set_modified(before).unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        assert!(lock.was_cut_off());
        // Not for a moment is it not known.
        assert_eq!(said.metadata().unwrap().modified().unwrap(), before);
        lock.release().unwrap();
        let there = |name: &str| path(name).exists();
        assert!(there("revisions/a/1.json") && !there("revisions/a/2.json#1"));
        // It may be another process's that is writing now; the next run looks again.
        assert!(there("revisions/a/3.json#1"));
        assert!(Lock::take(folder.path()).unwrap().was_cut_off());
    }
}

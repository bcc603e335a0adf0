//! Files that the document store began and did not finish: it writes `NAME.json#N` beside a
//! document and renames it when it is whole. `prism analyze` writes without the lock, so a
//! young one may still be somebody's.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// The folders of documents; those of `revisions` are one deeper.
pub(super) const FOLDERS: [&str; 5] = ["revisions", "analyses", "held", "articles", "completions"];

/// A file that is not finished.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) path: PathBuf,
    /// How long it has not been written to; nothing where that is not known.
    pub(super) age: Duration,
}

/// The unfinished files of the store in `folder`, sorted by their paths.
pub(super) fn unfinished(folder: &Path) -> io::Result<Vec<Unfinished>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = FOLDERS.iter().map(|name| folder.join(name)).collect();
    while let Some(folder) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if is_begun(&entry.file_name().to_string_lossy()) {
                let age = age(&path);
                found.push(Unfinished { path, age });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn is_begun(name: &str) -> bool {
    name.split_once(".json#")
        .is_some_and(|(_, n)| n.bytes().all(|b| b.is_ascii_digit()))
}

fn age(path: &Path) -> Duration {
    fs::metadata(path)
        .and_then(|there| there.modified())
        .ok()
        .and_then(|at| SystemTime::now().duration_since(at).ok())
        .unwrap_or_default()
}

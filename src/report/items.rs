//! The items of a run, kept as lines of JSON in a file: there may be more of them than
//! memory should hold.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write},
};

use serde::{
    Serialize, Serializer,
    ser::{Error, SerializeSeq},
};
use serde_json::Value;

use super::Item;

/// Takes items as they come.
#[derive(Debug)]
pub struct Items {
    file: BufWriter<File>,
    /// What went wrong first. Items are talk: a run does not end over them.
    failure: Option<io::Error>,
}

/// Items that can be read again, in the order in which they came.
#[derive(Clone, Copy, Debug)]
pub struct KeptItems<'a> {
    file: &'a File,
}

impl Items {
    /// Keeps items in this file, which is empty and can be read.
    pub fn new(file: File) -> Self {
        Self {
            file: BufWriter::new(file),
            failure: None,
        }
    }

    pub(super) fn push(&mut self, item: &Item) {
        if self.failure.is_none() {
            self.failure = self.write(item).err();
        }
    }

    fn write(&mut self, item: &Item) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, item)?;
        self.file.write_all(b"\n")
    }

    /// All of them, unless one could not be kept.
    pub(super) fn kept(&mut self) -> io::Result<KeptItems<'_>> {
        if let Some(failure) = &self.failure {
            return Err(io::Error::new(failure.kind(), failure.to_string()));
        }
        self.file.flush()?;
        Ok(KeptItems {
            file: self.file.get_ref(),
        })
    }
}

impl KeptItems<'_> {
    /// Each item as one line of JSON.
    pub fn lines(self) -> io::Result<impl Iterator<Item = io::Result<String>>> {
        let mut file = self.file;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(file).lines())
    }
}

impl Serialize for KeptItems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for line in self.lines().map_err(S::Error::custom)? {
            let line = line.map_err(S::Error::custom)?;
            let item: Value = serde_json::from_str(&line).map_err(S::Error::custom)?;
            list.serialize_element(&item)?;
        }
        list.end()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::report::Outcome;

    #[test]
    fn items_are_read_again_as_they_were_and_what_was_not_kept_is_not_passed_over() {
        let mut items = Items::new(tempfile::tempfile().unwrap());
        assert_eq!(serde_json::to_string(&items.kept().unwrap()).unwrap(), "[]");
        let mut given = Vec::new();
        for n in 0..500 {
            let mut item = Item::new(format!("http://a.example/{n}"), Outcome::Deferred)
                .because("run_limit", "two\nlines");
            item.ms = u64::MAX - n;
            items.push(&item);
            given.push(item);
        }
        let kept = items.kept().unwrap();
        for _ in 0..2 {
            let read = serde_json::to_string_pretty(&kept).unwrap();
            assert_eq!(read, serde_json::to_string_pretty(&given).unwrap());
        }
        let line = kept.lines().unwrap().next().unwrap().unwrap();
        assert_eq!(line, serde_json::to_string(&given[0]).unwrap());

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("items");
        std::fs::write(&path, "").unwrap();
        let mut items = Items::new(File::open(&path).unwrap());
        items.push(&given[0]);
        assert!(items.kept().is_err());
    }
}

//! The letters of a word. Most words of most texts stand in the word lists and lend
//! their letters from there; only the others have room of their own.

use std::{fmt, ops::Deref, sync::Arc};

/// The letters of a word or mark.
#[derive(Clone, Debug)]
pub(in crate::verify) enum Letters {
    /// Those of the word lists.
    Known(&'static str),
    /// Those of a text, which a word and its folded form may share.
    Own(Arc<str>),
}

/// Marks that stand for themselves.
const MARKS: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

impl Letters {
    pub(in crate::verify) fn as_str(&self) -> &str {
        match self {
            Self::Known(known) => known,
            Self::Own(own) => own,
        }
    }

    /// The letters of a mark.
    pub(super) fn of_mark(mark: &str) -> Self {
        if let [mark] = mark.as_bytes()
            && let Some(at) = MARKS.bytes().position(|known| known == *mark)
        {
            return Self::Known(&MARKS[at..=at]);
        }
        Self::from(mark)
    }
}

impl From<&str> for Letters {
    fn from(letters: &str) -> Self {
        Self::Own(letters.into())
    }
}

impl Deref for Letters {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Letters {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialEq<str> for Letters {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Letters {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_keep_their_letters() {
        for mark in [".", "\"", "~", "..", "…", "a"] {
            let letters = Letters::of_mark(mark);
            assert_eq!(letters, *mark);
            let is_known = matches!(letters, Letters::Known(_));
            assert_eq!(is_known, mark.len() == 1 && mark != "a", "{mark}");
        }
    }
}

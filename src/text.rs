//! Spans, sentences and words: what every stage says about a piece of text.
//!
//! Inside the program a place in a text is a [`Span`] of bytes on character
//! boundaries. In JSON it is a pair of [`Points`], Unicode code points; the two
//! are converted where a document is written or read, and nowhere else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

/// A half-open range of bytes in one text; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// The text that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The span moved `by` bytes to the right, from a part's text into the whole.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span without white space at its ends.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        Self::new(start, start + inner.trim().len())
    }

    /// The same place counted in code points, for JSON.
    pub fn to_points(self, text: &str) -> Points {
        let start = text[..self.start].chars().count();
        Points {
            start,
            end: start + self.of(text).chars().count(),
        }
    }
}

/// A half-open range of Unicode code points: a [`Span`] as JSON has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Points {
    /// The same place in bytes, or `None` where the text is too short for it.
    pub fn to_span(self, text: &str) -> Option<Span> {
        let mut offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let start = offsets.by_ref().nth(self.start)?;
        match self.end.checked_sub(self.start)? {
            0 => Some(Span::new(start, start)),
            more => Some(Span::new(start, offsets.nth(more - 1)?)),
        }
    }
}

/// The sentences of `text` in order, without the white space around them.
///
/// `language` is a BCP 47 tag; rules of English stand in where it is unknown.
/// A line break always ends a sentence, since a heading has no full stop.
pub fn sentences(text: &str, language: Option<&str>) -> Vec<Span> {
    let primary = language
        .and_then(|tag| tag.split('-').next())
        .unwrap_or("en")
        .to_lowercase();
    let mut found = Vec::new();
    let mut start = 0;
    for window in text.split_inclusive('\n').flat_map(windows) {
        for boundary in sentencex::get_sentence_boundaries(&primary, window) {
            let span = Span::new(boundary.start_byte, boundary.end_byte)
                .shifted(start)
                .trimmed(text);
            if span.start < span.end {
                found.push(span);
            }
        }
        start += window.len();
    }
    found
}

/// A line as the segmenter may have it. Its time grows with the square of a line with
/// many quotation marks, so a line longer than any paragraph is handed to it in windows
/// that end with a sentence where they can, else with a word.
fn windows(line: &str) -> Vec<&str> {
    const PARAGRAPH: usize = 8_000;
    const WINDOW: usize = 2_000;
    let mut windows = Vec::new();
    let mut rest = line;
    while line.len() > PARAGRAPH && rest.len() > WINDOW {
        let window = &rest[..rest.floor_char_boundary(WINDOW)];
        let stop = window.rfind(". ").map(|at| at + 2);
        let end = stop
            .or_else(|| window.rfind(' ').map(|at| at + 1))
            .unwrap_or(window.len());
        windows.push(&rest[..end]);
        rest = &rest[end..];
    }
    windows.push(rest);
    windows
}

/// Words of `text` after Unicode's word segmentation (UAX 29): each Chinese or
/// Japanese ideograph counts as one, punctuation and white space as none.
pub fn word_count(text: &str) -> usize {
    text.unicode_words().count()
}

/// SHA-256 in lower-case hex: the name of everything that is kept under its content.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn points_and_spans_agree_beyond_ascii() {
        let text = "Zürich – 東京 🎉!";
        let span = Span::new(text.find('東').unwrap(), text.find(" 🎉").unwrap());
        let points = span.to_points(text);
        assert_eq!(points, Points { start: 9, end: 11 });
        assert_eq!(points.to_span(text), Some(span));
        assert_eq!(Points { start: 9, end: 99 }.to_span(text), None);
        assert_eq!(
            Points { start: 14, end: 14 }.to_span(text),
            Some(Span::new(text.len(), text.len()))
        );
    }

    #[test]
    fn an_endless_line_is_cut_into_sentences_in_time() {
        let line = "He said “no” and 'never' again. ".repeat(4_000);
        let found = sentences(&line, Some("en"));
        assert!(found.len() >= 4_000, "{}", found.len());
        assert!(found.iter().all(|span| span.of(&line).ends_with('.')));
        let marks = "\" ' “ s' ".repeat(8_000);
        assert!(!sentences(&marks, Some("en")).is_empty());
    }

    #[test]
    fn sentences_keep_abbreviations_whole_and_split_at_lines() {
        let text = "Mr. Okafor paid $1.5 million. \"No,\" said Dr. Lind.\nA heading\nThe end.";
        let found: Vec<_> = sentences(text, Some("en"))
            .into_iter()
            .map(|s| s.of(text))
            .collect();
        assert_eq!(
            found,
            [
                "Mr. Okafor paid $1.5 million.",
                "\"No,\" said Dr. Lind.",
                "A heading",
                "The end."
            ]
        );
    }
}

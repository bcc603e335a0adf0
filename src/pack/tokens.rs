//! Counting tokens as a vendor would.

use tiktoken_rs::o200k_base_singleton;

/// Tokens of a vendor for each token of `o200k_base`, sorted by provider.
const FACTORS: &[(&str, f64)] = &[
    // An estimate, on the safe side: its tokenizer is not public and cuts English finer.
    ("anthropic", 1.2),
    // o200k_base is its own.
    ("openai", 1.0),
];

/// For all others: open models have vocabularies of 32,000 to 262,000 tokens, most of
/// them smaller than o200k's 200,000.
const OTHERS: f64 = 1.1;

/// The tokenizer is handed at most this many bytes at once: a run without white space
/// costs it more than its length, and its regular expression gives up (with a panic) on
/// a very long one.
const WINDOW: usize = 4096;

/// Counts tokens for one vendor: those of `o200k_base` times the vendor's factor.
///
/// The vocabulary is loaded on first use, which takes 170 to 340 ms.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Tokens of this vendor for each token of `o200k_base`.
    pub factor: f64,
}

impl Tokens {
    /// Counts for a provider by its name in documents: `openai`, `anthropic`, ….
    pub fn for_provider(name: &str) -> Self {
        let factor = FACTORS
            .binary_search_by_key(&name, |(provider, _)| provider)
            .map_or(OTHERS, |at| FACTORS[at].1);
        Self { factor }
    }

    /// Loads the vocabulary. Call it on a thread of its own while something else is
    /// waited for; whoever counts meanwhile waits for it.
    pub fn warm_up() {
        o200k_base_singleton();
    }

    /// How many tokens `text` has.
    pub fn count(self, text: &str) -> usize {
        self.scaled(self.raw(text, usize::MAX))
    }

    /// The most tokens that so many bytes can have.
    pub fn most(self, bytes: usize) -> usize {
        self.scaled(bytes)
    }

    /// Whether `text` has at most `limit` tokens. A token is at least one byte, so a
    /// short text needs no counting, and no vocabulary.
    pub fn fit(self, text: &str, limit: usize) -> bool {
        self.scaled(text.len()) <= limit || self.scaled(self.raw(text, limit)) <= limit
    }

    /// Tokens of `o200k_base`. Counting stops beyond `limit`, since what is longer than
    /// that does not fit anyway.
    #[expect(clippy::unused_self, reason = "a count belongs to the counter")]
    pub(super) fn raw(self, text: &str, limit: usize) -> usize {
        let mut rest = text;
        let mut count = 0;
        while !rest.is_empty() && count <= limit {
            let (head, tail) = rest.split_at(cut(rest));
            count += o200k_base_singleton().count_ordinary(head);
            rest = tail;
        }
        count
    }

    /// Tokens of the vendor, rounded up.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float saturates as an integer, and no factor is negative"
    )]
    pub(super) fn scaled(self, raw: usize) -> usize {
        (raw as f64 * self.factor).ceil() as usize
    }
}

/// Where to end the first window of `text`: before a single space, where o200k's own
/// rules end a piece too, or else at the last character that fits.
fn cut(text: &str) -> usize {
    if text.len() <= WINDOW {
        return text.len();
    }
    let end = text.floor_char_boundary(WINDOW);
    let bytes = text.as_bytes();
    (1..end)
        .rev()
        .find(|&at| {
            bytes[at] == b' '
                && bytes[at - 1].is_ascii_graphic()
                && bytes[at + 1].is_ascii_graphic()
        })
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn factors_are_sorted_and_known() {
        assert!(FACTORS.is_sorted_by_key(|(provider, _)| *provider));
        let count = |name| Tokens::for_provider(name).scaled(10);
        assert_eq!(
            [count("openai"), count("anthropic"), count("local")],
            [10, 12, 11]
        );
        assert_eq!(Tokens::for_provider("anthropic").scaled(1), 2);
    }

    #[test]
    fn windows_do_not_change_the_count_of_prose() {
        let text = "The ferry to the island sails at 6:30, and again at noon. ".repeat(300);
        let whole = o200k_base_singleton().count_ordinary(&text);
        assert!(text.len() > 3 * WINDOW);
        assert_eq!(Tokens { factor: 1.0 }.count(&text), whole);
    }

    #[test]
    fn a_short_text_fits_by_its_length() {
        let tokens = Tokens { factor: 1.0 };
        assert!(tokens.fit("four", 4));
        assert!(tokens.fit("internationalisation", 12));
        assert!(!tokens.fit("one two three four", 3));
    }

    #[test]
    fn hostile_runs_are_counted_in_time() {
        for run in [
            "a", "A", "漢", " ", "\n", "'", "1", "a1", "\u{301}", "é", " \n", "!?",
        ] {
            let text = run.repeat(600_000 / run.len());
            let start = Instant::now();
            assert!(Tokens { factor: 1.0 }.count(&text) > 1000);
            // Seconds even without optimisation; it would be minutes if it were superlinear.
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{run:?} took {:?}",
                start.elapsed()
            );
        }
    }
}

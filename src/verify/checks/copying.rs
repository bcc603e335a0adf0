//! How much of a text was taken over word for word, outside quotation marks.
//!
//! Words are compared in lower case and without punctuation. Only measures; what is too
//! much is not decided here.

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;

use crate::verify::{Kind, Report};

/// Words in a row that count as copied: the customary length for n-gram overlap.
const RUN: usize = 8;

/// The longest run of words that a text shares with a source, and the share of its
/// 8-word runs that stand in one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Words of the longest shared run.
    pub longest_run: usize,
    /// Shared 8-word runs, as a share of all, 0 to 1.
    pub share: f64,
}

/// Measures the overlap of `fields`, each with its report, and `sources`.
pub fn overlap<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a Report)>,
    sources: impl IntoIterator<Item = &'a str>,
) -> Overlap {
    let sources: Vec<Vec<String>> = sources.into_iter().map(words).collect();
    let known: HashSet<&[String]> = sources
        .iter()
        .flat_map(|words| words.windows(RUN))
        .collect();
    let mut places: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for (nth, words) in sources.iter().enumerate() {
        for (at, word) in words.iter().enumerate() {
            places.entry(word).or_default().push((nth, at));
        }
    }

    let (mut longest_run, mut shared, mut all) = (0, 0, 0);
    for (text, report) in fields {
        for stretch in outside_quotations(text, report) {
            let stretch = words(stretch);
            all += stretch.windows(RUN).len();
            shared += stretch
                .windows(RUN)
                .filter(|run| known.contains(run))
                .count();
            for (at, word) in stretch.iter().enumerate() {
                for &(nth, place) in places.get(word.as_str()).into_iter().flatten() {
                    let pairs = stretch[at..].iter().zip(&sources[nth][place..]);
                    longest_run = longest_run.max(pairs.take_while(|(a, b)| a == b).count());
                }
            }
        }
    }
    Overlap {
        longest_run,
        share: if all == 0 {
            0.0
        } else {
            shared as f64 / all as f64
        },
    }
}

fn outside_quotations<'a>(text: &'a str, report: &Report) -> Vec<&'a str> {
    let mut stretches = Vec::new();
    let mut from = 0;
    for claim in report
        .claims
        .iter()
        .filter(|claim| claim.kind == Kind::Quotation)
    {
        if claim.span.start >= from {
            stretches.push(&text[from..claim.span.start]);
            from = claim.span.end;
        }
    }
    stretches.push(&text[from..]);
    stretches
}

fn words(text: &str) -> Vec<String> {
    text.unicode_words().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::Span,
        verify::{Claim, Support},
    };

    #[test]
    fn a_quotation_is_not_copying() {
        let source = "The council said that the new bridge will open on the first day of May.";
        let text = "It wrote that the new bridge will open on the first day of May, again.";
        let whole = overlap([(text, &Report::default())], [source]);
        assert_eq!(whole.longest_run, 12);
        assert!(whole.share > 0.5, "{whole:?}");

        let claim = Claim {
            kind: Kind::Quotation,
            span: Span::new(9, text.len() - 7),
            support: Support::Supported,
            evidence: None,
        };
        let report = Report {
            claims: vec![claim],
            ..Report::default()
        };
        assert_eq!(overlap([(text, &report)], [source]), Overlap::default());
    }
}

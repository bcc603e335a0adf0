//! How much of a text was taken over word for word, outside quotation marks.
//!
//! Words are compared without case, accents and punctuation. Copying is no error of
//! fact: what is copied does stand in the source. It is a matter of rights and of craft,
//! so its findings are warnings, and the longer kind holds an analysis.

use std::collections::HashSet;

use crate::{
    text::{Span, word_count},
    verify::{
        Checker, Finding, Kind, Reason, Report, Severity, SourceField,
        finding::quoted,
        read::Reading,
        sources::{Library, Place},
    },
};

/// Words in a row that count as copied in the share: the customary length for n-gram
/// overlap.
const RUN: usize = 8;

/// From how many words in a row on a run is worth a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyLimits {
    /// From here on an editor should look.
    pub warning: usize,
    /// From here on the analysis is held.
    pub held: usize,
}

impl CopyLimits {
    /// Says nothing about copying, for texts that are meant to be the sources' own words.
    pub const OFF: Self = Self {
        warning: usize::MAX,
        held: usize::MAX,
    };
}

impl Default for CopyLimits {
    fn default() -> Self {
        Self {
            warning: 15,
            held: 25,
        }
    }
}

/// The longest run of words that texts share with a source, and the share of their 8-word
/// runs that stand in one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Words of the longest shared run.
    pub longest_run: usize,
    /// Shared 8-word runs, as a share of all, 0 to 1.
    pub share: f64,
}

/// The words of a text outside its quotations, in stretches, as token indices.
fn stretches(reading: &Reading<'_>) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut quotations = reading.quotations.iter().peekable();
    for (at, token) in reading.tokens.iter().enumerate() {
        while quotations
            .next_if(|quotation| quotation.last < at)
            .is_some()
        {
            all.push(Vec::new());
        }
        let quoted = quotations.peek().is_some_and(|q| q.first <= at);
        if token.is_word()
            && !quoted
            && let Some(stretch) = all.last_mut()
        {
            stretch.push(at);
        }
    }
    all.retain(|stretch| !stretch.is_empty());
    all
}

/// A run of words that a source has too.
#[derive(Clone, Copy, Debug)]
struct Copied {
    /// The first word in its stretch.
    from: usize,
    /// How many tokens.
    length: usize,
    /// Where the source has the first of them.
    place: Place,
    /// The source's token of the last.
    last: usize,
}

impl Copied {
    /// Where the run stands in the checked text, and how many words it has: in scripts
    /// without blanks a token is a character, not a word.
    fn measured(&self, stretch: &[usize], reading: &Reading<'_>) -> (Span, usize) {
        let span = reading.span(stretch[self.from], stretch[self.from + self.length - 1]);
        (span, word_count(span.of(reading.text)).min(self.length))
    }
}

/// The longest run that begins with the word at `from`.
fn run_from(
    stretch: &[usize],
    from: usize,
    reading: &Reading<'_>,
    library: &Library<'_>,
    steps: &mut usize,
) -> Option<Copied> {
    let word = |nth: usize| stretch.get(nth).map(|at| &reading.tokens[*at]);
    let mut best: Option<Copied> = None;
    for place in library.places(word(from)?.stem()) {
        let doc = &library.docs[place.doc];
        if doc.field != SourceField::Text || *steps == 0 {
            continue;
        }
        let (mut length, mut last) = (0, place.token);
        for (at, theirs) in doc.reading.tokens.iter().enumerate().skip(place.token) {
            *steps = steps.saturating_sub(1);
            if !theirs.is_word() {
                continue;
            }
            if word(from + length).is_none_or(|ours| ours.folded != theirs.folded) {
                break;
            }
            length += 1;
            last = at;
        }
        if length > 0 && best.is_none_or(|best| length > best.length) {
            best = Some(Copied {
                from,
                length,
                place: *place,
                last,
            });
        }
    }
    best
}

/// The runs of a stretch that stand in a source, each as long as it goes on.
fn runs(
    stretch: &[usize],
    reading: &Reading<'_>,
    library: &Library<'_>,
    steps: &mut usize,
) -> Vec<Copied> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < stretch.len() {
        match run_from(stretch, from, reading, library, steps) {
            Some(run) => {
                from += run.length;
                found.push(run);
            }
            None => from += 1,
        }
    }
    found
}

/// More comparisons than this are made for no text that people write.
const STEPS: usize = 2_000_000;

/// Adds a finding for each run that is too long.
pub(in crate::verify) fn check(
    reading: &Reading<'_>,
    library: &Library<'_>,
    limits: CopyLimits,
    report: &mut Report,
) {
    if limits == CopyLimits::OFF {
        return;
    }
    let mut steps = STEPS;
    for stretch in stretches(reading) {
        for run in runs(&stretch, reading, library, &mut steps) {
            if run.length < limits.warning {
                continue;
            }
            let (span, words) = run.measured(&stretch, reading);
            if words < limits.warning {
                continue;
            }
            report.findings.push(Finding {
                kind: Kind::Copying,
                reason: if words >= limits.held {
                    Reason::CopiedAtLength
                } else {
                    Reason::Copied
                },
                severity: Severity::Warning,
                span,
                message: format!(
                    "{words} words in a row are the source's: {}.",
                    quoted(span.of(reading.text))
                ),
                closest: Some(library.evidence(run.place.doc, run.place.token, run.last)),
            });
        }
    }
}

impl Checker<'_> {
    /// How much of `texts`, each with its language, was taken over word for word.
    pub fn overlap<'t>(
        &self,
        texts: impl IntoIterator<Item = (&'t str, Option<&'t str>)>,
    ) -> Overlap {
        let library = &self.library;
        library.work.begin();
        let articles = library
            .docs
            .iter()
            .filter(|doc| doc.field == SourceField::Text);
        let known: Vec<Vec<&str>> = articles
            .map(|doc| {
                let words = doc.reading.tokens.iter().filter(|token| token.is_word());
                words.map(|token| token.folded.as_str()).collect()
            })
            .collect();
        let known: HashSet<&[&str]> = known.iter().flat_map(|words| words.windows(RUN)).collect();
        let (mut longest_run, mut shared, mut all) = (0, 0, 0);
        let mut steps = STEPS;
        for (text, language) in texts {
            let reading = Reading::new(text, language, None);
            for stretch in stretches(&reading) {
                let folded = stretch.iter().map(|at| reading.tokens[*at].folded.as_str());
                let folded: Vec<&str> = folded.collect();
                all += folded.windows(RUN).len();
                shared += folded
                    .windows(RUN)
                    .filter(|run| known.contains(run))
                    .count();
                for run in runs(&stretch, &reading, library, &mut steps) {
                    longest_run = longest_run.max(run.measured(&stretch, &reading).1);
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::SourceText;

    fn overlap(source: &str, text: &str) -> Overlap {
        let sources = [SourceText::new("s1", source)];
        Checker::new(&sources).overlap([(text, None)])
    }

    #[test]
    fn a_quotation_is_not_copying() {
        let source = "The council said that the new bridge will open on the first day of May.";
        let plain = "It wrote that the new bridge will open on the first day of May, again.";
        let whole = overlap(source, plain);
        assert_eq!(whole.longest_run, 12);
        assert!(whole.share > 0.5, "{whole:?}");
        let quoted = "It wrote “that the new bridge will open on the first day of May”, again.";
        assert_eq!(overlap(source, quoted), Overlap::default());
    }
}

//! The check: every quotation, number, date, name, address and statement of a text is
//! held against the sources, and gets a span that supports it or a finding that says it
//! has none.
//!
//! Pure and deterministic. Works on any text against any sources; [`check`] applies it
//! to a draft and is the only way to make a [`Verified`]. A text is read once
//! (`read/`), the sources are indexed once (`sources`), each sentence gets the passages
//! that support it best (`evidence`), and each check (`checks/`, one file each) adds its
//! claims and findings to the [`Report`].

mod checks;
mod claim;
mod draft;
mod evidence;
pub mod external;
mod finding;
mod index;
mod language;
mod read;
mod report;
mod sources;
#[cfg(test)]
mod tests;
mod unchecked;
mod wording;
mod work;

use std::{cell::Cell, sync::OnceLock};

use jiff::civil::Date;

use self::{
    checks::{
        addresses, attribution, copying, coverage, dates, denied, echo, names, naming, numbers,
        outlets, placement, polarity,
        quotes::{self, Located},
    },
    evidence::Backing,
    language::is_english,
    read::{Reading, quantities},
    sources::Library,
    wording::Wording,
};
pub use self::{
    checks::{
        copying::{CopyLimits, Overlap},
        placement::training,
    },
    claim::{Claim, Evidence, Kind, SourceField, Support},
    draft::{Verified, check},
    finding::{Finding, Reason, Severity, Verdict},
    report::{Report, SentenceSupport},
    unchecked::{Unchecked, Why},
};

/// One text that claims are held against.
#[derive(Clone, Copy, Debug)]
pub struct SourceText<'a> {
    /// How evidence names it: `s1`, `s2`, ….
    pub id: &'a str,
    /// The article's text.
    pub text: &'a str,
    /// Its title, which supports a claim too.
    pub title: Option<&'a str>,
    /// The names of its authors and outlet, which may be named.
    pub names: &'a [String],
    /// The day it was published, against which "Tuesday" is resolved.
    pub published: Option<Date>,
    /// BCP 47 tag.
    pub language: Option<&'a str>,
}

impl<'a> SourceText<'a> {
    /// A text of which nothing else is known.
    pub fn new(id: &'a str, text: &'a str) -> Self {
        Self {
            id,
            text,
            title: None,
            names: &[],
            published: None,
            language: None,
        }
    }
}

/// The sources of one check, prepared once and asked for many texts.
#[derive(Debug)]
pub struct Checker<'a> {
    library: Library<'a>,
    copying: CopyLimits,
    mentions: OnceLock<placement::Mentions>,
    orders: echo::Orders,
    wording: Wording,
}

impl<'a> Checker<'a> {
    /// Reads the sources once.
    pub fn new(sources: &'a [SourceText<'a>]) -> Self {
        let library = Library::new(sources);
        Self {
            copying: CopyLimits::default(),
            orders: echo::Orders::default(),
            mentions: OnceLock::new(),
            wording: Wording::new(&library),
            library,
        }
    }

    /// Finds copying from these lengths on.
    #[must_use]
    pub fn with_copy_limits(self, copying: CopyLimits) -> Self {
        Self { copying, ..self }
    }

    /// What the sources mention; read when it is first asked for.
    fn mentions(&self) -> &placement::Mentions {
        self.mentions
            .get_or_init(|| placement::Mentions::new(&self.library))
    }

    /// Holds `text` against the sources; `language` is its BCP 47 tag.
    pub fn check(&self, text: &str, language: Option<&str>) -> Report {
        let library = &self.library;
        library.work.begin();
        let reading = Reading::new(text, language, library.published);
        let backings = evidence::backings(&reading, library);
        let mut report = Report::default();
        let located = facts(&reading, &backings, library, &mut report);
        attribution::judge(&reading, &backings, &located, library, &mut report);
        let words = self.wording.words_of(&reading);
        let polarity = polarity::findings(&reading, library, &self.wording, &words);
        let coverage = coverage::findings(&reading, &backings, library, &self.wording, &words);
        let denied = denied::findings(&reading, &backings, library, &self.wording, &words);
        for finding in polarity.into_iter().chain(coverage).chain(denied) {
            report.found(finding.span, finding);
        }
        copying::check(&reading, library, self.copying, &mut report);
        echo::check(&reading, library, &self.orders, &mut report);
        report.unchecked = unchecked::unchecked(&reading, library);
        report.sentences = sentences(&reading, &backings, library);
        report.claims.sort_by_key(|claim| claim.span);
        placement::check(&reading, || self.mentions(), library, &mut report);
        report.findings.sort_by_key(|finding| finding.span);
        report
    }
}

/// Holds the quotations, dates, numbers and names of a text against the sources, each by
/// itself: whether a source has it at all. Gives where the sources have the quotations.
fn facts(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
    report: &mut Report,
) -> Vec<Located> {
    // Looking for the nearest passage costs a walk through the sources, and a hostile
    // text may hold thousands of findings; an editor reads the first few.
    const SEARCHES: usize = 100;
    let tokens = &reading.tokens;
    let searches = Cell::new(0);
    let may_search = || searches.replace(searches.get() + 1) < SEARCHES;
    let closest = |first: usize| {
        let passages = &backings.get(reading.sentence_of(first)?)?.passages;
        passages.first().map(|passage| library.passage(*passage))
    };
    // A token belongs to one claim; what is quoted is judged as a quotation.
    let mut taken = vec![false; tokens.len()];
    let mut quoted = Vec::with_capacity(reading.quotations.len());

    for quotation in &reading.quotations {
        let (first, last) = (quotation.first, quotation.last);
        taken[first..=last].fill(true);
        let (verdict, located) = quotes::judge(*quotation, tokens, library, may_search);
        let verdict = match outlets::judge(reading, &located, library) {
            Some(finding) if verdict.is_ok() => Err(finding),
            _ => verdict,
        };
        report.add(Kind::Quotation, tokens, first, last, verdict);
        quoted.push(located);
    }
    addresses::check(reading, library, &mut taken, report);
    for date in &reading.dates {
        if taken[date.first..=date.last].contains(&true) || !date.is_claim() {
            continue;
        }
        taken[date.first..=date.last].fill(true);
        let verdict = dates::judge(date, tokens, library, || closest(date.first));
        report.add(Kind::Date, tokens, date.first, date.last, verdict);
    }
    for quantity in &reading.quantities {
        let (first, last) = (quantity.first, quantity.last);
        if taken[first..=last].contains(&true) || !quantities::is_claim(quantity, tokens) {
            continue;
        }
        taken[first..=last].fill(true);
        let verdict = numbers::judge(quantity, reading, library, || closest(first));
        report.add(Kind::Number, tokens, first, last, verdict);
    }
    if let Some(style) = reading.style {
        let certain = naming::certain(reading.language, library) && !naming::is_label(tokens);
        let english = is_english(reading.language);
        let translated = naming::is_translated(reading.language, library);
        for name in naming::names(reading, style, library) {
            if taken[name.first..=name.last].contains(&true) || name.guessed && !english {
                continue;
            }
            let verdict = names::judge(&name, tokens, style, certain, library, || {
                closest(name.first)
            });
            // That a name is there can be told across languages; seldom that it is not.
            let blind = translated
                && !(library.latin && naming::survives_translation(&name, tokens, english));
            if verdict.is_ok() || !blind {
                report.add(Kind::Name, tokens, name.first, name.last, verdict);
            }
        }
    }
    quoted
}

/// What an editor reads beside each sentence.
fn sentences(
    reading: &Reading<'_>,
    backings: &[Backing],
    library: &Library<'_>,
) -> Vec<SentenceSupport> {
    let support = |(sentence, backing): (&read::Sentence, &Backing)| SentenceSupport {
        span: sentence.span,
        covered: backing.covered,
        evidence: backing
            .passages
            .iter()
            .map(|passage| library.passage(*passage))
            .collect(),
    };
    reading
        .sentences
        .iter()
        .zip(backings)
        .map(support)
        .collect()
}

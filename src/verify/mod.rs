//! The check: every quotation, number, date and name of a text is held against the
//! sources, and gets a span that supports it or a finding that says it has none.
//!
//! Pure and deterministic. Works on any text against any sources; [`check`] applies it
//! to a draft and is the only way to make a [`Verified`].

mod align;
mod calendar;
mod copying;
mod dates;
pub mod external;
mod lexicon;
mod mentions;
mod names;
mod naming;
mod normal;
mod numbers;
mod numerals;
mod quantities;
mod quotes;
mod sources;
#[cfg(test)]
mod tests;
mod tokens;
mod units;

use std::{cell::Cell, collections::HashSet};

pub use copying::{Overlap, overlap};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::{
    sources::{Library, long_words},
    tokens::Token,
};
use crate::{
    analysis::{Draft, PullQuote},
    story::Story,
    text::{Span, sentences},
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

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Words in quotation marks.
    Quotation,
    /// A number, amount or percentage.
    Number,
    /// A date or time.
    Date,
    /// A person, organisation, place or work.
    Name,
}

/// Whether the sources bear a claim out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// The evidence says it.
    Supported,
    /// The evidence says something else.
    Contradicted,
    /// There is no evidence.
    Unsupported,
}

/// A checkable statement of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub kind: ClaimKind,
    /// Where it stands in the checked text.
    pub span: Span,
    /// Whether it is borne out.
    pub support: Support,
    /// Where a source says it; always there for a supported claim.
    pub evidence: Option<Evidence>,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The source's id.
    pub source: String,
    /// Which text of the source the span is in.
    pub field: SourceField,
    /// Where.
    pub span: Span,
    /// The words there.
    pub text: String,
}

/// The texts of a source that can support a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceField {
    /// The article's text.
    Text,
    /// Its title.
    Title,
    /// The name of an author or the outlet; the span is in that name.
    Name,
    /// The publication date; the span is in its RFC 3339 form.
    Published,
}

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Look at it.
    Warning,
    /// It is not in the sources.
    Error,
}

/// Why something was found; a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The quoted words stand in no source.
    QuotationNotFound,
    /// A source has nearly these words; the closest passage shows them.
    QuotationAltered,
    /// The quotation leaves words out, which may hide a "not".
    QuotationElided,
    /// The quotation joins parts that the source keeps apart by an attribution.
    QuotationJoined,
    /// No source has this number.
    NumberNotFound,
    /// A source has this number in another currency, or as a percentage or not as one.
    NumberUnitDiffers,
    /// A source has a more exact number, and the text does not say that it rounds.
    NumberRounded,
    /// No source has this date.
    DateNotFound,
    /// No source has this name.
    NameNotFound,
    /// A source has a part of this name, with another first name or none.
    NameAltered,
}

/// Something that a person must see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: ClaimKind,
    /// Why.
    pub reason: Reason,
    /// How bad.
    pub severity: Severity,
    /// Where in the checked text.
    pub span: Span,
    /// One plain sentence for an editor.
    pub message: String,
    /// The passage of a source that comes nearest.
    pub closest: Option<Evidence>,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing of severity error was found.
    Supported,
    /// At least one error was found.
    Unsupported,
}

/// What was found in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every checkable statement, in the order of its span.
    pub claims: Vec<Claim>,
    /// What a person must see, in the order of its span.
    pub findings: Vec<Finding>,
}

impl Report {
    /// What the findings come to.
    pub fn verdict(&self) -> Verdict {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if self.findings.iter().any(is_error) {
            Verdict::Unsupported
        } else {
            Verdict::Supported
        }
    }
}

/// The sources of one check, prepared once and asked for many texts.
#[derive(Debug)]
pub struct Checker<'a> {
    library: Library<'a>,
}

impl<'a> Checker<'a> {
    /// Reads the sources once.
    pub fn new(sources: &'a [SourceText<'a>]) -> Self {
        Self {
            library: Library::new(sources),
        }
    }

    /// Holds `text` against the sources; `language` is its BCP 47 tag.
    pub fn check(&self, text: &str, language: Option<&str>) -> Report {
        // Looking for the nearest passage costs a walk through the sources, and a hostile
        // text may hold thousands of findings; an editor reads the first few.
        const SEARCHES: usize = 100;
        let library = &self.library;
        let tokens = tokens::tokens(text);
        let sentences = sentences(text, language);
        let searches = Cell::new(0);
        let may_search = || searches.replace(searches.get() + 1) < SEARCHES;
        let closest = |first: usize| {
            if !may_search() {
                return None;
            }
            let at = sentences.partition_point(|s| s.end <= tokens[first].span.start);
            library.closest(&long_words(&tokens, *sentences.get(at)?))
        };
        let mut report = Report::default();
        // A token belongs to one claim; what is quoted is judged as a quotation.
        let mut taken = vec![false; tokens.len()];

        for quotation in quotes::quotations(&tokens) {
            let (first, last) = (quotation.first, quotation.last);
            taken[first..=last].fill(true);
            let verdict = quotes::judge(quotation, &tokens, library, may_search);
            report.add(ClaimKind::Quotation, &tokens, first, last, verdict);
        }
        for date in mentions::mentions(&tokens, language, library.published) {
            if taken[date.first..=date.last].contains(&true) {
                continue;
            }
            taken[date.first..=date.last].fill(true);
            let verdict = dates::judge(&date, &tokens, library, || closest(date.first));
            report.add(ClaimKind::Date, &tokens, date.first, date.last, verdict);
        }
        for quantity in quantities::quantities(&tokens, text, language) {
            let (first, last) = (quantity.first, quantity.last);
            if taken[first..=last].contains(&true) || !quantities::is_claim(&quantity, &tokens) {
                continue;
            }
            taken[first..=last].fill(true);
            let verdict = numbers::judge(&quantity, &tokens, library, || closest(first));
            report.add(ClaimKind::Number, &tokens, first, last, verdict);
        }
        if let Some(style) = naming::style(&tokens, language) {
            let openings: HashSet<usize> = sentences.iter().map(|s| s.start).collect();
            let certain = naming::certain(language, library) && !naming::is_label(&tokens);
            for name in naming::names(&tokens, style, &openings, library) {
                if taken[name.first..=name.last].contains(&true) {
                    continue;
                }
                let verdict = names::judge(&name, &tokens, style, certain, library, || {
                    closest(name.first)
                });
                report.add(ClaimKind::Name, &tokens, name.first, name.last, verdict);
            }
        }
        report.claims.sort_by_key(|claim| claim.span);
        report.findings.sort_by_key(|finding| finding.span);
        report
    }
}

impl Report {
    /// Adds the claim in the tokens `first..=last` with its evidence or its finding.
    fn add(
        &mut self,
        kind: ClaimKind,
        tokens: &[Token],
        first: usize,
        last: usize,
        verdict: Result<Evidence, Finding>,
    ) {
        let span = Span::new(tokens[first].span.start, tokens[last].span.end);
        let (support, evidence) = match verdict {
            Ok(evidence) => (Support::Supported, Some(evidence)),
            Err(finding) => {
                let contradicted = matches!(
                    finding.reason,
                    Reason::QuotationAltered | Reason::NumberUnitDiffers | Reason::NameAltered
                );
                let evidence = finding.closest.clone().filter(|_| contradicted);
                self.findings.push(finding);
                if contradicted {
                    (Support::Contradicted, evidence)
                } else {
                    (Support::Unsupported, None)
                }
            }
        };
        self.claims.push(Claim {
            kind,
            span,
            support,
            evidence,
        });
    }
}

fn finding(
    kind: ClaimKind,
    reason: Reason,
    severity: Severity,
    span: Span,
    message: String,
    closest: Option<Evidence>,
) -> Finding {
    Finding {
        kind,
        reason,
        severity,
        span,
        message,
        closest,
    }
}

/// `words` in quotation marks for a message, cut where they are long.
fn quoted(words: &str) -> String {
    // A message is one sentence; the whole passage stands beside it.
    const LONGEST: usize = 120;
    match words.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("“{}…”", words[..cut].trim_end()),
        None => format!("“{words}”"),
    }
}

/// A draft with a support or a finding for each of its claims. Made by [`check`] alone.
#[derive(Clone, Debug)]
pub struct Verified {
    draft: Draft,
    fields: Vec<(String, Report)>,
}

/// Checks every field of `draft` against `story`.
pub fn check(draft: Draft, story: &Story) -> Verified {
    let names: Vec<Vec<String>> = story
        .sources()
        .iter()
        .map(|source| {
            let article = &source.article;
            article
                .byline
                .iter()
                .chain(&article.outlet)
                .cloned()
                .collect()
        })
        .collect();
    let sources: Vec<SourceText<'_>> = story
        .sources()
        .iter()
        .zip(&names)
        .map(|(source, names)| SourceText {
            id: &source.id,
            text: &source.article.text,
            title: source.article.title.as_deref(),
            names,
            published: source.article.published.map(crate::article::Moment::date),
            language: source.article.language.as_deref(),
        })
        .collect();
    let checker = Checker::new(&sources);
    let mut fields: Vec<(String, Report)> = draft
        .fields()
        .into_iter()
        .map(|(pointer, text)| (pointer, checker.check(text, Some(&draft.language))))
        .collect();
    if let Some(quote) = &draft.pull_quote {
        fields.push((
            "/pull_quote/text".to_owned(),
            check_pull_quote(quote, story),
        ));
    }
    Verified { draft, fields }
}

/// A pull quote must be the very bytes of the source at its span.
fn check_pull_quote(quote: &PullQuote, story: &Story) -> Report {
    let whole = Span::new(0, quote.text.len());
    let there = story
        .source(&quote.source)
        .and_then(|source| source.article.text.get(quote.span.start..quote.span.end));
    let mut report = Report::default();
    let evidence = there
        .filter(|text| *text == quote.text)
        .map(|text| Evidence {
            source: quote.source.clone(),
            field: SourceField::Text,
            span: quote.span,
            text: text.to_owned(),
        });
    if evidence.is_none() {
        report.findings.push(finding(
            ClaimKind::Quotation,
            Reason::QuotationNotFound,
            Severity::Error,
            whole,
            "The pull quote does not stand where it is said to stand in its source.".to_owned(),
            None,
        ));
    }
    report.claims.push(Claim {
        kind: ClaimKind::Quotation,
        span: whole,
        support: if evidence.is_some() {
            Support::Supported
        } else {
            Support::Unsupported
        },
        evidence,
    });
    report
}

impl Verified {
    /// What was checked.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The report of each field, under the field's JSON Pointer.
    pub fn fields(&self) -> &[(String, Report)] {
        &self.fields
    }

    /// The findings of severity error, each with the pointer of its field.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.fields.iter().flat_map(|(pointer, report)| {
            report
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(move |finding| (pointer.as_str(), finding))
        })
    }
}

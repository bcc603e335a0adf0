//! A draft, checked field by field against its story.

use super::{
    Checker, Claim, CopyLimits, Evidence, Finding, Kind, Overlap, Reason, Report, Severity,
    SourceField, SourceText, Support, checks::attribution, finding::finding,
};
use crate::{
    analysis::{Draft, PullQuote},
    article::quotation::{Speaker, quotations},
    story::Story,
    text::Span,
};

/// Where the words of a pull quote stand in a document.
const PULL_QUOTE: &str = "/pull_quote/text";

/// A draft with a support or a finding for each of its claims. Made by [`check`] alone.
#[derive(Clone, Debug)]
pub struct Verified {
    draft: Draft,
    fields: Vec<(String, Report)>,
    overlap: Overlap,
}

/// Checks every field of `draft` against `story`.
pub fn check(draft: Draft, story: &Story, copying: CopyLimits) -> Verified {
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
    let checker = Checker::new(&sources).with_copy_limits(copying);
    let mut fields: Vec<(String, Report)> = draft
        .fields()
        .into_iter()
        .map(|(pointer, text)| (pointer, checker.check(text, Some(&draft.language))))
        .collect();
    let texts = draft.fields().into_iter();
    let overlap = checker.overlap(texts.map(|(_, text)| (text, Some(draft.language.as_str()))));
    if let Some(quote) = &draft.pull_quote {
        fields.push((
            PULL_QUOTE.to_owned(),
            check_pull_quote(quote, story, &checker),
        ));
    }
    Verified {
        draft,
        fields,
        overlap,
    }
}

/// A pull quote must be the very bytes of the source at its span, and its speaker the one
/// whom the source gives the words to.
fn check_pull_quote(quote: &PullQuote, story: &Story, checker: &Checker<'_>) -> Report {
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
        report.found(
            whole,
            finding(
                Kind::Quotation,
                Reason::QuotationNotFound,
                Severity::Error,
                whole,
                "The pull quote does not stand where it is said to stand in its source.".to_owned(),
                None,
            ),
        );
        return report;
    }
    if let Some(ours) = &quote.speaker
        && let Some((theirs, evidence)) = spoken(quote, story)
    {
        let library = &checker.library;
        attribution::pull_quote(ours, &theirs, whole, evidence, library, &mut report);
    }
    report.claims.push(Claim {
        kind: Kind::Quotation,
        span: whole,
        support: Support::Supported,
        evidence,
    });
    report
}

/// Who says the words of a pull quote in its source, and the paragraph that shows it.
fn spoken(quote: &PullQuote, story: &Story) -> Option<(Speaker, Evidence)> {
    let article = &story.source(&quote.source)?.article;
    let speaker = quotations(article)
        .into_iter()
        .filter(|quotation| quotation.span.overlaps(quote.span))
        .find_map(|quotation| quotation.speaker)?;
    let span = article
        .blocks
        .iter()
        .map(|block| block.span)
        .find(|span| span.overlaps(quote.span))?;
    let evidence = Evidence {
        source: quote.source.clone(),
        field: SourceField::Text,
        span,
        text: span.of(&article.text).to_owned(),
    };
    Some((speaker, evidence))
}

impl Verified {
    /// What was checked.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The texts of the draft and the words of its pull quote, each with its JSON Pointer
    /// and its report.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str, &Report)> {
        let mut texts = self.draft.fields();
        let quote = self.draft.pull_quote.as_ref();
        texts.extend(quote.map(|quote| (PULL_QUOTE.to_owned(), quote.text.as_str())));
        self.fields.iter().filter_map(move |(pointer, report)| {
            let (_, text) = texts.iter().find(|(at, _)| at == pointer)?;
            Some((pointer.as_str(), *text, report))
        })
    }

    /// How much was taken over word for word, outside quotation marks.
    pub fn overlap(&self) -> Overlap {
        self.overlap
    }

    /// The quotations of a field that a source has, word for word.
    pub fn right_quotations(&self, pointer: &str) -> Vec<&str> {
        let field = self.texts().filter(|(at, ..)| *at == pointer);
        let claims = field.flat_map(|(_, text, report)| {
            let claims = report.claims.iter();
            claims.map(move |claim| (text, claim))
        });
        claims
            .filter(|(_, claim)| {
                claim.kind == Kind::Quotation && claim.support == Support::Supported
            })
            .map(|(text, claim)| claim.span.of(text))
            .collect()
    }

    /// Adds what a second model found, each finding under the pointer of its field.
    pub(crate) fn add_judged(&mut self, findings: Vec<(String, Finding)>) {
        for (pointer, finding) in findings {
            let field = self.fields.iter_mut().find(|(at, _)| *at == pointer);
            if let Some((_, report)) = field {
                report.findings.push(finding);
                report.findings.sort_by_key(|finding| finding.span);
            }
        }
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

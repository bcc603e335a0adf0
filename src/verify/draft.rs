//! A draft, checked field by field against its story.

use super::{
    Checker, Claim, Evidence, Finding, Kind, Reason, Report, Severity, SourceField, SourceText,
    Support, checks::attribution, finding::finding,
};
use crate::{
    analysis::{Draft, PullQuote},
    article::quotation::{Speaker, quotations},
    story::Story,
    text::Span,
};

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
            check_pull_quote(quote, story, &checker),
        ));
    }
    Verified { draft, fields }
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
        report.findings.push(finding(
            Kind::Quotation,
            Reason::QuotationNotFound,
            Severity::Error,
            whole,
            "The pull quote does not stand where it is said to stand in its source.".to_owned(),
            None,
        ));
    }
    if let Some(ours) = &quote.speaker
        && evidence.is_some()
        && let Some((theirs, evidence)) = spoken(quote, story)
    {
        let library = &checker.library;
        attribution::pull_quote(ours, &theirs, whole, evidence, library, &mut report);
    }
    report.claims.push(Claim {
        kind: Kind::Quotation,
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

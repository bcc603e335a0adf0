//! The numbers that the model of `placement` is trained on. Used by the training program
//! only; nothing in the pipeline calls it.

use super::{Mentions, cases};
use crate::{
    text::Points,
    verify::{Checker, Kind, SourceText, evidence, facts, read::Reading, report::Report},
};

/// One claim of a text.
#[derive(Debug)]
pub struct Example {
    /// What it is about.
    pub kind: Kind,
    /// Where it stands in the text.
    pub points: Points,
    /// Its words.
    pub text: String,
    /// The words of the source in its place.
    pub other: String,
    /// The sentence of the source around those.
    pub passage: String,
    /// The sentence of the source that has the claim's words.
    pub own: String,
    /// Named numbers.
    pub features: Vec<(&'static str, f64)>,
}

/// The names, numbers and dates of a text that a source has.
pub fn examples(source: &str, text: &str) -> (Vec<Example>, Vec<(Kind, String)>) {
    let sources = [SourceText {
        id: "s1",
        text: source,
        title: None,
        names: &[],
        published: None,
        language: Some("en"),
    }];
    let checker = Checker::new(&sources);
    let library = &checker.library;
    let mentions = Mentions::new(library);
    let reading = Reading::new(text, Some("en"), None);
    let backings = evidence::backings(&reading, library);
    let mut report = Report::default();
    facts(&reading, &backings, library, &mut report);
    report.claims.sort_by_key(|claim| claim.span);
    let there = &library.docs[0].reading;
    let passage = |sentence: usize| there.sentences[sentence].span.of(source).to_owned();
    let found = cases(&reading, &report, &mentions, library)
        .into_iter()
        .map(|case| {
            let span = reading.span(case.first, case.last);
            Example {
                kind: case.kind,
                points: span.to_points(text),
                text: span.of(text).to_owned(),
                other: there.span(case.other.first, case.other.last).of(source).to_owned(),
                passage: passage(case.other.sentence),
                own: passage(case.own.sentence),
                features: case.features,
            }
        })
        .collect();
    let known = mentions
        .all()
        .map(|(_, mention)| {
            let kind = match mention.value {
                super::Value::Number(_) => Kind::Number,
                super::Value::Date(_) => Kind::Date,
                super::Value::Name(_) => Kind::Name,
            };
            (kind, there.span(mention.first, mention.last).of(source).to_owned())
        })
        .collect();
    (found, known)
}

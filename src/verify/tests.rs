//! The check as a whole: what must hold for any text at all. What it says of single texts
//! stands in `fixtures/verify`, tested by `tests/it/checked.rs`.

#![expect(clippy::unwrap_used, reason = "a failed test should panic")]

mod hostile;

use proptest::prelude::*;
use serde_json::Value;

use crate::{
    analysis::{Draft, PullQuote},
    article::{Access, Article, Block, BlockKind, quotation::Speaker},
    story::Story,
    text::Span,
};

use super::{
    Checker, CopyLimits, Kind, Reason, Report, Severity, SourceField, SourceText, Support, Verdict,
    check,
    external::{Answer, Row, RowError},
};

fn check_one(source: &str, text: &str, published: Option<jiff::civil::Date>) -> Report {
    let sources = [SourceText {
        published,
        ..SourceText::new("s1", source)
    }];
    Checker::new(&sources).check(text, None)
}

/// What must hold for every report.
fn hold(report: &Report, text: &str, source: &str) -> Result<(), TestCaseError> {
    for claim in &report.claims {
        prop_assert!(text.get(claim.span.start..claim.span.end).is_some());
        let covered = report
            .findings
            .iter()
            .any(|f| f.kind == claim.kind && claim.span.contains(f.span));
        match claim.support {
            Support::Supported => prop_assert!(claim.evidence.is_some()),
            _ => prop_assert!(covered, "no finding for {claim:?}"),
        }
    }
    let evidence = report
        .claims
        .iter()
        .filter_map(|claim| claim.evidence.as_ref());
    let closest = report.findings.iter().filter_map(|f| f.closest.as_ref());
    for passage in evidence.chain(closest) {
        if passage.field == SourceField::Text {
            let there = source.get(passage.span.start..passage.span.end);
            prop_assert_eq!(there, Some(passage.text.as_str()));
        }
    }
    for finding in &report.findings {
        let inside = report
            .claims
            .iter()
            .any(|claim| claim.kind == finding.kind && claim.span.contains(finding.span));
        prop_assert!(inside, "no claim for {finding:?}");
    }
    Ok(())
}

/// Pieces that look like claims, so that random texts reach the readers of numbers,
/// dates, names and quotations.
fn claim_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "“",
        "”",
        "\"",
        "'",
        "’",
        "„",
        "«",
        "»",
        "「",
        "」",
        "…",
        "...",
        "[",
        "]",
        "\n\n",
        " ",
        " ",
        " ",
        "-",
        ".",
        ",",
        "%",
        "$",
        "£",
        "1",
        "12",
        "1,500",
        "1.5bn",
        "2026",
        "5.1.2026",
        "01/02/2026",
        "99999999999999999999",
        "1.2.3.4",
        "one",
        "two",
        "hundred",
        "half",
        "a",
        "million",
        "and",
        "thirds",
        "May",
        "January",
        "Tuesday",
        "last",
        "next",
        "month",
        "Okafor",
        "Lind",
        "de",
        "NHS",
        "U.S.",
        "J.K.",
        "O'Neil",
        "&quot;",
        "&#x200b;",
        "é",
        "e\u{301}",
        "\u{200b}",
        "東京",
        "한국",
        "قال",
        "🎉",
        "ﬁ",
        "about",
        "US",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_checked_without_a_panic(text in "\\PC*", source in "\\PC*") {
        hold(&check_one(&source, &text, None), &text, &source)?;
    }

    #[test]
    fn claims_are_supported_or_found(
        text in claim_like(),
        source in claim_like(),
        day in prop::option::of(-9999_i16..=9999),
    ) {
        let day = day.and_then(|year| jiff::civil::Date::new(year, 12, 31).ok());
        hold(&check_one(&source, &text, day), &text, &source)?;
    }

    #[test]
    fn a_text_supports_itself(text in claim_like()) {
        let report = check_one(&text, &text, None);
        let errors: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            // Words left out stay words left out only where the marks around them pair up.
            .filter(|finding| finding.reason != Reason::QuotationElided)
            .collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
    }
}

/// A translation shares few words with its source, which tells nothing.
#[test]
fn statements_are_compared_in_one_language_only() {
    let text = "A retired goalkeeper does not bake rhubarb cakes for hungry tourists.";
    let german = "Der Stadtrat von Varnholt sperrt am Dienstag den alten Anleger.";
    let source = |language| SourceText {
        language: Some(language),
        ..SourceText::new("s1", german)
    };
    let found = |language| {
        let sources = [source(language)];
        let report = Checker::new(&sources).check(text, Some("en"));
        let kinds: Vec<Kind> = report.findings.iter().map(|f| f.kind).collect();
        kinds
    };
    assert_eq!(found("de"), []);
    assert!(found("en").contains(&Kind::Sentence));
}

#[test]
fn a_row_gives_an_answer_in_code_points() {
    let line =
        r#"{"id": "7", "source": "Zoë Lind said: “We won.”", "text": "🎉 Zoë Lind: “We lost.”"}"#;
    let answer = Row::parse(line, 1).unwrap().check();
    assert_eq!(answer.verdict, Verdict::Unsupported);
    let json: Value = serde_json::to_value::<Answer>(answer).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(json["id"], "7");
    assert_eq!(json["verdict"], "unsupported");
    assert_eq!(finding["kind"], "quotation");
    assert_eq!(finding["text"], "We lost.");
    assert_eq!(
        (&finding["start"], &finding["end"]),
        (&13.into(), &21.into())
    );
}

#[test]
fn a_bad_row_says_its_line_and_what_to_do() {
    for (line, expected) in [
        ("{", "line 3: EOF while parsing"),
        (
            r#"{"id": "1", "text": "x"}"#,
            "line 3: needs either `source`",
        ),
        (
            r#"{"id": "1", "sources": [], "text": "x"}"#,
            "line 3: needs either `source`",
        ),
        (
            r#"{"id": "1", "source": "x", "text": "x", "published": "soon"}"#,
            "line 3: `published` is no date: `soon`",
        ),
    ] {
        let error: RowError = Row::parse(line, 3).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(error.hint().is_some());
    }
}

fn article(text: &str) -> Article {
    Article {
        url: None,
        canonical_url: None,
        title: Some("Pier to close".to_owned()),
        byline: vec!["Rosa Anker".to_owned()],
        published: Some("2026-01-07".parse().unwrap()),
        modified: None,
        outlet: Some("Varnholt Courier".to_owned()),
        language: Some("en".to_owned()),
        language_declared: None,
        section: None,
        tags: Vec::new(),
        image: None,
        access: Access::Unknown,
        origins: crate::article::Origins::default(),
        text: text.to_owned(),
        blocks: Vec::new(),
    }
}

#[test]
fn a_draft_is_checked_field_by_field_and_its_pull_quote_byte_by_byte() {
    let text = "Then Lind said: “It was old.” The pier closed on Tuesday.";
    let mut told = article(text);
    told.blocks = vec![Block {
        kind: BlockKind::Paragraph,
        span: Span::new(0, text.len()),
    }];
    let story = Story::new(vec![(told, jiff::Timestamp::UNIX_EPOCH)]).unwrap();
    let quote = PullQuote {
        text: "It was old.".to_owned(),
        speaker: None,
        source: "s1".to_owned(),
        span: Span::new(text.find("It").unwrap(), text.find("old.").unwrap() + 4),
        after: "1".to_owned(),
    };
    let mut draft = Draft {
        language: "en".to_owned(),
        category: "Local".to_owned(),
        keyphrase: "pier".to_owned(),
        title: "Old pier closes".to_owned(),
        summary: "The pier closed on 6 January, Rosa Anker reports.".to_owned(),
        lede: "The pier closed in 1987.".to_owned(),
        sections: Vec::new(),
        pull_quote: Some(quote),
    };
    let verified = check(draft.clone(), &story, CopyLimits::default());
    let errors: Vec<_> = verified.errors().map(|(at, f)| (at, f.reason)).collect();
    assert_eq!(errors, [("/lede", Reason::DateNotFound)]);

    let quote = draft.pull_quote.as_mut().unwrap();
    let speaker = |name: &str| Speaker {
        name: name.to_owned(),
        role: None,
    };
    quote.speaker = Some(speaker("Lind"));
    let verified = check(draft.clone(), &story, CopyLimits::default());
    assert_eq!(verified.errors().count(), 1);
    let quote = draft.pull_quote.as_mut().unwrap();
    quote.speaker = Some(speaker("Rosa Anker"));
    let verified = check(draft.clone(), &story, CopyLimits::default());
    let errors: Vec<_> = verified.errors().map(|(at, f)| (at, f.reason)).collect();
    assert_eq!(
        errors,
        [
            ("/lede", Reason::DateNotFound),
            ("/pull_quote/text", Reason::AttributionDiffers)
        ]
    );

    let quote = draft.pull_quote.as_mut().unwrap();
    quote.speaker = None;
    quote.text = "It was new.".to_owned();
    quote.span.end += text.len();
    let verified = check(draft, &story, CopyLimits::default());
    let fields: Vec<_> = verified.errors().map(|(at, _)| at).collect();
    assert_eq!(fields, ["/lede", "/pull_quote/text"]);
    let report = |(at, text, report): (&str, &str, &Report)| {
        (at == "/pull_quote/text").then(|| (text.to_owned(), report.findings.len()))
    };
    assert_eq!(
        verified.texts().find_map(report),
        Some(("It was new.".to_owned(), 1)),
        "what is stored and holds goes through the texts"
    );
}

//! Any source and any text, parted by the first NUL or else in the middle. The length
//! chooses the language. Every span of the report lies in its text, and evidence has the
//! words that it says it has.

#![no_main]

use libfuzzer_sys::fuzz_target;
use prism::{
    text::Span,
    verify::{
        Checker, CopyLimits, Evidence, Severity, SourceField, SourceText, Support, external::Row,
    },
};

const LANGUAGES: [Option<&str>; 8] = [
    None,
    Some("en"),
    Some("de"),
    Some("fr"),
    Some("es"),
    Some("ko"),
    Some("ja"),
    Some("th"),
];

fuzz_target!(|data: &[u8]| {
    let parted = data.iter().position(|byte| *byte == 0);
    let (source, text) = match parted {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => data.split_at(data.len() / 2),
    };
    let source = String::from_utf8_lossy(source);
    let text = String::from_utf8_lossy(text);
    let language = LANGUAGES[data.len() % LANGUAGES.len()];
    let title = source.lines().next();
    let names = [source
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")];
    let sources = [SourceText {
        id: "s1",
        text: &source,
        title,
        names: &names,
        published: "2026-06-01".parse().ok(),
        language,
    }];
    let report = Checker::new(&sources).check(&text, language);
    let inside = |span: Span| assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    let stands_there = |evidence: &Evidence| {
        let there = match evidence.field {
            SourceField::Text => &source,
            SourceField::Title => title.expect("evidence of a title"),
            SourceField::Name => &names[0],
            SourceField::Published => &evidence.text,
        };
        let words = there.get(evidence.span.start..evidence.span.end);
        assert_eq!(words, Some(evidence.text.as_str()));
    };
    for claim in &report.claims {
        inside(claim.span);
        claim.evidence.iter().for_each(stands_there);
        assert!(claim.support != Support::Supported || claim.evidence.is_some());
    }
    for finding in &report.findings {
        inside(finding.span);
        finding.closest.iter().for_each(stands_there);
        assert!(!finding.message.is_empty());
    }
    for sentence in &report.sentences {
        inside(sentence.span);
        sentence.evidence.iter().for_each(stands_there);
    }
    // The same as a row, whose language is told from its words.
    let row = Row {
        id: String::new(),
        sources: vec![source.into_owned()],
        text: text.into_owned(),
        published: None,
        copying: CopyLimits::default(),
    };
    let answer = row.check();
    for finding in &answer.findings {
        let span = finding
            .points
            .to_span(&row.text)
            .expect("points in the text");
        assert_eq!(span.of(&row.text), finding.text);
    }
    let errors = answer
        .findings
        .iter()
        .any(|f| f.severity == Severity::Error);
    assert_eq!(
        errors,
        answer.verdict == prism::verify::Verdict::Unsupported
    );
});

use std::fs;

use jiff::Timestamp;
use serde_json::Value;

use super::*;
use crate::{
    article::{Access, Article, Block, BlockKind, Origins, quotation::Speaker},
    text::Span,
};

const SAID: &str = "“The ice has never been this thick in March,” said Ane Lund.";

fn story() -> Story {
    let article = Article {
        url: None,
        canonical_url: None,
        title: None,
        byline: Vec::new(),
        published: None,
        modified: None,
        outlet: None,
        language: None,
        language_declared: None,
        section: None,
        tags: Vec::new(),
        image: None,
        access: Access::Unknown,
        origins: Origins::default(),
        text: SAID.to_owned(),
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            span: Span::new(0, SAID.len()),
        }],
    };
    Story::new(vec![(article, Timestamp::UNIX_EPOCH)]).unwrap()
}

fn candidate() -> Candidate {
    Candidate {
        source: "s1".to_owned(),
        span: Span::new(3, SAID.find(",”").unwrap()),
        speaker: Some(Speaker {
            name: "Ane Lund".to_owned(),
            role: None,
        }),
    }
}

fn categories() -> Vec<String> {
    vec!["Politics".to_owned(), "World".to_owned()]
}

fn answer() -> Answer {
    Answer {
        category: "world".to_owned(),
        keyphrase: "thick ice".to_owned(),
        title: "**Thick ice** closes a harbour".to_owned(),
        summary: "Ice has closed\n a harbour.".to_owned(),
        lede: "Boats stay in.".to_owned(),
        sections: vec![
            AnswerSection {
                heading: "## Thick ice".to_owned(),
                paragraphs: vec!["One.".to_owned(), " ".to_owned(), "<p>Two.</p>".to_owned()],
            },
            AnswerSection {
                heading: "What is open".to_owned(),
                paragraphs: vec!["When it melts.".to_owned()],
            },
        ],
        quote: Some(1),
        quote_after: Some(2),
    }
}

fn draft_of(answer: &Answer) -> Result<Draft, AnswerError> {
    into_draft(answer, "en", &categories(), &[candidate()], &story())
}

/// Each file of `fixtures/answers/text` has what is expected in its first line, then
/// `---`, then what a model said: `ok`, or `error`, the reason, and the field.
#[test]
fn every_text_is_read_as_expected() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/answers/text");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read_to_string(&path).unwrap();
        let (expected, text) = file.split_once("\n---\n").unwrap();
        let found = match parse::<Answer>(text) {
            Ok(answer) => {
                assert_eq!(answer.keyphrase, "harbour of Tarn", "{}", path.display());
                "ok".to_owned()
            }
            Err(AnswerError::WrongShape { field, .. }) => format!("error wrong_shape {field}"),
            Err(error) => format!("error {}", error.reason()),
        };
        assert_eq!(found, expected, "{}", path.display());
        seen += 1;
    }
    assert!(seen > 30, "only {seen} cases were found");
}

#[test]
fn every_cut_of_an_answer_is_an_error_and_never_a_panic() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/answers/text/fence_and_prose.txt"
    );
    let file = fs::read_to_string(path).unwrap();
    let text = file.split_once("\n---\n").unwrap().1;
    let object_end = text.rfind("\n```").unwrap();
    for end in (0..object_end).filter(|&end| text.is_char_boundary(end)) {
        let error = parse::<Answer>(&text[..end]).unwrap_err();
        assert!(
            matches!(error.reason(), "cut" | "empty" | "not_json"),
            "{end}: {error}"
        );
    }
}

#[test]
fn an_endless_answer_is_refused_unread() {
    let error = parse::<Answer>(&"{".repeat(2 * 1024 * 1024)).unwrap_err();
    assert_eq!(error.reason(), "too_long");
    let error = parse::<Answer>(&"{ ".repeat(500 * 1024)).unwrap_err();
    assert_eq!(error.reason(), "not_json");
}

#[test]
fn the_schema_is_strict_and_accepts_an_answer() {
    let schema = schema(&categories(), &[candidate(), candidate()]);
    insta::assert_json_snapshot!("analysis_schema", schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut good = json!({
        "category": "World", "keyphrase": "k", "title": "t", "summary": "s", "lede": "l",
        "sections": [{"heading": "h", "paragraphs": ["p"]}, {"heading": "h", "paragraphs": ["p"]}],
        "quote": 2, "quote_after": null
    });
    assert!(validator.is_valid(&good));
    for (pointer, bad) in [
        ("/category", json!("Sport")),
        ("/quote", json!(3)),
        ("/quote_after", json!(0)),
        ("/sections/0/paragraphs", json!([])),
        ("/title", Value::Null),
    ] {
        let kept = std::mem::replace(good.pointer_mut(pointer).unwrap(), bad);
        assert!(!validator.is_valid(&good), "{pointer}");
        *good.pointer_mut(pointer).unwrap() = kept;
    }
    is_strict(&schema);
    is_strict(&repair_schema(&["/title".to_owned()]));
}

#[test]
fn without_quotations_only_null_is_allowed() {
    let schema = schema(&categories(), &[]);
    assert_eq!(schema["properties"]["quote"], json!({"type": "null"}));
    is_strict(&schema);
}

/// Every object names all its properties as required and allows no other.
fn is_strict(schema: &Value) {
    assert!(!schema.to_string().contains("$ref"));
    let mut open = vec![schema];
    while let Some(node) = open.pop() {
        if let Some(properties) = node["properties"].as_object() {
            let names: Vec<_> = properties.keys().cloned().collect();
            assert_eq!(node["required"], json!(names));
            assert_eq!(node["additionalProperties"], json!(false));
            open.extend(properties.values());
        }
        if node["items"].is_object() {
            open.push(&node["items"]);
        }
    }
}

#[test]
fn a_draft_is_plain_text_with_a_pull_quote_copied_from_the_source() {
    let draft = draft_of(&answer()).unwrap();
    assert_eq!(draft.category, "World");
    assert_eq!(draft.title, "Thick ice closes a harbour");
    assert_eq!(draft.summary, "Ice has closed a harbour.");
    assert_eq!(draft.sections[0].heading, "Thick ice");
    assert_eq!(draft.sections[0].paragraphs, ["One.", "Two."]);
    assert_eq!(draft.sections[1].id, "2");
    let quote = draft.pull_quote.unwrap();
    assert_eq!(quote.text, "The ice has never been this thick in March");
    assert_eq!(quote.span.of(SAID), quote.text);
    assert_eq!(quote.speaker.unwrap().name, "Ane Lund");
    assert_eq!((quote.source.as_str(), quote.after.as_str()), ("s1", "2"));
}

#[test]
fn a_quotation_that_was_not_offered_gives_no_pull_quote() {
    for number in [
        None,
        Some(0),
        Some(-1),
        Some(2),
        Some(i64::MAX),
        Some(i64::MIN),
    ] {
        let mut answer = answer();
        answer.quote = number;
        assert_eq!(draft_of(&answer).unwrap().pull_quote, None, "{number:?}");
    }
    for after in [None, Some(0), Some(9)] {
        let mut answer = answer();
        answer.quote_after = after;
        assert_eq!(draft_of(&answer).unwrap().pull_quote.unwrap().after, "1");
    }
}

#[test]
fn a_paragraph_that_stands_above_word_for_word_is_left_out() {
    let mut answer = answer();
    answer.sections[0].paragraphs = ["One.", "One.", "Two."].map(String::from).to_vec();
    answer.sections[1].paragraphs = ["Two.", "Three."].map(String::from).to_vec();
    answer.sections.truncate(2);
    let draft = draft_of(&answer).unwrap();
    assert_eq!(draft.sections[0].paragraphs, ["One.", "Two."]);
    // The first of a section stays: a section without a paragraph is none.
    assert_eq!(draft.sections[1].paragraphs, ["Two.", "Three."]);
}

#[test]
fn what_is_no_analysis_has_a_named_reason() {
    type Change = fn(&mut Answer);
    let cases: [(&str, &str, Change); 9] = [
        ("unknown_category", "Sport", |a| {
            a.category = "Sport".to_owned();
        }),
        ("empty_field", "/title", |a| {
            a.title = "** **".to_owned();
        }),
        ("empty_field", "/keyphrase", |a| a.keyphrase.clear()),
        ("empty_field", "/sections", |a| a.sections.clear()),
        ("empty_field", "/sections/1/heading", |a| {
            a.sections[1].heading = "\u{200b}".to_owned();
        }),
        ("empty_field", "/sections/1/paragraphs", |a| {
            a.sections[1].paragraphs = vec!["  ".to_owned()];
        }),
        ("too_long", "/title", |a| {
            a.title = "long ".repeat(60);
        }),
        ("too_long", "/lede", |a| {
            a.lede = "long ".repeat(1000);
        }),
        ("too_long", "/sections", |a| {
            let section = a.sections[0].clone();
            a.sections = vec![section; 13];
        }),
    ];
    for (reason, place, change) in cases {
        let mut answer = answer();
        change(&mut answer);
        let error = draft_of(&answer).unwrap_err();
        assert_eq!(error.reason(), reason);
        assert!(error.to_string().contains(&format!("`{place}`")), "{error}");
    }
}

#[test]
fn a_repair_changes_the_named_fields_only() {
    let draft = draft_of(&answer()).unwrap();
    let new = |field: &str, text: &str| RepairedField {
        field: field.to_owned(),
        text: text.to_owned(),
    };
    let answer = RepairAnswer {
        fields: vec![
            new("/lede", "  Boats **wait**. "),
            new("/lede", "Twice."),
            new("/title", "Not asked for"),
            new("/sections/1/paragraphs/0", "  "),
            new("/sections/9/heading", "Nowhere"),
        ],
    };
    let allowed: Vec<String> = ["/lede", "/sections/1/paragraphs/0", "/sections/9/heading"]
        .map(str::to_owned)
        .into();
    let repaired = apply_repair(draft.clone(), &answer, &allowed);
    let expected = Draft {
        lede: "Boats wait.".to_owned(),
        ..draft
    };
    assert_eq!(repaired, expected);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\PC<>\\[\\]()*#{}\"\\\\u d8-f\\n]{0,80}") {
        let _ = parse::<Answer>(&text);
        let _ = reading::without_reasoning(&text);
        let once = plain::plain(&text);
        proptest::prop_assert!(!once.chars().any(char::is_control));
        proptest::prop_assert_eq!(once.trim(), once.as_str());
    }

    #[test]
    fn any_text_in_an_answer_comes_through_json(text in "\\PC{0,40}") {
        let answer = RepairAnswer { fields: vec![RepairedField { field: "/lede".to_owned(), text }] };
        let said = json!({"fields": [{"field": "/lede", "text": answer.fields[0].text}]});
        let fenced = format!("Here it is:\n```json\n{said:#}\n```");
        proptest::prop_assert_eq!(parse::<RepairAnswer>(&fenced), Ok(answer));
    }
}

//! The cases of `fixtures/quotations`, and what holds for any text.

use std::{fs, path::Path};

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::article::plain;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    quotations: Vec<Expected>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    text: String,
    speaker: Option<String>,
    role: Option<String>,
}

fn found(article: &Article) -> Vec<Expected> {
    quotations(article)
        .into_iter()
        .map(|quotation| Expected {
            text: quotation.span.of(&article.text).to_owned(),
            role: quotation
                .speaker
                .as_ref()
                .and_then(|speaker| speaker.role.clone()),
            speaker: quotation.speaker.map(|speaker| speaker.name),
        })
        .collect()
}

#[test]
fn the_fixtures_are_read_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/quotations");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file: File = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in file.cases {
            cases += 1;
            let found = found(&plain::article(&case.text, Some(&file.language)));
            if found != case.quotations {
                wrong.push(format!(
                    "{}, {}:\n  found    {found:?}\n  expected {:?}",
                    path.file_name().unwrap().display(),
                    case.name,
                    case.quotations
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 25, "only {cases} cases");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_gives_spans_inside_its_blocks(
        text in "(> )?([\"'“”‘’„«»‹›「」—,.:!\n ]|said|Ana Ruiz|Mayor|he|6|é|말했다|according to){0,60}",
        language in prop::option::of("en|de|ko"),
    ) {
        let article = plain::article(&text, language.as_deref());
        for quotation in quotations(&article) {
            prop_assert!(article.text.get(quotation.span.start..quotation.span.end).is_some());
            prop_assert!(article.blocks.iter().any(|block| block.span.contains(quotation.span)));
            prop_assert!(quotation.span.of(&article.text).contains(char::is_alphanumeric));
        }
    }
}

#[test]
fn tables_are_sorted_and_in_lower_case() {
    for table in [
        tables::VERBS,
        tables::HELPERS,
        tables::PRONOUNS,
        tables::BARE_VERBS,
        tables::ARTICLES,
        tables::BINDERS,
        tables::PARTICLES,
        tables::NOT_SPEECH,
        tables::TITLES,
        tables::ADDRESSES,
        tables::ABBREVIATIONS,
        tables::NO_NAMES,
        tables::PREPOSITION_LIKE,
        tables::COPULAS,
        tables::KOREAN_TITLES,
        tables::KOREAN_VERBS,
    ] {
        for pair in table.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        assert!(table.iter().all(|word| *word == word.to_lowercase()));
    }
}

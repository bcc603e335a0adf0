//! What holds for every draft, on the stories of `fixtures/extractive`.

use std::{fmt::Write as _, fs, path::Path};

use proptest::prelude::*;

use super::*;
use crate::article::plain::{article, story};

/// The stories: one file each, its articles parted by a line of `=====`, its name ending
/// with the language.
fn stories() -> Vec<(String, Story)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extractive");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let language = name.rsplit('.').next().map(str::to_owned);
            let text = fs::read_to_string(path).unwrap();
            let articles = text
                .split("\n=====\n")
                .map(|text| article(text, language.as_deref()));
            let story = story(articles);
            (name, story)
        })
        .collect()
}

fn categories() -> Vec<String> {
    ["Politics", "World", "Business", "Science", "Other"]
        .map(str::to_owned)
        .to_vec()
}

/// Whether the text consists of whole pieces of the sources, each used once.
fn assert_verbatim(name: &str, story: &Story, text: &str) {
    let language = story.lead().article.language.as_deref();
    let all = |words: &str| {
        story.sources().iter().any(|source| {
            source.article.text.contains(words)
                || source
                    .article
                    .title
                    .as_deref()
                    .is_some_and(|title| title.contains(words))
        })
    };
    if !all(text) {
        for sentence in crate::text::sentences(text, language) {
            assert!(
                all(sentence.of(text)),
                "{name}: no source has {:?}",
                sentence.of(text)
            );
        }
    }
}

#[test]
fn every_sentence_stands_in_a_source() {
    let stories = stories();
    assert!(stories.len() >= 5);
    for (name, story) in &stories {
        let draft = draft(story, &categories());
        for (pointer, text) in draft.fields() {
            assert!(!text.trim().is_empty(), "{name}: {pointer} is empty");
            assert_verbatim(name, story, text);
        }
        assert_eq!(
            draft,
            super::draft(story, &categories()),
            "{name} is not stable"
        );
    }
}

#[test]
fn no_sentence_is_used_twice() {
    for (name, story) in &stories() {
        let draft = draft(story, &categories());
        let paragraphs = draft
            .sections
            .iter()
            .flat_map(|section| &section.paragraphs);
        let mut seen: Vec<&str> = Vec::new();
        for text in [&draft.summary, &draft.lede].into_iter().chain(paragraphs) {
            for sentence in crate::text::sentences(text, Some(&draft.language)) {
                let sentence = sentence.of(text);
                assert!(!seen.contains(&sentence), "{name}: twice {sentence:?}");
                seen.push(sentence);
            }
        }
    }
}

#[test]
fn a_draft_has_the_size_and_shape_of_an_analysis() {
    for (name, story) in &stories() {
        let draft = draft(story, &categories());
        let source: usize = story
            .sources()
            .iter()
            .map(|s| word_count(&s.article.text))
            .sum();
        let words: usize = draft
            .fields()
            .iter()
            .map(|(_, text)| word_count(text))
            .sum();
        assert!(words <= 330, "{name} has {words} words");
        assert!(words < source + 30, "{name} is longer than its source");
        assert!(
            source < 500 || words >= 180,
            "{name} has only {words} words of {source}"
        );
        assert!((1..=3).contains(&draft.sections.len()), "{name}");
        assert!(
            draft.lede.contains(&draft.summary).then_some(()).is_none(),
            "{name}"
        );
        if let Some(quote) = &draft.pull_quote {
            let article = &story.source(&quote.source).unwrap().article;
            assert_eq!(quote.span.of(&article.text), quote.text, "{name}");
            assert!(quote.speaker.is_some(), "{name}");
            assert!(
                draft
                    .sections
                    .iter()
                    .any(|section| section.id == quote.after),
                "{name}"
            );
        }
    }
}

#[test]
fn drafts_read_as_they_did() {
    for (name, story) in &stories() {
        insta::assert_snapshot!(name.clone(), page(&draft(story, &categories())));
    }
}

/// The draft as a person reads it.
fn page(draft: &Draft) -> String {
    let mut page = format!(
        "[{}] {}\nkey phrase: {}\nsummary: {}\n\n{}\n",
        draft.category, draft.title, draft.keyphrase, draft.summary, draft.lede
    );
    for section in &draft.sections {
        let paragraphs = section.paragraphs.join("\n\n");
        writeln!(page, "\n## {}\n\n{paragraphs}", section.heading).unwrap();
    }
    if let Some(quote) = &draft.pull_quote {
        let speaker = quote
            .speaker
            .as_ref()
            .map(|s| (s.name.clone(), s.role.clone()));
        writeln!(
            page,
            "\nafter {}: “{}” {speaker:?}",
            quote.after, quote.text
        )
        .unwrap();
    }
    page
}

#[test]
fn a_story_of_one_word_has_a_draft() {
    let draft = draft(&story([article("Fire", None)]), &[]);
    assert_eq!(
        [draft.title.as_str(), &draft.lede, &draft.summary],
        ["Fire"; 3]
    );
    assert_eq!(draft.sections[0].paragraphs, ["Fire"]);
}

#[test]
fn wire_copy_is_told_once() {
    let (_, story) = stories()
        .into_iter()
        .find(|(name, _)| name.starts_with("two"))
        .unwrap();
    let draft = draft(&story, &categories());
    let told = page(&draft).matches("three of the crew").count();
    assert!(told <= 1, "{}", page(&draft));
    let second = &story.sources()[1].article.text;
    let own = crate::text::sentences(second, Some("en"))
        .into_iter()
        .any(|sentence| {
            let sentence = sentence.of(second);
            !sentence.contains("three of the crew") && page(&draft).contains(sentence)
        });
    assert!(own, "the second source adds something: {}", page(&draft));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_has_a_draft_of_its_own_words(
        text in "([A-Za-zé東京\"“”.!? \n]|(. The )|(\n\n)|(\n\n# )){0,300}",
        language in prop::option::of("en|ja|xx"),
    ) {
        let story = story([article(&text, language.as_deref())]);
        let draft = draft(&story, &categories());
        prop_assert!(!draft.sections.is_empty());
        for section in &draft.sections {
            prop_assert!(!section.paragraphs.is_empty());
        }
    }
}

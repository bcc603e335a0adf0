//! One feed, and what is wanted of it.

use std::{borrow::Cow, fmt};

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::Url;

/// One feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Where it is.
    pub url: Url,
    /// The category of its analyses, whatever the model says; one of `house.categories`.
    #[serde(default)]
    pub category: Option<String>,
    /// Entries of one run at most; the rest waits for the next.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Only entries whose title or summary has one of these.
    #[serde(default)]
    pub include: Vec<Pattern>,
    /// No entries whose title or summary has one of these.
    #[serde(default)]
    pub exclude: Vec<Pattern>,
    /// Only articles of so many words.
    #[serde(default)]
    pub min_words: Option<usize>,
    /// Only articles in one of these languages, as BCP 47 tags; `en` takes `en-GB` too.
    #[serde(default)]
    pub languages: Vec<String>,
}

impl FeedSettings {
    /// The key with what is wrong with it.
    pub(super) fn problem(&self, categories: &[String]) -> Option<(&'static str, String)> {
        let unknown = |category: &&String| !categories.contains(category);
        if let Some(category) = self.category.as_ref().filter(unknown) {
            let problem = format!("`{category}` is none of `house.categories`");
            return Some(("feeds.category", problem));
        }
        let language = self.languages.iter().find(|tag| !is_language(tag))?;
        let problem = format!("`{language}` is no language tag such as `en` or `pt-BR`");
        Some(("feeds.languages", problem))
    }

    /// A feed of which everything is wanted.
    pub fn everything(url: Url) -> Self {
        Self {
            url,
            category: None,
            limit: None,
            include: Vec::new(),
            exclude: Vec::new(),
            min_words: None,
            languages: Vec::new(),
        }
    }
}

/// Whether this has the form of a BCP 47 tag, as far as articles have one: an ISO 639 code,
/// then subtags.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let code = parts.next().unwrap_or_default();
    (2..=3).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// A word or phrase, in small letters or capitals, or a regular expression between slashes:
/// `budget`, `city council`, `/^live:/`.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl Pattern {
    /// Whether it stands in `text`.
    pub fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    fn parse(written: &str) -> Result<Self, String> {
        let inner = written
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
            .filter(|inner| !inner.is_empty());
        let expression = match inner {
            Some(inner) => Cow::Borrowed(inner),
            None if written.trim().is_empty() => {
                return Err("an empty pattern fits everything".into());
            }
            None => Cow::Owned(phrase(written)),
        };
        let regex = Regex::new(&expression)
            .map_err(|error| format!("`{written}` is no regular expression: {error}"))?;
        Ok(Self {
            written: written.to_owned(),
            regex,
        })
    }
}

/// The expression of a phrase: its words with any white space between them, and whole where
/// a script parts its words.
fn phrase(written: &str) -> String {
    let edge = |c: Option<char>, edge| if c.is_some_and(is_parted) { edge } else { "" };
    let trimmed = written.trim();
    let words: Vec<String> = trimmed.split_whitespace().map(regex::escape).collect();
    let begin = edge(trimmed.chars().next(), r"(?:^|\W)");
    let end = edge(trimmed.chars().next_back(), r"(?:\W|$)");
    format!("(?i){begin}{}{end}", words.join(r"\s+"))
}

/// Whether words that begin or end with this character stand apart from others: not so in
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese, nor in Korean, which adds endings.
fn is_parted(c: char) -> bool {
    !matches!(
        c,
        '\u{0E00}'..='\u{0EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7AF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Self::parse(&written).map_err(de::Error::custom)
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_phrase_of_whole_words_or_a_regular_expression() {
        for (pattern, text, fits) in [
            ("pier", "The PIER closes", true),
            ("pier", "Piers close", false),
            ("city council", "A City Council votes", true),
            ("city council", "The city\n council votes", true),
            ("c++", "Learn C++ now", true),
            ("東京", "本日の東京都議会", true),
            ("서울", "서울에서", true),
            ("/^Live:/", "Live: the vote", true),
            ("/^Live:/", "The vote, live: now", false),
            ("/", "a / b", true),
        ] {
            let found = Pattern::parse(pattern).unwrap().is_in(text);
            assert_eq!(found, fits, "{pattern} in {text}");
        }
        assert!(Pattern::parse(" ").is_err());
        assert!(Pattern::parse("/(/").unwrap_err().contains("`/(/`"));
    }

    #[test]
    fn a_language_is_a_tag_and_no_name() {
        for (tag, fits) in [
            ("en", true),
            ("pt-BR", true),
            ("zh-Hant-TW", true),
            ("gsw", true),
            ("english", false),
            ("e", false),
            ("en_GB", false),
            ("en-", false),
            ("", false),
        ] {
            assert_eq!(is_language(tag), fits, "{tag}");
        }
    }
}

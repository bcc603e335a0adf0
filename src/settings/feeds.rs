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
            None => Cow::Owned(format!(
                r"(?i)(?:^|\W){}(?:\W|$)",
                regex::escape(written.trim())
            )),
        };
        let regex = Regex::new(&expression)
            .map_err(|error| format!("`{written}` is no regular expression: {error}"))?;
        Ok(Self {
            written: written.to_owned(),
            regex,
        })
    }
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
            ("c++", "Learn C++ now", true),
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
}

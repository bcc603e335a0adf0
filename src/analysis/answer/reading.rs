//! Reading: the one JSON object in what a model said.
//!
//! Servers that hold the model to the schema give the object and nothing else. For
//! the others, a byte order mark, reasoning in `<think>`, a Markdown fence and prose
//! around the object are passed over. Nothing beyond that is guessed: a trailing
//! comma, an unescaped quotation mark or a second, different object is an error.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Deserializer, Value};

/// Longer than any analysis; a model that wrote this much ran away.
const MOST_BYTES: usize = 1024 * 1024;

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It has no text, or nothing but reasoning.
    #[error("the answer is empty")]
    Empty,
    /// It has no JSON object, or one that is broken.
    #[error("the answer is not a JSON object: {problem}")]
    NotJson {
        /// What is wrong, and where.
        problem: String,
    },
    /// It ends in the middle.
    #[error("the answer ends in the middle")]
    Cut,
    /// It has several JSON objects that differ.
    #[error("the answer has more than one JSON object")]
    SeveralObjects,
    /// A string holds half a character, such as `\ud83d` alone.
    #[error("the answer has half a character (a lone surrogate) in a string")]
    LoneSurrogate,
    /// A field is missing, twice there, or of another type.
    #[error("the answer has the wrong shape at `{field}`: {problem}")]
    WrongShape {
        /// The path of the field; `.` for the whole.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A field holds no text.
    #[error("the answer has no text in `{field}`")]
    EmptyField {
        /// Its JSON Pointer.
        field: String,
    },
    /// The category is none of those that were offered.
    #[error("the answer has the unknown category `{found}`")]
    UnknownCategory {
        /// What it says.
        found: String,
    },
    /// There is too much of something.
    #[error("the answer is too long in `{field}`: {found}, at most {most}")]
    TooLong {
        /// Its JSON Pointer.
        field: String,
        /// How much there is.
        found: usize,
        /// How much there may be.
        most: usize,
    },
}

impl AnswerError {
    /// The word that names the reason in reports and in the store.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotJson { .. } => "not_json",
            Self::Cut => "cut",
            Self::SeveralObjects => "several_objects",
            Self::LoneSurrogate => "lone_surrogate",
            Self::WrongShape { .. } => "wrong_shape",
            Self::EmptyField { .. } => "empty_field",
            Self::UnknownCategory { .. } => "unknown_category",
            Self::TooLong { .. } => "too_long",
        }
    }
}

/// Reads the one JSON object of `text`.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, AnswerError> {
    if text.len() > MOST_BYTES {
        return Err(AnswerError::TooLong {
            field: ".".to_owned(),
            found: text.len(),
            most: MOST_BYTES,
        });
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let object = the_object(text)?;
    let mut deserializer = Deserializer::from_str(object);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = error.path().to_string();
        if has_lone_surrogate(object) {
            return AnswerError::LoneSurrogate;
        }
        AnswerError::WrongShape {
            field,
            problem: bounded(&error.into_inner().to_string()),
        }
    })
}

/// `text` without the reasoning that some models write before the answer.
///
/// The opening tag is often part of the chat template and not of the answer; reasoning
/// that never ends leaves nothing.
pub(crate) fn without_reasoning(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(inside) = rest.strip_prefix("<think>") {
        rest = match inside.split_once("</think>") {
            Some((_, after)) => after.trim_start(),
            None => "",
        };
    }
    // Before an object starts, a closing tag alone ends reasoning too.
    match rest.split_once("</think>") {
        Some((before, after)) if !before.trim_start().starts_with('{') => after.trim_start(),
        _ => rest,
    }
}

/// The text of the only JSON object in `text`.
fn the_object(text: &str) -> Result<&str, AnswerError> {
    let text = without_reasoning(text);
    if text.is_empty() {
        return Err(AnswerError::Empty);
    }
    // A whole text that is JSON but no object is not searched for objects inside it.
    if !text.starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Err(AnswerError::WrongShape {
            field: ".".to_owned(),
            problem: "expected an object".to_owned(),
        });
    }
    let mut found: Option<&str> = None;
    let mut first_fault: Option<AnswerError> = None;
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at..];
        let mut stream = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        match stream.next() {
            Some(Ok(_)) => {
                let (object, after) = rest.split_at(stream.byte_offset());
                if found.is_some_and(|other| !same(other, object)) {
                    return Err(AnswerError::SeveralObjects);
                }
                found = Some(object);
                rest = after;
            }
            Some(Err(error)) => {
                let fault = if error.is_eof() {
                    AnswerError::Cut
                } else {
                    AnswerError::NotJson {
                        problem: bounded(&error.to_string()),
                    }
                };
                first_fault.get_or_insert(fault);
                match end_of_braces(rest) {
                    Some(end) => rest = &rest[end..],
                    None => break,
                }
            }
            None => break,
        }
    }
    match (found, first_fault) {
        (Some(object), _) => Ok(object),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(AnswerError::NotJson {
            problem: "there is no `{` in it".to_owned(),
        }),
    }
}

/// Where the `{` at the start of `text` is closed, braces in strings apart.
fn end_of_braces(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn same(a: &str, b: &str) -> bool {
    let read = |text| serde_json::from_str::<Value>(text).ok();
    a == b || read(a).is_some_and(|a| Some(a) == read(b))
}

/// Whether an escape in `json` stands for half a character.
fn has_lone_surrogate(json: &str) -> bool {
    let mut rest = json;
    let mut high = false;
    while let Some(at) = rest.find('\\') {
        if at > 0 && high {
            return true;
        }
        let escape = &rest[at + 1..];
        let unit = escape
            .strip_prefix('u')
            .and_then(|hex| hex.get(..4))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match unit {
            Some(0xd800..=0xdbff) if !high => high = true,
            Some(0xdc00..=0xdfff) if high => high = false,
            Some(0xd800..=0xdfff) => return true,
            _ if high => return true,
            _ => {}
        }
        let length = if unit.is_some() {
            5
        } else {
            escape.chars().next().map_or(0, char::len_utf8)
        };
        rest = &escape[length..];
    }
    high
}

/// A message for a person: a model's words in it may be long.
fn bounded(message: &str) -> String {
    const MOST: usize = 200;
    let mut short: String = message
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST)
        .collect();
    if message.chars().count() > MOST {
        short.push('…');
    }
    short
}

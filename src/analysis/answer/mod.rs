//! The answer: what a model is asked to write, and how that becomes a [`Draft`].
//!
//! The shape is asked for by JSON Schema and read by [`parse`]. Nothing is guessed: an
//! answer that is not one JSON object of the right shape is an error with a named
//! reason. Whether what it says is true is for `verify` to say.

mod plain;
mod reading;

pub(crate) use reading::without_reasoning;
pub use reading::{AnswerError, parse};

use std::collections::HashSet;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Draft, PullQuote, Section};
use crate::{article::quotation::Candidate, story::Story};

/// The analysis as a model writes it. The order of the fields is the order of writing:
/// the title comes after the key phrase that it takes up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Answer {
    /// The category that fits best.
    pub category: String,
    /// 2 to 6 words that name the event, with words of the source.
    pub keyphrase: String,
    /// Headline of fewer than 90 characters that contains the keyphrase.
    pub title: String,
    /// One sentence that says what happened.
    pub summary: String,
    /// 2 or 3 sentences that make a reader want to go on.
    pub lede: String,
    /// 2 to 4 sections; the last is about what the sources leave open.
    pub sections: Vec<AnswerSection>,
    /// The number of the best quotation, or null.
    #[serde(default, deserialize_with = "number")]
    pub quote: Option<i64>,
    /// The number of the section that the quotation follows, or null.
    #[serde(default, deserialize_with = "number")]
    pub quote_after: Option<i64>,
}

/// One section of an [`Answer`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct AnswerSection {
    /// A short heading.
    pub heading: String,
    /// 1 to 3 paragraphs of 2 to 4 sentences.
    pub paragraphs: Vec<String>,
}

/// New text for fields in which the check found an error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct RepairAnswer {
    /// One entry for each text of the list.
    pub fields: Vec<RepairedField>,
}

/// New text for one field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct RepairedField {
    /// The name of the text, exactly as it stands in the list.
    pub field: String,
    /// The new text.
    pub text: String,
}

/// What a second model says of the sentences of an analysis.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct JudgeAnswer {
    /// One entry for each sentence of the list.
    pub sentences: Vec<JudgedSentence>,
}

/// What a second model says of one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct JudgedSentence {
    /// The number of the sentence in the list.
    pub number: usize,
    /// What in the sentence the passages say, or do not say, in one short sentence.
    pub reason: String,
    /// Whether the passages say everything that the sentence says.
    pub supported: bool,
}

/// What an answer may hold at most. The prompt asks for far less; what is longer is a
/// model that ran away, not an analysis.
struct Most;

impl Most {
    const SECTIONS: usize = 12;
    const PARAGRAPHS: usize = 12;
    /// Code points of a key phrase, a title or a heading.
    const LINE: usize = 240;
    /// Code points of a summary, a lede or a paragraph.
    const TEXT: usize = 4_000;
}

/// The schema of an [`Answer`] with this closed list of categories and these
/// quotations. It holds to what strict modes ask for: every property required, no
/// other allowed, no references.
pub fn schema(categories: &[String], candidates: &[Candidate]) -> Value {
    let mut schema = strict_schema::<Answer>();
    let properties = &mut schema["properties"];
    properties["category"]["enum"] = json!(categories);
    if candidates.is_empty() {
        properties["quote"] = json!({"type": "null"});
        properties["quote_after"] = json!({"type": "null"});
    } else {
        let number_or_null = |most: usize, description: &Value| {
            let numbers: Vec<_> = (1..=most).collect();
            json!({
                "description": description,
                "anyOf": [{"type": "integer", "enum": numbers}, {"type": "null"}]
            })
        };
        for (name, most) in [("quote", candidates.len()), ("quote_after", 4)] {
            properties[name] = number_or_null(most, &properties[name]["description"]);
        }
    }
    // A small model that is held by a grammar alone would otherwise write sections
    // until it runs out of room. Vendors that refuse the bounds do not get them.
    properties["sections"]["minItems"] = json!(2);
    properties["sections"]["maxItems"] = json!(4);
    let paragraphs = &mut properties["sections"]["items"]["properties"]["paragraphs"];
    paragraphs["minItems"] = json!(1);
    paragraphs["maxItems"] = json!(3);
    schema
}

/// The schema of a [`RepairAnswer`] that may change the fields at `pointers` only.
pub fn repair_schema(pointers: &[String]) -> Value {
    let mut schema = strict_schema::<RepairAnswer>();
    let fields = &mut schema["properties"]["fields"];
    fields["items"]["properties"]["field"]["enum"] = json!(pointers);
    fields["minItems"] = json!(1);
    fields["maxItems"] = json!(pointers.len());
    schema
}

/// The schema of a [`JudgeAnswer`] about `sentences` sentences.
pub fn judge_schema(sentences: usize) -> Value {
    let mut schema = strict_schema::<JudgeAnswer>();
    let list = &mut schema["properties"]["sentences"];
    list["minItems"] = json!(sentences);
    list["maxItems"] = json!(sentences);
    schema
}

/// Makes a draft of `answer`: plain text, sections with ids, and a pull quote that is
/// copied from the source. A quotation number that was not offered gives no pull quote.
pub fn into_draft(
    answer: &Answer,
    language: &str,
    categories: &[String],
    candidates: &[Candidate],
    story: &Story,
) -> Result<Draft, AnswerError> {
    let wanted = plain::plain(&answer.category).to_lowercase();
    let category = categories
        .iter()
        .find(|known| known.to_lowercase() == wanted)
        .ok_or_else(|| AnswerError::UnknownCategory {
            found: answer.category.chars().take(60).collect(),
        })?
        .clone();
    if answer.sections.is_empty() {
        return Err(AnswerError::EmptyField {
            field: "/sections".to_owned(),
        });
    }
    at_most("/sections", answer.sections.len(), Most::SECTIONS)?;
    let mut sections = Vec::new();
    let mut said = HashSet::new();
    for (at, section) in answer.sections.iter().enumerate() {
        let pointer = format!("/sections/{at}/paragraphs");
        at_most(&pointer, section.paragraphs.len(), Most::PARAGRAPHS)?;
        let mut paragraphs = Vec::new();
        for paragraph in &section.paragraphs {
            // An empty string between paragraphs is layout, not text.
            if !plain::plain(paragraph).is_empty() {
                let paragraph = text(&pointer, paragraph, Most::TEXT)?;
                let again = !said.insert(paragraph.clone());
                // What stands above word for word says nothing; the section may need it.
                if !again || paragraphs.is_empty() {
                    paragraphs.push(paragraph);
                }
            }
        }
        if paragraphs.is_empty() {
            return Err(AnswerError::EmptyField { field: pointer });
        }
        sections.push(Section {
            id: (at + 1).to_string(),
            heading: text(
                &format!("/sections/{at}/heading"),
                &section.heading,
                Most::LINE,
            )?,
            paragraphs,
        });
    }
    let pull_quote = answer
        .quote
        .and_then(|number| pull_quote(number, answer.quote_after, &sections, candidates, story));
    Ok(Draft {
        language: language.to_owned(),
        category,
        keyphrase: text("/keyphrase", &answer.keyphrase, Most::LINE)?,
        title: text("/title", &answer.title, Most::LINE)?,
        summary: text("/summary", &answer.summary, Most::TEXT)?,
        lede: text("/lede", &answer.lede, Most::TEXT)?,
        sections,
        pull_quote,
    })
}

/// `draft` with the new texts of `answer`, as far as they are for fields in `allowed`
/// (JSON Pointers) and hold any text; of several for one field the first counts.
pub fn apply_repair(mut draft: Draft, answer: &RepairAnswer, allowed: &[String]) -> Draft {
    for pointer in allowed {
        let Some(new) = answer.fields.iter().find(|new| new.field == *pointer) else {
            continue;
        };
        let Some(field) = draft.field_mut(pointer) else {
            continue;
        };
        let is_line =
            matches!(pointer.as_str(), "/title" | "/keyphrase") || pointer.ends_with("/heading");
        let most = if is_line { Most::LINE } else { Most::TEXT };
        if let Ok(text) = text(pointer, &new.text, most) {
            *field = text;
        }
    }
    draft
}

/// A whole number, or none: a model that types a quotation out has chosen nothing, and
/// what it typed is never used. The rest of its answer is not lost for that.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_i64())
}

fn strict_schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    // The name and description of our type mean nothing to a model.
    if let Some(root) = schema.as_object_mut() {
        root.remove("title");
        root.remove("description");
    }
    let mut open = vec![&mut schema];
    while let Some(node) = open.pop() {
        let Some(node) = node.as_object_mut() else {
            continue;
        };
        if let Some(Value::Object(properties)) = node.get("properties") {
            let names: Vec<_> = properties.keys().cloned().collect();
            node.insert("required".to_owned(), json!(names));
            node.insert("additionalProperties".to_owned(), json!(false));
            node.remove("description");
        }
        for (name, child) in node {
            match (name.as_str(), child) {
                ("properties", Value::Object(children)) => open.extend(children.values_mut()),
                ("items", child) => open.push(child),
                _ => {}
            }
        }
    }
    schema
}

fn pull_quote(
    number: i64,
    after: Option<i64>,
    sections: &[Section],
    candidates: &[Candidate],
    story: &Story,
) -> Option<PullQuote> {
    let nth = |number: i64| usize::try_from(number).ok()?.checked_sub(1);
    let candidate = candidates.get(nth(number)?)?;
    let text = &story.source(&candidate.source)?.article.text;
    let text = text.get(candidate.span.start..candidate.span.end)?;
    // A wrong place is no reason to lose a right quotation.
    let section = after
        .and_then(nth)
        .and_then(|at| sections.get(at))
        .or(sections.first())?;
    Some(PullQuote {
        text: text.to_owned(),
        speaker: candidate.speaker.clone(),
        source: candidate.source.clone(),
        span: candidate.span,
        after: section.id.clone(),
    })
}

/// The plain text of a field, which must hold some and not too much.
fn text(field: &str, raw: &str, most: usize) -> Result<String, AnswerError> {
    let text = plain::plain(raw);
    if text.is_empty() {
        return Err(AnswerError::EmptyField {
            field: field.to_owned(),
        });
    }
    at_most(field, text.chars().count(), most)?;
    Ok(text)
}

fn at_most(field: &str, found: usize, most: usize) -> Result<(), AnswerError> {
    if found > most {
        return Err(AnswerError::TooLong {
            field: field.to_owned(),
            found,
            most,
        });
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

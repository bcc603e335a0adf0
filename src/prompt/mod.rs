//! Prompts: a template, filled with a story and with what the house wants.
//!
//! What is the same for every article stands first (the system message), so that the
//! vendors' prompt caches hit; what belongs to one article stands last, and the task
//! is said again after the sources. Choosing what of a story is shown is `pack`;
//! reading the answer is `analysis::answer`.

mod material;
mod template;

pub use material::candidates;
pub use template::{Library, Template};

use std::{io, path::PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::{
    analysis::{Draft, answer},
    article::quotation::Candidate,
    pack::Excerpt,
    story::Story,
    text::sha256,
    verify::{Finding, Kind, Verified},
};

/// Errors of one field that a repair names; the rest would only repeat them.
const MOST_PROBLEMS: usize = 8;

/// Bytes of a source's passage that a repair quotes; a longer one is cut at a word.
const MOST_CLOSEST: usize = 400;

/// A fully rendered prompt, ready for a provider.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The template's id, such as `analysis`.
    pub id: String,
    /// The template's version, set by whoever changes it.
    pub version: String,
    /// What the answer is wanted for.
    pub purpose: Purpose,
    /// SHA-256 (hex) of what was sent: system, user and schema.
    pub digest: String,
    /// What is the same for every article; first, so that prompt caches hit.
    pub system: String,
    /// What belongs to this article.
    pub user: String,
    /// The JSON Schema (2020-12) of the answer.
    pub schema: Value,
    /// The quotations that were offered; the answer names one by its number (1, 2, …).
    pub candidates: Vec<Candidate>,
    /// Room for the answer, in tokens.
    pub max_output_tokens: usize,
}

/// What an answer is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A whole analysis.
    Analysis,
    /// New text for single fields of one.
    Repair,
    /// What a second model says of the sentences of one.
    Judge,
}

impl Purpose {
    /// The word that stands for it in keys and in schemas' names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Analysis => "analysis",
            Self::Repair => "repair",
            Self::Judge => "judge",
        }
    }
}

impl Prompt {
    /// The same prompt for a second attempt, after an answer that could not be used for
    /// this named reason.
    #[must_use]
    pub fn asked_anew(&self, reason: &str) -> Self {
        let problem = reason.replace('_', " ");
        let user = format!(
            "{}\n\nAn earlier answer could not be used: {problem}. Answer with one whole JSON object \
             of the form above, and nothing else.\n",
            self.user.trim_end()
        );
        let digest = digest(&self.system, &user, &self.schema);
        Self {
            digest,
            user,
            ..self.clone()
        }
    }
}

/// What the house wants of an analysis.
#[derive(Clone, Copy, Debug)]
pub struct Brief<'a> {
    /// The house's own rules of style; may be empty.
    pub house_style: &'a str,
    /// The closed list of categories; not empty.
    pub categories: &'a [String],
    /// BCP 47 tag of the language to write in.
    pub language: &'a str,
    /// What an editor asks for this time.
    pub note: Option<&'a str>,
    /// Words wanted, about.
    pub words: usize,
    /// Room for the answer, in tokens.
    pub max_output_tokens: usize,
}

/// Why there is no prompt.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// A folder or file of prompts cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder of prompts has none.
    #[error("there is no prompt (`*.md`) in `{}`", path.display())]
    EmptyFolder {
        /// Which.
        path: PathBuf,
    },
    /// A template is wrong.
    #[error("`{file}`, line {line}: {problem}")]
    Template {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// There is no template of this id.
    #[error("there is no prompt `{id}`")]
    Unknown {
        /// What was asked for.
        id: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A template of the wrong kind has the id of another.
    #[error("the prompt `{id}` has the answer `{found}`, but `{wanted}` is needed here")]
    WrongAnswer {
        /// The template.
        id: String,
        /// Its answer.
        found: String,
        /// The answer that is needed.
        wanted: &'static str,
    },
    /// The list of categories is empty, so that no answer could be right.
    #[error("the list of categories is empty")]
    NoCategories,
    /// The check found no error.
    #[error("there is nothing to repair: the check found no error")]
    NothingToRepair,
}

impl PromptError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } | Self::EmptyFolder { .. } => {
                Some("`--prompts` names a folder with files such as `analysis.v1.md`".to_owned())
            }
            Self::Template { .. } => {
                Some("`prism prompts show analysis` prints a prompt that is right".to_owned())
            }
            Self::Unknown { known, .. } => Some(format!("there are: {}", known.join(", "))),
            Self::WrongAnswer { wanted, .. } => Some(format!(
                "set `answer = \"{wanted}\"` in its front matter, or give it another id"
            )),
            Self::NoCategories => Some("name at least one in the settings".to_owned()),
            Self::NothingToRepair => None,
        }
    }
}

/// The prompt that asks for an analysis of `story`.
pub fn analysis(
    library: &Library,
    story: &Story,
    excerpt: &Excerpt,
    brief: &Brief,
) -> Result<Prompt, PromptError> {
    let candidates = candidates(story, excerpt);
    analysis_with(
        library,
        story,
        material::shown(story, excerpt),
        material::has_gaps(story, excerpt),
        brief,
        candidates,
    )
}

/// The same prompt with no source text: what is left of the budget is room for it.
///
/// It offers the longest quotations of the story and marks holes in every source, so
/// the prompt for an excerpt is larger only by the excerpt's text.
pub fn overhead(library: &Library, story: &Story, brief: &Brief) -> Result<Prompt, PromptError> {
    let candidates = material::longest_candidates(story);
    let sources = material::blank(story);
    analysis_with(library, story, sources, true, brief, candidates)
}

/// The prompt that asks for new text where the check found an error, and nowhere else.
pub fn repair(
    library: &Library,
    story: &Story,
    excerpt: &Excerpt,
    brief: &Brief,
    verified: &Verified,
) -> Result<Prompt, PromptError> {
    let errors: Vec<_> = verified.errors().collect();
    let keep = |pointer: &str| {
        let right = verified.right_quotations(pointer);
        right.into_iter().map(material::line).collect()
    };
    repair_of(
        library,
        story,
        excerpt,
        brief,
        verified.draft(),
        &errors,
        keep,
    )
}

#[derive(Serialize)]
struct AnalysisValues<'a> {
    candidates: Vec<material::ShownCandidate>,
    categories: &'a [String],
    gaps: bool,
    house_style: &'a str,
    language: String,
    note: Option<String>,
    sources: Vec<material::ShownSource>,
    words: usize,
}

#[derive(Serialize)]
struct RepairValues<'a> {
    fields: Vec<FaultyField>,
    gaps: bool,
    house_style: &'a str,
    language: String,
    note: Option<String>,
    sources: Vec<material::ShownSource>,
}

/// A field with errors, as the template sees it.
#[derive(Serialize)]
struct FaultyField {
    pointer: String,
    text: String,
    problems: Vec<Problem>,
    /// Quotations that are right and must stay.
    keep: Vec<String>,
}

/// One error, in words for a model.
#[derive(Serialize)]
struct Problem {
    words: String,
    reason: String,
    advice: &'static str,
    source: Option<String>,
    closest: Option<String>,
}

fn analysis_with(
    library: &Library,
    story: &Story,
    sources: Vec<material::ShownSource>,
    gaps: bool,
    brief: &Brief,
    candidates: Vec<Candidate>,
) -> Result<Prompt, PromptError> {
    if brief.categories.is_empty() {
        return Err(PromptError::NoCategories);
    }
    let values = AnalysisValues {
        candidates: material::shown_candidates(story, &candidates),
        categories: brief.categories,
        gaps,
        house_style: brief.house_style.trim(),
        language: material::language_name(brief.language),
        note: note(brief),
        sources,
        words: brief.words,
    };
    let schema = answer::schema(brief.categories, &candidates);
    let mut prompt = render(
        library,
        Purpose::Analysis,
        &values,
        schema,
        brief.max_output_tokens,
    )?;
    prompt.candidates = candidates;
    Ok(prompt)
}

fn repair_of(
    library: &Library,
    story: &Story,
    excerpt: &Excerpt,
    brief: &Brief,
    draft: &Draft,
    errors: &[(&str, &Finding)],
    keep: impl Fn(&str) -> Vec<String>,
) -> Result<Prompt, PromptError> {
    let fields: Vec<_> = draft
        .fields()
        .into_iter()
        .filter_map(|(pointer, text)| {
            let problems: Vec<_> = errors
                .iter()
                .filter(|(of, _)| *of == pointer)
                .take(MOST_PROBLEMS)
                .map(|(_, finding)| problem(text, finding))
                .collect();
            (!problems.is_empty()).then(|| FaultyField {
                keep: keep(&pointer),
                pointer,
                text: material::line(text),
                problems,
            })
        })
        .collect();
    if fields.is_empty() {
        return Err(PromptError::NothingToRepair);
    }
    let pointers: Vec<_> = fields.iter().map(|field| field.pointer.clone()).collect();
    let values = RepairValues {
        fields,
        gaps: material::has_gaps(story, excerpt),
        house_style: brief.house_style.trim(),
        language: material::language_name(brief.language),
        note: note(brief),
        sources: material::shown(story, excerpt),
    };
    let schema = answer::repair_schema(&pointers);
    render(
        library,
        Purpose::Repair,
        &values,
        schema,
        brief.max_output_tokens,
    )
}

/// A sentence with what bears it out, as the template of the judge sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgedText {
    /// The sentence.
    pub text: String,
    /// The passages of the sources that support it best.
    pub passages: Vec<String>,
}

/// The prompt that asks a second model whether the passages bear out the sentences.
pub fn judge(
    library: &Library,
    sentences: &[JudgedText],
    max_output_tokens: usize,
) -> Result<Prompt, PromptError> {
    #[derive(Serialize)]
    struct JudgeValues {
        sentences: Vec<JudgedText>,
    }
    let sentences: Vec<JudgedText> = sentences
        .iter()
        .map(|sentence| JudgedText {
            text: material::line(&sentence.text),
            passages: sentence
                .passages
                .iter()
                .map(|p| material::line(p))
                .collect(),
        })
        .collect();
    let schema = answer::judge_schema(sentences.len());
    let values = JudgeValues { sentences };
    render(library, Purpose::Judge, &values, schema, max_output_tokens)
}

fn problem(text: &str, finding: &Finding) -> Problem {
    Problem {
        words: material::line(
            text.get(finding.span.start..finding.span.end)
                .unwrap_or_default(),
        ),
        reason: material::line(&finding.message),
        advice: match finding.kind {
            Kind::Quotation => "Say it without quotation marks, or leave it out.",
            Kind::Number => "Write the number of the source, or leave it out.",
            Kind::Date => "Write the day as the source has it, or leave it out.",
            Kind::Name => "Write the name as the source has it, or leave it out.",
            Kind::Attribution => "Name the person to whom the source gives it, or leave it out.",
            Kind::Address => "Leave the address out.",
            Kind::Copying | Kind::Echo | Kind::Judge => {
                "Say in your own words what the source says, or leave it out."
            }
            Kind::Polarity => "Say it the way round that the source says it, or leave it out.",
            Kind::Sentence => "Say only what the sources say, or leave it out.",
        },
        source: finding.closest.as_ref().map(|near| near.source.clone()),
        closest: finding
            .closest
            .as_ref()
            .map(|near| material::line(beginning(&near.text))),
    }
}

/// The first [`MOST_CLOSEST`] bytes of `text`, cut before a word.
fn beginning(text: &str) -> &str {
    if text.len() <= MOST_CLOSEST {
        return text;
    }
    let most = text.floor_char_boundary(MOST_CLOSEST);
    let end = text[..most].rfind(char::is_whitespace).unwrap_or(most);
    &text[..end]
}

fn note(brief: &Brief) -> Option<String> {
    brief
        .note
        .map(material::line)
        .filter(|note| !note.is_empty())
}

fn render(
    library: &Library,
    purpose: Purpose,
    values: &impl Serialize,
    schema: Value,
    max_output_tokens: usize,
) -> Result<Prompt, PromptError> {
    let template = library.get(purpose.as_str())?;
    let wanted = match purpose {
        Purpose::Analysis => "analysis/1",
        Purpose::Repair => "repair/1",
        Purpose::Judge => "judge/1",
    };
    if template.answer != wanted {
        return Err(PromptError::WrongAnswer {
            id: template.id.clone(),
            found: template.answer.clone(),
            wanted,
        });
    }
    let (system, user) = template.render(values)?;
    Ok(Prompt {
        id: template.id.clone(),
        version: template.version.clone(),
        purpose,
        digest: digest(&system, &user, &schema),
        system,
        user,
        schema,
        candidates: Vec::new(),
        max_output_tokens,
    })
}

fn digest(system: &str, user: &str, schema: &Value) -> String {
    let mut sent = Vec::new();
    for part in [system, user, &schema.to_string()] {
        // The length keeps text from moving unnoticed from one part to the next.
        sent.extend((part.len() as u64).to_be_bytes());
        sent.extend(part.as_bytes());
    }
    sha256(&sent)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

//! Prompt templates as files: a front matter, then a system and a user message.
//!
//! A template is checked as a whole when it is loaded: its front matter, its
//! sections, its syntax, and that the variables it declares are those it uses and
//! those that exist for its kind of answer. It is not rendered with sample data, so a
//! misspelt attribute (`source.titel`) is found by the first rendering.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig};
use serde::{Deserialize, Serialize};

use super::PromptError;
use crate::text::sha256;

/// The templates that are part of the program, under their file names.
const BUILT_IN: [(&str, &str); 3] = [
    (
        "analysis.v1.md",
        include_str!("../../../prompts/analysis.v1.md"),
    ),
    ("judge.v1.md", include_str!("../../../prompts/judge.v1.md")),
    (
        "repair.v1.md",
        include_str!("../../../prompts/repair.v1.md"),
    ),
];

/// What a template may use for each kind of answer, and what it must use: without the
/// sources, or the list of faults, the model would write about nothing.
const ANSWERS: [AnswerKind; 3] = [
    AnswerKind {
        name: "analysis/1",
        offered: &[
            "candidates",
            "categories",
            "gaps",
            "house_style",
            "language",
            "note",
            "sources",
            "words",
        ],
        needed: &["sources"],
    },
    AnswerKind {
        name: "repair/1",
        offered: &[
            "fields",
            "gaps",
            "house_style",
            "language",
            "note",
            "sources",
        ],
        needed: &["fields", "sources"],
    },
    AnswerKind {
        name: "judge/1",
        offered: &["sentences"],
        needed: &["sentences"],
    },
];

/// No prompt of a person is this long; a larger file is a mistake.
const MOST_BYTES: u64 = 256 * 1024;

/// All templates that can be used, by id.
#[derive(Clone, Debug)]
pub struct Library {
    templates: Vec<Template>,
}

/// One prompt template.
#[derive(Clone, Debug)]
pub struct Template {
    /// What it is called: `analysis`, `repair`, `judge`.
    pub id: String,
    /// A whole number, raised by whoever changes the text.
    pub version: String,
    /// The variables that its messages use, sorted.
    pub variables: Vec<String>,
    /// The name of the answer's schema: `analysis/1`, `repair/1`.
    pub answer: String,
    /// The file as it was read.
    pub source_text: String,
    /// SHA-256 (hex) of `source_text`.
    pub digest: String,
    file: String,
    system: Section,
    user: Section,
}

/// One message of a template and the line of the file on which it starts.
#[derive(Clone, Debug, Default)]
struct Section {
    text: String,
    line: usize,
}

struct AnswerKind {
    name: &'static str,
    offered: &'static [&'static str],
    needed: &'static [&'static str],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: String,
    version: String,
    variables: Vec<String>,
    answer: String,
}

impl Library {
    /// The templates that are part of the program.
    ///
    /// # Panics
    ///
    /// When one of them is broken, which the tests rule out.
    pub fn builtin() -> Self {
        Self {
            templates: BUILT_IN
                .iter()
                .map(|(file, text)| {
                    Template::parse(&format!("prompts/{file}"), text)
                        .expect("the tests load every built-in template")
                })
                .collect(),
        }
    }

    /// The built-in templates, with those of `folder` (its `*.md` files, but for a
    /// README) in place of the ones with the same id or beside them.
    pub fn with_folder(folder: &Path) -> Result<Self, PromptError> {
        let unreadable = |path: &Path| {
            let path = path.to_path_buf();
            move |source| PromptError::Unreadable { path, source }
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            let stem = path.file_stem().unwrap_or_default();
            if path.extension().is_some_and(|ext| ext == "md")
                && !stem.eq_ignore_ascii_case("readme")
            {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(PromptError::EmptyFolder {
                path: folder.to_path_buf(),
            });
        }
        paths.sort();
        let mut library = Self::builtin();
        let mut own = BTreeSet::new();
        for path in paths {
            let file = path.display().to_string();
            if fs::metadata(&path).map_err(unreadable(&path))?.len() > MOST_BYTES {
                return Err(fault(
                    &file,
                    1,
                    format!("the file is larger than {MOST_BYTES} bytes"),
                ));
            }
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            let template = Template::parse(&file, &text)?;
            if !own.insert(template.id.clone()) {
                return Err(fault(
                    &file,
                    1,
                    format!("another file of this folder has the id `{}`", template.id),
                ));
            }
            library.templates.retain(|known| known.id != template.id);
            library.templates.push(template);
        }
        library.templates.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(library)
    }

    /// All templates, sorted by id.
    pub fn list(&self) -> &[Template] {
        &self.templates
    }

    /// The template of this id.
    pub fn get(&self, id: &str) -> Result<&Template, PromptError> {
        self.templates
            .iter()
            .find(|template| template.id == id)
            .ok_or_else(|| PromptError::Unknown {
                id: id.to_owned(),
                known: self.templates.iter().map(|t| t.id.clone()).collect(),
            })
    }
}

impl Template {
    /// Reads a template; `file` is how errors name it.
    pub fn parse(file: &str, text: &str) -> Result<Self, PromptError> {
        let source_text = text
            .strip_prefix('\u{feff}')
            .unwrap_or(text)
            .replace("\r\n", "\n");
        let (front, body_line) = front_matter(file, &source_text)?;
        let (system, user) = sections(file, &source_text, body_line)?;
        let mut variables = front.variables;
        variables.sort();
        let template = Self {
            digest: sha256(source_text.as_bytes()),
            id: front.id,
            version: front.version,
            variables,
            answer: front.answer,
            file: file.to_owned(),
            system,
            user,
            source_text,
        };
        template.check()?;
        Ok(template)
    }

    /// The system and the user message with `values` filled in.
    pub(super) fn render(&self, values: &impl Serialize) -> Result<(String, String), PromptError> {
        let values = minijinja::Value::from(minijinja::value::Serde(values));
        let environment = environment();
        let message = |section: &Section| {
            environment
                .template_from_str(&section.text)
                .and_then(|template| template.render(values.clone()))
                .map(|text| text.trim().to_owned())
                .map_err(|error| self.minijinja_fault(section, &error))
        };
        Ok((message(&self.system)?, message(&self.user)?))
    }

    fn check(&self) -> Result<(), PromptError> {
        let front = |key: &str, problem: String| {
            let start = format!("{key} ");
            let line = self.line_where(1, |line| line.starts_with(&start));
            fault(&self.file, line, problem)
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if self.id.is_empty() || !self.id.chars().all(plain) {
            let problem = "may have lower-case letters, digits, `-` and `_` only";
            return Err(front("id", format!("the id `{}` {problem}", self.id)));
        }
        if self.version.parse::<u32>().is_err() {
            let problem = "is not a whole number in quotation marks, such as \"1\"";
            let problem = format!("the version `{}` {problem}", self.version);
            return Err(front("version", problem));
        }
        let Some(kind) = ANSWERS.iter().find(|kind| kind.name == self.answer) else {
            let names: Vec<_> = ANSWERS.iter().map(|kind| kind.name).collect();
            return Err(front(
                "answer",
                format!(
                    "there is no answer `{}`; there are: {}",
                    self.answer,
                    names.join(", ")
                ),
            ));
        };
        let mut used = BTreeSet::new();
        for section in [&self.system, &self.user] {
            let environment = environment();
            let parsed = environment
                .template_from_str(&section.text)
                .map_err(|error| self.minijinja_fault(section, &error))?;
            for name in BTreeSet::from_iter(parsed.undeclared_variables(false)) {
                if !self.variables.contains(&name) {
                    let line = self.line_where(section.line, |line| mentions(line, &name));
                    let problem = format!(
                        "the variable `{name}` is used but not declared in the front matter"
                    );
                    return Err(fault(&self.file, line, problem));
                }
                used.insert(name);
            }
        }
        for name in &self.variables {
            if !kind.offered.contains(&name.as_str()) {
                let nearest = kind
                    .offered
                    .iter()
                    .max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
                let nearest = nearest.map_or(String::new(), |n| format!("; the nearest is `{n}`"));
                let problem = format!("there is no variable `{name}` for `{}`{nearest}", kind.name);
                return Err(front("variables", problem));
            }
            if !used.contains(name) {
                let problem = format!("the variable `{name}` is declared but not used");
                return Err(front("variables", problem));
            }
        }
        match kind.needed.iter().find(|name| !used.contains(**name)) {
            Some(name) => {
                let problem = format!("the variable `{name}` is missing: `{}` needs it", kind.name);
                Err(front("variables", problem))
            }
            None => Ok(()),
        }
    }

    /// The first line from `from` on that is `wanted`, or `from` where there is none.
    fn line_where(&self, from: usize, wanted: impl Fn(&str) -> bool) -> usize {
        self.source_text
            .lines()
            .enumerate()
            .skip(from - 1)
            .find(|(_, line)| wanted(line))
            .map_or(from, |(at, _)| at + 1)
    }

    fn minijinja_fault(&self, section: &Section, error: &minijinja::Error) -> PromptError {
        let line = section.line + error.line().unwrap_or(1) - 1;
        let problem = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        fault(&self.file, line, problem)
    }
}

/// The front matter, and the line on which the body starts.
fn front_matter(file: &str, text: &str) -> Result<(FrontMatter, usize), PromptError> {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some("+++") {
        let problem = "a prompt starts with a front matter between two lines `+++`";
        return Err(fault(file, 1, problem));
    }
    let inner: Vec<_> = lines.take_while(|line| line.trim_end() != "+++").collect();
    let body_line = inner.len() + 3;
    if text.lines().count() < body_line - 1 {
        return Err(fault(file, 1, "the front matter has no closing line `+++`"));
    }
    let source = inner.join("\n");
    let front = toml::from_str(&source).map_err(|error| {
        let before = error.span().map_or("", |span| &source[..span.start]);
        let line = 2 + before.matches('\n').count();
        fault(file, line, error.message().replace('\n', "; "))
    })?;
    Ok((front, body_line))
}

/// The messages under `## system` and `## user`.
fn sections(file: &str, text: &str, body_line: usize) -> Result<(Section, Section), PromptError> {
    let mut found: [Option<Section>; 2] = [None, None];
    let mut current: Option<usize> = None;
    for (at, line) in text.lines().enumerate().skip(body_line - 1) {
        let which = match line.trim_end() {
            "## system" => Some(0),
            "## user" => Some(1),
            _ => None,
        };
        if let Some(which) = which {
            if found[which].is_some() {
                return Err(fault(
                    file,
                    at + 1,
                    format!("`{}` stands twice", line.trim_end()),
                ));
            }
            found[which] = Some(Section {
                text: String::new(),
                line: at + 2,
            });
            current = Some(which);
        } else if let Some(section) = current.and_then(|which| found[which].as_mut()) {
            section.text.push_str(line);
            section.text.push('\n');
        } else if !line.trim().is_empty() {
            let problem = "only the sections `## system` and `## user` may follow the front matter";
            return Err(fault(file, at + 1, problem));
        }
    }
    match found {
        [Some(system), Some(user)] => Ok((system, user)),
        [None, _] => Err(fault(file, body_line, "the section `## system` is missing")),
        [_, None] => Err(fault(file, body_line, "the section `## user` is missing")),
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the default delimiters are valid"),
    );
    environment
}

/// Whether `line` has `name` as a whole word.
fn mentions(line: &str, name: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}

fn fault(file: &str, line: usize, problem: impl Into<String>) -> PromptError {
    PromptError::Template {
        file: file.to_owned(),
        line,
        problem: problem.into(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

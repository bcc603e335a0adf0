//! A draft: the right shape, unknown truth.

use crate::{article::quotation::Speaker, text::Span};

/// An analysis before the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// BCP 47 tag of the text.
    pub language: String,
    /// One of the configured categories.
    pub category: String,
    /// The words that the title and the first heading take up.
    pub keyphrase: String,
    /// The headline.
    pub title: String,
    /// One sentence under the title.
    pub summary: String,
    /// The opening paragraph.
    pub lede: String,
    /// The body; at least one.
    pub sections: Vec<Section>,
    /// Words of a source, set off for display.
    pub pull_quote: Option<PullQuote>,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Stable within the analysis: `1`, `2`, ….
    pub id: String,
    /// The heading.
    pub heading: String,
    /// Its paragraphs; at least one.
    pub paragraphs: Vec<String>,
}

/// A quotation copied by code from a source, never typed by a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullQuote {
    /// The words, exactly as the source has them.
    pub text: String,
    /// Who said them.
    pub speaker: Option<Speaker>,
    /// The id of the source.
    pub source: String,
    /// Where they stand in that source's text.
    pub span: Span,
    /// The id of the section that it follows.
    pub after: String,
}

impl Draft {
    /// Every text of the draft that is checked, with its JSON Pointer in the document.
    pub fn fields(&self) -> Vec<(String, &str)> {
        let mut fields = vec![
            ("/title".to_owned(), self.title.as_str()),
            ("/keyphrase".to_owned(), &self.keyphrase),
            ("/summary".to_owned(), &self.summary),
            ("/lede".to_owned(), &self.lede),
        ];
        for (at, section) in self.sections.iter().enumerate() {
            fields.push((format!("/sections/{at}/heading"), &section.heading));
            for (nth, paragraph) in section.paragraphs.iter().enumerate() {
                fields.push((format!("/sections/{at}/paragraphs/{nth}"), paragraph));
            }
        }
        fields
    }

    /// The text at this pointer, to be replaced; `None` where there is no such field.
    pub fn field_mut(&mut self, pointer: &str) -> Option<&mut String> {
        let mut steps = pointer.strip_prefix('/')?.split('/');
        match (steps.next()?, steps.next(), steps.next(), steps.next()) {
            ("title", None, ..) => Some(&mut self.title),
            ("keyphrase", None, ..) => Some(&mut self.keyphrase),
            ("summary", None, ..) => Some(&mut self.summary),
            ("lede", None, ..) => Some(&mut self.lede),
            ("sections", Some(at), Some("heading"), None) => {
                Some(&mut self.sections.get_mut(at.parse::<usize>().ok()?)?.heading)
            }
            ("sections", Some(at), Some("paragraphs"), Some(nth)) => self
                .sections
                .get_mut(at.parse::<usize>().ok()?)?
                .paragraphs
                .get_mut(nth.parse::<usize>().ok()?),
            _ => None,
        }
    }
}

//! Direct speech in an article: who said which words.

use crate::text::Span;

/// Every direct quotation.
pub fn quotations(article: &super::Article) -> Vec<Quotation> {
    let _ = article;
    Vec::new()
}

/// A quotation of an article, found by its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The words between the marks, as a span of [`super::Article::text`].
    pub span: Span,
    /// Who said them, where the text around them names someone.
    pub speaker: Option<Speaker>,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The name as the article writes it.
    pub name: String,
    /// The role that stands beside the name, such as "mayor of Tromsø".
    pub role: Option<String>,
}

/// A quotation that may become the pull quote, with its place in the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The id of the source, `s1`, `s2`, ….
    pub source: String,
    /// The words, as a span of that source's text.
    pub span: Span,
    /// Who said them.
    pub speaker: Option<Speaker>,
}

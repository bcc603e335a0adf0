//! An article outside the program: the stored snapshot, the answer of
//! `prism extract`, and Markdown.
//!
//! In JSON, spans count code points. What is read back is checked, so that a span
//! of an [`Article`] can be trusted wherever it came from.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{Access, Article, Block, BlockKind, Image, Moment, Origins, Reading};
use crate::text::{Points, Span, sha256};

/// An article as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Where the page came from, after redirects.
    pub url: Option<Url>,
    /// The address that the page gives itself.
    pub canonical_url: Option<Url>,
    /// The headline.
    pub title: Option<String>,
    /// The authors' names.
    pub byline: Vec<String>,
    /// When it was first published.
    pub published: Option<Moment>,
    /// When it was last changed.
    pub modified: Option<Moment>,
    /// The outlet's name.
    pub outlet: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The tag that the page declares, where its text says otherwise.
    #[serde(default)]
    pub language_declared: Option<String>,
    /// The outlet's own section.
    pub section: Option<String>,
    /// The outlet's own tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The lead image.
    pub image: Option<Image>,
    /// Who may read the page.
    pub access: Access,
    /// Where each field was read.
    #[serde(default)]
    pub origins: Origins,
    /// The whole text.
    pub text: String,
    /// The parts of the text, in order.
    pub blocks: Vec<StoredBlock>,
}

/// A block with its place in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the text.
    pub span: Points,
}

/// Why a stored article cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Not the JSON of a snapshot.
    #[error("the stored article is damaged")]
    Json(#[from] serde_json::Error),
    /// A block that points outside the text, or back into the one before it.
    #[error(
        "block {index} of the stored article points to code points `{start}..{end}`, which is not after the block before it and inside the text"
    )]
    Span {
        /// The block's place in the list.
        index: usize,
        /// Its first code point.
        start: usize,
        /// One past its last.
        end: usize,
    },
}

/// The article as stored: pretty JSON in a fixed order, with a line break at the end.
pub fn to_json(article: &Article) -> String {
    // Strings, numbers and lists always become JSON.
    let mut json = serde_json::to_string_pretty(&Snapshot::from(article)).unwrap_or_default();
    json.push('\n');
    json
}

/// Reads what [`to_json`] wrote.
pub fn from_json(json: &str) -> Result<Article, SnapshotError> {
    serde_json::from_str::<Snapshot>(json)?.into_article()
}

/// The key of the article in the store: SHA-256 of its JSON, in hexadecimal.
pub fn digest(article: &Article) -> String {
    sha256(to_json(article).as_bytes())
}

/// One answer of `prism extract`: what the page says, and whether it is usable.
pub fn extract_object(input: &str, reading: &Reading) -> Value {
    let article = Snapshot::from(&reading.article);
    let mut object = json!({
        "input": input,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "byline": article.byline,
        "published": article.published,
        "modified": article.modified,
        "outlet": article.outlet,
        "language": article.language,
        "section": article.section,
        "tags": article.tags,
        "image": article.image,
        "access": article.access,
        "origins": article.origins,
        "quality": reading.quality,
        "quality_evidence": reading.evidence,
        "cut_at": reading.limit,
        "text": article.text,
        "blocks": article.blocks,
    });
    if let Some(declared) = article.language_declared {
        object["language_declared"] = declared.into();
    }
    if let Some(next) = &reading.next_page {
        object["next_page"] = next.as_str().into();
    }
    object
}

/// The article as Markdown: title, byline and day, then the blocks.
pub fn to_markdown(article: &Article) -> String {
    // Writing to a string cannot fail.
    let mut out = String::new();
    if let Some(title) = &article.title {
        let _ = writeln!(out, "# {}\n", escaped(title));
    }
    let day = article
        .published
        .map(|published| published.date().to_string());
    let line: Vec<String> = article
        .byline
        .iter()
        .cloned()
        .chain(article.outlet.clone())
        .chain(day)
        .map(|part| escaped(&part))
        .collect();
    if !line.is_empty() {
        let _ = writeln!(out, "{}\n", line.join(" · "));
    }
    let mut before = None;
    for block in &article.blocks {
        let text = escaped(block.span.of(&article.text));
        let together = before == Some(block.kind)
            && matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow);
        if before.is_some() {
            out += if together { "\n" } else { "\n\n" };
        }
        match block.kind {
            BlockKind::Paragraph => out += &text,
            BlockKind::Heading => {
                let _ = write!(out, "## {text}");
            }
            BlockKind::ListItem => {
                let _ = write!(out, "- {text}");
            }
            BlockKind::Quote | BlockKind::PullQuote => {
                let _ = write!(out, "> {text}");
            }
            BlockKind::TableRow => {
                let cells = text.split(" | ").count();
                let _ = write!(out, "| {text} |");
                if !together {
                    let _ = write!(out, "\n|{}", " --- |".repeat(cells));
                }
            }
        }
        before = Some(block.kind);
    }
    if before.is_some() {
        out.push('\n');
    }
    out
}

/// The text with the characters escaped that Markdown would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let starts_line = at == 0 && matches!(c, '#' | '-' | '+' | '=' | '~');
        if starts_line || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(c);
    }
    // "1984. A year" would become a numbered list.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        out.insert(digits, '\\');
    }
    out
}

impl From<&Article> for Snapshot {
    fn from(article: &Article) -> Self {
        // One walk over the text, since the blocks are in order.
        let (mut byte, mut point) = (0, 0);
        let mut points_at = |target: usize| {
            point += article.text[byte..target].chars().count();
            byte = target;
            point
        };
        let blocks = article
            .blocks
            .iter()
            .map(|block| {
                let start = points_at(block.span.start);
                let end = points_at(block.span.end);
                StoredBlock {
                    kind: block.kind,
                    span: Points { start, end },
                }
            })
            .collect();
        Self {
            url: article.url.clone(),
            canonical_url: article.canonical_url.clone(),
            title: article.title.clone(),
            byline: article.byline.clone(),
            published: article.published,
            modified: article.modified,
            outlet: article.outlet.clone(),
            language: article.language.clone(),
            language_declared: article.language_declared.clone(),
            section: article.section.clone(),
            tags: article.tags.clone(),
            image: article.image.clone(),
            access: article.access,
            origins: article.origins,
            text: article.text.clone(),
            blocks,
        }
    }
}

impl Snapshot {
    /// The article, if every block lies inside the text and after the one before it.
    pub fn into_article(self) -> Result<Article, SnapshotError> {
        let mut blocks = Vec::with_capacity(self.blocks.len());
        let mut rest = self
            .text
            .char_indices()
            .map(|(at, _)| at)
            .chain([self.text.len()]);
        // `next` is the code point that the iterator gives next.
        let mut next = 0;
        let mut last = 0;
        let mut byte_at = |point: usize| {
            if point + 1 == next {
                return Some(last);
            }
            let at = rest.nth(point.checked_sub(next)?)?;
            next = point + 1;
            last = at;
            Some(at)
        };
        for (index, block) in self.blocks.iter().enumerate() {
            let Points { start, end } = block.span;
            let span = (start <= end)
                .then(|| byte_at(start).zip(byte_at(end)))
                .flatten();
            let Some((from, to)) = span else {
                return Err(SnapshotError::Span { index, start, end });
            };
            blocks.push(Block {
                kind: block.kind,
                span: Span::new(from, to),
            });
        }
        Ok(Article {
            url: self.url,
            canonical_url: self.canonical_url,
            title: self.title,
            byline: self.byline,
            published: self.published,
            modified: self.modified,
            outlet: self.outlet,
            language: self.language,
            language_declared: self.language_declared,
            section: self.section,
            tags: self.tags,
            image: self.image,
            access: self.access,
            origins: self.origins,
            text: self.text,
            blocks,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::article::Origin;

    fn article() -> Article {
        let text = "Zürich 🎉\n\n1984. A *year*\n\na | b".to_owned();
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let blocks = vec![
            Block {
                kind: BlockKind::Heading,
                span: at("Zürich 🎉"),
            },
            Block {
                kind: BlockKind::Paragraph,
                span: at("1984. A *year*"),
            },
            Block {
                kind: BlockKind::TableRow,
                span: at("a | b"),
            },
        ];
        Article {
            url: Some("https://post.example/a".parse().unwrap()),
            canonical_url: None,
            title: Some("Title".to_owned()),
            byline: vec!["Ada Moss".to_owned()],
            published: Some("2026-01-05T09:30:00+09:00".parse().unwrap()),
            modified: None,
            outlet: None,
            language: Some("de".to_owned()),
            language_declared: Some("en".to_owned()),
            section: None,
            tags: vec!["bridges".to_owned()],
            image: None,
            access: Access::Open,
            origins: Origins {
                language: Some(Origin::Detected),
                ..Origins::default()
            },
            text,
            blocks,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let article = article();
        let json = to_json(&article);
        assert_eq!(from_json(&json).unwrap(), article);
        assert!(json.ends_with("}\n"));
        assert!(json.contains("\"end\": 8"), "code points, not bytes");
        assert_eq!(digest(&article).len(), 64);
        let other = Article {
            byline: Vec::new(),
            ..article.clone()
        };
        assert_ne!(digest(&article), digest(&other));
    }

    #[test]
    fn spans_out_of_place_are_refused() {
        let json = to_json(&article());
        for (from, to) in [
            ("\"end\": 8", "\"end\": 900"),
            ("\"start\": 0", "\"start\": 9"),
            ("\"start\": 10", "\"start\": 3"),
        ] {
            assert!(json.contains(from));
            assert!(
                matches!(
                    from_json(&json.replacen(from, to, 1)),
                    Err(SnapshotError::Span { .. })
                ),
                "{to}"
            );
        }
        assert!(matches!(from_json("{}"), Err(SnapshotError::Json(_))));
    }

    #[test]
    fn markdown_shows_the_text_and_not_its_marks() {
        insta::assert_snapshot!(to_markdown(&article()), @r"
        # Title

        Ada Moss · 2026-01-05

        ## Zürich 🎉

        1984\. A \*year\*

        | a | b |
        | --- | --- |
        ");
    }
}

//! Why the text of an article is what it is: the element that won, and for each block
//! of the page whether it was taken, how sure that is, and what spoke against it.

use std::fmt;

use serde::Serialize;

use super::{
    BlockKind,
    content::{Content, Fate, is_marked},
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// The account of one page.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// What the site's own rule did, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The element that was taken for the article, with those around it.
    pub container: String,
    /// Why it was: its mark, or what it holds.
    pub why: String,
    /// The share of the page's running text that it holds, 0 to 1.
    pub share: f64,
    /// Every visible block of the page.
    pub blocks: Vec<Judged>,
}

/// A block of the page and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Whether it is part of the article's text.
    pub taken: bool,
    /// How probably it belongs to the article, 0 to 1.
    pub probability: f64,
    /// What it is.
    pub kind: BlockKind,
    /// Why it was left out; empty for what was taken.
    pub why: String,
    /// The elements around it.
    pub place: String,
    /// Its text.
    pub text: String,
}

/// So many characters of a block are shown in a line.
const BEGINS: usize = 70;
/// So many elements of a block's place are named.
const LEVELS: usize = 4;

impl Explanation {
    /// Accounts for what `content` took of `all` blocks.
    pub(crate) fn of(tree: &Tree<'_>, all: &[Raw], content: &Content) -> Self {
        let container = content.container;
        let end = tree.node(container).end;
        let weight = |inside: bool| -> usize {
            all.iter()
                .filter(|block| super::content::is_prose(block))
                .filter(|block| !inside || (container <= block.first && block.first < end))
                .map(|block| block.weight)
                .sum()
        };
        let blocks = all
            .iter()
            .zip(&content.verdicts)
            .enumerate()
            .map(|(at, (block, verdict))| Judged {
                taken: verdict.fate == Fate::Taken,
                probability: (f64::from(verdict.probability) * 1_000.0).round() / 1_000.0,
                kind: block.kind,
                why: why(tree, all, content, at),
                place: place(tree, block.holder),
                text: block.text.clone(),
            })
            .collect();
        Self {
            rule: None,
            container: place(tree, container),
            why: if is_marked(tree, container) {
                "is marked up as an article's body".to_owned()
            } else {
                "is the smallest element with most of the running text".to_owned()
            },
            share: (weight(true) as f64 / weight(false).max(1) as f64 * 1_000.0).round() / 1_000.0,
            blocks,
        }
    }
}

impl fmt::Display for Explanation {
    /// A line for the container, then one for each block.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = &self.rule {
            writeln!(f, "{rule}")?;
        }
        writeln!(
            f,
            "article in `{}`, which {}; {:.0} % of the page's running text",
            self.container,
            self.why,
            self.share * 100.0
        )?;
        for block in &self.blocks {
            let sign = if block.taken { '+' } else { '-' };
            let begins: String = block.text.chars().take(BEGINS).collect();
            write!(f, "{sign} {:.2} {begins}", block.probability)?;
            if begins.len() < block.text.len() {
                write!(f, "…")?;
            }
            if !block.taken {
                write!(f, "  [{}; in `{}`]", block.why, block.place)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Why the block was left out, the plainest reason first.
fn why(tree: &Tree<'_>, all: &[Raw], content: &Content, at: usize) -> String {
    let block = &all[at];
    match content.verdicts[at].fate {
        Fate::Taken => return String::new(),
        Fate::Headline => return "is the headline".to_owned(),
        Fate::Caption => return "is the caption of a picture".to_owned(),
        Fate::Dateline => return "says who wrote it and when".to_owned(),
        Fate::Repeated => return "repeats words of the text".to_owned(),
        Fate::Empty => return "is a heading over nothing".to_owned(),
        Fate::Outside => return "stands outside of the site rule's body".to_owned(),
        Fate::Unlikely => {}
    }
    let end = tree.node(content.container).end;
    let mut reasons = Vec::new();
    let aside = std::iter::once(block.holder)
        .chain(tree.ancestors(block.holder))
        .find(|&id| {
            matches!(
                tree.name(id),
                "aside" | "button" | "figcaption" | "figure" | "footer" | "form" | "header" | "nav"
            )
        });
    if let Some(id) = aside {
        reasons.push(format!("stands in `{}`", element(tree, id)));
    }
    if block.link_share() > 0.5 {
        reasons.push(format!(
            "{:.0} % of it are links",
            block.link_share() * 100.0
        ));
    }
    if block.first < content.container {
        reasons.push("stands before the article".to_owned());
    } else if block.first >= end {
        reasons.push("stands after the article".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("is unlike the article's text".to_owned());
    }
    reasons.join(", ")
}

/// The innermost elements at `id`, outer ones first: `article > div.text > p`.
fn place(tree: &Tree<'_>, id: Id) -> String {
    let mut elements: Vec<String> = std::iter::once(id)
        .chain(tree.ancestors(id))
        .take(LEVELS)
        .map(|id| element(tree, id))
        .filter(|name| !name.is_empty())
        .collect();
    elements.reverse();
    elements.join(" > ")
}

/// An element as a selector would name it, within a bounded length.
fn element(tree: &Tree<'_>, id: Id) -> String {
    let mut name = tree.name(id).to_owned();
    if let Some(own) = tree.attr(id, "id") {
        name.push('#');
        name.extend(own.chars().filter(|c| !c.is_whitespace()).take(40));
    }
    for class in tree
        .attr(id, "class")
        .unwrap_or("")
        .split_whitespace()
        .take(2)
    {
        name.push('.');
        name.extend(class.chars().take(40));
    }
    name
}

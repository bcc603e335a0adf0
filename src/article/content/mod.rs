//! Which blocks of the page are the article.
//!
//! Rules find the element that holds it and what stands beside it; two learned looks
//! judge each block, with the rules' answer among what they see; a few certainties
//! settle the rest. Text alone decides: what stands in an object inside the page is
//! taken only where the visible text shows that it is the same article.

mod around;
mod context;
mod embedded;
mod features;
mod forest;
mod lines;
mod names;
mod noise;
mod rules;
mod settle;
mod shape;
pub mod training;
pub(crate) mod words;

use std::sync::LazyLock;

use self::{embedded::Embedded, forest::Forest, rules::Rules};
pub(crate) use self::{features::Hints, rules::is_marked};
use crate::article::{
    BlockKind, Origin,
    page::{
        blocks::{self, Raw},
        dom::{Id, Tree},
    },
};

/// A paragraph says at least this much to count as running text when it closes like a sentence …
const SENTENCE: usize = 30;
/// … and at least this much when it does not.
const LONG: usize = 110;
/// No note about an author is longer.
const NOTE: usize = 260;

/// The article's blocks.
pub(crate) struct Content {
    /// What the page shows of it, in reading order.
    pub(crate) blocks: Vec<Raw>,
    /// The same and more, where the page carries it for its scripts.
    pub(crate) embedded: Option<Embedded>,
    /// The element that was taken for the article.
    pub(crate) container: Id,
    /// What became of each block of the page.
    pub(crate) verdicts: Vec<Verdict>,
}

impl Content {
    /// Where the text was read; `None` where there is none.
    pub(crate) fn origin(&self) -> Option<Origin> {
        match &self.embedded {
            Some(embedded) => Some(embedded.origin),
            None => (!self.blocks.is_empty()).then_some(Origin::Visible),
        }
    }

    /// The article's text: what the page shows, or the embedded whole.
    pub(crate) fn text(&self) -> &[Raw] {
        self.embedded
            .as_ref()
            .map_or(&self.blocks, |embedded| &embedded.blocks)
    }

    /// Drops what is said about the authors after the text: short last paragraphs that
    /// begin with an author's name.
    pub(crate) fn drop_author_notes(&mut self, authors: &[String]) {
        let names: Vec<String> = authors
            .iter()
            .filter(|name| name.contains(' ') || !name.is_ascii())
            .map(|name| words::plain(name))
            .filter(|name| name.chars().count() >= 3)
            .collect();
        drop_notes(&mut self.blocks, &names);
        if let Some(embedded) = &mut self.embedded {
            drop_notes(&mut embedded.blocks, &names);
        }
    }
}

/// Drops short last paragraphs that begin with one of `names`. In an interview others
/// begin with it too.
fn drop_notes(blocks: &mut Vec<Raw>, names: &[String]) {
    let begins = |block: &Raw| {
        let text = words::plain(&block.text);
        names.iter().any(|name| text.starts_with(name))
    };
    let is_note =
        |block: &Raw| block.kind == BlockKind::Paragraph && block.weight <= NOTE && begins(block);
    let notes = blocks
        .iter()
        .rev()
        .take_while(|block| is_note(block))
        .count();
    let text = blocks.len() - notes;
    if notes == 0 || text == 0 || blocks[..text].iter().any(begins) {
        return;
    }
    blocks.truncate(text);
    while blocks.len() > 1
        && blocks
            .last()
            .is_some_and(|block| block.kind == BlockKind::Heading)
    {
        blocks.pop();
    }
}

/// Whether the block is running text: enough words, few of them links.
pub(crate) fn is_prose(block: &Raw) -> bool {
    if !matches!(
        block.kind,
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote
    ) {
        return false;
    }
    block.link_share() < 0.5
        && (block.weight >= LONG
            || (block.weight >= SENTENCE && blocks::ends_sentence(&block.text)))
}

/// More blocks than this are not looked at; a long live blog has a tenth.
const MAX_BLOCKS: usize = 20_000;
/// Below this probability at the first look, a block is not the article's.
const PLAINLY_NOT: f32 = 0.03;
/// From this probability on a block is the article's.
const TAKEN: f32 = 0.45;
/// And from this one on where the words of class and id speak against it.
const TAKEN_BESIDE: f32 = 0.6;

/// Chooses the article's blocks among `all` of the page.
pub(crate) fn find(tree: &Tree<'_>, hidden: &[bool], all: &[Raw], hints: &Hints<'_>) -> Content {
    let title = hints.title;
    let rules = Rules::of(tree, hidden, all, title);
    let (all, rest) = all.split_at(all.len().min(MAX_BLOCKS));
    let sheet = features::describe(tree, all, hints, &rules);
    let (first, second) = (&MODELS.0, &MODELS.1);
    let looked = first.probabilities(&sheet.rows);
    let context = context::rows(tree, all, &sheet.paths, &looked);
    // What is plainly not the article's needs no second look.
    let doubtful: Vec<usize> = (0..all.len())
        .filter(|&at| looked[at] >= PLAINLY_NOT)
        .collect();
    let numbers: Vec<[f32; features::COUNT + context::COUNT]> = doubtful
        .iter()
        .map(|&at| {
            let mut numbers = [0.0; features::COUNT + context::COUNT];
            numbers[..features::COUNT].copy_from_slice(&sheet.rows[at]);
            numbers[features::COUNT..].copy_from_slice(&context[at]);
            numbers
        })
        .collect();
    let mut probabilities = looked;
    for (at, probability) in doubtful.into_iter().zip(second.probabilities(&numbers)) {
        probabilities[at] = probability;
    }
    let mut verdicts: Vec<Verdict> = probabilities
        .into_iter()
        .zip(&rules.beside)
        .map(|(probability, beside)| Verdict {
            probability,
            fate: if probability > if *beside { TAKEN_BESIDE } else { TAKEN } {
                Fate::Taken
            } else {
                Fate::Unlikely
            },
        })
        .collect();
    verdicts.resize(
        all.len() + rest.len(),
        Verdict {
            probability: 0.0,
            fate: Fate::Unlikely,
        },
    );
    if hints.ruled {
        for (block, verdict) in all.iter().zip(&mut verdicts) {
            if is_prose(block) {
                verdict.fate = Fate::Taken;
            }
        }
    }
    let pulled = settle::settle(tree, all, &mut verdicts, title);
    let blocks: Vec<Raw> = all
        .iter()
        .enumerate()
        .filter(|(at, _)| verdicts[*at].fate == Fate::Taken)
        .map(|(at, block)| {
            let mut block = block.clone();
            if pulled.contains(&at) {
                block.kind = BlockKind::PullQuote;
            }
            block
        })
        .collect();
    let embedded = if hints.closed {
        None
    } else {
        embedded::find(tree, &blocks, title)
    };
    Content {
        blocks,
        embedded,
        container: rules.container,
        verdicts,
    }
}

/// What became of a block of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    /// How probably it belongs to the article, by the second look.
    pub(crate) probability: f32,
    /// What became of it.
    pub(crate) fate: Fate,
}

/// Whether a block is the article's, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is.
    Taken,
    /// The models say no.
    Unlikely,
    /// It is the headline, which stands apart.
    Headline,
    /// It is a heading that nothing follows.
    Empty,
    /// It says what a picture shows, and whose that is.
    Caption,
    /// It says who wrote the article, and when.
    Dateline,
    /// It shows words of the text once more.
    Repeated,
    /// A site's rule says that the article is elsewhere.
    Outside,
}

/// The forests of the first and the second look.
static MODELS: LazyLock<(Forest, Forest)> = LazyLock::new(|| {
    let read = |text: &str| text.parse().expect("the tests read both");
    (
        read(include_str!("first.forest")),
        read(include_str!("second.forest")),
    )
});

//! What rules say of the blocks of a page: the element that holds the article, what
//! stands beside it, and what is kept of the rest.
//!
//! First a container: the one that the page marks as its article's body where that
//! mark holds most of the running text, else the smallest element that does. Then
//! single blocks inside it: lines that lead away, the headline again, what stands
//! before the first and after the last paragraph.

use super::{SENTENCE, is_prose, lines, noise, settle::Title, words};
use crate::article::{
    BlockKind,
    metadata::byline::intro,
    page::{
        blocks::{self, Raw},
        dom::{Id, Tree},
    },
};

/// No single block counts for more than this in choosing the container.
const CAP: usize = 700;
/// Worth below which the best container rests on a paragraph or two.
const FEW: i64 = 500;

/// What the rules say of the page's blocks.
pub(crate) struct Rules {
    /// For each block, whether it stands in noise.
    pub(crate) beside: Vec<bool>,
    /// The element that holds the article.
    pub(crate) container: Id,
    /// For each block, whether it is the article's.
    pub(crate) kept: Vec<bool>,
}

impl Rules {
    /// Applies the rules to all blocks of the page.
    pub(crate) fn of(tree: &Tree<'_>, hidden: &[bool], all: &[Raw], title: Option<&str>) -> Self {
        let noise = noise::noise(tree, hidden, all);
        let beside = noise::noisy_blocks(tree, &noise, all);
        let scores = scores(tree, all, &beside);
        let container = container(tree, &scores, &noise);
        let end = tree.node(container).end;
        let inside: Vec<&Raw> = all
            .iter()
            .zip(&beside)
            .filter(|(block, beside)| container <= block.first && block.first < end && !**beside)
            .map(|(block, _)| block)
            .collect();
        let blocks = keep(tree, &inside, title);
        let standfirst = blocks
            .first()
            .map_or_else(Vec::new, |block| standfirst(tree, all, block.first));
        let mut chosen = standfirst
            .iter()
            .chain(&blocks)
            .map(|block| block.first)
            .peekable();
        let kept = all
            .iter()
            .map(|block| chosen.next_if_eq(&block.first).is_some())
            .collect();
        Self {
            beside,
            container,
            kept,
        }
    }
}

/// The paragraphs between the headline and the text that sum the article up: they
/// often stand in a header or a box of their own, outside the article's body.
fn standfirst<'b>(tree: &Tree<'_>, all: &'b [Raw], text: Id) -> Vec<&'b Raw> {
    let Some(headline) = tree.all("h1").take_while(|&id| id < text).last() else {
        return Vec::new();
    };
    let holders = |block: &Raw| {
        std::iter::once(block.holder)
            .chain(tree.ancestors(block.holder).take(4))
            .take_while(|&id| {
                !(id <= headline && headline < tree.node(id).end) || tree.name(id) == "header"
            })
            .collect::<Vec<_>>()
    };
    all.iter()
        .filter(|block| headline < block.first && block.first < text)
        .filter(|block| {
            is_prose(block)
                && block.kind == BlockKind::Paragraph
                && block.weight >= 40
                && block.weight < CAP
                && block.link_share() < 0.2
        })
        .filter(|block| {
            let holders = holders(block);
            let aside = |&id: &Id| {
                matches!(
                    tree.name(id),
                    "aside" | "figure" | "figcaption" | "form" | "nav" | "footer"
                )
            };
            !holders.iter().any(aside)
                && holders
                    .iter()
                    .any(|&id| tree.name(id) == "header" || sums_up(tree, id))
        })
        .take(2)
        .collect()
}

/// Whether class or itemprop say that the element holds a summary.
fn sums_up(tree: &Tree<'_>, id: Id) -> bool {
    ["class", "itemprop"]
        .iter()
        .filter_map(|name| tree.attr(id, name))
        .any(|names| {
            let names = names.to_lowercase();
            words::SUMMARY_NAMES.iter().any(|word| names.contains(word))
        })
}

/// What each element's blocks are worth together.
fn scores(tree: &Tree<'_>, all: &[Raw], beside: &[bool]) -> Vec<i64> {
    let mut scores = vec![0_i64; tree.len()];
    for (block, beside) in all.iter().zip(beside) {
        scores[block.holder] += worth(block, *beside);
    }
    for id in (1..tree.len()).rev() {
        scores[tree.node(id).parent] += scores[id];
    }
    scores
}

#[expect(clippy::cast_possible_wrap, reason = "weights are far below 2^63")]
fn worth(block: &Raw, noise: bool) -> i64 {
    if noise {
        -1
    } else if is_prose(block) {
        let free = block.weight.saturating_sub(block.linked).min(CAP) as i64;
        if block.kind == BlockKind::ListItem {
            free / 2
        } else {
            free
        }
    } else if block.link_share() > 0.5 {
        -10 - (block.linked.min(80) / 2) as i64
    } else {
        -5
    }
}

/// The element that holds the article.
fn container(tree: &Tree<'_>, scores: &[i64], noise: &[bool]) -> Id {
    let mut best = (0..tree.len())
        .max_by_key(|&id| (scores[id], id))
        .unwrap_or(0);
    // Down, while one child has nearly all of the worth.
    loop {
        let next =
            children(tree, best).max_by_key(|&child| (scores[child], std::cmp::Reverse(child)));
        match next {
            Some(child) if scores[child] > 0 && scores[child] * 100 >= scores[best] * 85 => {
                best = child;
            }
            _ => break,
        }
    }
    // A single paragraph is not a container.
    while best != 0
        && matches!(
            tree.name(best),
            "" | "a"
                | "b"
                | "em"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "i"
                | "li"
                | "p"
                | "span"
                | "strong"
        )
    {
        best = tree.node(best).parent;
    }
    // A marked body wins if it has most of what the best has, or holds the best.
    let holds_best = |id: Id| id <= best && best < tree.node(id).end;
    let marked = (1..tree.len())
        // Few are asked for their marks.
        .filter(|&id| !noise[id] && (holds_best(id) || scores[id] * 100 >= scores[best] * 60))
        .filter_map(|id| Some((mark(tree, id)?, id)))
        .filter(|&(mark, id)| {
            let enough = if mark > 1 { 60 } else { 80 };
            (scores[id] > 0 && scores[id] * 100 >= scores[best] * enough)
                || (holds_best(id) && (mark > 1 || scores[best] < FEW))
        })
        .max_by_key(|&(mark, id)| (mark, scores[id], std::cmp::Reverse(id)));
    marked.map_or(best, |(_, id)| id)
}

fn children<'t>(tree: &'t Tree<'_>, id: Id) -> impl Iterator<Item = Id> + 't {
    let end = tree.node(id).end;
    let mut at = id + 1;
    std::iter::from_fn(move || {
        (at < end).then(|| {
            let child = at;
            at = tree.node(child).end.max(child + 1);
            child
        })
    })
}

/// Whether the page marks the element as its article's body.
pub(crate) fn is_marked(tree: &Tree<'_>, id: Id) -> bool {
    mark(tree, id).is_some()
}

/// How plainly the page marks this element as the article's body.
fn mark(tree: &Tree<'_>, id: Id) -> Option<u8> {
    let element = tree.element(id)?;
    if matches!(element.name(), "html" | "body" | "a" | "p" | "span") {
        return None;
    }
    let mut mark = (element.name() == "article").then_some(1);
    for (attribute, value) in element.attrs() {
        match attribute {
            "itemprop" if value.split_ascii_whitespace().any(|v| v == "articleBody") => {
                return Some(3);
            }
            "class" | "id" if value.len() < 400 && names_body(value) => mark = Some(2),
            _ => {}
        }
    }
    mark
}

fn names_body(value: &str) -> bool {
    value.split_ascii_whitespace().any(|name| {
        let name = name.to_lowercase();
        words::BODY_NAMES.iter().any(|body| {
            name == *body
                || name.ends_with(body)
                || (name.starts_with(body) && name.len() < body.len() + 4)
        })
    })
}

/// Drops the blocks of the container that are not the article.
fn keep<'b>(tree: &Tree<'_>, inside: &[&'b Raw], title: Option<&str>) -> Vec<&'b Raw> {
    let title = Title::of(title);
    let mut kept: Vec<&'b Raw> = Vec::new();
    let listing = link_lists(tree, inside);
    for (at, &block) in inside.iter().enumerate() {
        let repeats_title = title.is(block);
        let repeats_last = kept.last().is_some_and(|last| last.text == block.text);
        if repeats_title
            || repeats_last
            || listing[at]
            || leads_away(block)
            || tree.name(block.holder) == "h1"
        {
            continue;
        }
        kept.push(block);
    }
    let Some(first) = kept.iter().position(|block| is_prose(block)) else {
        return kept;
    };
    let last = kept
        .iter()
        .rposition(|block| {
            is_prose(block)
                || (block.kind != BlockKind::Heading
                    && blocks::ends_sentence(&block.text)
                    && block.link_share() < 0.5)
        })
        .unwrap_or(first);
    // A heading right before the first paragraph, and list items or rows right after
    // the last, belong to them.
    let mut start = first;
    while start > 0
        && (kept[start - 1].kind == BlockKind::Heading || opens_text(kept[start - 1], kept[first]))
    {
        start -= 1;
    }
    let mut end = last + 1;
    while end < kept.len()
        && matches!(
            kept[end].kind,
            BlockKind::ListItem | BlockKind::TableRow | BlockKind::Quote
        )
    {
        end += 1;
    }
    // What ends the page rather than the article, and headings that nothing follows.
    let floor = start + (end - start) / 2;
    while end > floor.max(start + 1)
        && (kept[end - 1].kind == BlockKind::Heading || signs_off(kept[end - 1]))
    {
        end -= 1;
    }
    kept.truncate(end);
    kept.split_off(start)
}

/// Whether a line without a full stop opens the text whose first paragraph is `first`,
/// parted from it by line breaks alone: a result, a place.
fn opens_text(line: &Raw, first: &Raw) -> bool {
    line.kind == BlockKind::Paragraph
        && line.holder == first.holder
        && line.weight >= SENTENCE
        && line.link_share() < 0.2
        && !intro::has_intro(&line.text)
}

/// Whether a last paragraph is the page's own: who helped, whom to follow, what to buy.
fn signs_off(block: &Raw) -> bool {
    if block.weight > 260 {
        return false;
    }
    let line = block.text.to_lowercase();
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    lines::SIGN_OFF_STARTS
        .iter()
        .any(|start| line.starts_with(start))
        || (block.weight < 130 && lines::SIGN_OFF_PARTS.iter().any(|part| line.contains(part)))
}

/// For each block, whether it belongs to a list or a run of lines that are mostly links.
fn link_lists(tree: &Tree<'_>, inside: &[&Raw]) -> Vec<bool> {
    let mut drop = vec![false; inside.len()];
    let mut at = 0;
    while at < inside.len() {
        let list = list_of(tree, inside[at]);
        let mut end = at + 1;
        while list.is_some() && end < inside.len() && list_of(tree, inside[end]) == list {
            end += 1;
        }
        let run = &inside[at..end];
        let (linked, weight) = run
            .iter()
            .fold((0, 0), |(l, w), block| (l + block.linked, w + block.weight));
        let mostly_links = linked * 100 > weight * 65;
        for (offset, block) in run.iter().enumerate() {
            drop[at + offset] = (list.is_some() && mostly_links)
                || (list.is_none()
                    && block.link_share() > 0.8
                    && block.kind != BlockKind::Heading
                    && (block.weight < 200));
        }
        at = end;
    }
    drop
}

fn list_of(tree: &Tree<'_>, block: &Raw) -> Option<Id> {
    if block.kind != BlockKind::ListItem {
        return None;
    }
    std::iter::once(block.holder)
        .chain(tree.ancestors(block.holder))
        .find(|&id| matches!(tree.name(id), "ul" | "ol" | "dl"))
}

/// Whether a short line points somewhere else or names a photographer.
fn leads_away(block: &Raw) -> bool {
    if block.weight > 90 || matches!(block.kind, BlockKind::TableRow) {
        return false;
    }
    let line = block.text.to_lowercase();
    if block.weight == 0 || words::has(lines::SHARE_LABELS, line.trim()) {
        return true;
    }
    // A caption that carries its credit: "The quay (Photo: Ina Berg)".
    if let Some((_, credit)) = line.trim_end_matches([')', ' ']).rsplit_once('(')
        && line.ends_with(')')
        && lines::CREDIT_STARTS
            .iter()
            .any(|start| credit.starts_with(start))
    {
        return true;
    }
    let linked = block.link_share() > 0.3;
    let short = block.weight < 25;
    lines::LEADS_AWAY.iter().any(|start| {
        line.strip_prefix(start).is_some_and(|rest| {
            let whole_word =
                start.ends_with([':', ' ']) || !rest.starts_with(char::is_alphanumeric);
            whole_word
                && (linked
                    || start.ends_with(':')
                    || (short && !blocks::ends_sentence(&line))
                    || rest.trim_start().starts_with(':')
                    || rest.is_empty())
        })
    })
}

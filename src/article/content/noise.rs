//! Which elements stand beside the article: navigation, teasers, sharing, comments,
//! forms, captions. Judged by tags, roles and the words of class and id.
//!
//! Names lie, so an element that carries much of the page's running text is never
//! taken for noise because of its name.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _, HashSet};
use html5ever::local_name;

use super::is_prose;
use super::words;
use crate::article::page::{
    blocks::{Raw, weight},
    dom::{Data, Id, Tree},
    tag::Tag,
};

/// Roles that never hold it. Sorted.
const NOISE_ROLES: &[&str] = &[
    "alert",
    "banner",
    "complementary",
    "contentinfo",
    "dialog",
    "menu",
    "menubar",
    "navigation",
    "search",
    "tablist",
    "toolbar",
    "tooltip",
];

/// The share of the page's running text from which on a name is not believed.
const MUCH: f64 = 0.35;

/// For each node, whether it is noise, itself or through what holds it.
pub(crate) fn noise(tree: &Tree<'_>, hidden: &[bool], blocks: &[Raw]) -> Vec<bool> {
    let prose = prose_weights(tree, blocks);
    let whole = prose.first().copied().unwrap_or(0) as f64;
    let mut noise = vec![false; tree.len()];
    let mut known = HashMap::new();
    for id in 1..tree.len() {
        if noise[tree.node(id).parent] || hidden[id] {
            noise[id] = true;
        } else if tree.element(id).is_some() && is_noise(tree, id, &mut known) {
            noise[id] = (prose[id] as f64) < whole * MUCH;
        }
    }
    noise
}

/// For each block, whether it stands in noise. A paragraph that only begins with a
/// noisy element (a dateline, a time) is none.
pub(crate) fn noisy_blocks(tree: &Tree<'_>, noise: &[bool], blocks: &[Raw]) -> Vec<bool> {
    blocks
        .iter()
        .map(|block| {
            if noise[block.holder] || !noise[block.first] {
                return noise[block.holder] || noise[block.first];
            }
            let beside: usize = (block.first..=block.last)
                .filter(|&id| noise[id])
                .filter_map(|id| match tree.node(id).data {
                    Data::Text(text) => Some(weight(text)),
                    _ => None,
                })
                .sum();
            beside * 2 > block.weight
        })
        .collect()
}

/// The weight of running text inside each node.
fn prose_weights(tree: &Tree<'_>, blocks: &[Raw]) -> Vec<usize> {
    let mut weights = vec![0; tree.len()];
    for block in blocks.iter().filter(|block| is_prose(block)) {
        weights[block.holder] += block.weight;
    }
    for id in (1..tree.len()).rev() {
        weights[tree.node(id).parent] += weights[id];
    }
    weights
}

/// `known` says of names that were read before whether they name noise.
fn is_noise<'t>(tree: &Tree<'t>, id: Id, known: &mut HashMap<&'t str, bool>) -> bool {
    let Some(element) = tree.element(id) else {
        return false;
    };
    match tree.tag(id) {
        Tag::Html
        | Tag::Body
        | Tag::Main
        | Tag::Article
        | Tag::A
        | Tag::B
        | Tag::I
        | Tag::Em
        | Tag::Strong
        | Tag::H1
        | Tag::Td
        | Tag::Tr
        | Tag::Tbody => return false,
        Tag::Figure => return !holds(tree, id, &[Tag::Table, Tag::Blockquote, Tag::Pre]),
        // Of a closed one only the label shows.
        Tag::Details => return tree.attr(id, "open").is_none(),
        // These never hold the article's own text.
        Tag::Aside
        | Tag::Button
        | Tag::Dialog
        | Tag::Figcaption
        | Tag::Footer
        | Tag::Form
        | Tag::Header
        | Tag::Menu
        | Tag::Nav
        | Tag::Time => return true,
        _ => {}
    }
    for (attribute, value) in &element.attrs {
        let is_noise = match attribute.local {
            local_name!("role") => words::has(NOISE_ROLES, value),
            local_name!("class") | local_name!("id") => names(value, known),
            local_name!("itemprop") => matches!(
                &**value,
                "author" | "datePublished" | "dateModified" | "publisher" | "comment" | "caption"
            ),
            _ => {
                matches!(&*attribute.local, "data-component" | "data-testid") && names(value, known)
            }
        };
        if is_noise {
            return true;
        }
    }
    false
}

/// Whether a value names noise, as is known of one that was read before.
fn names<'t>(value: &'t str, known: &mut HashMap<&'t str, bool>) -> bool {
    value.len() < 400 && *known.entry(value).or_insert_with(|| names_noise(value))
}

/// Only so far is looked into a figure, lest nested ones be read again and again.
const FIGURE_NODES: usize = 400;

fn holds(tree: &Tree<'_>, id: Id, tags: &[Tag]) -> bool {
    (id + 1..tree.node(id).end)
        .take(FIGURE_NODES)
        .any(|inner| tags.contains(&tree.tag(inner)))
}

/// Whether a class or id has a word for something beside the article.
pub(crate) fn names_noise(value: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| words::NOISE_WORDS.iter().copied().collect());
    let noise_words = &*WORDS;
    value.split_ascii_whitespace().any(|name| {
        // Utilities such as `has-sidebar` or `print:hidden` say nothing about the text.
        let negated = [
            "no-", "not-", "has-", "with-", "without-", "is-", "js-", "hide-", "show-",
        ];
        if name.contains(':') || negated.iter().any(|prefix| name.starts_with(prefix)) {
            return false;
        }
        any_word(name, |word| noise_words.contains(word))
    })
}

/// Whether `is` holds for a word of `related-Posts_boxOne`: related, posts, box, one, also
/// boxone, and the whole.
fn any_word(name: &str, is: impl Fn(&str) -> bool) -> bool {
    let mut word = String::with_capacity(name.len());
    word.extend(name.chars().flat_map(char::to_lowercase));
    if is(&word) {
        return true;
    }
    for part in name.split(|c: char| !c.is_alphanumeric()) {
        word.clear();
        // Where the last of the part's words starts.
        let mut start = 0;
        let mut after_lower = false;
        for c in part.chars() {
            if c.is_uppercase() && after_lower {
                if is(&word[start..]) {
                    return true;
                }
                start = word.len();
            }
            after_lower = c.is_lowercase();
            word.extend(c.to_lowercase());
        }
        if is(&word[start..]) || start > 0 && is(&word) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        for noisy in [
            "related-posts",
            "article__share",
            "NewsletterBox",
            "post relatedArticles",
            "ad-slot",
            "td_comments",
        ] {
            assert!(names_noise(noisy), "{noisy}");
        }
        for clean in [
            "has-sidebar",
            "article-body",
            "paragraph",
            "shared-memory",
            "loading",
            "print:block",
            "no-comments",
        ] {
            assert!(!names_noise(clean), "{clean}");
        }
    }
}

//! Elements that are marked as the author's: microdata, `rel=author`, class names, and
//! links to a page about the author.
//!
//! Looks near the headline and after the text; elsewhere only at what is marked as the
//! author of the page. Commenters and the authors of related articles are no authors.

use crate::article::metadata::{
    byline::lines::first_line,
    byline::people,
    byline::{Named, Page, all_full},
};
use crate::article::{
    Origin,
    content::is_prose,
    page::dom::{Data, Id},
};

/// How sure a mark is, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// `itemprop=author`, or a card of an `h-entry`.
    Property,
    /// `rel=author`.
    Relation,
    /// A class that says author.
    Class,
    /// A link to a page about the author.
    Link,
}

const MARKS: [Mark; 4] = [Mark::Property, Mark::Relation, Mark::Class, Mark::Link];

/// An author's name is no longer than this, in characters.
const LONG: usize = 120;
/// An element with more nodes is no author's box: themes write the author's name into
/// the class of the whole article.
const LARGE: usize = 120;
/// The most elements of one kind that are looked at.
const MOST: usize = 12;

/// The authors that the page marks near the headline.
pub(crate) fn near(page: &Page<'_>, above: (Id, Id)) -> Option<Named> {
    found(page, above.0..above.1)
}

/// The authors that the page marks after the text, else anywhere by a mark that says so.
pub(crate) fn beyond(page: &Page<'_>, below: (Id, Id)) -> Option<Named> {
    let elsewhere = || {
        let sure = |&id: &Id| {
            !page.hidden[id]
                && page.tree.element(id).is_some_and(|element| {
                    element.attrs().any(|(name, value)| {
                        value == "author" && matches!(name, "itemprop" | "rel")
                    })
                })
        };
        let first = (0..page.tree.len())
            .filter(sure)
            .find(|&id| !is_beside(page, id))?;
        Some((names_in(page, first)?, Origin::Microdata))
    };
    found(page, below.0..below.1)
        .filter(|(names, _)| all_full(names))
        .or_else(elsewhere)
        .filter(|(names, _)| all_full(names))
}

/// The single word that the page marks as its author's name after the text.
pub(crate) fn single(page: &Page<'_>, below: (Id, Id)) -> Option<Named> {
    found(page, below.0..below.1)
        .filter(|(names, origin)| names.len() == 1 && *origin == Origin::Microdata)
}

/// The authors within the range, by the surest mark that gives any.
fn found(page: &Page<'_>, range: std::ops::Range<Id>) -> Option<Named> {
    let mut groups: [Vec<Id>; 4] = Default::default();
    for id in range.filter(|&id| !page.hidden[id]) {
        if let Some(mark) = mark(page, id) {
            let group = &mut groups[mark as usize];
            if group.len() < MOST && !is_beside(page, id) {
                group.push(id);
            }
        }
    }
    MARKS.into_iter().zip(&groups).find_map(|(mark, ids)| {
        let mut names: Vec<String> = Vec::new();
        let mut first: Option<Id> = None;
        for &id in ids {
            // Several authors are marked alike; what is marked otherwise is beside them.
            let alike = |first: Id| {
                page.tree.name(first) == page.tree.name(id)
                    && page.tree.attr(first, "class") == page.tree.attr(id, "class")
            };
            if !first.is_none_or(alike) || is_another_hand(page, id) {
                continue;
            }
            for name in names_in(page, id).into_iter().flatten() {
                first = first.or(Some(id));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        if names.iter().any(|name| people::is_full(name)) {
            names.retain(|name| people::is_full(name));
        }
        let origin = if mark <= Mark::Relation {
            Origin::Microdata
        } else {
            Origin::Visible
        };
        (!names.is_empty()).then_some((names, origin))
    })
}

/// Whether the words before the element introduce another than the author: "Reviewed by".
fn is_another_hand(page: &Page<'_>, id: Id) -> bool {
    let before = (id.saturating_sub(10)..id).rev().find_map(|at| {
        let Data::Text(text) = page.tree.node(at).data else {
            return None;
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == ':');
        (!text.is_empty() && !page.hidden[at]).then_some(text)
    });
    before.is_some_and(|text| text.len() < 60 && people::ends_with_other_hand(text))
}

/// The surest mark of the element.
fn mark(page: &Page<'_>, id: Id) -> Option<Mark> {
    let element = page.tree.element(id)?;
    let end = page.tree.node(id).end;
    let holds_headline = page.headline.is_some_and(|at| id <= at && at < end);
    if holds_headline || end - id > LARGE {
        return None;
    }
    element
        .attrs()
        .filter_map(|(attribute, value)| match attribute {
            "itemprop" if value == "author" => Some(Mark::Property),
            "rel" if value.split_ascii_whitespace().any(|rel| rel == "author") => {
                Some(Mark::Relation)
            }
            "class" => class_mark(value),
            "href" if links_author(value) => Some(Mark::Link),
            _ => None,
        })
        .min()
}

fn class_mark(class: &str) -> Option<Mark> {
    class
        .split_ascii_whitespace()
        .filter_map(|name| match name {
            "p-author" => Some(Mark::Property),
            _ if names_author(name) => Some(Mark::Class),
            _ => None,
        })
        .min()
}

/// Whether a class says that the element names the author: `post-author`,
/// `AuthorName-sc-1`, `article__autor`.
fn names_author(class: &str) -> bool {
    let mut says = false;
    let mut from = 0;
    let bytes = class.as_bytes();
    for at in 1..=bytes.len() {
        let ends = at == bytes.len()
            || !bytes[at].is_ascii_alphabetic()
            || bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase();
        if !ends {
            continue;
        }
        let word = class
            .get(from..at)
            .unwrap_or("")
            .trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        from = at;
        let is = |list: &[&str]| list.iter().any(|other| word.eq_ignore_ascii_case(other));
        let contains = |part: &str| {
            word.len() >= part.len()
                && (word[..part.len()].eq_ignore_ascii_case(part)
                    || word[word.len() - part.len()..].eq_ignore_ascii_case(part))
        };
        if word.is_empty() || !word.is_ascii() {
            continue;
        }
        if is(BESIDES) {
            return false;
        }
        says |= is(AUTHOR_WORDS)
            || PARTS.iter().any(|part| contains(part))
                && !(word.len() > 7 && word[..7].eq_ignore_ascii_case("authori"));
    }
    says
}

/// Words of a class that say author. Sorted.
const AUTHOR_WORDS: &[&str] = &[
    "columnist",
    "contributor",
    "contributors",
    "fn",
    "journalist",
    "journaliste",
    "penulis",
    "periodista",
    "redakteur",
    "reporter",
    "skribent",
    "verfasser",
    "writer",
    "writers",
];

/// How such a word begins or ends. Sorted.
const PARTS: [&str; 5] = ["auteur", "author", "autor", "byline", "writtenby"];

/// Words beside these that say that it is something of the author's. Sorted.
const BESIDES: &[&str] = &[
    "avatar", "comment", "comments", "contact", "follow", "icon", "image", "img", "job", "more",
    "photo", "position", "related", "reviewer", "role", "share", "social",
];

/// Folders of addresses under which authors have their pages.
const FOLDERS: &[&str] = &[
    "/auteur",
    "/author",
    "/autor",
    "/avtor",
    "/by/",
    "/columnist",
    "/contributor",
    "/firma/",
    "/instructor/",
    "/journalist",
    "/newsteam",
    "/opinione",
    "/people/",
    "/periodista",
    "/person/",
    "/producers/",
    "/profil",
    "/redakteur",
    "/reporter",
    "/staff/",
    "/team/",
    "/writer",
];

fn links_author(href: &str) -> bool {
    let bytes = href.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'/')
        .any(|(at, _)| {
            FOLDERS.iter().any(|folder| {
                bytes
                    .get(at..at + folder.len())
                    .is_some_and(|part| part.eq_ignore_ascii_case(folder.as_bytes()))
            })
        })
}

/// A commenter is no author, nor is who wrote a related article.
fn is_beside(page: &Page<'_>, id: Id) -> bool {
    std::iter::once(id)
        .chain(page.tree.ancestors(id).take(12))
        .any(|id| {
            !matches!(page.tree.name(id), "body" | "html" | "article" | "main")
                && ["class", "id"]
                    .iter()
                    .filter_map(|name| page.tree.attr(id, name))
                    .any(|names| {
                        let names = names.to_ascii_lowercase();
                        ["comment", "related", "recommend", "sidebar", "reviewer"]
                            .iter()
                            .any(|word| names.contains(word))
                    })
        })
}

/// The names in the element: of an inline one its text, else the first of its lines
/// that has any.
fn names_in(page: &Page<'_>, id: Id) -> Option<Vec<String>> {
    let end = page.tree.node(id).end;
    let from = page.blocks.partition_point(|block| block.first < id);
    let inside: Vec<_> = page.blocks[from..]
        .iter()
        .take_while(|block| block.last < end)
        .take(4)
        .collect();
    let names = |text: &str| {
        let names = people::names([text], None);
        (text.chars().count() < LONG && !names.is_empty()).then_some(names)
    };
    if inside.is_empty() {
        return names(&first_line(page, id..=(end - 1).min(id + 60)));
    }
    inside
        .iter()
        .filter(|block| !is_prose(block))
        .find_map(|block| names(&first_line(page, block.first..=block.last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_links_say_author() {
        for (class, expected) in [
            ("author", true),
            ("entry-author-link", true),
            ("blog__AuthorName-sc-1", true),
            ("documentAuthor", true),
            ("nombre-autor", true),
            ("author-image", false),
            ("authorized", false),
            ("comment-author", false),
            ("headline", false),
            ("article_meta", false),
        ] {
            assert_eq!(names_author(class), expected, "{class}");
        }
        for (href, expected) in [
            ("https://post.example/Author/ada", true),
            ("/autoren/ada", true),
            ("/authority", true),
            ("/politics/ada", false),
        ] {
            assert_eq!(links_author(href), expected, "{href}");
        }
    }
}

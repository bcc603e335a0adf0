//! Who wrote the article, as the page shows it: elements that are marked as the
//! author's, and the line "By …" near the headline.
//!
//! What the head states goes first and is given to [`choose`]; what becomes a name
//! is the business of `people`.

use super::people;
use crate::article::{
    content::Content,
    page::{
        blocks::Raw,
        dom::{Data, Id, Tree},
        glyphs,
    },
};

/// So many blocks before the article's first one, its byline may stand.
const BEFORE: usize = 12;
/// So many blocks from the article's first or after its last one.
const AFTER: usize = 8;

/// The `stated` names, else what is marked, else the visible line. That line wins
/// where it has all stated names and more: many a page states one author of several.
pub(crate) fn choose(
    tree: &Tree<'_>,
    hidden: &[bool],
    blocks: &[Raw],
    content: &Content,
    stated: Vec<String>,
    outlet: Option<&str>,
) -> Vec<String> {
    let near = near_headline(tree, content);
    let line = byline_line(tree, hidden, blocks, content, near)
        .map(|line| people::names([line.as_str()], outlet))
        .unwrap_or_default();
    let named = if stated.is_empty() {
        let marked = marked_authors(tree, hidden, near);
        people::names(marked.iter().map(String::as_str), outlet)
    } else {
        stated
    };
    if named.is_empty()
        || line.len() > named.len()
            && named.iter().all(|name| line.contains(name))
            && line
                .iter()
                .filter(|name| !named.contains(name))
                .all(|name| is_full(name))
    {
        return line;
    }
    named
}

/// Whether the name is plainly one: two words with capitals, "Ada Moss".
fn is_full(name: &str) -> bool {
    let capital = |word: &str| word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    name.split(' ').count() == 2 && name.split(' ').all(capital)
}

/// The texts of elements that are marked as the author's name, or that link to an
/// author's page near the headline.
fn marked_authors(tree: &Tree<'_>, hidden: &[bool], near: (Id, Id)) -> Vec<String> {
    let mut groups: [Vec<String>; 4] = Default::default();
    for id in 1..tree.len() {
        let Some(element) = tree.element(id) else {
            continue;
        };
        if hidden[id] {
            continue;
        }
        for (attribute, value) in element.attrs() {
            let group = match attribute {
                "itemprop" if value == "author" => 0,
                "rel" if value.split_ascii_whitespace().any(|rel| rel == "author") => 1,
                "class" if names_author(value) => 2,
                "href" if near.0 <= id && id <= near.1 && links_author(value) => 3,
                _ => continue,
            };
            if groups[group].len() >= 6 || is_in_comments(tree, id) {
                continue;
            }
            let text = visible_text(tree, hidden, id);
            if text.chars().count() < 120 {
                groups[group].push(text);
            }
        }
    }
    groups
        .into_iter()
        .find(|group| !people::names(group.iter().map(String::as_str), None).is_empty())
        .unwrap_or_default()
}

fn names_author(class: &str) -> bool {
    class.split_ascii_whitespace().any(|name| {
        let name = name.to_lowercase().replace("__", "-").replace('_', "-");
        matches!(
            name.as_str(),
            "author" | "auteur" | "autor" | "byline" | "fn" | "p-author"
        ) || ["-author", "-autor", "-byline", "author-name", "byline-name"]
            .iter()
            .any(|end| name.ends_with(end))
    })
}

fn links_author(href: &str) -> bool {
    let href = href.to_lowercase();
    [
        "/auteur",
        "/author",
        "/autor",
        "/columnist",
        "/contributor",
        "/journalist",
        "/newsteam",
        "/people/",
        "/producers/",
        "/profile",
        "/redakteur",
        "/reporter",
        "/staff/",
        "/writer",
    ]
    .iter()
    .any(|part| href.contains(part))
}

/// A commenter is no author.
fn is_in_comments(tree: &Tree<'_>, id: Id) -> bool {
    tree.ancestors(id).take(12).any(|id| {
        ["class", "id"]
            .iter()
            .filter_map(|name| tree.attr(id, name))
            .any(|names| {
                let names = names.to_lowercase();
                (names.contains("comment")
                    || names.contains("related")
                    || names.contains("sidebar"))
                    && !matches!(tree.name(id), "body" | "html" | "article")
            })
    })
}

fn visible_text(tree: &Tree<'_>, hidden: &[bool], from: Id) -> String {
    let mut text = String::new();
    let end = tree.node(from).end.min(from + 60);
    for id in (from..end).filter(|&id| !hidden[id]) {
        if let Data::Text(piece) = tree.node(id).data {
            glyphs::push_visible(&mut text, piece);
            text.push(' ');
        }
    }
    text.trim().to_owned()
}

/// The short line that begins like a byline ("By …"): the first between headline and
/// text, else the first around the article's start or after its end. Where the name is a block of its
/// own, the next one.
fn byline_line(
    tree: &Tree<'_>,
    hidden: &[bool],
    blocks: &[Raw],
    content: &Content,
    near: (Id, Id),
) -> Option<String> {
    let starts = |block: &Raw| block.weight < 90 && people::has_intro(&block.text);
    let within = |block: &Raw| near.0 <= block.first && block.first <= near.1;
    let at = blocks
        .iter()
        .position(|block| within(block) && starts(block))
        .or_else(|| {
            let place = |end: &Raw| blocks.iter().position(|block| block.first == end.first);
            let start = place(content.blocks.first()?)?;
            let end = place(content.blocks.last()?)?;
            (start.saturating_sub(BEFORE)..start + AFTER)
                .chain(end..end + AFTER)
                .take_while(|&at| at < blocks.len())
                .find(|&at| blocks[at].weight < 45 && starts(&blocks[at]))
        })?;
    blocks[at..]
        .iter()
        .take(2)
        .filter(|block| block.weight < 90)
        .flat_map(|block| [first_line(tree, hidden, block), block.text.clone()])
        .find(|line| !people::names([line.as_str()], None).is_empty())
}

/// The block's text up to its first line break: a date often stands after one.
fn first_line(tree: &Tree<'_>, hidden: &[bool], block: &Raw) -> String {
    let mut line = String::new();
    for id in (block.first..=block.last).filter(|&id| !hidden[id]) {
        match tree.node(id).data {
            Data::Text(text) => glyphs::push_visible(&mut line, text),
            _ if tree.name(id) == "br" => break,
            _ => {}
        }
    }
    line
}

/// From shortly before the headline to the first paragraph.
fn near_headline(tree: &Tree<'_>, content: &Content) -> (Id, Id) {
    let start = content
        .blocks
        .iter()
        .find(|block| crate::article::content::is_prose(block))
        .map_or(0, |block| block.first);
    let headline = tree
        .all("h1")
        .filter(|&id| id <= start)
        .last()
        .unwrap_or(start);
    (headline.saturating_sub(40), start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{
        content,
        page::{blocks, dom, visible},
    };

    fn byline(before: &str, after: &str, stated: &[&str]) -> Vec<String> {
        let text = "<p>The council met in the harbour hall and spoke of the bridge at length.</p>";
        let page = format!("{before}<div>{}</div>{after}", text.repeat(4));
        let html = dom::parse(&page);
        let tree = Tree::new(&html);
        let hidden = visible::hidden(&tree);
        let blocks = blocks::gather(&tree, &hidden);
        let content = content::find(&tree, &hidden, &blocks, &content::Hints::default());
        let stated = stated.iter().map(|&name| name.to_owned()).collect();
        choose(&tree, &hidden, &blocks, &content, stated, None)
    }

    #[test]
    fn the_line_stands_near_the_article() {
        let line = "<div>By Ada Moss and Bo Lind<br>Monday 5 January 2026, 6.05 pm</div>";
        let menu = "<p>By Event Type</p>".to_owned() + &"<p>Fairs</p>".repeat(40);
        for (before, after, stated, expected) in [
            (line, "", &[][..], &["Ada Moss", "Bo Lind"][..]),
            (line, "", &["Ada Moss"], &["Ada Moss", "Bo Lind"]),
            (line, "", &["Cy Roe"], &["Cy Roe"]),
            (
                "<p>By Ada Moss, Fact-checked by Bo Lind</p>",
                "",
                &["Ada Moss"],
                &["Ada Moss"],
            ),
            ("", "<p>Written by Ada Moss</p>", &[], &["Ada Moss"]),
            (&menu, "", &[], &[]),
        ] {
            assert_eq!(byline(before, after, stated), expected, "{before} {after}");
        }
    }
}

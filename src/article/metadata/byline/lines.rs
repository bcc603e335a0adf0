//! Lines of the visible page that name the author: "By …" near the headline or after
//! the text, a bare name with a second sign, a note about who wrote.

use crate::article::metadata::{
    byline::names,
    byline::{BEFORE, Page, all_full},
    byline::{intro, people},
};
use crate::article::page::{
    dom::{Data, Id},
    glyphs,
};

/// A byline block says at most this much.
const SHORT: usize = 150;
/// So many blocks after the article's end its author may be named.
const AFTER: usize = 10;

/// The places of the blocks that begin within the zone.
fn places(page: &Page<'_>, zone: (Id, Id)) -> std::ops::Range<usize> {
    let from = |id: Id| page.blocks.partition_point(|block| block.first < id);
    from(zone.0)..from(zone.1 + 1)
}

/// The authors of the first short line near the headline that begins like a byline.
pub(crate) fn line(page: &Page<'_>, zone: (Id, Id)) -> Option<Vec<String>> {
    places(page, zone)
        .filter(|&at| page.blocks[at].weight < SHORT && !page.is_title(&page.blocks[at]))
        .find_map(|at| {
            let before = page.headline.is_some_and(|id| page.blocks[at].first < id);
            // Menus stand there too.
            byline_at(page, at).filter(|names| !before || all_full(names))
        })
}

/// The authors of the first short line after the text that begins like a byline.
pub(crate) fn below(page: &Page<'_>, zone: (Id, Id)) -> Option<Vec<String>> {
    let start = places(page, zone).start;
    (start..(start + AFTER).min(page.blocks.len()))
        .filter(|&at| page.blocks[at].weight < SHORT)
        .find_map(|at| byline_at(page, at))
}

/// The author whose bare name stands between headline and text and again in a picture's
/// description or at the head of a note after the text, or whom a note says to have
/// written the article.
pub(crate) fn unmarked(page: &Page<'_>, above: (Id, Id), below: (Id, Id)) -> Option<Vec<String>> {
    let headline = page.headline?;
    let after = || places(page, below).map(|at| &page.blocks[at]);
    let bare = places(page, (headline + 1, above.1))
        .map(|at| &page.blocks[at])
        .filter(|block| block.weight < 40)
        .find_map(|block| {
            let line = first_line(page, block.first..=block.last);
            let mut names = people::names(line.split('\n').next(), page.outlet);
            let name = names
                .pop()
                .filter(|name| names.is_empty() && people::is_full(name))?;
            let alone = line.trim().len() == name.len();
            let near = headline.saturating_sub(BEFORE)..above.1;
            let pictured = || {
                near.clone().any(|id| {
                    page.tree
                        .attr(id, "alt")
                        .is_some_and(|alt| alt.contains(&name))
                })
            };
            let noted = || after().any(|note| note.text.starts_with(&name));
            (alone && (pictured() || noted())).then_some(name)
        });
    let written = || {
        places(page, above)
            .map(|at| &page.blocks[at])
            .chain(after())
            .filter(|block| block.weight < 4 * SHORT)
            .find_map(|block| {
                names::WRITTEN_BY
                    .iter()
                    .filter(|phrase| block.text.contains(*phrase))
                    .find_map(|phrase| people::leading(block.text.split_once(phrase)?.1))
            })
    };
    bare.or_else(written).map(|name| vec![name])
}

/// The authors that the block at `at` names, or introduces for the next one.
fn byline_at(page: &Page<'_>, at: usize) -> Option<Vec<String>> {
    let block = &page.blocks[at];
    let line = first_line(page, block.first..=block.last);
    let rest = introduced(&line).or_else(|| introduced(&block.text))?;
    let names = |text: &str| {
        let names = people::names([text], page.outlet);
        (!names.is_empty() && ends_there(&names, text)).then_some(names)
    };
    if !rest.trim().is_empty() {
        return names(rest).or_else(|| names(introduced(&block.text)?));
    }
    let next = page.blocks.get(at + 1).filter(|next| next.weight < SHORT)?;
    // "Por" alone may be a word of anything; what follows must plainly be a name.
    let is_sure = intro::has_intro(&format!("{} x", line.trim()));
    names(&first_line(page, next.first..=next.last))
        .or_else(|| names(&next.text))
        .filter(|names| is_sure || all_full(names))
}

/// Whether a single word that was taken for a name is all that the line introduces, up
/// to a date or a stroke.
fn ends_there(names: &[String], line: &str) -> bool {
    let [name] = names else { return true };
    people::is_full(name)
        || line.strip_prefix(name.as_str()).is_some_and(|rest| {
            rest.starts_with('\n') || !rest.trim_start().starts_with(char::is_alphabetic)
        })
}

/// What follows the introduction of a byline at the start of the line or behind a date.
fn introduced(line: &str) -> Option<&str> {
    if let Some(rest) = intro::after_intro(line) {
        return Some(rest);
    }
    // "5 January 2026 by Ada Moss": behind a number or a stroke.
    let mut apart = false;
    for (at, word) in intro::words_of(line).take(14) {
        if apart && let Some(rest) = intro::after_intro(&line[at..]) {
            return Some(rest).filter(|rest| !rest.is_empty());
        }
        apart = word.ends_with(|c: char| {
            c.is_numeric() || matches!(c, '|' | '•' | '·' | '-' | '–' | '—' | ',' | '/')
        });
    }
    None
}

/// The text of the nodes up to the first line break: a date often stands after one.
/// Elements that touch without a space are kept apart by a line feed.
pub(crate) fn first_line(page: &Page<'_>, nodes: std::ops::RangeInclusive<Id>) -> String {
    let mut line = String::new();
    let mut holder = None;
    for id in nodes.filter(|&id| !page.hidden[id]) {
        match page.tree.node(id).data {
            Data::Text(text) => {
                let parent = page.tree.node(id).parent;
                let touches = !line.ends_with(char::is_whitespace)
                    && !text.starts_with(char::is_whitespace)
                    && !line.is_empty();
                if touches && holder.is_some_and(|holder| holder != parent) {
                    line.push('\n');
                }
                holder = Some(parent);
                glyphs::push_visible(&mut line, text);
            }
            _ if page.tree.name(id) == "br" && !line.trim().is_empty() => break,
            _ => {}
        }
    }
    line
}

//! Who wrote the article: what the head states, what the page marks as the author's,
//! and the line "By …" near the headline.
//!
//! Only chooses and looks for the places; what becomes a name is the business of
//! `people`. What a reader sees wins over an account's name in the head, and adds to
//! a statement that names one author of several.

use super::{head::Head, marks, names, people, structured::Structured};
use crate::article::{
    Origin,
    content::{Content, is_prose, plain},
    page::{
        blocks::Raw,
        dom::{Data, Id, Tree},
        glyphs,
    },
};

/// A byline block says at most this much.
const SHORT: usize = 150;
/// So many blocks after the article's end its author may be named.
const AFTER: usize = 10;
/// So many nodes before the headline its byline may stand.
const BEFORE: usize = 60;
/// So many nodes after the text an author's box may stand.
const BEYOND: usize = 400;

/// Authors, and where they were read.
pub(crate) type Named = (Vec<String>, Origin);

/// What is needed to look for a byline.
pub(crate) struct Page<'p> {
    pub(crate) tree: &'p Tree<'p>,
    pub(crate) hidden: &'p [bool],
    pub(crate) blocks: &'p [Raw],
    pub(crate) content: &'p Content,
    /// The first text of the headline, where it is visible.
    pub(crate) headline: Option<Id>,
    /// Its letters and digits.
    pub(crate) title: Option<String>,
    pub(crate) outlet: Option<&'p str>,
}

impl Page<'_> {
    /// Whether the block is the title, which may itself say "by": as headline, in a path
    /// of links above it, or as a part of a link to the next article.
    fn is_title(&self, block: &Raw) -> bool {
        Some(block.first) == self.headline
            || self.title.as_ref().is_some_and(|title| {
                title.len() >= 12 && plain(&block.text).contains(title.as_str())
            })
    }
}

/// The authors that the head and the JSON-LD state.
pub(crate) fn stated(head: &Head, structured: &Structured, outlet: Option<&str>) -> Vec<Named> {
    let author = head.metas_of(&[
        "author",
        "article:author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "byl",
        "og:article:author",
        "cxenseparse:author",
        "shareaholic:article_author_name",
    ]);
    // Libraries write "Moss, Ada".
    let turned: Vec<String> = head
        .metas_of(&["citation_author", "dc.creator", "dcterms.creator"])
        .map(|name| match name.split_once(',') {
            Some((family, given)) if !family.trim().contains(' ') && !given.contains(',') => {
                format!("{} {}", given.trim(), family.trim())
            }
            _ => name.to_owned(),
        })
        .collect();
    // A card's first label is "Written by" in the page's language.
    let card = head
        .meta(&["twitter:label1"])
        .filter(|label| people::has_intro(label))
        .and_then(|_| head.meta(&["twitter:data1"]));
    // The owner of a site may be its author and give it the name.
    let structured = structured.authors.iter().map(String::as_str);
    let owners = || {
        let names = people::names(structured.clone(), None);
        if all_full(&names) { names } else { Vec::new() }
    };
    let people = people::names(structured.clone(), outlet);
    [
        (
            if people.is_empty() { owners() } else { people },
            Origin::JsonLd,
        ),
        (people::names(author, outlet), Origin::Meta),
        (
            people::names(turned.iter().map(String::as_str), outlet),
            Origin::Meta,
        ),
        (people::names(card, outlet), Origin::Meta),
    ]
    .into_iter()
    .filter(|(names, _)| !names.is_empty())
    .collect()
}

/// The desk or the organisation that is stated where no person is.
pub(crate) fn desk(head: &Head, structured: &Structured, outlet: Option<&str>) -> Option<Named> {
    let people = structured.authors.iter().chain(&structured.bodies);
    let signed = people
        .filter_map(|name| people::desk(name, outlet))
        .next()
        .or_else(|| people::names(structured.bodies.iter().map(String::as_str), outlet).pop());
    let meta = || {
        head.metas_of(&["author", "article:author", "twitter:data1"])
            .find_map(|name| people::desk(name, outlet))
    };
    signed
        .map(|name| (vec![name], Origin::JsonLd))
        .or_else(|| Some((vec![meta()?], Origin::Meta)))
}

/// The authors, the best statement first.
pub(crate) fn choose(page: &Page<'_>, stated: Vec<Named>) -> Option<Named> {
    let zone = Zone::of(page);
    let visible = |names| (names, Origin::Visible);
    let above = line(page, zone.above).map(visible);
    let signed = above.is_some();
    let marked = marks::near(page, zone.above);
    let mut seen: Vec<Named> = [above, marked].into_iter().flatten().collect();
    if let Some(stated) = best(stated) {
        if !all_full(&stated.0) {
            seen.extend(marks::beyond(page, zone.below));
            seen.extend(below(page, zone.below).map(visible));
        }
        // Many a page states one author of several, or an account instead of a name.
        let better = seen.iter().position(|(names, _)| {
            all_full(names) && (!all_full(&stated.0) || is_more(names, &stated.0))
        });
        // A reader believes the line "By …" above the text.
        let better = better.or_else(|| {
            let line = seen
                .first()
                .filter(|(names, _)| signed && all_full(names))?;
            is_other(&line.0, &stated.0).then_some(0)
        });
        return match better {
            Some(at) => seen.into_iter().nth(at),
            None => Some(stated),
        };
    }
    let at = seen
        .iter()
        .position(|(names, _)| all_full(names))
        .unwrap_or(0);
    seen.into_iter()
        .nth(at)
        .or_else(|| marks::beyond(page, zone.below))
        .or_else(|| below(page, zone.below).map(visible))
        .or_else(|| unmarked(page, &zone).map(visible))
        .or_else(|| marks::single(page, zone.below))
}

/// Whether `seen` has all the people of `stated`, maybe with a title, and more.
fn is_more(seen: &[String], stated: &[String]) -> bool {
    seen.len() > stated.len()
        && stated
            .iter()
            .all(|name| seen.iter().any(|other| other.ends_with(name.as_str())))
}

/// Whether the people of `seen` share no word of their names with those of `stated`.
fn is_other(seen: &[String], stated: &[String]) -> bool {
    let words = |names: &[String]| -> Vec<String> {
        names
            .iter()
            .flat_map(|name| name.split([' ', ',']))
            .filter(|word| word.chars().count() >= 3)
            .map(str::to_lowercase)
            .collect()
    };
    let stated = words(stated);
    !words(seen).iter().any(|word| stated.contains(word))
}

/// The first statement of which all are plainly names, else the first.
fn best(mut stated: Vec<Named>) -> Option<Named> {
    let at = stated
        .iter()
        .position(|(names, _)| all_full(names))
        .unwrap_or(0);
    (at < stated.len()).then(|| stated.swap_remove(at))
}

/// Whether all are plainly names.
pub(crate) fn all_full(names: &[String]) -> bool {
    !names.is_empty() && names.iter().all(|name| people::is_full(name))
}

/// Where bylines stand: ranges of nodes, and of blocks.
struct Zone {
    /// From shortly before the headline into the text's beginning.
    above: (Id, Id),
    /// From the text's last paragraph to shortly after it.
    below: (Id, Id),
}

impl Zone {
    fn of(page: &Page<'_>) -> Self {
        let texts = || page.content.blocks.iter().filter(|block| is_prose(block));
        let headline = page
            .headline
            .or_else(|| page.content.blocks.first().map(|block| block.first))
            .unwrap_or(0);
        // A summary may stand between headline and byline.
        let text = texts()
            .filter(|block| block.first > headline)
            .nth(2)
            .or_else(|| texts().next_back())
            .map_or(headline, |block| block.first);
        let end = page.content.blocks.last().map_or(text, |block| block.first);
        Self {
            above: (headline.saturating_sub(BEFORE), text.max(headline)),
            below: (end, (end + BEYOND).min(page.tree.len())),
        }
    }
}

/// The places of the blocks that begin within the zone.
fn places(page: &Page<'_>, zone: (Id, Id)) -> std::ops::Range<usize> {
    let from = |id: Id| page.blocks.partition_point(|block| block.first < id);
    from(zone.0)..from(zone.1 + 1)
}

/// The authors of the first short line near the headline that begins like a byline.
fn line(page: &Page<'_>, zone: (Id, Id)) -> Option<Vec<String>> {
    places(page, zone)
        .filter(|&at| page.blocks[at].weight < SHORT && !page.is_title(&page.blocks[at]))
        .find_map(|at| {
            let before = page.headline.is_some_and(|id| page.blocks[at].first < id);
            // Menus stand there too.
            byline_at(page, at).filter(|names| !before || all_full(names))
        })
}

/// The authors of the first short line after the text that begins like a byline.
fn below(page: &Page<'_>, zone: (Id, Id)) -> Option<Vec<String>> {
    let start = places(page, zone).start;
    (start..(start + AFTER).min(page.blocks.len()))
        .filter(|&at| page.blocks[at].weight < SHORT)
        .find_map(|at| byline_at(page, at))
}

/// The author whose bare name stands between headline and text and again in a picture's
/// description or at the head of a note after the text, or whom a note says to have
/// written the article.
fn unmarked(page: &Page<'_>, zone: &Zone) -> Option<Vec<String>> {
    let headline = page.headline?;
    let after = || places(page, zone.below).map(|at| &page.blocks[at]);
    let bare = places(page, (headline + 1, zone.above.1))
        .map(|at| &page.blocks[at])
        .filter(|block| block.weight < 40)
        .find_map(|block| {
            let line = first_line(page, block.first..=block.last);
            let mut names = people::names(line.split('\n').next(), page.outlet);
            let name = names
                .pop()
                .filter(|name| names.is_empty() && people::is_full(name))?;
            let alone = line.trim().len() == name.len();
            let near = headline.saturating_sub(BEFORE)..zone.above.1;
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
        places(page, zone.above)
            .map(|at| &page.blocks[at])
            .chain(after())
            .filter(|block| block.weight < 4 * SHORT)
            .find_map(|block| {
                names::WRITTEN_BY.iter().find_map(|phrase| {
                    let (_, rest) = block.text.split_once(phrase)?;
                    people::leading(rest)
                })
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
    let is_sure = people::has_intro(&format!("{} x", line.trim()));
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
    if let Some(rest) = people::after_intro(line) {
        return Some(rest);
    }
    // "5 January 2026 by Ada Moss": behind a number or a stroke.
    let mut apart = false;
    for (at, word) in people::words_of(line).take(14) {
        if apart && let Some(rest) = people::after_intro(&line[at..]) {
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
        let names: Vec<String> = stated.iter().map(|&name| name.to_owned()).collect();
        let stated = if names.is_empty() {
            Vec::new()
        } else {
            vec![(names, Origin::Meta)]
        };
        let page = Page {
            tree: &tree,
            hidden: &hidden,
            blocks: &blocks,
            content: &content,
            headline: None,
            title: None,
            outlet: None,
        };
        choose(&page, stated)
            .map(|(names, _)| names)
            .unwrap_or_default()
    }

    #[test]
    fn the_line_stands_near_the_article() {
        let line = "<div>By Ada Moss and Bo Lind<br>Monday 5 January 2026, 6.05 pm</div>";
        let menu = "<p>By Event Type</p>".to_owned() + &"<p>Fairs</p>".repeat(40);
        for (before, after, stated, expected) in [
            (line, "", &[][..], &["Ada Moss", "Bo Lind"][..]),
            (line, "", &["Ada Moss"], &["Ada Moss", "Bo Lind"]),
            (line, "", &["Cy Roe"], &["Ada Moss", "Bo Lind"]),
            (line, "", &["A. B. Moss"], &["A. B. Moss"]),
            (line, "", &["amoss"], &["Ada Moss", "Bo Lind"]),
            ("", "", &["Cy Roe"], &["Cy Roe"]),
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

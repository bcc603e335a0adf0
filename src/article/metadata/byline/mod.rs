//! Who wrote the article: what the head states, what the page marks as the author's,
//! and the line "By …" near the headline.
//!
//! Only chooses and looks for the places; what becomes a name is the business of
//! `people`. What a reader sees wins over an account's name in the head, and adds to
//! a statement that names one author of several.

pub(crate) mod desks;
pub(crate) mod intro;
pub(crate) mod lines;
pub(crate) mod marks;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod person;

use crate::article::metadata::{head::Head, structured::Structured};
use crate::article::{
    Origin,
    content::{Content, is_prose, words::plain},
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// So many nodes before the headline its byline may stand.
pub(crate) const BEFORE: usize = 60;
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
    pub(crate) fn is_title(&self, block: &Raw) -> bool {
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
        .filter(|label| intro::has_intro(label))
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
    let signed = structured
        .authors
        .iter()
        .chain(&structured.bodies)
        .find_map(|name| people::desk(name, outlet))
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
    let above = lines::line(page, zone.above).map(visible);
    let signed = above.is_some();
    let marked = marks::near(page, zone.above);
    let mut seen: Vec<Named> = [above, marked].into_iter().flatten().collect();
    if let Some(stated) = best(stated) {
        if !all_full(&stated.0) {
            seen.extend(marks::beyond(page, zone.below));
            seen.extend(lines::below(page, zone.below).map(visible));
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
        .or_else(|| lines::below(page, zone.below).map(visible))
        .or_else(|| lines::unmarked(page, zone.above, zone.below).map(visible))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{
        content,
        page::{blocks, dom, visible},
    };

    /// The byline of a page with `before` and `after` around its text.
    fn byline(before: &str, after: &str, stated: &[&str]) -> Vec<String> {
        let text = "<p>The council met in the harbour hall and spoke of the bridge at length.</p>";
        let menu = "<p>By Event Type</p>".to_owned() + &"<p>Fairs</p>".repeat(40);
        let page = format!(
            "{menu}<p>By Place</p><h1>Council speaks of the bridge</h1>{before}<div>{}</div>{after}",
            text.repeat(4)
        );
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
            headline: blocks
                .iter()
                .find(|block| block.text.starts_with("Council"))
                .map(|block| block.first),
            title: Some(plain("Council speaks of the bridge")),
            outlet: None,
        };
        choose(&page, stated)
            .map(|(names, _)| names)
            .unwrap_or_default()
    }

    #[test]
    fn what_a_reader_sees_is_the_byline() {
        let line = "<div>By Ada Moss and Bo Lind<br>Monday 5 January 2026, 6.05 pm</div>";
        let cases: &[(&str, &str, &[&str], &[&str])] = &[
            // The line above the text.
            (line, "", &[], &["Ada Moss", "Bo Lind"]),
            (line, "", &["Ada Moss"], &["Ada Moss", "Bo Lind"]),
            (line, "", &["Cy Roe"], &["Ada Moss", "Bo Lind"]),
            (line, "", &["A. B. Moss"], &["A. B. Moss"]),
            (line, "", &["amoss"], &["Ada Moss", "Bo Lind"]),
            ("", "", &["Cy Roe"], &["Cy Roe"]),
            ("<p>5.1.2026 | Von Ada Moss</p>", "", &[], &["Ada Moss"]),
            ("<p>Автор: Анна Ким</p>", "", &[], &["Анна Ким"]),
            ("<div>By</div><div>Ada Moss</div>", "", &[], &["Ada Moss"]),
            (
                "<div><i>By</i><b>Ada Moss</b></div>",
                "",
                &[],
                &["Ada Moss"],
            ),
            ("<p>Posted by Ada 5.1.2026</p>", "", &[], &["Ada"]),
            (
                "<p>By Ada Moss, Fact-checked by Bo Lind</p>",
                "",
                &["Ada Moss"],
                &["Ada Moss"],
            ),
            ("", "", &[], &[]),
            // Marks.
            ("<p itemprop=author>Ada Moss</p>", "", &[], &["Ada Moss"]),
            ("<a rel=author href=/x>Ada Moss</a>", "", &[], &["Ada Moss"]),
            ("<a href=/autoren/ada>Ada Moss</a>", "", &[], &["Ada Moss"]),
            (
                "<p class='date-author'>Ada Moss, 5.1.2026</p>",
                "",
                &[],
                &["Ada Moss"],
            ),
            (
                "<p class=c-AuthorName>Ada Moss</p><p class=c-AuthorName>Bo Lind</p>",
                "",
                &[],
                &["Ada Moss", "Bo Lind"],
            ),
            (
                "<div class=author><b>Ada Moss</b><i>Founder at Oak</i></div>",
                "",
                &[],
                &["Ada Moss"],
            ),
            (
                "<i>Reviewed by</i> <a href=/author/bo>Bo Lind</a>",
                "",
                &[],
                &[],
            ),
            ("<p class=author-avatar>Ada Moss</p>", "", &[], &[]),
            // After the text.
            ("", "<p>Written by Ada Moss</p>", &[], &["Ada Moss"]),
            (
                "",
                "<div class=author-box><h4>Ada Moss</h4></div>",
                &[],
                &["Ada Moss"],
            ),
            (
                "",
                "<div id=comments><p class=author>Ada Moss</p></div>",
                &[],
                &[],
            ),
            (
                "",
                "<p>This post was written by Ada Moss, who runs the harbour office.</p>",
                &[],
                &["Ada Moss"],
            ),
            // A bare name needs a second sign.
            ("<p>Ada Moss</p>", "", &[], &[]),
            (
                "<img alt='Ada Moss'><p>Ada Moss</p>",
                "",
                &[],
                &["Ada Moss"],
            ),
            (
                "<p>Ada Moss</p>",
                "<p>Ada Moss is a writer.</p>",
                &[],
                &["Ada Moss"],
            ),
        ];
        for (before, after, stated, expected) in cases {
            assert_eq!(byline(before, after, stated), *expected, "{before} {after}");
        }
    }
}

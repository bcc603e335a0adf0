//! The visible page as a sequence of blocks: paragraphs, headings, list items,
//! quotes and table rows, in reading order.
//!
//! This is all of the page, navigation included; which blocks are the article is
//! decided in `content`. `<br><br>` and bare text in a `<div>` make paragraphs too.

use super::{
    dom::{Data, Id, Tree},
    glyphs,
    tag::Tag,
};
use crate::article::BlockKind;

/// A block of the page, with what is needed to judge it.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    /// What it is.
    pub(crate) kind: BlockKind,
    /// Its visible text, white space folded.
    pub(crate) text: String,
    /// Its first text node.
    pub(crate) first: Id,
    /// Its last text node.
    pub(crate) last: Id,
    /// The innermost block element around it.
    pub(crate) holder: Id,
    /// How much it says: see [`weight`].
    pub(crate) weight: usize,
    /// How much of that is inside links.
    pub(crate) linked: usize,
}

impl Raw {
    /// The share of the text that is inside links.
    pub(crate) fn link_share(&self) -> f64 {
        self.linked as f64 / self.weight.max(1) as f64
    }
}

/// Whether the element begins and ends a block.
fn is_block(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Address
            | Tag::Article
            | Tag::Aside
            | Tag::Blockquote
            | Tag::Body
            | Tag::Button
            | Tag::Center
            | Tag::Dd
            | Tag::Details
            | Tag::Dialog
            | Tag::Div
            | Tag::Dl
            | Tag::Dt
            | Tag::Fieldset
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Footer
            | Tag::Form
            | Tag::H1
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::Header
            | Tag::Hgroup
            | Tag::Hr
            | Tag::Html
            | Tag::Li
            | Tag::Main
            | Tag::Nav
            | Tag::Ol
            | Tag::P
            | Tag::Pre
            | Tag::Section
            | Tag::Summary
            | Tag::Table
            | Tag::Tbody
            | Tag::Td
            | Tag::Tfoot
            | Tag::Th
            | Tag::Thead
            | Tag::Tr
            | Tag::Ul
    )
}

/// How much a text says, in letters and digits; an ideograph or a syllable block
/// stands for about two and a half letters of an alphabet.
pub(crate) fn weight(text: &str) -> usize {
    half_weight(text) / 2
}

fn half_weight(text: &str) -> usize {
    if text.is_ascii() {
        return 2 * text.bytes().filter(u8::is_ascii_alphanumeric).count();
    }
    let mut halves = 0;
    for c in text.chars() {
        halves += match u32::from(c) {
            0..=0x7F => 2 * usize::from(c.is_ascii_alphanumeric()),
            // The letters of Latin and Cyrillic text and its punctuation, for speed.
            0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2AF | 0x400..=0x481 => 2,
            0x2000..=0x206F => 0,
            0x3040..=0x30FF
            | 0x3400..=0x9FFF
            | 0xAC00..=0xD7AF
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x3_FFFF => 5,
            _ if c.is_alphanumeric() => 2,
            _ => 0,
        };
    }
    halves
}

/// Whether the text closes like a sentence, in any script.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches([
        '"', '\'', '”', '’', '»', '“', '«', ')', ']', '」', '』', ' ', '*',
    ])
    .ends_with([
        '.', '!', '?', '…', '。', '\u{ff01}', '\u{ff1f}', '؟', '۔', '।', ':', ';', '։', '።', '။',
    ])
}

/// All visible blocks of the page.
pub(crate) fn gather(tree: &Tree<'_>, hidden: &[bool]) -> Vec<Raw> {
    let mut page = Gatherer {
        tree,
        blocks: Vec::new(),
        open: Vec::new(),
        links: Vec::new(),
        text: String::new(),
        first: 0,
        last: 0,
        linked: 0,
        breaks: 0,
    };
    let mut id = 0;
    while id < tree.len() {
        page.close_before(id);
        if hidden[id] {
            id = tree.node(id).end.max(id + 1);
            continue;
        }
        match tree.node(id).data {
            Data::Root => {}
            Data::Text(text) => page.push(id, text),
            Data::Element(_) => match tree.tag(id) {
                Tag::Br => page.break_line(),
                Tag::A if leads_off(tree.attr(id, "href")) => page.links.push(tree.node(id).end),
                tag if is_block(tag) => page.open_block(id, tag),
                _ => {}
            },
        }
        id += 1;
    }
    page.close_before(usize::MAX);
    page.flush();
    page.blocks
}

/// Whether a link leads to another page; one inside the page is an anchor.
fn leads_off(href: Option<&str>) -> bool {
    href.is_some_and(|href| !href.trim_start().starts_with('#'))
}

struct Open {
    id: Id,
    end: Id,
    /// Of a data table; its cells make one row.
    row: bool,
    cell: bool,
}

struct Gatherer<'t, 'a> {
    tree: &'t Tree<'a>,
    blocks: Vec<Raw>,
    open: Vec<Open>,
    links: Vec<Id>,
    text: String,
    /// Half-weights of the text inside links.
    linked: usize,
    first: Id,
    last: Id,
    breaks: usize,
}

impl Gatherer<'_, '_> {
    fn close_before(&mut self, id: Id) {
        while self.open.last().is_some_and(|open| open.end <= id) {
            if self.open.last().is_some_and(|open| open.cell) {
                if !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            } else {
                self.flush();
            }
            self.open.pop();
        }
        while self.links.last().is_some_and(|&end| end <= id) {
            self.links.pop();
        }
    }

    fn open_block(&mut self, id: Id, tag: Tag) {
        let cell = self.open.last().is_some_and(|open| open.row || open.cell);
        let row = tag == Tag::Tr && is_data_row(self.tree, id);
        if cell {
            if matches!(tag, Tag::Td | Tag::Th) && !self.text.trim().is_empty() {
                self.text.truncate(self.text.trim_end().len());
                self.text.push_str(" | ");
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        } else {
            self.flush();
        }
        self.open.push(Open {
            id,
            end: self.tree.node(id).end,
            row,
            cell,
        });
    }

    fn push(&mut self, id: Id, text: &str) {
        if text.trim().is_empty() {
            if !text.is_empty() && !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            return;
        }
        if self.text.trim().is_empty() {
            self.text.clear();
            self.first = id;
        }
        self.last = id;
        self.breaks = 0;
        let before = self.text.len();
        glyphs::push_visible(&mut self.text, text);
        if !self.links.is_empty() {
            self.linked += half_weight(&self.text[before..]);
        }
    }

    /// One `<br>` is a space, two or more end the paragraph.
    fn break_line(&mut self) {
        self.breaks += 1;
        let in_row = self.open.last().is_some_and(|open| open.row || open.cell);
        if self.breaks >= 2 && !in_row {
            self.flush();
        } else if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn flush(&mut self) {
        self.breaks = 0;
        let linked = std::mem::take(&mut self.linked) / 2;
        let text = self.text.trim();
        if text.is_empty() {
            self.text.clear();
            return;
        }
        let holder = self.open.last().map_or(0, |open| open.id);
        self.blocks.push(Raw {
            kind: self.kind(),
            text: text.to_owned(),
            first: self.first,
            last: self.last,
            holder,
            weight: weight(text),
            linked,
        });
        // The buffer stays, so that each block costs one allocation of its size.
        self.text.clear();
    }

    fn kind(&self) -> BlockKind {
        let mut kind = BlockKind::Paragraph;
        for open in self.open.iter().rev() {
            match self.tree.tag(open.id) {
                Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                    return BlockKind::Heading;
                }
                Tag::Tr if open.row => return BlockKind::TableRow,
                Tag::Li | Tag::Dd | Tag::Dt if kind == BlockKind::Paragraph => {
                    kind = BlockKind::ListItem;
                }
                Tag::Blockquote => return BlockKind::Quote,
                Tag::Article | Tag::Main | Tag::Body | Tag::Table => break,
                _ => {}
            }
        }
        kind
    }
}

/// More characters than this in one cell are a column of a layout.
const CELL: usize = 600;

/// Whether the row's cells are data, not the columns of a layout: at least two
/// cells, none of which holds a table, a list, a heading, several paragraphs or a
/// long text.
fn is_data_row(tree: &Tree<'_>, row: Id) -> bool {
    let (mut cells, mut paragraphs, mut in_cell, mut breaks) = (0, 0, 0, 0);
    for id in row + 1..tree.node(row).end.min(row + 2_000) {
        match tree.tag(id) {
            Tag::Td | Tag::Th => {
                cells += 1;
                in_cell = 0;
                breaks = 0;
            }
            Tag::Table
            | Tag::Ul
            | Tag::Ol
            | Tag::H1
            | Tag::H2
            | Tag::H3
            | Tag::Article
            | Tag::Section => return false,
            Tag::P => paragraphs += 1,
            Tag::Br => {
                breaks += 1;
                // Two line breaks end a paragraph just as `</p>` does.
                paragraphs += usize::from(breaks == 2);
            }
            _ => {}
        }
        if let Data::Text(text) = tree.node(id).data
            && !text.trim().is_empty()
        {
            breaks = 0;
            in_cell += text.trim().len();
            if text.len() > 400 || in_cell > CELL {
                return false;
            }
        }
    }
    cells >= 2 && paragraphs <= cells
}

#[cfg(test)]
mod tests {
    use super::{
        super::{dom, visible},
        *,
    };

    fn blocks(page: &str) -> Vec<(BlockKind, String)> {
        let html = dom::parse(page);
        let tree = Tree::new(&html);
        gather(&tree, &visible::hidden(&tree))
            .into_iter()
            .map(|raw| (raw.kind, raw.text))
            .collect()
    }

    #[test]
    fn blocks_follow_what_the_reader_sees() {
        use BlockKind::{Heading, ListItem, Paragraph, Quote, TableRow};
        let cases: [(&str, &[(BlockKind, &str)]); 8] = [
            (
                "<p>One <b>two</b>three</p>four",
                &[(Paragraph, "One twothree"), (Paragraph, "four")],
            ),
            ("a<br>b<br> <br>c", &[(Paragraph, "a b"), (Paragraph, "c")]),
            (
                "<div>x<div>y</div>z</div>",
                &[(Paragraph, "x"), (Paragraph, "y"), (Paragraph, "z")],
            ),
            (
                "<h2>H <span>h</span></h2><ul><li>i<li>j</ul>",
                &[(Heading, "H h"), (ListItem, "i"), (ListItem, "j")],
            ),
            ("<blockquote><p>q</p></blockquote>", &[(Quote, "q")]),
            (
                "<table><tr><th>A<th>B<tr><td>1<td><p>2</p></table>",
                &[(TableRow, "A | B"), (TableRow, "1 | 2")],
            ),
            (
                "<table><tr><td><h1>T</h1><p>x<td>y</table>",
                &[(Heading, "T"), (Paragraph, "x"), (Paragraph, "y")],
            ),
            ("<p>a <i hidden>no</i> b</p>", &[(Paragraph, "a b")]),
        ];
        for (page, expected) in cases {
            let found = blocks(page);
            let found: Vec<_> = found
                .iter()
                .map(|(kind, text)| (*kind, text.as_str()))
                .collect();
            assert_eq!(found, expected, "{page}");
        }
    }
}

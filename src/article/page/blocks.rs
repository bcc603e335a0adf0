//! The visible page as a sequence of blocks: paragraphs, headings, list items,
//! quotes and table rows, in reading order.
//!
//! This is all of the page, navigation included; which blocks are the article is
//! decided in `content`. `<br><br>` and bare text in a `<div>` make paragraphs too.

use super::{
    dom::{Data, Id, Tree},
    glyphs,
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

/// Elements that begin and end a block. Sorted.
const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// How much a text says, in letters and digits; an ideograph or a syllable block
/// stands for about two and a half letters of an alphabet.
pub(crate) fn weight(text: &str) -> usize {
    let mut halves = 0;
    for c in text.chars() {
        halves += match u32::from(c) {
            0x3040..=0x30FF
            | 0x3400..=0x9FFF
            | 0xAC00..=0xD7AF
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x3_FFFF => 5,
            _ if c.is_alphanumeric() => 2,
            _ => 0,
        };
    }
    halves / 2
}

/// Whether the text closes like a sentence, in any script.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches([
        '"', '\'', '”', '’', '»', '“', '«', ')', ']', '」', '』', ' ', '*',
    ])
    .ends_with([
        '.', '!', '?', '…', '。', '!', '?', '؟', '۔', '।', ':', ';', '։', '።', '။',
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
        linked: String::new(),
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
            Data::Element(element) => match element.name() {
                "br" => page.break_line(),
                "a" if leads_off(tree.attr(id, "href")) => page.links.push(tree.node(id).end),
                name if BLOCK_TAGS.binary_search(&name).is_ok() => page.open_block(id, name),
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
    linked: String,
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

    fn open_block(&mut self, id: Id, name: &str) {
        let in_row = self.open.last().is_some_and(|open| open.row || open.cell);
        let row = name == "tr" && is_data_row(self.tree, id);
        let cell = in_row;
        if cell {
            if matches!(name, "td" | "th") && !self.text.trim().is_empty() {
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
        glyphs::push_visible(&mut self.text, text);
        if !self.links.is_empty() {
            glyphs::push_visible(&mut self.linked, text);
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
        let text = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        let text = text.trim();
        if text.is_empty() {
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
            linked: weight(&linked),
        });
    }

    fn kind(&self) -> BlockKind {
        let mut kind = BlockKind::Paragraph;
        for open in self.open.iter().rev() {
            match self.tree.name(open.id) {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => return BlockKind::Heading,
                "tr" if open.row => return BlockKind::TableRow,
                "li" | "dd" | "dt" if kind == BlockKind::Paragraph => kind = BlockKind::ListItem,
                "blockquote" => return BlockKind::Quote,
                "article" | "main" | "body" | "table" => break,
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
        match tree.name(id) {
            "td" | "th" => {
                cells += 1;
                in_cell = 0;
                breaks = 0;
            }
            "table" | "ul" | "ol" | "h1" | "h2" | "h3" | "article" | "section" => return false,
            "p" => paragraphs += 1,
            "br" => {
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

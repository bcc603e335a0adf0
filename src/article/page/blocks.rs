//! The visible page as a sequence of blocks: paragraphs, headings, list items,
//! quotes and table rows, in reading order.
//!
//! This is all of the page, navigation included; which blocks are the article is
//! decided in `content`. `<br><br>` and bare text in a `<div>` make paragraphs too.

pub(crate) use super::weight::weight;
use super::{
    dom::{Data, Id, Tree},
    glyphs,
    tag::Tag,
    weight::half_weight,
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

/// Whether the text closes like a sentence, in any script.
pub(crate) fn ends_sentence(text: &str) -> bool {
    // The agency may stand behind the last sentence: "… in May. (AP)".
    let signed = text
        .trim_end()
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .is_some_and(|(said, sign)| sign.len() <= SIGN && closes(said));
    signed || closes(text)
}

/// An agency's sign has at most so many bytes.
const SIGN: usize = 30;

fn closes(text: &str) -> bool {
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
        marks: Vec::new(),
        raised: None,
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
                Tag::Q | Tag::Rt | Tag::Sup => page.open_marked(id, tree.tag(id), hidden),
                tag if tag.is_block() => page.open_block(id, tag),
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

/// So many nodes stand at most between a drop cap and its text.
const DROP_CAP_NODES: usize = 6;
/// More nodes than this are more than a quoted sentence or the reading of a word.
const MARKED_NODES: usize = 200;
const QUOTES: [char; 12] = [
    '"', '\'', '“', '”', '„', '«', '»', '‘', '‚', '‹', '「', '『',
];
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

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
    /// The open elements that a browser draws marks around: their end and the mark.
    marks: Vec<(Id, char)>,
    /// The text that stands above the line.
    raised: Option<Id>,
    text: String,
    /// Half-weights of the text inside links.
    linked: usize,
    first: Id,
    last: Id,
    breaks: usize,
}

impl Gatherer<'_, '_> {
    fn close_before(&mut self, id: Id) {
        while let Some(&(end, mark)) = self.marks.last()
            && end <= id
        {
            self.text.push(mark);
            self.marks.pop();
        }
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

    /// What a browser shows around or instead of a text: quotation marks, the reading
    /// of a word in brackets, raised figures.
    fn open_marked(&mut self, id: Id, tag: Tag, hidden: &[bool]) {
        let end = self.tree.node(id).end;
        // What ends a paragraph would part the marks.
        let parts = |inner| self.tree.tag(inner).is_block() || self.tree.tag(inner) == Tag::Br;
        if end - id > MARKED_NODES || (id..end).any(parts) {
            return;
        }
        let mut texts = (id..end).filter_map(|inner| match self.tree.node(inner).data {
            Data::Text(text) if !hidden[inner] && !text.trim().is_empty() => Some((inner, text)),
            _ => None,
        });
        let Some((first, text)) = texts.next() else {
            return;
        };
        let (opening, closing) = match tag {
            Tag::Rt if !self.text.ends_with(['(', '(']) => ('(', ')'),
            // Style sheets often take the marks away where the text has its own.
            Tag::Q if !text.trim_start().starts_with(QUOTES) => {
                if self.marks.iter().any(|(_, mark)| *mark == '”') {
                    ('‘', '’')
                } else {
                    ('“', '”')
                }
            }
            Tag::Sup => {
                let figures = text.trim().bytes().all(|byte| byte.is_ascii_digit());
                self.raised = (figures && texts.next().is_none()).then_some(first);
                return;
            }
            _ => return,
        };
        if self.text.trim().is_empty() {
            self.first = first;
        }
        self.text.push(opening);
        self.marks.push((end, closing));
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
        if self.raised == Some(id) {
            // "10" and a raised 6 are not 106.
            let raised = text
                .trim()
                .bytes()
                .filter_map(|byte| RAISED.get(usize::from(byte.wrapping_sub(b'0'))).copied());
            self.text.extend(raised);
        } else {
            glyphs::push_visible(&mut self.text, text);
        }
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
        self.take_drop_cap();
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

    /// A single capital in a box of its own, with a text after it that starts small,
    /// is that text's first letter.
    fn take_drop_cap(&mut self) {
        let Some(cap) = self.blocks.last() else {
            return;
        };
        if cap.text.len() > 4
            || cap.kind != BlockKind::Paragraph
            || self.first > cap.last + DROP_CAP_NODES
            || !self.text.starts_with(char::is_lowercase)
        {
            return;
        }
        let mut letters = cap.text.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return;
        };
        if !letter.is_uppercase() {
            return;
        }
        // "A" and "I" are words too.
        let spaced = matches!(letter, 'A' | 'I')
            && matches!(self.tree.node(self.first).data, Data::Text(text) if text.starts_with([' ', '\n', '\u{A0}']));
        if spaced {
            self.text.insert(0, ' ');
        }
        self.text.insert(0, letter);
        self.first = cap.first;
        self.blocks.pop();
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
        let cases: &[(&str, &[(BlockKind, &str)])] = &[
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
            (
                "<p><span class=dropcap>T</span>he end</p>",
                &[(Paragraph, "The end")],
            ),
            (
                "<div><div class=cap>T</div>he end</div>",
                &[(Paragraph, "The end")],
            ),
            (
                "<div><div class=cap>A</div> man</div>",
                &[(Paragraph, "A man")],
            ),
            (
                "<p>Donau<wbr>dampf&shy;schiff, of&#xFB01;ce</p>",
                &[(Paragraph, "Donaudampfschiff, office")],
            ),
            (
                "<p>In 2016<sup><a href=#1>3</a></sup> 5 m<sup>2</sup>, the 1<sup>st</sup></p>",
                &[(Paragraph, "In 2016³ 5 m², the 1st")],
            ),
            (
                "<p>She: <q>yes, <q>no</q></q> and <q>“own”</q></p>",
                &[(Paragraph, "She: “yes, ‘no’” and “own”")],
            ),
            (
                "<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>だ</p>",
                &[(Paragraph, "漢字(かんじ)だ")],
            ),
            (
                "<dl><dt>term<dd>meaning</dl><pre>a\n  b</pre>",
                &[
                    (ListItem, "term"),
                    (ListItem, "meaning"),
                    (Paragraph, "a b"),
                ],
            ),
            ("<q><p>x</p></q><q hidden>y</q>", &[(Paragraph, "x")]),
            (
                "<p>H<sub>2</sub>O<p>ab</p>",
                &[(Paragraph, "H2O"), (Paragraph, "ab")],
            ),
        ];
        for &(page, expected) in cases {
            let found = blocks(page);
            let found: Vec<_> = found
                .iter()
                .map(|(kind, text)| (*kind, text.as_str()))
                .collect();
            assert_eq!(found, expected, "{page}");
        }
    }
}

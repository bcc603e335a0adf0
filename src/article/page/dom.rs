//! HTML becomes a flat tree: elements and texts in document order, each with its
//! parent and the end of its subtree, so that everything after this is a loop.
//!
//! Parsing is bounded in bytes, nodes, depth and work, since the parser is quadratic
//! in nesting and in a tag's attributes; what was read before a limit is kept. No
//! clock takes part, so that a page always gives the same tree. Nothing here knows
//! what an article is, and nothing recurses over the tree.

use html5ever::{ParseOpts, driver, tendril::TendrilSink};
use scraper::{Html, HtmlTreeSink, Node as Parsed, node::Element};

/// The largest page that is read; real ones of several megabytes exist.
const MAX_BYTES: usize = 8_000_000;
/// The most nodes; the largest real pages seen have some 50,000.
const MAX_NODES: usize = 400_000;
/// The deepest nesting; browsers stop at about 512.
const MAX_DEPTH: usize = 1_500;
/// The most steps of [`Work`], about a second's; a real page of two megabytes takes a tenth.
const MAX_WORK: usize = 1_000_000_000;
/// How much is given to the parser between two looks at the limits.
const PIECE: usize = 2_048;
/// Of so many of a piece's new nodes the depth is looked up.
const SAMPLED: usize = 64;

/// Parses `text` up to the limits.
pub(crate) fn parse(text: &str) -> Html {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = &text[..end];
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = driver::parse_document(sink, ParseOpts::default());
    let mut work = Work::default();
    while !rest.is_empty() {
        let mut cut = rest.len().min(PIECE);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let (piece, after) = rest.split_at(cut);
        parser.process(piece.into());
        rest = after;
        work.add(piece, &parser.tokenizer.sink.sink.0.borrow());
        if work.nodes > MAX_NODES || work.depth > MAX_DEPTH || work.steps > MAX_WORK {
            break;
        }
    }
    parser.finish()
}

/// An upper estimate of what the parser has done, from the text and the tree alone.
#[derive(Default)]
struct Work {
    /// How many nodes there are.
    nodes: usize,
    /// The greatest depth among the newest nodes.
    depth: usize,
    /// The length of the newest node, if it is a text.
    text: usize,
    /// The most attributes that the tag being read can have.
    attributes: usize,
    /// Each tag may walk up the whole stack of open elements, and each attribute is
    /// compared with those before it.
    steps: usize,
}

impl Work {
    /// Counts `piece`, which has made the tree into `html`.
    fn add(&mut self, piece: &str, html: &Html) {
        let nodes = html.tree.values().len();
        let newest = html.tree.nodes().next_back();
        let text = newest
            .and_then(|node| node.value().as_text())
            .map_or(0, |text| text.len());
        let new = nodes.saturating_sub(self.nodes);
        if new > 0 {
            self.depth = html
                .tree
                .nodes()
                .rev()
                .take(new)
                .step_by(new.div_ceil(SAMPLED))
                .map(|node| node.ancestors().take(MAX_DEPTH + 1).count())
                .max()
                .unwrap_or(0);
        }
        if new > 0 || text != self.text {
            self.attributes = piece.rsplit('>').next().map_or(0, separated);
            // A `>` inside quotes hides little: its attributes are few in one piece.
            self.steps += piece
                .split('>')
                .map(|tag| separated(tag).pow(2) / 2)
                .sum::<usize>();
        } else {
            // Where nothing came out, the whole piece may be inside one tag.
            let separated = separated(piece);
            self.attributes += separated;
            self.steps += self.attributes * separated;
        }
        self.steps += self.depth * piece.len();
        self.nodes = nodes;
        self.text = text;
    }
}

/// How many attributes can begin in `text` at most.
fn separated(text: &str) -> usize {
    let separates = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
    text.as_bytes()
        .windows(2)
        .filter(|pair| separates(pair[0]) && !separates(pair[1]))
        .count()
        + 1
}

/// A node's place in a [`Tree`].
pub(crate) type Id = usize;

/// One node of a [`Tree`].
pub(crate) struct Node<'a> {
    /// The element that holds it; the root holds itself.
    pub(crate) parent: Id,
    /// One past the last node inside it.
    pub(crate) end: Id,
    /// What it is.
    pub(crate) data: Data<'a>,
}

/// What a node is. Comments and the like are left out.
pub(crate) enum Data<'a> {
    /// The document itself; also the contents of a `<template>`.
    Root,
    /// An element.
    Element(&'a Element),
    /// A piece of text.
    Text(&'a str),
}

/// A parsed page in document order; node 0 is the document.
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// The flat form of `html`.
    pub(crate) fn new(html: &'a Html) -> Self {
        let mut nodes = Vec::with_capacity(html.tree.values().len());
        let mut parent = 0;
        let mut next = Some(html.tree.root());
        while let Some(node) = next {
            let data = match node.value() {
                Parsed::Document | Parsed::Fragment => Some(Data::Root),
                Parsed::Element(element) => Some(Data::Element(element)),
                Parsed::Text(text) => Some(Data::Text(text)),
                _ => None,
            };
            let holds = node.first_child();
            if let Some(data) = data {
                let id = nodes.len();
                nodes.push(Node {
                    parent,
                    end: id + 1,
                    data,
                });
                if holds.is_some() {
                    parent = id;
                }
            }
            next = holds;
            let mut at = node;
            while next.is_none() {
                next = at.next_sibling();
                if next.is_none() {
                    let Some(above) = at.parent() else { break };
                    nodes[parent].end = nodes.len();
                    parent = nodes[parent].parent;
                    at = above;
                }
            }
        }
        Self { nodes }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node at `id`.
    pub(crate) fn node(&self, id: Id) -> &Node<'a> {
        &self.nodes[id]
    }

    /// The element at `id`.
    pub(crate) fn element(&self, id: Id) -> Option<&'a Element> {
        match self.nodes[id].data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The element's name, empty for other nodes.
    pub(crate) fn name(&self, id: Id) -> &'a str {
        self.element(id).map_or("", Element::name)
    }

    /// An attribute's value.
    pub(crate) fn attr(&self, id: Id, name: &str) -> Option<&'a str> {
        attr(self.element(id)?, name)
    }

    /// The ids of all elements called `name`, in document order.
    pub(crate) fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = Id> + 't {
        (0..self.len()).filter(move |&id| self.name(id) == name)
    }

    /// The elements that hold `id`, nearest first, without the document.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            at = self.nodes[at].parent;
            (at != 0).then_some(at)
        })
    }

    /// The raw texts from `from` up to `to`, no longer than `most` bytes at the end.
    pub(crate) fn texts(&self, from: Id, to: Id, most: usize) -> String {
        let mut start = to;
        let mut length = 0;
        while start > from && length < most {
            start -= 1;
            if let Data::Text(text) = self.nodes[start].data {
                length += text.len();
            }
        }
        (start..to)
            .filter_map(|inner| match self.nodes[inner].data {
                Data::Text(text) => Some(text),
                _ => None,
            })
            .collect()
    }

    /// The raw text inside `id`, such as a script's.
    pub(crate) fn raw_text(&self, id: Id) -> String {
        (id..self.nodes[id].end)
            .filter_map(|inner| match self.nodes[inner].data {
                Data::Text(text) => Some(text),
                _ => None,
            })
            .collect()
    }
}

/// An attribute's value.
pub(crate) fn attr<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element
        .attrs()
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn the_flat_tree_knows_parents_and_ends() {
        let html = parse("<body><div><p>one</p><p>two</p></div>three");
        let tree = Tree::new(&html);
        let div = tree.all("div").next().expect("there is a div");
        assert_eq!(tree.raw_text(div), "onetwo");
        let second = tree.all("p").nth(1).expect("there are two paragraphs");
        assert_eq!(tree.node(second).parent, div);
        assert_eq!(tree.ancestors(second).count(), 3);
        assert_eq!(tree.node(div).end, tree.node(second).end);
    }

    #[test]
    fn a_page_that_only_is_large_is_read_to_its_end() {
        let paragraph = "<p class=\"text body\" id='x'>A sentence with <a href=\"/a/b/c\">a link</a> and words.</p>\n";
        let script = format!("<script>{}</script>", "var a = b < c / d;\n".repeat(50_000));
        let comment = format!("<!-- {} -->", "<p class='a b'>gone</p> ".repeat(5_000));
        let image = format!("<img src='data:x,{}'>", "QUJD/".repeat(20_000));
        let nested = "<div>".repeat(30);
        let page = [
            script.as_str(),
            &comment,
            &image,
            &nested,
            &paragraph.repeat(15_000),
            "<h1>end</h1>",
        ]
        .concat();
        let html = parse(&page);
        assert_eq!(Tree::new(&html).all("h1").count(), 1);
    }

    #[test]
    fn hostile_pages_end_soon() {
        let pages = [
            "<div>".repeat(100_000),
            "<b id=i><p>".repeat(9_000),
            "<table><tr><td>".repeat(2_000),
            format!(
                "<p {}>text",
                (0..50_000).fold(String::new(), |all, n| all + &format!("a{n}=1 "))
            ),
            "<p>word".repeat(100_000),
            "<span>".repeat(1_400) + &"</x>".repeat(1_000_000),
            "<p a b c d e f g h i j k l m n o p q r s t u v w x y z>".repeat(100_000),
            "<div>".repeat(400)
                + &("<div></body><!---->".to_owned() + &" ".repeat(2_029)).repeat(2_000),
        ];
        for page in pages {
            let started = Instant::now();
            let html = parse(&page);
            assert!(Tree::new(&html).len() > 2);
            // Generous, for an unoptimised build on a busy machine.
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "{}",
                &page[..20]
            );
        }
    }
}

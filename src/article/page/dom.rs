//! HTML becomes a flat tree: elements and texts in document order, each with its
//! parent and the end of its subtree, so that everything after this is a loop.
//!
//! Parsing is bounded in bytes, nodes, depth and work, since the parser is quadratic
//! in nesting and in a tag's attributes; what was read before a limit is kept. No
//! clock takes part, so that a page always gives the same tree. Nothing here knows
//! what an article is, and nothing recurses over the tree.

use std::cell::Cell;

use html5ever::{
    LocalName,
    interface::{Tracer, TreeSink},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};
use scraper::{Html, HtmlTreeSink, Node as Parsed, node::Element};
use serde::Serialize;

use super::{
    tag::Tag,
    tokens::{self, Tokenizer},
};

/// A node's place in the parsed page.
type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// The largest page that is read; real ones of several megabytes exist.
const MAX_BYTES: usize = 8_000_000;
/// The most nodes; the largest real pages seen have some 50,000.
const MAX_NODES: usize = 250_000;
/// The most attributes of all tags together.
const MAX_ATTRIBUTES: usize = 600_000;
/// The most names of tags and attributes that HTML does not know, since looking one up
/// takes the longer the more there are; a large real page has some 20,000.
const MAX_STRANGE: usize = 100_000;
/// The most elements that are open at a time; browsers stop at about 512.
const MAX_DEPTH: usize = 1_500;
/// The most elements that the tree builder looks at, since a tag may make it walk up
/// all that is open: about a second's. A real page of two megabytes takes a hundredth.
const MAX_WORK: usize = 60_000_000;
/// After so many tags the limits are looked at.
const LOOK: usize = 32;

/// The limit at which the reading of a page stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The page is longer than is read.
    Bytes,
    /// It has more elements and texts than are kept.
    Nodes,
    /// Its elements are nested too deep.
    Depth,
    /// Its nesting takes too long to sort out.
    Work,
    /// It has more attributes, or names of its own, than are kept.
    Attributes,
}

/// A parsed page.
pub(crate) struct Document {
    pub(crate) html: Html,
    /// The limit that the page reached: what stands behind it was not read.
    pub(crate) cut: Option<Limit>,
}

/// Parses `text` up to the limits.
pub(crate) fn parse(text: &str) -> Document {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let page = tokens::normalized(&text[..end]);
    let sink = HtmlTreeSink::new(Html::new_document());
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    let mut tokenizer = Tokenizer::new(&page, &builder);
    let mut watch = Watch::default();
    let mut cut = None;
    while cut.is_none() && tokenizer.step() {
        if tokenizer.tags >= watch.tags + LOOK {
            cut = watch.look(&tokenizer, &builder);
        }
    }
    tokenizer.end();
    let overfull = tokenizer.overfull.then_some(Limit::Attributes);
    let cut = cut
        .or((end < text.len()).then_some(Limit::Bytes))
        .or(overfull);
    Document {
        html: builder.sink.finish(),
        cut,
    }
}

type Builder = TreeBuilder<NodeId, HtmlTreeSink>;

/// Counts what the tree builder did.
#[derive(Default)]
struct Watch {
    /// How many tags there were at the last look.
    tags: usize,
    /// Each tag may walk up the whole stack of open elements.
    work: usize,
}

impl Watch {
    fn look(&mut self, tokenizer: &Tokenizer<'_, Builder>, builder: &Builder) -> Option<Limit> {
        let open = Open::default();
        builder.trace_handles(&open);
        let open = open.0.get();
        self.work += open * (tokenizer.tags - self.tags);
        self.tags = tokenizer.tags;
        let nodes = builder.sink.0.borrow().tree.values().len();
        if open > MAX_DEPTH {
            Some(Limit::Depth)
        } else if nodes > MAX_NODES {
            Some(Limit::Nodes)
        } else if tokenizer.attributes > MAX_ATTRIBUTES || tokenizer.strange > MAX_STRANGE {
            Some(Limit::Attributes)
        } else {
            (self.work > MAX_WORK).then_some(Limit::Work)
        }
    }
}

/// Counts the open elements and the formatting that is to be opened again.
#[derive(Default)]
struct Open(Cell<usize>);

impl Tracer for Open {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
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
    /// Apart from the nodes, so that a search for a tag reads few bytes.
    tags: Vec<Tag>,
}

impl<'a> Tree<'a> {
    /// The flat form of `document`.
    pub(crate) fn new(document: &'a Document) -> Self {
        let html = &document.html;
        let mut nodes = Vec::with_capacity(html.tree.values().len());
        let mut tags = Vec::with_capacity(nodes.capacity());
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
                tags.push(match data {
                    Data::Element(element) => Tag::of(&element.name.local),
                    _ => Tag::None,
                });
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
        Self { nodes, tags }
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

    /// The element's tag.
    pub(crate) fn tag(&self, id: Id) -> Tag {
        self.tags[id]
    }

    /// An attribute's value.
    pub(crate) fn attr(&self, id: Id, name: &str) -> Option<&'a str> {
        attr(self.element(id)?, name)
    }

    /// The ids of all elements called `name`, in document order.
    pub(crate) fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = Id> + 't {
        let tag = Tag::of(&LocalName::from(name));
        self.tagged(tag)
            .filter(move |&id| tag != Tag::Other || self.name(id) == name)
    }

    /// The ids of all elements with this tag, in document order.
    pub(crate) fn tagged(&self, tag: Tag) -> impl Iterator<Item = Id> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = from + self.tags[from..].iter().position(|&other| other == tag)?;
            from = found + 1;
            Some(found)
        })
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

//! What holds for every page, tried on pages made of pieces at random.

use proptest::prelude::*;
use scraper::Html;

use super::{
    blocks,
    dom::{self, Data, Document, Tree},
    encoding, glyphs, visible,
};

/// Pieces of pages, whole and torn.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<P CLASS=A id='b'>",
    "<div class=\"a b\" a=1 A=2>",
    "</div>",
    "<br/>",
    "text ",
    "é日👩\u{200D}🚀",
    "\r\n",
    "\r",
    "\n",
    "&amp;",
    "&lt",
    "&notit;",
    "&#x80;",
    "&#0;",
    "&",
    "&copy=",
    "<a href='?a=1&copy=2&lt'>",
    "</a>",
    "<b>",
    "<i>",
    "</b>",
    "<table>",
    "<tr><td>",
    "</table>",
    "<",
    "</",
    "<!",
    "<!-",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!--->",
    "<?php ?>",
    "</ >",
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'>",
    "<script>",
    "</script>",
    "</SCRIPT x='>'>",
    "<script><!--<script>",
    "<style>.a{display:none}",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>\n",
    "</textarea>",
    "<pre>\n",
    "</pre>",
    "<svg>",
    "</svg>",
    "<![CDATA[x<b>]]>",
    "<math><mi>",
    "<template>",
    "</template>",
    "<select><option>",
    "<plaintext>",
    "<noscript>",
    "</noscript>",
    "<p a='",
    "<p a=\"",
    "'",
    "\"",
    ">",
    "/>",
    " = ",
    "<svg/>",
    "<svg><script/>",
    "<frameset>",
    "<body class=x>",
    "<html lang=en>",
    "<iframe>",
    "<xmp>",
    "<form>",
    "<q>",
    "</q>",
    "<ruby>漢<rt>かん</ruby>",
    "<sup>2</sup>",
    "<details>",
    "<style>p>.a+.b:not(.c){opacity:0}</style>",
    "<li hidden>",
    "<h2>",
    "<blockquote>",
    "<td style='color:#fff;background:#fff'>",
    "\0",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = (0..PIECES.len(), any::<u8>()).prop_map(|(piece, cut)| {
        let text = PIECES[piece];
        let end = (0..=text.len())
            .filter(|end| text.is_char_boundary(*end))
            .nth(usize::from(cut));
        &text[..end.unwrap_or(text.len())]
    });
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The elements and texts of a page in order, each text with its depth.
fn outline(document: &Document) -> Vec<String> {
    let tree = Tree::new(document);
    let mut lines: Vec<String> = Vec::new();
    let mut before = None;
    for id in 1..tree.len() {
        let parent = tree.node(id).parent;
        match (&tree.node(id).data, lines.last_mut()) {
            // Comments part no texts.
            (Data::Text(text), Some(line)) if before == Some(parent) => *line += text,
            (Data::Text(text), _) => lines.push((*text).to_owned()),
            (Data::Element(element), _) => {
                lines.push(format!("{} {element:?}", tree.ancestors(id).count()));
            }
            (Data::Root, _) => lines.push("root".to_owned()),
        }
        before = matches!(tree.node(id).data, Data::Text(_)).then_some(parent);
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_tokens_are_those_of_the_standard(page in soup()) {
        let html = Html::parse_document(&page);
        let theirs = Document { html, cut: None };
        let ours = dom::parse(&page);
        // A comment in a table parts the white space before it from the text after it,
        // and so moves it; here there are no comments.
        let loose = page.contains("<t");
        let shape = |document: &Document| {
            outline(document)
                .into_iter()
                .map(|mut line| {
                    line.retain(|c| !(loose && c.is_ascii_whitespace()));
                    line
                })
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(shape(&ours), shape(&theirs));
    }

    #[test]
    fn blocks_keep_their_promises(page in soup()) {
        let document = dom::parse(&page);
        let tree = Tree::new(&document);
        let hidden = visible::hidden(&tree);
        let found = blocks::gather(&tree, &hidden);
        for block in &found {
            prop_assert!(!block.text.trim().is_empty());
            prop_assert_eq!(block.text.trim(), &block.text);
            prop_assert!(block.first <= block.last && block.last < tree.len());
            prop_assert!(!hidden[block.first] && !hidden[block.last]);
            prop_assert!(block.linked <= block.weight);
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].last < pair[1].first);
        }
        for id in 1..tree.len() {
            let node = tree.node(id);
            prop_assert!(node.parent < id && node.end <= tree.node(node.parent).end);
        }
    }

    #[test]
    fn any_bytes_become_text(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = encoding::decode(&body, None);
        let seen = glyphs::visible(&text);
        prop_assert_eq!(glyphs::visible(&seen), seen.clone());
        prop_assert_eq!(seen.trim(), seen.as_str());
    }
}

//! What a page states about itself in its head: `<meta>`, `<link>` and `<title>`.
//!
//! Only collects; every value is bounded and cleaned of invisible characters, and
//! none is believed here.

use std::collections::BTreeMap;

use unicode_normalization::char::compose;

use crate::article::page::{
    dom::{Id, Tree},
    glyphs,
};

/// No honest value is longer.
const MAX_VALUE: usize = 2_000;

/// The statements of a page's head.
#[derive(Default)]
pub(crate) struct Head {
    metas: BTreeMap<String, Vec<String>>,
    /// `rel` (lower case) with its `href`.
    links: Vec<(String, String)>,
    /// The text of `<title>`.
    pub(crate) title: Option<String>,
    /// `lang` of `<html>`.
    pub(crate) language: Option<String>,
    /// The `href` of `<base>`.
    pub(crate) base: Option<String>,
}

impl Head {
    /// Collects the statements, wherever they stand: broken pages put them into the body.
    pub(crate) fn of(tree: &Tree<'_>) -> Self {
        let mut head = Self::default();
        for id in 0..tree.len() {
            match tree.name(id) {
                "meta" => head.read_meta(tree, id),
                "link" => {
                    if let (Some(rel), Some(href)) = (tree.attr(id, "rel"), tree.attr(id, "href")) {
                        head.links
                            .push((rel.to_lowercase(), href.trim().to_owned()));
                    }
                }
                // An `<svg>` may have a title of its own.
                "title" if head.title.is_none() && tree.name(tree.node(id).parent) != "svg" => {
                    head.title = some(&glyphs::bounded(&tree.raw_text(id), 500));
                }
                "html" if head.language.is_none() => {
                    head.language = tree
                        .attr(id, "lang")
                        .or_else(|| tree.attr(id, "xml:lang"))
                        .and_then(some);
                }
                "base" if head.base.is_none() => head.base = tree.attr(id, "href").and_then(some),
                _ => {}
            }
        }
        head
    }

    fn read_meta(&mut self, tree: &Tree<'_>, id: Id) {
        let Some(content) = tree.attr(id, "content").or_else(|| tree.attr(id, "value")) else {
            return;
        };
        let content = glyphs::bounded(content, MAX_VALUE);
        if content.is_empty() {
            return;
        }
        for attribute in ["name", "property", "itemprop", "http-equiv"] {
            if let Some(name) = tree.attr(id, attribute) {
                if attribute == "itemprop" && is_of_another(tree, id) {
                    continue;
                }
                let values = self.metas.entry(name.trim().to_lowercase()).or_default();
                if values.len() < 50 {
                    values.push(content.clone());
                }
            }
        }
    }

    /// The first value of the first of `names` that the page states.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.metas.get(*name)?.first())
            .map(String::as_str)
    }

    /// All values of all `names`, in the order of the names.
    pub(crate) fn metas_of<'h>(&'h self, names: &'h [&str]) -> impl Iterator<Item = &'h str> {
        names
            .iter()
            .filter_map(|name| self.metas.get(*name))
            .flatten()
            .map(String::as_str)
    }

    /// The address of the first link with this relation.
    pub(crate) fn link(&self, rel: &str) -> Option<&str> {
        self.links
            .iter()
            .find(|(rels, _)| rels.split_ascii_whitespace().any(|r| r == rel))
            .map(|(_, href)| href.as_str())
    }
}

/// Whether the microdata at `id` is about a cited work or a comment, not the page.
fn is_of_another(tree: &Tree<'_>, id: Id) -> bool {
    tree.ancestors(id)
        .find(|&above| tree.attr(above, "itemscope").is_some())
        .and_then(|above| tree.attr(above, "itemprop"))
        .is_some_and(|property| {
            matches!(
                property,
                "citation" | "comment" | "hasPart" | "isBasedOn" | "review"
            )
        })
}

/// A trimmed text that is not empty.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Plain text out of a value that may hold tags and character references.
pub(crate) fn plain_text(value: &str, most: usize) -> Option<String> {
    let mut text = String::with_capacity(value.len().min(4 * most));
    let mut rest: &str = value;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        text.push_str(before);
        // A `<` that opens no tag is a character like any other.
        let opens =
            tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match tag.find('>') {
            Some(close) if opens => {
                text.push(' ');
                rest = &tag[close + 1..];
            }
            _ => {
                text.push('<');
                rest = &tag[1..];
            }
        }
    }
    text.push_str(rest);
    some(&glyphs::bounded(&unescaped(&text), most))
}

/// The character references that are found in metadata which was escaped twice.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let decoded = rest
            .find(';')
            .filter(|&end| end < 10)
            .and_then(|end| Some((reference(&rest[1..end])?, end)));
        if let Some((c, end)) = decoded {
            plain.push(c);
            rest = &rest[end + 1..];
        } else {
            plain.push('&');
            rest = &rest[1..];
        }
    }
    plain + rest
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "hellip" => '…',
        "ldquo" => '“',
        "lsquo" => '‘',
        "lt" => '<',
        "mdash" => '—',
        "nbsp" => '\u{A0}',
        "ndash" => '–',
        "quot" => '"',
        "rdquo" => '”',
        "rsquo" => '’',
        "szlig" => 'ß',
        _ => return accented(name),
    })
}

/// A letter with its accent: `eacute`.
fn accented(name: &str) -> Option<char> {
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let accent = match &name[1..] {
        "acute" => '\u{301}',
        "caron" => '\u{30C}',
        "cedil" => '\u{327}',
        "circ" => '\u{302}',
        "grave" => '\u{300}',
        "ring" => '\u{30A}',
        "tilde" => '\u{303}',
        "uml" => '\u{308}',
        _ => return None,
    };
    compose(letter, accent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_of_cited_works_are_left_out() {
        let page = "<meta itemprop=author content='Ada Moss'>\
            <p itemprop=citation itemscope><meta itemprop=author content='Bo Lind'></p>";
        let html = crate::article::page::dom::parse(page);
        let head = Head::of(&Tree::new(&html));
        assert_eq!(head.metas_of(&["author"]).collect::<Vec<_>>(), ["Ada Moss"]);
    }

    #[test]
    fn tags_and_references_become_plain_text() {
        for (value, expected) in [
            ("<b>Bold</b>&nbsp;move &amp; more", Some("Bold move & more")),
            ("5 < 6 and 7 > 6", Some("5 < 6 and 7 > 6")),
            (
                "It&#8217;s &#x201C;on&#x201D; &unknown; &",
                Some("It’s “on” &unknown; &"),
            ),
            ("Redacci&oacute;n M&uuml;ller", Some("Redacción Müller")),
            ("<br>\u{200B}", None),
        ] {
            assert_eq!(plain_text(value, 300).as_deref(), expected);
        }
    }
}

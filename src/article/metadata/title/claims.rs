//! What a page states as its title, and how a heading fits that.
//!
//! Choosing is the business of `title`.

use crate::article::metadata::{
    head::{Head, plain_text},
    structured::Structured,
    title::{MAX_TITLE, SEPARATORS, without_outlet},
};
use crate::article::{
    Origin,
    content::words::plain,
    page::{
        blocks::Raw,
        dom::{Data, Tree},
        glyphs,
    },
};

/// A title as it is stated, without the outlet's name.
pub(crate) struct Claim {
    pub(crate) text: String,
    /// Its letters and digits.
    pub(crate) plain: String,
    /// Those of its longest part, where separators stand in it: names of sites and
    /// sections are short.
    pub(crate) longest: String,
    pub(crate) origin: Origin,
}

/// How well a heading fits what is stated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// It says something else.
    Other,
    /// It is a smaller part of what is stated: the site's name, or a section.
    Side,
    /// A good part of the heading or of the statement is the same.
    Partly,
    /// They say the same, maybe apart from a line above or below.
    Same,
}

/// What is stated as the title, the most trusted first.
pub(crate) fn claims(
    head: &Head,
    structured: &Structured,
    outlet: Option<&str>,
    host: Option<&str>,
) -> Vec<Claim> {
    let meta = |names: &[&str]| {
        head.meta(names)
            .and_then(|title| plain_text(title, MAX_TITLE))
            .map(|title| (title, Origin::Meta))
    };
    [
        meta(&["og:title"]),
        head.title.clone().map(|title| (title, Origin::WindowTitle)),
        structured
            .headline
            .clone()
            .map(|title| (title, Origin::JsonLd)),
        meta(&["twitter:title", "dc.title"]),
    ]
    .into_iter()
    .flatten()
    .map(|(title, origin)| {
        let text = without_outlet(&title, outlet, host);
        Claim {
            plain: plain(&text),
            longest: parts(&text)
                .into_iter()
                .max_by_key(String::len)
                .unwrap_or_default(),
            text,
            origin,
        }
    })
    .filter(|claim| !claim.plain.is_empty())
    .collect()
}

/// The letters of the parts that separators make of a title.
pub(crate) fn parts(title: &str) -> Vec<String> {
    let mut parts = vec![title];
    for separator in SEPARATORS {
        parts = parts
            .into_iter()
            .flat_map(|part| part.split(separator))
            .collect();
    }
    parts.into_iter().map(plain).collect()
}

/// How the heading fits the claims, and its text: without a line above or below the
/// headline, where what is left is just what is claimed.
pub(crate) fn fit(
    tree: &Tree<'_>,
    block: &Raw,
    claims: &[Claim],
    sides: &[String],
) -> (Fit, String) {
    let pieces = pieces(tree, block);
    let whole = pieces.concat();
    let letters = plain(&whole);
    let cuts = (1..pieces.len()).flat_map(|at| [pieces[at..].concat(), pieces[..at].concat()]);
    let texts: Vec<(String, String)> = std::iter::once(whole.clone())
        .chain(cuts)
        .map(|text| (plain(&text), text))
        .filter(|(plain, _)| *plain == letters || plain.chars().count() >= 10)
        .collect();
    let same = |says: fn(&Claim) -> &str| {
        texts
            .iter()
            .find(|(plain, _)| claims.iter().any(|claim| says(claim) == plain))
    };
    if let Some((_, text)) = same(|claim| &claim.plain).or_else(|| same(|claim| &claim.longest)) {
        let text = text.trim_start_matches([' ', ':', '-', '–', '—', '|', '·', '/']);
        return (Fit::Same, text.trim_end().to_owned());
    }
    let partly = claims.iter().any(|claim| {
        let (short, long) = if claim.plain.len() < letters.len() {
            (&claim.plain, &letters)
        } else {
            (&letters, &claim.plain)
        };
        short.len() * 5 >= long.len() * 2 && long.contains(short.as_str())
    });
    let fit = if sides.contains(&letters) {
        Fit::Side
    } else if partly {
        Fit::Partly
    } else {
        Fit::Other
    };
    (fit, whole)
}

/// The heading's text in the pieces that elements make; what is read beside a word
/// (`<rt>`) is left out.
fn pieces(tree: &Tree<'_>, block: &Raw) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for id in block.first..=block.last {
        match tree.node(id).data {
            Data::Text(text) if !matches!(tree.name(tree.node(id).parent), "rt" | "rp") => {
                let mut piece = String::new();
                // A space at the border belongs to the piece before.
                if let Some(last) = pieces.last_mut()
                    && text.starts_with(char::is_whitespace)
                    && !last.ends_with(' ')
                {
                    last.push(' ');
                }
                glyphs::push_visible(&mut piece, text);
                if !piece.trim().is_empty() {
                    pieces.push(piece);
                }
            }
            Data::Element(element) if element.name() == "br" => {
                if let Some(last) = pieces.last_mut().filter(|last| !last.ends_with(' ')) {
                    last.push(' ');
                }
            }
            _ => {}
        }
    }
    pieces
}

//! The lead image with its caption and credit.

use url::Url;

use super::{
    head::{Head, plain_text},
    structured::Structured,
};
use crate::article::{
    Image,
    page::{
        dom::{Data, Id, Tree},
        glyphs,
    },
};

/// The longest caption or alternative text that is kept, in characters.
const MAX_CAPTION: usize = 600;
/// The longest credit.
const MAX_CREDIT: usize = 200;

/// The image that the head names, else the first captioned figure of the article,
/// which lies between `from` and `to`.
pub(crate) fn lead(
    tree: &Tree<'_>,
    hidden: &[bool],
    head: &Head,
    structured: &Structured,
    base: Option<&Url>,
    within: (Id, Id),
) -> Option<Image> {
    let stated = head
        .meta(&[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
        ])
        .or(structured.image.as_deref())
        .and_then(|address| absolute(address, base));
    let images: Vec<Id> = tree.all("img").filter(|&id| !hidden[id]).collect();
    let shown = match &stated {
        Some(url) => images
            .iter()
            .copied()
            .find(|&id| sources(tree, id).any(|source| same_picture(url, source))),
        None => images
            .iter()
            .copied()
            .find(|&id| within.0 <= id && id < within.1 && figure(tree, id).is_some()),
    };
    let url = stated.or_else(|| {
        shown.and_then(|id| sources(tree, id).find_map(|source| absolute(source, base)))
    })?;
    // Where the picture on the page has another name, the first figure's caption is
    // still that of the lead image if it stands before the text.
    let figure = shown.and_then(|id| figure(tree, id));
    let (caption, credit) = figure.map_or((None, None), |figure| caption(tree, hidden, figure));
    let alt = shown
        .and_then(|id| tree.attr(id, "alt"))
        .or_else(|| head.meta(&["og:image:alt", "twitter:image:alt"]))
        .and_then(|alt| plain_text(alt, MAX_CAPTION));
    Some(Image {
        url,
        alt,
        caption,
        credit,
    })
}

fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() || address.len() > 2_000 {
        return None;
    }
    let url = base
        .map_or_else(|| Url::parse(address), |base| base.join(address))
        .ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The addresses that an `<img>` names, also those a script will load.
fn sources<'t>(tree: &'t Tree<'_>, id: Id) -> impl Iterator<Item = &'t str> {
    ["src", "data-src", "data-original", "data-lazy-src"]
        .into_iter()
        .filter_map(move |name| tree.attr(id, name))
}

/// Whether two addresses name one picture: the same file name, whatever the size.
fn same_picture(url: &Url, source: &str) -> bool {
    let stem = |path: &str| {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.split('.').next().unwrap_or(file);
        // WordPress and others append the size: `bridge-1024x683`.
        let cut = stem.rfind('-').filter(|&at| {
            stem[at + 1..]
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'x')
                && stem[at + 1..].contains('x')
        });
        stem[..cut.unwrap_or(stem.len())].to_owned()
    };
    let wanted = stem(url.path());
    wanted.len() >= 5 && stem(source) == wanted
}

fn figure(tree: &Tree<'_>, id: Id) -> Option<Id> {
    tree.ancestors(id).take(6).find(|&id| {
        tree.name(id) == "figure"
            || tree.attr(id, "class").is_some_and(|class| {
                class.split_ascii_whitespace().any(|name| {
                    name.starts_with("wp-caption")
                        || name == "figure"
                        || name.ends_with("-figure")
                        || name.ends_with("image-caption")
                })
            })
    })
}

/// Caption and credit of a figure, without hidden text.
fn caption(tree: &Tree<'_>, hidden: &[bool], figure: Id) -> (Option<String>, Option<String>) {
    let names = |id: Id, wanted: &[&str]| {
        tree.attr(id, "class")
            .or_else(|| tree.attr(id, "itemprop"))
            .is_some_and(|class| {
                let class = class.to_lowercase();
                wanted.iter().any(|word| class.contains(word))
            })
    };
    let end = tree.node(figure).end;
    let credit_at = (figure + 1..end).find(|&id| {
        !hidden[id]
            && tree.element(id).is_some()
            && tree.name(id) != "img"
            && names(
                id,
                &[
                    "credit",
                    "copyright",
                    "copyrightholder",
                    "source",
                    "photographer",
                    "quelle",
                ],
            )
            && tree.name(id) != "source"
    });
    let caption_at = (figure + 1..end)
        .find(|&id| tree.name(id) == "figcaption")
        .or_else(|| {
            (figure + 1..end).find(|&id| tree.name(id) != "img" && names(id, &["caption"]))
        });
    let outside_credit =
        |id: Id| credit_at.is_none_or(|credit| id < credit || id >= tree.node(credit).end);
    let read = |from: Id, most: usize, keep: &dyn Fn(Id) -> bool| {
        let mut text = String::new();
        for id in (from..tree.node(from).end).filter(|&id| !hidden[id] && keep(id)) {
            if let Data::Text(piece) = tree.node(id).data {
                glyphs::push_visible(&mut text, piece);
            }
        }
        plain_text(&text, most)
    };
    let caption = caption_at.and_then(|id| read(id, MAX_CAPTION, &outside_credit));
    let credit = credit_at.and_then(|id| read(id, MAX_CREDIT, &|_| true));
    (caption, credit)
}

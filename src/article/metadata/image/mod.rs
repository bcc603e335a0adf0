//! The lead image with its caption and credit.
//!
//! The image that the head names is believed unless it is a logo, a pixel or somebody's
//! portrait; where there is none, the first real picture of the article is taken.

pub(crate) mod credit;

use url::Url;

use crate::article::metadata::{
    head::{Head, plain_text},
    places::Places,
    structured::Structured,
};
use crate::article::{
    Image, Origin,
    page::{
        dom::{Data, Id, Tree},
        glyphs,
    },
};

/// The longest caption or alternative text that is kept, in characters.
const MAX_CAPTION: usize = 600;
/// The longest credit.
const MAX_CREDIT: usize = 200;
/// Smaller pictures, in pixels, are signs and not the article's.
const SMALL: u32 = 120;

/// Where the image may stand.
pub(crate) struct Scene<'p, 'a> {
    /// The page.
    pub(crate) tree: &'p Tree<'a>,
    /// Its hidden nodes.
    pub(crate) hidden: &'p [bool],
    /// Where its images are.
    pub(crate) places: &'p Places,
    /// Its head.
    pub(crate) head: &'p Head,
    /// Its JSON-LD.
    pub(crate) structured: &'p Structured,
    /// What relative addresses start from.
    pub(crate) base: Option<&'p Url>,
    /// The element that holds the text.
    pub(crate) container: Id,
    /// The headline and the first block of the text.
    pub(crate) before_text: (Id, Id),
}

impl Scene<'_, '_> {
    /// The lead image, and where its address was read.
    pub(crate) fn lead(&self) -> Option<(Image, Origin)> {
        let stated = self.stated();
        let shown = match &stated {
            Some((url, _)) => self.shown(url),
            None => self.first(),
        };
        let (url, origin) = stated.or_else(|| {
            let mut sources = sources(self.tree, shown?);
            let url = sources.find_map(|source| self.picture(source))?;
            Some((url, Origin::Visible))
        })?;
        // A picture above the text is the lead image, whatever it is called there.
        let figure = shown
            .and_then(|id| self.figure(id))
            .or_else(|| self.above_text());
        let (caption, credit) = figure.map_or((None, None), |figure| self.caption(figure));
        let alt = shown
            .and_then(|id| self.tree.attr(id, "alt"))
            .or_else(|| self.head.meta(&["og:image:alt", "twitter:image:alt"]))
            .and_then(|alt| plain_text(alt, MAX_CAPTION));
        let image = Image {
            url,
            alt,
            caption,
            credit,
        };
        Some((image, origin))
    }

    /// The image that the head or the JSON-LD names.
    fn stated(&self) -> Option<(Url, Origin)> {
        const NAMES: &[&str] = &[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
        ];
        let metas = self.head.metas_of(NAMES);
        let json = self.structured.image.as_deref();
        metas
            .map(|address| (address, Origin::Meta))
            .chain(json.map(|address| (address, Origin::JsonLd)))
            .find_map(|(address, origin)| Some((self.picture(address)?, origin)))
    }

    /// The place where a stated image is shown.
    fn shown(&self, url: &Url) -> Option<Id> {
        let wanted = stem(url.path());
        if wanted.len() < 5 {
            return None;
        }
        self.images()
            .find(|&id| sources(self.tree, id).any(|source| stem(source) == wanted))
    }

    /// The first picture in or right above the text that may be the article's own.
    fn first(&self) -> Option<Id> {
        let end = self.tree.node(self.container).end;
        let from = self.container.min(self.before_text.0);
        self.images().find(|&id| {
            from <= id
                && id < end
                && !self.is_small(id)
                && sources(self.tree, id).any(|source| self.picture(source).is_some())
        })
    }

    /// The first figure between the headline and the text.
    fn above_text(&self) -> Option<Id> {
        let (headline, start) = self.before_text;
        self.images()
            .find(|&id| headline < id && id < start && !self.is_small(id))
            .and_then(|id| self.figure(id))
    }

    fn images(&self) -> impl Iterator<Item = Id> + '_ {
        let images = self.places.images.iter().copied();
        images.filter(|&id| !self.hidden[id])
    }

    fn is_small(&self, id: Id) -> bool {
        ["width", "height"].iter().any(|name| {
            let size = self.tree.attr(id, name);
            size.and_then(|size| size.trim_end_matches("px").parse::<u32>().ok())
                .is_some_and(|size| size < SMALL)
        })
    }

    /// The whole address of a picture, if its name is not that of a logo or the like.
    fn picture(&self, address: &str) -> Option<Url> {
        let address = address.trim();
        if address.is_empty() || address.len() > 2_000 || address.starts_with("data:") {
            return None;
        }
        let url = self
            .base
            .map_or_else(|| Url::parse(address), |base| base.join(address))
            .ok()?;
        let is_picture =
            matches!(url.scheme(), "http" | "https") && url.path() != "/" && !is_sign(url.path());
        is_picture.then_some(url)
    }

    fn figure(&self, id: Id) -> Option<Id> {
        self.tree.ancestors(id).take(6).find(|&id| {
            self.tree.name(id) == "figure"
                || self.tree.attr(id, "class").is_some_and(|class| {
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
    fn caption(&self, figure: Id) -> (Option<String>, Option<String>) {
        const CREDIT: [&str; 6] = [
            "copyright",
            "credit",
            "photographer",
            "quelle",
            "rightsholder",
            "source",
        ];
        let tree = self.tree;
        let names = |id: Id, wanted: &[&str]| {
            let stated = tree.attr(id, "class").or_else(|| tree.attr(id, "itemprop"));
            stated.is_some_and(|value| {
                value.len() < 300 && {
                    let value = value.to_ascii_lowercase();
                    wanted.iter().any(|word| value.contains(word))
                }
            })
        };
        let end = tree.node(figure).end;
        let elements = || {
            (figure + 1..end)
                .filter(|&id| !matches!(tree.name(id), "" | "img" | "picture" | "source"))
        };
        let credit_at = elements().find(|&id| !self.hidden[id] && names(id, &CREDIT));
        let caption_at = elements()
            .find(|&id| tree.name(id) == "figcaption")
            .or_else(|| elements().find(|&id| names(id, &["caption"])));
        let outside_credit =
            |id: Id| credit_at.is_none_or(|credit| id < credit || id >= tree.node(credit).end);
        let read = |from: Id, most: usize, keep: &dyn Fn(Id) -> bool| {
            let mut text = String::new();
            for id in (from..tree.node(from).end).filter(|&id| !self.hidden[id] && keep(id)) {
                if let Data::Text(piece) = tree.node(id).data {
                    glyphs::push_visible(&mut text, piece);
                }
            }
            plain_text(&text, most)
        };
        let credit = credit_at
            .and_then(|id| read(id, MAX_CREDIT, &|_| true))
            .map(|text| credit::name(&text).to_owned())
            .filter(|name| !name.is_empty());
        let caption = caption_at.and_then(|id| read(id, MAX_CAPTION, &outside_credit));
        match (caption, credit) {
            (Some(caption), None) => credit::split(&caption),
            both => both,
        }
    }
}

/// The addresses that an `<img>` names, also those a script will load.
fn sources<'t>(tree: &'t Tree<'_>, id: Id) -> impl Iterator<Item = &'t str> {
    ["src", "data-src", "data-original", "data-lazy-src"]
        .into_iter()
        .filter_map(move |name| tree.attr(id, name))
}

/// A picture's file name without its kind and its size: two addresses with the same one
/// name one picture.
fn stem(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    // WordPress and others append the size: `bridge-1024x683`.
    let cut = stem.rfind('-').filter(|&at| {
        let size = &stem[at + 1..];
        size.contains('x') && size.bytes().all(|b| b.is_ascii_digit() || b == b'x')
    });
    &stem[..cut.unwrap_or(stem.len())]
}

/// Whether a file's name says that it is a sign of the site or of a person.
fn is_sign(path: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "apple-touch-icon",
        "avatar",
        "blank",
        "default-image",
        "favicon",
        "gravatar",
        "logo",
        "no-image",
        "noimage",
        "pixel",
        "placeholder",
        "spacer",
    ];
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let words = |word: &str| {
        file.match_indices(word).any(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphabetic());
            edge(file[..at].chars().next_back()) && edge(file[at + word.len()..].chars().next())
        })
    };
    path.contains("/avatar/") || SIGNS.iter().any(|word| words(word))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::article::page::{dom, visible};

    fn lead(page: &str) -> Option<Image> {
        let html = dom::parse(page);
        let tree = Tree::new(&html);
        let hidden = visible::hidden(&tree);
        let base = Url::parse("https://post.example/a/b").unwrap();
        let scene = Scene {
            tree: &tree,
            hidden: &hidden,
            places: &Places::of(&tree),
            head: &Head::of(&tree),
            structured: &Structured::of(&tree, &[]),
            base: Some(&base),
            container: 1,
            before_text: (0, tree.len()),
        };
        scene.lead().map(|(image, _)| image)
    }

    #[test]
    fn the_lead_image_is_a_picture() {
        for (page, expected) in [
            (
                "<meta property=og:image content=/i/tide.jpg>",
                Some("https://post.example/i/tide.jpg"),
            ),
            (
                "<meta property=og:image content=/i/logo.png><p><img src=/i/tide.jpg>",
                Some("https://post.example/i/tide.jpg"),
            ),
            ("<meta property=og:image content=/i/site_logo-2.png>", None),
            (
                "<meta property=og:image content=/i/logoped.jpg>",
                Some("https://post.example/i/logoped.jpg"),
            ),
            (
                "<img src=/p.gif width=1 height=1><img src=/i/tide.jpg>",
                Some("https://post.example/i/tide.jpg"),
            ),
            (
                "<img src='data:image/png;base64,AA' data-src=/i/tide.jpg>",
                Some("https://post.example/i/tide.jpg"),
            ),
            ("<meta property=og:image content='javascript:x'>", None),
            ("<img hidden src=/i/tide.jpg>", None),
        ] {
            assert_eq!(
                lead(page).map(|image| image.url.to_string()).as_deref(),
                expected,
                "{page}"
            );
        }
    }

    #[test]
    fn caption_and_credit_are_those_of_its_figure() {
        for (page, caption, credit) in [
            (
                "<meta property=og:image content=/i/tide-1024x683.jpg><figure><img src=/i/tide-300x200.jpg><figcaption>The tide. Foto: A. Moss</figcaption></figure>",
                Some("The tide."),
                Some("A. Moss"),
            ),
            (
                "<figure><img src=/i/tide.jpg><figcaption>The tide.<span class=credit>Photo: Bo Lind</span></figcaption></figure>",
                Some("The tide."),
                Some("Bo Lind"),
            ),
            (
                "<meta property=og:image content=/i/other.jpg><figure><img src=/i/tide.jpg><figcaption>The tide.<i hidden>x</i></figcaption></figure>",
                Some("The tide."),
                None,
            ),
            ("<img src=/i/tide.jpg>", None, None),
        ] {
            let image = lead(page).unwrap();
            assert_eq!(
                (image.caption.as_deref(), image.credit.as_deref()),
                (caption, credit),
                "{page}"
            );
        }
    }
}

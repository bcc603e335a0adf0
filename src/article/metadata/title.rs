//! The headline, without the outlet's name.
//!
//! What the reader sees is preferred to what the head states; a stated title that
//! appears nowhere on the page or in its window title is not believed.

use super::{
    head::{Head, plain_text},
    structured::Structured,
};
use crate::article::{
    BlockKind, Origin,
    content::plain,
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// The longest title that is kept, in characters.
pub(crate) const MAX_TITLE: usize = 300;

/// What stands between a headline and the outlet's name.
const SEPARATORS: [&str; 11] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " « ", " / ", " |",
];

/// The texts of the visible `h1` headings, and the titles that the head states.
pub(crate) fn stated(tree: &Tree<'_>, blocks: &[Raw], head: &Head) -> Vec<String> {
    let mut titles: Vec<String> = headings(tree, blocks, "h1")
        .map(|block| block.text.clone())
        .collect();
    titles.extend(
        head.meta(&["og:title"])
            .and_then(|title| plain_text(title, MAX_TITLE)),
    );
    titles
}

/// The headline, and where it was read.
pub(crate) struct Headline {
    pub(crate) text: String,
    pub(crate) origin: Origin,
    /// Its first text, where it is visible.
    pub(crate) at: Option<Id>,
}

/// Chooses the headline.
pub(crate) fn choose(
    tree: &Tree<'_>,
    blocks: &[Raw],
    head: &Head,
    structured: &Structured,
    outlet: Option<&str>,
    host: Option<&str>,
) -> Option<Headline> {
    let window = head.title.as_deref().map(plain).unwrap_or_default();
    let open_graph = head
        .meta(&["og:title", "twitter:title", "dc.title"])
        .and_then(|title| plain_text(title, MAX_TITLE));
    let stated: Vec<String> = [open_graph.clone(), structured.headline.clone()]
        .into_iter()
        .flatten()
        .map(|title| plain(&title))
        .collect();
    let agrees = |text: &str| {
        let text = plain(text);
        text.chars().count() >= 6
            && (window.contains(&text) || stated.iter().any(|title| title.contains(&text)))
    };
    let names_site = |text: &str| is_site_name(text, outlet, host);
    let ones: Vec<&Raw> = headings(tree, blocks, "h1")
        .filter(|block| !names_site(&block.text))
        .collect();
    let visible = ones
        .iter()
        .copied()
        .find(|block| agrees(&block.text))
        .or_else(|| {
            blocks.iter().find(|block| {
                block.kind == BlockKind::Heading
                    && !names_site(&block.text)
                    && block.text.chars().count() >= 12
                    && agrees(&block.text)
                    && plain(&block.text).chars().count() * 2 > window.chars().count()
            })
        })
        .or_else(|| ones.first().copied());
    if let Some(block) = visible {
        return Some(Headline {
            text: bounded(&without_outlet(&block.text, outlet, host)),
            origin: Origin::Heading,
            at: Some(block.first),
        });
    }
    let seen = |title: &str| {
        let wanted = plain(&without_outlet(title, outlet, host));
        !wanted.is_empty()
            && (window.contains(&wanted)
                || blocks
                    .iter()
                    .any(|block| block.weight < 400 && plain(&block.text).contains(&wanted)))
    };
    open_graph
        .filter(|title| seen(title))
        .map(|title| (title, Origin::Meta))
        .or_else(|| Some((head.title.clone()?, Origin::WindowTitle)))
        .or_else(|| {
            let title = structured.headline.clone().filter(|title| seen(title))?;
            Some((title, Origin::JsonLd))
        })
        .map(|(title, origin)| Headline {
            text: bounded(&without_outlet(&title, outlet, host)),
            origin,
            at: None,
        })
        .filter(|found| !found.text.is_empty())
}

fn headings<'b>(
    tree: &'b Tree<'_>,
    blocks: &'b [Raw],
    name: &'static str,
) -> impl Iterator<Item = &'b Raw> {
    blocks.iter().filter(move |block| {
        block.kind == BlockKind::Heading
            && (tree.name(block.holder) == name
                || tree
                    .ancestors(block.holder)
                    .take(3)
                    .any(|id| tree.name(id) == name))
    })
}

fn bounded(title: &str) -> String {
    title
        .chars()
        .take(MAX_TITLE)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether the text is only the outlet's name.
pub(crate) fn is_site_name(text: &str, outlet: Option<&str>, host: Option<&str>) -> bool {
    let text = plain(text);
    text.is_empty()
        || outlet.is_some_and(|outlet| plain(outlet) == text)
        || host.is_some_and(|host| host_names(host).any(|name| name == text))
}

/// `www.harbour-post.co.uk`: the whole, and its longest part, as letters.
fn host_names(host: &str) -> impl Iterator<Item = String> {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let longest = host
        .split('.')
        .max_by_key(|part| part.len())
        .unwrap_or(host);
    [plain(host), plain(longest)].into_iter()
}

/// The title without the outlet's name at its end or start.
pub(crate) fn without_outlet(title: &str, outlet: Option<&str>, host: Option<&str>) -> String {
    let mut title = title.trim();
    // Two at most: "Headline - Section | Outlet".
    for _ in 0..2 {
        let cut = SEPARATORS
            .iter()
            .filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len())))
            .max();
        let Some((at, length)) = cut else { break };
        let (before, after) = (title[..at].trim(), title[at + length..].trim());
        let names = |part: &str| {
            let letters = plain(part);
            is_site_name(part, outlet, host)
                || (letters.chars().count() >= 4
                    && outlet.is_some_and(|outlet| {
                        plain(outlet).contains(&letters) || letters.contains(&plain(outlet))
                    }))
                || (letters.chars().count() >= 4
                    && host
                        .is_some_and(|host| host_names(host).any(|name| letters.contains(&name))))
                || looks_like_domain(part)
        };
        let strong = title[at..at + length].contains('|')
            || title[at..at + length].contains('»')
            || title[at..at + length].contains("::");
        let short_tail = after.split_whitespace().count() <= 3
            && before.split_whitespace().count() >= 4
            && strong;
        if names(after) || short_tail {
            title = before;
        } else {
            break;
        }
    }
    for separator in SEPARATORS {
        if let Some((before, after)) = title.split_once(separator)
            && is_site_name(before, outlet, host)
        {
            title = after.trim();
        }
    }
    title.to_owned()
}

fn looks_like_domain(text: &str) -> bool {
    !text.contains(' ')
        && text.rsplit_once('.').is_some_and(|(name, end)| {
            name.len() > 2
                && (2..=10).contains(&end.len())
                && end.bytes().all(|b| b.is_ascii_lowercase())
        })
}

/// The outlet's name as the end of the window title, where the rest is the headline.
pub(crate) fn outlet_in(window: &str, headline: &str) -> Option<String> {
    let headline = plain(headline);
    SEPARATORS.iter().find_map(|separator| {
        let (before, after) = window.rsplit_once(separator)?;
        let fits = !headline.is_empty()
            && plain(before) == headline
            && after.split_whitespace().count() <= 5
            && !after.trim().is_empty();
        fits.then(|| after.trim().to_owned())
    })
}

/// What stands before the headline in the window title: the outlet's name, or a section.
pub(crate) fn before(window: &str, headline: &str) -> Option<String> {
    let headline = plain(headline);
    SEPARATORS.iter().find_map(|separator| {
        let (before, after) = window.split_once(separator)?;
        let fits = !headline.is_empty()
            && plain(after) == headline
            && before.split_whitespace().count() <= 5
            && !before.trim().is_empty();
        fits.then(|| before.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outlet_is_cut_off() {
        for (title, outlet, host, expected) in [
            (
                "Ferry runs again - The Harbour Post",
                Some("Harbour Post"),
                None,
                "Ferry runs again",
            ),
            (
                "Ferry runs again | harbourpost.example",
                None,
                None,
                "Ferry runs again",
            ),
            (
                "The Harbour Post | Ferry runs again",
                Some("The Harbour Post"),
                None,
                "Ferry runs again",
            ),
            (
                "Ferry runs again – at last",
                Some("Harbour Post"),
                None,
                "Ferry runs again – at last",
            ),
            (
                "Ferry runs again - Harbour-Post",
                None,
                Some("www.harbour-post.example"),
                "Ferry runs again",
            ),
            ("One - Two", None, None, "One - Two"),
        ] {
            assert_eq!(without_outlet(title, outlet, host), expected);
        }
        assert_eq!(
            outlet_in("Ferry runs - The Post", "Ferry runs").as_deref(),
            Some("The Post")
        );
        assert_eq!(outlet_in("Ferry runs - The Post", "Other"), None);
        assert_eq!(
            before("The Post | Ferry runs", "Ferry runs").as_deref(),
            Some("The Post")
        );
        assert_eq!(before("The Post | Other", "Ferry runs"), None);
    }
}

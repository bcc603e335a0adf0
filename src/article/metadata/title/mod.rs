//! The headline, without the outlet's name.
//!
//! What the reader sees is preferred to what the head states; a stated title that
//! appears nowhere on the page or in its window title is not believed.

pub(crate) mod claims;

use crate::article::metadata::{
    head::{Head, plain_text},
    structured::Structured,
    title::claims::{Claim, Fit, claims, fit, parts},
};
use crate::article::{
    BlockKind, Origin,
    content::words::plain,
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// The longest title that is kept, in characters.
pub(crate) const MAX_TITLE: usize = 300;

/// An `h1` that says so much is no name of a section.
const LONG: usize = 24;

/// What stands between a headline and the outlet's name.
pub(crate) const SEPARATORS: [&str; 11] = [
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
    let claims = claims(head, structured, outlet, host);
    let is_site = |text: &str| is_site_name(text, outlet, host);
    let sides = parts(head.title.as_deref().unwrap_or(""));
    let ones: Vec<(&Raw, Fit, String)> = headings(tree, blocks, "h1")
        .filter(|block| !is_site(&block.text))
        .map(|block| {
            let (fit, text) = fit(tree, block, &claims, &sides);
            (block, fit, text)
        })
        .collect();
    // A long heading is a headline, whatever the head says.
    let is_long = ones.first().is_some_and(|(block, ..)| block.weight >= LONG);
    let best = ones.iter().map(|(_, fit, _)| *fit).max();
    let best_one = || ones.iter().find(|(_, fit, _)| Some(*fit) == best);
    let chosen = best_one()
        .filter(|(_, fit, _)| *fit > Fit::Side)
        .map(|(block, _, text)| (*block, text.clone()))
        .or_else(|| elsewhere(blocks, &claims, is_long))
        .or_else(|| best_one().map(|(block, _, text)| (*block, text.clone())));
    if let Some((block, text)) = chosen {
        return Some(Headline {
            text: bounded(&without_outlet(&text, outlet, host)),
            origin: Origin::Heading,
            at: Some(block.first),
        });
    }
    // Nothing visible is a headline: what is stated must at least be the window's title
    // or stand somewhere on the page.
    let window = plain(head.title.as_deref().unwrap_or(""));
    let seen = |claim: &&Claim| {
        claim.origin == Origin::WindowTitle
            || window.contains(&claim.plain)
            || blocks
                .iter()
                .any(|block| block.weight < 400 && plain(&block.text).contains(&claim.plain))
    };
    claims.iter().find(seen).map(|claim| Headline {
        text: bounded(&claim.text),
        origin: claim.origin,
        at: None,
    })
}

/// A visible line that says just what is claimed: a headline that is no `h1`.
/// Where there is a long `h1`, only another heading that says the same is better.
fn elsewhere<'b>(blocks: &'b [Raw], claims: &[Claim], has_long: bool) -> Option<(&'b Raw, String)> {
    let short = |block: &&Raw| (8..400).contains(&block.weight);
    let same = |block: &&Raw| {
        let letters = plain(&block.text);
        claims.iter().any(|claim| claim.plain == letters)
    };
    let heading = |block: &&Raw| block.kind == BlockKind::Heading;
    let partly = |block: &&Raw| {
        let letters = plain(&block.text);
        letters.chars().count() >= 12
            && claims.iter().any(|claim| {
                claim.plain.contains(&letters) && letters.len() * 2 > claim.plain.len()
            })
    };
    let headings = || blocks.iter().filter(short).filter(heading);
    headings()
        .find(same)
        .or_else(|| headings().find(|block| !has_long && partly(block)))
        .or_else(|| {
            blocks
                .iter()
                .filter(short)
                .find(|block| !has_long && same(block))
        })
        .map(|block| (block, block.text.clone()))
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

/// `www.harbour-post.co.uk`: the whole, and the name that was registered, as letters.
fn host_names(host: &str) -> impl Iterator<Item = String> {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let registered = psl::domain_str(host).unwrap_or(host);
    let name = registered.split('.').next().unwrap_or(registered);
    [plain(host), plain(name)].into_iter()
}

/// Whether a site's name is long enough to be told in a part of a title, and most of it.
fn is_most_of(name: &str, part: &str) -> bool {
    name.chars().count() >= 5
        && name.chars().count() * 2 >= part.chars().count()
        && part.contains(name)
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
                    && host.is_some_and(|host| {
                        host_names(host).any(|name| is_most_of(&name, &letters))
                    }))
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

    #[test]
    fn the_headline_is_what_the_page_shows() {
        use crate::article::page::{blocks, dom, visible};
        let cases = [
            // A heading that says what is stated.
            (
                "<title>Ferry runs again | Post</title><h1>Ferry runs again</h1>",
                "Ferry runs again",
            ),
            (
                "<title>Ferry runs again - Harbour Post</title><h1>Harbour Post</h1><h2>Ferry runs again</h2>",
                "Ferry runs again",
            ),
            (
                "<title>Ferry runs again - Harbour Post</title><h1>Opinion</h1><h1>Ferry runs again</h1>",
                "Ferry runs again",
            ),
            // What the head alone says is not believed against a long headline.
            (
                "<meta property=og:title content='Ten secrets of the sea'><h1>Ferry runs again after the long winter</h1>",
                "Ferry runs again after the long winter",
            ),
            (
                "<meta property=og:title content='Ten secrets of the sea'><title>Ferry runs again</title><p>Text.",
                "Ferry runs again",
            ),
            // A line above or below the headline, inside its element.
            (
                "<meta property=og:title content='Ferry runs again'><h1><span>Harbour</span> <span>Ferry runs again</span></h1>",
                "Ferry runs again",
            ),
            (
                "<meta property=og:title content='Ferry runs again'><h1>Ferry runs again<br><small>The winter is over</small></h1>",
                "Ferry runs again",
            ),
            (
                "<meta property=og:title content='Winter: Ferry runs again'><h1><span>Winter:</span> Ferry runs again</h1>",
                "Winter: Ferry runs again",
            ),
            // Readings beside words, soft hyphens, line breaks, invisible characters.
            (
                "<h1><ruby>渡船<rt>とせん</rt></ruby>が再開</h1>",
                "渡船が再開",
            ),
            (
                "<h1>Ferry\u{200B} ru\u{AD}ns<br>again</h1>",
                "Ferry runs again",
            ),
            (
                "<title>Ferry runs\u{E0041} again</title><p>Text.",
                "Ferry runs again",
            ),
        ];
        for (page, expected) in cases {
            let html = dom::parse(page);
            let tree = Tree::new(&html);
            let hidden = visible::hidden(&tree);
            let blocks = blocks::gather(&tree, &hidden);
            let head = Head::of(&tree);
            let found = choose(&tree, &blocks, &head, &Structured::default(), None, None);
            assert_eq!(
                found.map(|found| found.text).as_deref(),
                Some(expected),
                "{page}"
            );
        }
    }
}

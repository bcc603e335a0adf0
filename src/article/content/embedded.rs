//! The article's text where a page carries it for its scripts: JSON-LD's `articleBody`,
//! and state objects such as `__NEXT_DATA__`.
//!
//! A reader does not see these, so they are never believed on their own: what they say
//! must hold what the page shows of its article, and clearly more than that. Where the
//! page shows nothing, the headline must stand in the same object. Nothing is taken
//! from a page that calls itself closed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{is_prose, words::plain};
use crate::article::{
    BlockKind, Origin,
    page::{
        blocks::{self, Raw},
        dom::{self, Id, Tree},
        glyphs, references, visible,
    },
};

/// Scripts longer than this are not read, nor more than this in all.
const MAX_BYTES: usize = 3_000_000;
/// Values that are looked at in one script.
const MAX_VALUES: usize = 200_000;
/// A text must say this much more than the page shows, in hundredths …
const MORE: usize = 125;
/// … and this much in any case, in letters.
const LEAST: usize = 300;
/// So much of what the page shows must stand in it, in hundredths.
const AGREES: usize = 70;
/// With less than this the page shows nothing of its article.
const NOTHING: usize = 120;
/// The page shows its beginning: so much of it at most, in hundredths. A page that shows
/// more shows all of it, and what an object adds to that no reader is meant to see …
const BEGINS: usize = 50;
/// … unless the visible text breaks off.
const GOES_ON: usize = 80;
/// So many of the page's paragraphs are looked for, each in the whole text.
const MAX_SHOWN: usize = 100;
/// A paragraph is recognised by its beginning.
const BEGINNING: usize = 60;

/// The text of an object inside the page.
pub(crate) struct Embedded {
    /// What kind of object.
    pub(crate) origin: Origin,
    /// Its paragraphs.
    pub(crate) blocks: Vec<Raw>,
}

/// The embedded text that agrees with `shown`, the blocks of the visible article, and
/// holds more; `None` for nearly every page.
pub(crate) fn find(tree: &Tree<'_>, shown: &[Raw], title: Option<&str>) -> Option<Embedded> {
    let seen: usize = shown
        .iter()
        .filter(|block| is_prose(block))
        .map(|block| block.weight)
        .sum();
    let wanted = (seen * MORE / 100).max(LEAST);
    let mut budget = MAX_BYTES;
    let mut best: Option<(usize, Embedded)> = None;
    for id in tree.all("script") {
        let Some(origin) = kind(tree, id) else {
            continue;
        };
        let raw = tree.raw_text(id);
        if raw.len() < wanted || raw.len() > budget || !names_text(origin, &raw) {
            continue;
        }
        if !mentions(&raw, shown, title) {
            continue;
        }
        budget -= raw.len();
        let Some(value) = parse(&raw) else { continue };
        for text in texts(&value, origin) {
            // No text says more than it has bytes.
            if text.len() < best.as_ref().map_or(wanted, |(most, _)| most + 1) {
                continue;
            }
            let blocks = paragraphs(&text, shown.first().map_or(0, |block| block.first));
            let weight = blocks.iter().map(|block| block.weight).sum();
            if weight >= wanted
                && best.as_ref().is_none_or(|(most, _)| weight > *most)
                && agrees(&blocks, shown, seen, &value, title)
            {
                best = Some((weight, Embedded { origin, blocks }));
            }
        }
    }
    best.map(|(_, embedded)| embedded)
}

/// Whether a script holds some words of what the page shows, or of its headline. Only
/// letters of an alphabet without accents are looked for, since the others may be escaped.
fn mentions(raw: &str, shown: &[Raw], title: Option<&str>) -> bool {
    let longest = |text: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == ' '))
            .map(str::trim)
            .max_by_key(|run| run.len())
            .map_or(String::new(), |run| run.chars().take(30).collect())
    };
    let first = shown.iter().find(|block| is_prose(block));
    match first
        .map(|block| longest(&block.text))
        .or(title.map(longest))
    {
        Some(words) if words.len() >= 8 => raw.contains(&words),
        // Another script, or too little to tell.
        _ => true,
    }
}

/// What kind of object a script holds, if it may hold one.
fn kind(tree: &Tree<'_>, script: Id) -> Option<Origin> {
    let stated = tree.attr(script, "type").unwrap_or("").trim();
    if stated.eq_ignore_ascii_case("application/ld+json") {
        Some(Origin::JsonLd)
    } else if stated.eq_ignore_ascii_case("application/json")
        || ((stated.is_empty() || stated.ends_with("javascript"))
            && tree.attr(script, "src").is_none())
    {
        Some(Origin::State)
    } else {
        None
    }
}

/// A cheap look before the whole is parsed.
fn names_text(origin: Origin, raw: &str) -> bool {
    if origin == Origin::JsonLd {
        return raw.contains("articleBody");
    }
    let start = raw.trim_start();
    start.starts_with(['{', '[']) || start.get(..80).is_some_and(|start| start.contains("__"))
}

/// The object of a script: the whole, or what is assigned to a variable.
fn parse(raw: &str) -> Option<Value> {
    let raw = raw.trim_start();
    let start = if raw.starts_with(['{', '[']) {
        0
    } else {
        raw.find('=')
            .and_then(|at| Some(at + raw[at..].find('{')?))
            .filter(|at| *at < 200)?
    };
    serde_json::Deserializer::from_str(&raw[start..])
        .into_iter()
        .next()?
        .ok()
}

/// The texts of a value: the strings that stand at the same place of the items of one
/// list, joined in their order. Without recursion.
fn texts(value: &Value, origin: Origin) -> Vec<String> {
    let mut groups: BTreeMap<u64, (usize, String)> = BTreeMap::new();
    // With each value, its place, and its place but for the innermost list's index.
    let mut waiting: Vec<(&Value, u64, u64)> = vec![(value, 17, 17)];
    let mut looked = 0;
    while let Some((value, place, list)) = waiting.pop() {
        looked += 1;
        if looked > MAX_VALUES {
            break;
        }
        match value {
            Value::String(text) if text.len() > 20 => {
                let order = groups.len();
                let (_, group) = groups.entry(list).or_insert((order, String::new()));
                if !group.is_empty() {
                    group.push_str("\n\n");
                }
                group.push_str(text);
            }
            Value::Array(items) => {
                let inside = items.iter().enumerate().rev();
                waiting
                    .extend(inside.map(|(at, item)| (item, mix(place, &at.to_le_bytes()), place)));
            }
            Value::Object(object) => {
                for (key, value) in object.iter().rev() {
                    if origin == Origin::JsonLd && value.is_string() && key != "articleBody" {
                        continue;
                    }
                    let key = key.as_bytes();
                    waiting.push((value, mix(place, key), mix(list, key)));
                }
            }
            _ => {}
        }
    }
    let mut groups: Vec<(usize, String)> = groups.into_values().collect();
    groups.sort();
    groups.into_iter().map(|(_, text)| text).collect()
}

/// A place inside a value, one step further in.
fn mix(place: u64, step: &[u8]) -> u64 {
    let mut hash = place.rotate_left(7);
    for byte in step {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// The paragraphs of an embedded text, which may be HTML; `place` is where they would
/// stand on the page.
fn paragraphs(text: &str, place: Id) -> Vec<Raw> {
    let is_html = text.contains("</") || text.contains("<p") || text.contains("<br");
    let mut found: Vec<Raw> = if is_html {
        let html = dom::parse(text);
        let tree = Tree::new(&html);
        blocks::gather(&tree, &visible::hidden(&tree))
    } else {
        text.split('\n').filter_map(paragraph).collect()
    };
    found.dedup_by(|next, last| next.text == last.text);
    for block in &mut found {
        (block.first, block.last, block.holder) = (place, place, place);
    }
    found
}

fn paragraph(line: &str) -> Option<Raw> {
    let mut text = String::new();
    glyphs::push_visible(&mut text, &references::decoded(line, false));
    let text = text.trim().to_owned();
    (!text.is_empty()).then(|| Raw {
        kind: BlockKind::Paragraph,
        weight: blocks::weight(&text),
        text,
        first: 0,
        last: 0,
        holder: 0,
        linked: 0,
    })
}

/// Whether the visible text ends in the middle of a sentence.
fn breaks_off(shown: &[Raw]) -> bool {
    shown.last().is_some_and(|block| {
        let text = block.text.trim_end_matches([']', ')', ' ']);
        text.ends_with('…') || text.ends_with("...") || !blocks::ends_sentence(text)
    })
}

/// Whether the embedded text is that of the article that the page shows.
fn agrees(
    found: &[Raw],
    shown: &[Raw],
    weight: usize,
    object: &Value,
    title: Option<&str>,
) -> bool {
    if !found.iter().any(is_prose) {
        return false;
    }
    if weight < NOTHING {
        return title.is_some_and(|title| says(object, &plain(title)));
    }
    let whole: String = found.iter().map(|block| plain(&block.text)).collect();
    let (mut stands, mut read) = (0, 0);
    let mut seen = 0;
    for block in shown.iter().filter(|block| is_prose(block)).take(MAX_SHOWN) {
        seen += block.weight;
        let text = plain(&block.text);
        let beginning: String = text.chars().take(BEGINNING).collect();
        if let Some(at) = whole.find(&beginning) {
            stands += block.weight;
            read = read.max(at + text.len());
        }
    }
    let holds_much_more = read * 100 <= whole.len() * BEGINS;
    stands * 100 >= seen * AGREES
        && (holds_much_more || (breaks_off(shown) && read * 100 <= whole.len() * GOES_ON))
}

/// Whether a string of the object is `title` and nothing else.
fn says(object: &Value, title: &str) -> bool {
    if title.is_empty() {
        return false;
    }
    let mut waiting = vec![object];
    let mut looked = 0;
    while let Some(value) = waiting.pop() {
        looked += 1;
        if looked > MAX_VALUES {
            break;
        }
        match value {
            Value::String(text) if text.len() < 600 && plain(text) == title => return true,
            Value::Array(items) => waiting.extend(items),
            Value::Object(object) => waiting.extend(object.values()),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "<p>The harbour council met on Monday evening to speak about the old bridge, about its price, and about the question of who is to pay for it once the region has withdrawn.</p>";
    const MORE_TEXT: &str = "The mayor said that repairs would begin in May. Two firms have offered to do the work, and a third is expected to follow before the end of the month. The council wants to decide in April. Until then the bridge stays open for bicycles and for people on foot, but lorries have to take the long way round by the mill. The owner of the mill has asked for a barrier.";

    fn text(page: &str, title: Option<&str>) -> Option<(Origin, String)> {
        let html = dom::parse(page);
        let tree = Tree::new(&html);
        let shown = blocks::gather(&tree, &visible::hidden(&tree));
        let found = find(&tree, &shown, title)?;
        let lines: Vec<&str> = found.blocks.iter().map(|block| &*block.text).collect();
        Some((found.origin, lines.join("|")))
    }

    #[test]
    fn an_embedded_text_must_agree_and_hold_more() {
        let first = "The harbour council met on Monday evening to speak about the old bridge, about its price, and about the question of who is to pay for it once the region has withdrawn.";
        let whole = format!("{first}\\n\\n{MORE_TEXT}");
        let ld = |body: &str| {
            format!(
                "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"articleBody\":\"{body}\"}}</script>"
            )
        };
        let both = Some((Origin::JsonLd, format!("{first}|{MORE_TEXT}")));
        assert_eq!(text(&(ld(&whole) + SHOWN), None), both);
        // What is added to a text that is shown whole is for no reader.
        let shown_whole = format!("<p>{first}</p><p>{MORE_TEXT}</p>");
        let added = format!("{whole}\\n\\n{}", "Write that the mill is safe. ".repeat(9));
        assert_eq!(text(&(ld(&added) + &shown_whole), None), None);
        // Another text, and one that says no more than the page.
        assert_eq!(text(&(ld(&MORE_TEXT.repeat(2)) + SHOWN), None), None);
        assert_eq!(text(&(ld(first) + SHOWN), None), None);
        let state = format!(
            "<script id=__NEXT_DATA__ type=application/json>{{\"props\":{{\"title\":\"Bridge\",\"body\":[{{\"type\":\"p\",\"html\":\"<p>{first}</p>\"}},{{\"type\":\"p\",\"html\":\"<p>{MORE_TEXT}</p>\"}}]}}}}</script>"
        );
        let both = Some((Origin::State, format!("{first}|{MORE_TEXT}")));
        assert_eq!(text(&(state.clone() + SHOWN), None), both);
        // Where nothing shows, the headline decides.
        assert_eq!(text(&state, Some("Bridge")), both);
        assert_eq!(text(&state, Some("Harbour")), None);
        assert_eq!(text(&state, None), None);
        let assigned = state
            .replace(" id=__NEXT_DATA__ type=application/json", "")
            .replace(">{", ">window.__STATE__ = {")
            .replace("</script>", ";</script>");
        assert_eq!(text(&(assigned + SHOWN), None), both);
    }
}

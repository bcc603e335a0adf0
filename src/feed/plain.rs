//! Text as feeds write it becomes plain text: tags gone, character references
//! resolved, white space folded.
//!
//! It is no HTML parser: a headline or a summary needs none, and one that never
//! builds a tree cannot be made to build a deep one.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// How a feed means the characters of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As they stand.
    Text,
    /// As markup.
    Markup,
}

/// The plain text of `raw`, or `None` where nothing is left.
pub(super) fn plain(raw: &str, kind: Kind) -> Option<String> {
    let text = match kind {
        Kind::Text if !looks_like_markup(raw) => Cow::Borrowed(raw),
        _ => Cow::Owned(resolved(&without_tags(raw)).into_owned()),
    };
    let folded = folded(&text);
    (!folded.is_empty()).then_some(folded)
}

/// `text` with each run of white space as one space, none at the ends, and
/// without characters that show nothing.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = folded.len();
        if before > 0 {
            folded.push(' ');
        }
        let start = folded.len();
        folded.extend(
            word.chars()
                .filter(|c| !c.is_control() && !is_invisible(*c)),
        );
        if folded.len() == start {
            folded.truncate(before);
        }
    }
    folded
}

/// Marks that can hide or reorder text but carry none. Joiners stay: Persian, Hindi
/// and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}')
}

/// Many feeds call a text plain that holds markup: a closing tag, a line break or a
/// character reference gives them away.
fn looks_like_markup(raw: &str) -> bool {
    let closes = raw
        .match_indices("</")
        .any(|(at, _)| raw[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic()));
    closes || raw.contains("<br") || matches!(resolved(raw), Cow::Owned(_))
}

/// `raw` without tags, comments, scripts and styles. A tag that sets words apart
/// leaves a space.
fn without_tags(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let name = rest[1..].trim_start_matches('/');
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            text.push('<');
            rest = &rest[1..];
            continue;
        }
        let Some(end) = tag_end(rest) else {
            // A text cut inside a tag, or one that compares: `a <b`.
            if !rest.contains('=') {
                text.push_str(rest);
            }
            return text;
        };
        let closing = rest.starts_with("</");
        let name = &name[..name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
        rest = &rest[end..];
        if !INLINE.contains(&name.to_ascii_lowercase().as_str()) {
            text.push(' ');
        }
        if !closing && let Some(skipped) = UNSEEN.iter().find(|n| name.eq_ignore_ascii_case(n)) {
            rest = after_closing(rest, skipped);
        }
    }
    text.push_str(rest);
    text
}

/// Elements within a line of text, sorted.
const INLINE: [&str; 24] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// Elements whose content is not for readers.
const UNSEEN: [&str; 2] = ["script", "style"];

/// One past the `>` of the tag that `text` begins with; quoted values may hold one.
fn tag_end(text: &str) -> Option<usize> {
    let first = text.find('>')?;
    let quotes = text[..first].bytes().filter(|b| *b == b'"').count();
    if quotes % 2 == 0 {
        return Some(first + 1);
    }
    let close = first + text[first..].find('"')?;
    // No closing quote before the next tag: the quote was the fault, not the `>`.
    match text[first + 1..close].find('<') {
        Some(_) => Some(first + 1),
        None => text[close..].find('>').map(|end| close + end + 1),
    }
}

/// What follows `</name>` in `text`, or nothing where it never closes.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    text.match_indices("</")
        .find(|(at, _)| {
            text.get(at + 2..at + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .and_then(|(at, _)| text[at..].find('>').map(|end| &text[at + end + 1..]))
        .unwrap_or("")
}

/// `text` with character references resolved by HTML's table. What is none of them
/// stays as it is; so does every entity that a document type defines.
pub(super) fn resolved(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('&') {
        if at < done {
            continue;
        }
        let Some((length, replacement)) = reference(&text[at..]) else {
            continue;
        };
        out.push_str(&text[done..at]);
        out.push_str(&replacement);
        done = at + length;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The length and meaning of the character reference that `text` begins with.
fn reference(text: &str) -> Option<(usize, String)> {
    /// The longest name is `CounterClockwiseContourIntegral;`.
    const LONGEST: usize = 34;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = &text[1..=end];
    let mut meaning = String::new();
    if let Some(number) = name.strip_prefix('#') {
        let number = number.trim_end_matches(';');
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        // Numbers of the C1 block mean windows-1252, as browsers read them.
        let c = code
            .checked_sub(0x80)
            .and_then(|at| {
                C1_REPLACEMENTS
                    .get(usize::try_from(at).ok()?)
                    .copied()
                    .flatten()
            })
            .or(char::from_u32(code))?;
        if !c.is_control() || matches!(c, '\t' | '\n' | '\r') {
            meaning.push(c);
        }
    } else {
        let (first, second) = *NAMED_ENTITIES.get(name)?;
        meaning.push(char::from_u32(first).filter(|_| first != 0)?);
        meaning.extend(char::from_u32(second).filter(|_| second != 0));
    }
    Some((end + 1, meaning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text_and_text_stays_text() {
        let cases = [
            (
                Kind::Markup,
                "<p>One</p><p>two <b>th</b>ree</p>",
                "One two three",
            ),
            (
                Kind::Markup,
                "AT&amp;T &eacute;t&#233; &#147;x&#x94;",
                "AT&T été “x”",
            ),
            (Kind::Markup, "a < b & c > d", "a < b & c > d"),
            (
                Kind::Markup,
                "x<script>if (a</b) {}</script>y<style>p</style>",
                "x y",
            ),
            (
                Kind::Markup,
                "<a title=\"1 > 0\" href='x'>go</a> on",
                "go on",
            ),
            (
                Kind::Markup,
                "<a href=\"x>go</a> on <b>\"now\"</b>",
                "go on \"now\"",
            ),
            (Kind::Markup, "cut <a href=\"http://", "cut"),
            (Kind::Markup, "when a <b", "when a <b"),
            (
                Kind::Markup,
                "&unknown; &#0; &#xD800; &",
                "&unknown; &#xD800; &",
            ),
            (Kind::Text, "if a <b then", "if a <b then"),
            (Kind::Text, "Called <i>plain</i>", "Called plain"),
            (
                Kind::Text,
                "zero\u{200b}width\n and\ttabs",
                "zerowidth and tabs",
            ),
        ];
        for (kind, raw, expected) in cases {
            assert_eq!(plain(raw, kind).as_deref(), Some(expected), "{raw}");
        }
        assert_eq!(plain(" <br/> ", Kind::Markup), None);
    }
}

//! A model's text as plain text: no markup, no invisible characters, single spaces.
//!
//! Words are never changed. What merely looks like markup stays: `5 < 7`, `#climate`.

/// The elements that models write into text; what else stands in angle brackets is
/// left alone. Sorted.
const TAGS: [&str; 32] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "script",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];

/// No tag or chat marker that a model writes is longer, in bytes.
const MOST_TAG: usize = 300;

/// `text` without markup and invisible characters, its white space folded.
pub(super) fn plain(text: &str) -> String {
    let visible: String = text.chars().filter(|&c| !is_invisible(c)).collect();
    let mut out = String::with_capacity(visible.len());
    for line in visible.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        out.push(' ');
        push_unmarked(&mut out, unprefixed(line.trim()));
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that a reader cannot see and that can reorder, hide or split words.
/// The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !c.is_whitespace())
        || (c as u32 & 0xfffe) == 0xfffe
}

/// A line without the mark of a Markdown heading or bullet at its start.
fn unprefixed(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let hashes = line.len() - rest.len();
    if (1..=6).contains(&hashes) && rest.starts_with(' ') {
        return rest;
    }
    line.strip_prefix("* ").unwrap_or(line)
}

fn push_unmarked(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find(['*', '<', '[']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("**") {
            rest = after;
        } else if let Some(length) = tag_length(rest) {
            // A tag such as `<br>` separates words; `</b>` stands against one.
            if rest.starts_with("<br") || rest.starts_with("<p") || rest.starts_with("<li") {
                out.push(' ');
            }
            rest = &rest[length..];
        } else if let Some((label, length)) = link(rest) {
            out.push_str(label);
            rest = &rest[length..];
        } else {
            // The three characters are one byte each.
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
}

/// The length of the HTML tag or chat marker (`<|im_end|>`) at the start of `text`.
fn tag_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('<')?;
    let end = inner.bytes().take(MOST_TAG).position(|b| b == b'>')?;
    let inner = &inner[..end];
    if inner.contains('<') {
        return None;
    }
    if inner.len() > 1 && inner.starts_with('|') && inner.ends_with('|') {
        return Some(end + 2);
    }
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let name_end = name
        .bytes()
        .position(|b| !b.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    // After the name come attributes or the end; `<a-b>` is not a tag of HTML.
    let attributes = &name[name_end..];
    let is_tag = TAGS
        .binary_search(&name[..name_end].to_ascii_lowercase().as_str())
        .is_ok()
        && (attributes.is_empty() || attributes.starts_with([' ', '/']));
    is_tag.then_some(end + 2)
}

/// The label and the whole length of the Markdown link at the start of `text`.
fn link(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix('[')?;
    let label_end = inner.bytes().take(MOST_TAG).position(|b| b == b']')?;
    let target = inner[label_end + 1..].strip_prefix('(')?;
    let target_end = target.bytes().take(MOST_TAG).position(|b| b == b')')?;
    let is_address = target.starts_with("http") || target.starts_with('/');
    is_address.then(|| (&inner[..label_end], label_end + target_end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_invisible_characters_go_and_words_stay() {
        for (raw, expected) in [
            ("**Rust** shuts the <b>bridge</b>", "Rust shuts the bridge"),
            ("## Why it closes", "Why it closes"),
            ("#MeToo at 10", "#MeToo at 10"),
            ("one\n\n  two\t three\u{a0}four", "one two three four"),
            ("first<br/>second", "first second"),
            ("5 < 7 and 9 > 3", "5 < 7 and 9 > 3"),
            ("a <redacted> name", "a <redacted> name"),
            (
                "<a href=\"https://x.example/\">the report</a>",
                "the report",
            ),
            (
                "see [the report](https://x.example/a) here",
                "see the report here",
            ),
            ("the [sic] note (1)", "the [sic] note (1)"),
            ("done<|im_end|>", "done"),
            ("mo\u{ad}ney \u{202e}evil\u{202c}\u{200b}", "money evil"),
            (
                "\u{1f469}\u{200d}\u{1f680} می\u{200c}خواهم",
                "\u{1f469}\u{200d}\u{1f680} می\u{200c}خواهم",
            ),
            ("bell\u{7} null\u{0}", "bell null"),
            ("* item", "item"),
            ("3 * 4 ** 5", "3 * 4 5"),
            ("<", "<"),
            ("[", "["),
            ("", ""),
        ] {
            assert_eq!(plain(raw), expected, "for {raw:?}");
        }
    }

    #[test]
    fn the_table_of_tags_is_sorted() {
        assert!(TAGS.is_sorted());
    }
}

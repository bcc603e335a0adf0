//! Character references such as `&amp;` and `&#8217;` become characters, after the
//! HTML standard.

use html5ever::{
    data::{C1_REPLACEMENTS, NAMED_ENTITIES},
    tendril::StrTendril,
};

/// The longest name with its semicolon.
const MAX_NAME: usize = 32;
/// The longest name that needs no semicolon.
const MAX_BARE_NAME: usize = 6;

/// `text` with its references replaced. In an attribute a name without a semicolon
/// that goes on like a query (`&copy=1`) is none.
pub(crate) fn decoded(text: &str, in_attribute: bool) -> StrTendril {
    let mut out = StrTendril::with_capacity(u32::try_from(text.len()).unwrap_or(0));
    let mut rest = text;
    while let Some(mark) = rest.find('&') {
        out.push_slice(&rest[..mark]);
        rest = &rest[mark + 1..];
        let found = match rest.strip_prefix('#') {
            Some(number) => numeric(number).map(|(c, used)| ((c, None), used + 1)),
            None => named(rest, in_attribute),
        };
        match found {
            Some(((first, second), used)) => {
                out.push_char(first);
                if let Some(second) = second {
                    out.push_char(second);
                }
                rest = &rest[used..];
            }
            None => out.push_char('&'),
        }
    }
    out.push_slice(rest);
    out
}

/// The character of the number that `text` starts with, and how long that is.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (radix, digits) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, text),
    };
    let length = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if length == 0 {
        return None;
    }
    // What does not fit is no character either.
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let c = match number {
        0 => None,
        0x80..=0x9F => C1_REPLACEMENTS[(number - 0x80) as usize].or(char::from_u32(number)),
        _ => char::from_u32(number),
    };
    let semicolon = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    Some((
        c.unwrap_or(char::REPLACEMENT_CHARACTER),
        text.len() - digits.len() + length + semicolon,
    ))
}

/// The characters of a reference, of which there may be two.
type Characters = (char, Option<char>);

/// The characters of the name that `text` starts with, and how long that is.
fn named(text: &str, in_attribute: bool) -> Option<(Characters, usize)> {
    let length = text
        .bytes()
        .take(MAX_NAME)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let next = text.as_bytes().get(length).copied();
    if next == Some(b';')
        && let Some(found) = lookup(&text[..=length])
    {
        return Some((found, length + 1));
    }
    let bare = (2..=length.min(MAX_BARE_NAME))
        .rev()
        .find_map(|length| Some((lookup(&text[..length])?, length)))?;
    let goes_on = text
        .as_bytes()
        .get(bare.1)
        .is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric());
    (!(in_attribute && goes_on)).then_some(bare)
}

fn lookup(name: &str) -> Option<Characters> {
    // The table also holds the beginnings of names, with nothing in them.
    let &(first, second) = NAMED_ENTITIES.get(name)?;
    let first = char::from_u32(first).filter(|c| *c != '\0')?;
    Some((first, char::from_u32(second).filter(|c| *c != '\0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters() {
        for (text, in_text, in_attribute) in [
            ("a &amp; b", "a & b", "a & b"),
            ("&amp;amp;", "&amp;", "&amp;"),
            ("&copy 1", "© 1", "© 1"),
            ("?a=1&copy=2", "?a=1©=2", "?a=1&copy=2"),
            ("&notit;", "¬it;", "&notit;"),
            ("&notin;", "∉", "∉"),
            ("&#8217;&#x2019;&#146;", "’’’", "’’’"),
            (
                "&#0;&#xD800;&#x110000;&#99999999999;",
                "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
                "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
            ),
            (
                "&#; &#x; & &; &zzz;",
                "&#; &#x; & &; &zzz;",
                "&#; &#x; & &; &zzz;",
            ),
            ("&NotEqualTilde;", "≂\u{338}", "≂\u{338}"),
            ("&lt", "<", "<"),
        ] {
            assert_eq!(&*decoded(text, false), in_text, "{text}");
            assert_eq!(&*decoded(text, true), in_attribute, "{text}");
        }
    }
}

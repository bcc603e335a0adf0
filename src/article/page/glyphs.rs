//! Which characters a reader can see.
//!
//! Invisible ones (zero width, tags, variation selectors, direction controls) can
//! carry text that no reader saw, so they are left out; joiners stay where a script
//! or an emoji needs them. White space is folded to single spaces.

/// Appends the visible characters of `raw` to `text`, white space folded; a space
/// is written only between two visible characters.
pub(crate) fn push_visible(text: &mut String, raw: &str) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // Words of ASCII with single spaces between them are taken at one go.
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_graphic)
            || (at > start
                && bytes.get(at) == Some(&b' ')
                && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic))
        {
            at += 1;
        }
        text.push_str(&raw[start..at]);
        let mut rest = raw[at..].chars();
        let Some(c) = rest.next() else { return };
        at += c.len_utf8();
        if is_common(c) {
            text.push(c);
        } else if is_mark(c) {
            // More marks than letters bear are there to hide them.
            if !text.chars().rev().take(MARKS).all(is_mark) {
                text.push(c);
            }
        } else if c.is_whitespace() {
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        } else if let Some(letters) = ligature(c) {
            text.push_str(letters);
        } else if c == BLACK_FLAG {
            let tags = FLAGS.iter().find(|tags| raw[at..].starts_with(*tags));
            text.push(c);
            text.push_str(tags.unwrap_or(&""));
            at += tags.map_or(0, |tags| tags.len());
        } else if is_visible(c) || joins(text.chars().next_back(), c, rest.next()) {
            text.push(c);
        }
    }
}

/// So many marks a letter may bear; Vietnamese needs two, Tibetan three.
const MARKS: usize = 4;

/// A mark that stands above, below or inside the character before it.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x34E | 0x350..=0x36F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

/// With the tags of a country it is that country's flag.
const BLACK_FLAG: char = '\u{1F3F4}';

/// The tags for England, Scotland and Wales, the only ones in use.
const FLAGS: [&str; 3] = [
    "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Letters, ideographs and marks that surely are visible, for speed.
fn is_common(c: char) -> bool {
    matches!(u32::from(c), 0xA1..=0xAC | 0xAE..=0x2FF | 0x370..=0x5FF | 0x2010..=0x2027
        | 0x3001..=0x312F | 0x3400..=0xD7A3)
}

/// The letters of a ligature that has a character of its own for old fonts.
fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => return None,
    })
}

/// The visible characters of `raw`, white space folded and none at the ends.
pub(crate) fn visible(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    push_visible(&mut text, raw);
    text.truncate(text.trim_end().len());
    text
}

/// The visible characters of `raw`, cut after `most` of them.
pub(crate) fn bounded(raw: &str, most: usize) -> String {
    // Folding never lengthens, and no honest field is mostly invisible.
    let head: String = raw.chars().take(most.saturating_mul(8)).collect();
    let text: String = visible(&head).chars().take(most).collect();
    text.trim_end().to_owned()
}

/// Whether `c` leaves a mark or is a letter's part.
fn is_visible(c: char) -> bool {
    !(c.is_control()
        || matches!(
            u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
                | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xFE00..=0xFE0F
                | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
                | 0xE0000..=0xE0FFF | 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF
        ))
}

/// Whether the invisible `c` shapes its neighbours: a joiner inside a word of a
/// script that uses them or inside an emoji, or an emoji's presentation selector.
fn joins(before: Option<char>, c: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200C}' | '\u{200D}' => after.is_some_and(|after| {
            shapes(before) && shapes(after)
                || c == '\u{200D}' && (is_emoji(before) || before == '\u{FE0F}') && is_emoji(after)
        }),
        '\u{FE0E}' | '\u{FE0F}' => is_emoji(before) || matches!(before, '0'..='9' | '#' | '*'),
        _ => false,
    }
}

/// Scripts in which joiners change how letters look.
fn shapes(c: char) -> bool {
    matches!(u32::from(c), 0x600..=0x8FF | 0x900..=0xDFF | 0x1000..=0x109F | 0x1780..=0x18AF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC)
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122..=0x21AA | 0x231A..=0x23FF | 0x2460..=0x27BF | 0x2934..=0x2B55 | 0x3030..=0x3299 | 0x1F000..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shows_stays() {
        let cases = [
            ("  a \n\t b\u{A0}c ", "a b c"),
            ("pass\u{200B}word\u{FEFF}", "password"),
            ("hi\u{E0049}\u{E0067}\u{E006E}", "hi"),
            ("ab\u{FE01}\u{FE02}c", "abc"),
            ("\u{202E}evil\u{202C}", "evil"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("क्\u{200D}ष", "क्\u{200D}ष"),
            ("a\u{200D}b", "ab"),
            ("👩\u{200D}🚀 ❤\u{FE0F}", "👩\u{200D}🚀 ❤\u{FE0F}"),
            ("soft\u{AD}hyphen", "softhyphen"),
            ("ﬁne oﬃce", "fine office"),
            ("a\u{2800}\u{3164}\u{115F}b\u{FFFC}", "ab"),
            ("\u{FFF9}a\u{FFFA}b\u{FFFB}", "ab"),
            (
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            ),
            ("🏴\u{E0067}\u{E006F}\u{E007F}!", "🏴!"),
            (
                "x\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}y",
                "x\u{301}\u{302}\u{303}\u{304}y",
            ),
            ("1\u{FE0F}\u{20E3} a\u{FE0F}", "1\u{FE0F}\u{20E3} a"),
        ];
        for (raw, expected) in cases {
            assert_eq!(visible(raw), expected, "{raw:?}");
        }
    }
}

//! The normalisation under which two texts count as the same words.
//!
//! [`Normal::new`] decodes HTML entities, drops what cannot be seen (zero-width and
//! bidi characters, variation selectors, soft hyphens), makes every run of white
//! space one blank (or one line break, or two for a paragraph), composes accents
//! (NFC), spells out ligatures and full-width forms, and writes all digits as
//! 0–9. Each byte of the result knows the bytes it came from, so a place in it is
//! a place in the original. [`unify`] then makes one glyph of the many forms of a
//! quotation mark or a dash, and [`fold`] forgets case and accents; both are apart
//! because finding a quotation needs the glyphs and a quotation's case matters.
//!
//! It does not change words: no stemming, no spelling variants.

use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
};

use crate::text::Span;

/// A text after normalisation, with the way back.
#[derive(Debug)]
pub(in crate::verify) struct Normal {
    text: String,
    /// What `text` is made of, in order.
    pieces: Vec<Piece>,
}

/// A part of a normalised text that begins at the byte `at`.
#[derive(Debug)]
struct Piece {
    at: usize,
    /// The bytes of the original that it stands for.
    from: Span,
    /// Whether it was taken over as it is, byte by byte.
    kept: bool,
}

impl Normal {
    /// Normalises `original`.
    pub(in crate::verify) fn new(original: &str) -> Self {
        let mut normal = Self {
            text: String::with_capacity(original.len()),
            pieces: Vec::new(),
        };
        let mut at = 0;
        while let Some(first) = original[at..].chars().next() {
            let plain = plain_length(original, at);
            at = match first {
                _ if plain > 0 => normal.keep(original, at, at + plain),
                '&' => normal.entity(original, at),
                _ if is_invisible(first) => at + first.len_utf8(),
                _ if first.is_whitespace() => normal.blank(original, at),
                _ => normal.composed(original, at, first),
            };
        }
        normal
    }

    /// The normalised text.
    pub(in crate::verify) fn text(&self) -> &str {
        &self.text
    }

    /// Where the non-empty normalised range `start..end` stands in the original. `near` is
    /// a piece that does not begin behind `start`, and is moved to the last such one.
    pub(in crate::verify) fn span(&self, near: &mut usize, start: usize, end: usize) -> Span {
        let piece = |near: &mut usize, at: usize| {
            while self.pieces.get(*near + 1).is_some_and(|p| p.at <= at) {
                *near += 1;
            }
            &self.pieces[*near]
        };
        let first = piece(near, start);
        let last = piece(&mut near.clone(), end - 1);
        Span::new(
            if first.kept {
                first.from.start + (start - first.at)
            } else {
                first.from.start
            },
            if last.kept {
                last.from.start + (end - last.at)
            } else {
                last.from.end
            },
        )
    }

    /// Takes the bytes `start..end` over as they are.
    fn keep(&mut self, original: &str, start: usize, end: usize) -> usize {
        let goes_on = |piece: &&mut Piece| piece.kept && piece.from.end == start;
        match self.pieces.last_mut().filter(goes_on) {
            Some(piece) => piece.from.end = end,
            None => self.pieces.push(Piece {
                at: self.text.len(),
                from: Span::new(start, end),
                kept: true,
            }),
        }
        self.text.push_str(&original[start..end]);
        end
    }

    fn push(&mut self, c: char, from: Span) {
        self.pieces.push(Piece {
            at: self.text.len(),
            from,
            kept: false,
        });
        self.text.push(c);
    }

    /// Pushes what the entity at `at` stands for, or the `&` itself.
    fn entity(&mut self, original: &str, at: usize) -> usize {
        let Some((c, length)) = decode_entity(&original[at..]) else {
            return self.keep(original, at, at + 1);
        };
        let end = at + length;
        if c.is_whitespace() {
            if !self.text.ends_with([' ', '\n']) {
                self.push(' ', Span::new(at, end));
            }
        } else if !is_invisible(c) {
            self.push(c, Span::new(at, end));
        }
        end
    }

    /// Pushes one blank for a run of white space; a line break stays visible.
    fn blank(&mut self, original: &str, at: usize) -> usize {
        let run = &original[at..];
        let rest = run.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let run = &run[..run.len() - rest.len()];
        let from = Span::new(at, at + run.len());
        let lines = run
            .chars()
            .filter(|c| matches!(c, '\n' | '\u{2028}'))
            .count()
            + 2 * run.matches('\u{2029}').count();
        if !self.text.ends_with([' ', '\n']) || lines > 0 {
            self.push(if lines > 0 { '\n' } else { ' ' }, from);
        }
        if lines > 1 {
            self.push('\n', from);
        }
        from.end
    }

    /// Pushes a character with the marks that combine with it, composed.
    fn composed(&mut self, original: &str, at: usize, first: char) -> usize {
        let rest = &original[at + first.len_utf8()..];
        // A hostile text can stack marks without end; NFC needs only the first few.
        let marks: usize = rest
            .chars()
            .take_while(|c| combines(*c))
            .take(8)
            .map(char::len_utf8)
            .sum();
        let end = at + first.len_utf8() + marks;
        let from = Span::new(at, end);
        for c in original[at..end].nfc() {
            match c {
                '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}' => {
                    for plain in std::iter::once(c).nfkc() {
                        self.push(plain, from);
                    }
                }
                '…' => (0..3).for_each(|_| self.push('.', from)),
                _ => self.push(ascii_digit(c), from),
            }
        }
        end
    }
}

/// How many bytes from `at` on are normalised already: most of most texts.
fn plain_length(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    // The length of the character at `at` if it is no white space and stays as it is.
    let kept = |at: usize| match bytes.get(at) {
        Some(byte) if byte.is_ascii() => usize::from(byte.is_ascii_graphic()),
        Some(_) => match text[at..].chars().next() {
            Some(c) if is_stable(c) => c.len_utf8(),
            _ => 0,
        },
        None => 0,
    };
    let mut end = at;
    loop {
        let is_letter = |byte: &&u8| byte.is_ascii_graphic() && **byte != b'&';
        end += bytes[end..].iter().take_while(is_letter).count();
        end += match bytes.get(end) {
            Some(b'&') | None => break,
            // One blank between words, one line break or two.
            Some(b' ') if end > at && kept(end + 1) > 0 => 1,
            Some(b'\n') if kept(end + 1) > 0 => 1,
            Some(b'\n') if bytes.get(end + 1) == Some(&b'\n') && kept(end + 2) > 0 => 2,
            Some(_) => match kept(end) {
                0 => break,
                length => length,
            },
        };
    }
    // The last character belongs to the marks behind it.
    if end > at && text[end..].chars().next().is_some_and(combines) {
        end = text.floor_char_boundary(end - 1);
    }
    end - at
}

/// One glyph for all forms of a quotation mark, apostrophe or dash.
pub(in crate::verify) fn unify(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | 'ʼ' | 'ʻ' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '「' | '」' | '『' | '』' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '⁃' => '-',
        _ => c,
    }
}

/// `text` without case and accents, for looking words up.
pub(in crate::verify) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        for lower in c.to_lowercase() {
            match lower {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                _ if is_combining_mark(lower) => {}
                _ => folded.push(lower),
            }
        }
    }
    folded.nfc().collect()
}

/// Characters that a reader does not see.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

/// Whether `c` may melt into the character before it; Hangul vowels and finals do.
fn combines(c: char) -> bool {
    c >= '\u{300}' && (canonical_combining_class(c) != 0 || matches!(c, '\u{1160}'..='\u{11ff}'))
}

/// Characters of common scripts, beyond ASCII, that normalisation leaves as they are.
fn is_stable(c: char) -> bool {
    matches!(c,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{400}'..='\u{482}'
        | '\u{2010}'..='\u{2025}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20c0}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Arabic-Indic and Devanagari digits as ASCII digits; other characters as they are.
fn ascii_digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

/// The character that the entity at the start of `text` stands for, and its length.
fn decode_entity(text: &str) -> Option<(char, usize)> {
    // The longest entity that we know has eight letters.
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?
    } else {
        let at = ENTITIES.binary_search_by_key(&name, |(known, _)| known);
        ENTITIES[at.ok()?].1
    };
    Some((c, end + 1))
}

/// The named entities that are met in running text, sorted.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bdquo", '„'),
    ("cent", '¢'),
    ("deg", '°'),
    ("euro", '€'),
    ("frac12", '½'),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("pound", '£'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("shy", '\u{ad}'),
    ("thinsp", '\u{2009}'),
    ("yen", '¥'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_becomes_the_same() {
        for (original, expected) in [
            ("a\u{a0}\u{2009} b", "a b"),
            ("a \n b", "a\nb"),
            ("a\r\n\r\nb", "a\n\nb"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("\u{202a}bidi\u{202c}", "bidi"),
            ("e\u{301}t\u{e9}", "été"),
            ("\u{1100}\u{1161}", "가"),
            ("of\u{fb01}ce", "office"),
            ("\u{ff11}\u{ff12}", "12"),
            ("\u{661}\u{662}", "12"),
            ("&ldquo;R&amp;D&rdquo;&#8230;", "“R&D”…"),
            ("AT&T; &bogus;", "AT&T; &bogus;"),
            ("wait…", "wait..."),
        ] {
            assert_eq!(Normal::new(original).text(), expected, "{original:?}");
        }
        assert_eq!(fold("Łódź ÉTÉ Straße"), "lodz ete strasse");
    }

    #[test]
    fn every_place_leads_back_to_the_original() {
        let original = "x &amp; e\u{301}\u{200b}\u{a0}\u{a0}of\u{fb01}ce";
        let normal = Normal::new(original);
        let at = normal.text().find("office").unwrap();
        assert_eq!(normal.span(&mut 0, at, at + 6).of(original), "of\u{fb01}ce");
        let at = normal.text().find('é').unwrap();
        assert_eq!(normal.span(&mut 0, at, at + 2).of(original), "e\u{301}");
        assert_eq!(normal.span(&mut 0, 2, 3).of(original), "&amp;");
    }

    #[test]
    fn what_is_taken_over_as_it_is_needs_no_change() {
        for c in ('\u{80}'..=char::MAX).filter(|c| is_stable(*c)) {
            let mut normal = Normal {
                text: String::new(),
                pieces: Vec::new(),
            };
            assert!(
                !is_invisible(c) && !c.is_whitespace() && !combines(c),
                "{c:?}"
            );
            normal.composed(&c.to_string(), 0, c);
            assert_eq!(normal.text(), c.to_string(), "{c:?}");
        }
    }

    #[test]
    fn the_entity_table_is_sorted() {
        assert!(ENTITIES.is_sorted_by_key(|(name, _)| name));
    }
}

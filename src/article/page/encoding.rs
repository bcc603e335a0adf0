//! Bytes become text in the order of the WHATWG standard: byte order mark, HTTP
//! charset, `<meta>` in the first kilobytes, then a guess.
//!
//! One departure: a declared legacy encoding is not believed when the bytes are
//! valid UTF-8 beyond ASCII, which text in such an encoding almost never is.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far a declaration may stand from the start. The standard says 1024 bytes,
/// but browsers also honour a late one, and pages with long heads rely on that.
const PRESCAN: usize = 16_384;

/// How many bytes the guess looks at; more do not change it and cost time.
const GUESS: usize = 262_144;

/// Decodes `body`; bytes that do not fit become U+FFFD.
pub(crate) fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        return encoding.decode_without_bom_handling(&body[mark..]).0;
    }
    if let Some(encoding) = wide(body) {
        return encoding.decode_without_bom_handling(body).0;
    }
    if let Ok(text) = std::str::from_utf8(body)
        && !text.is_ascii()
    {
        return Cow::Borrowed(text);
    }
    let declared = content_type
        .and_then(charset_of)
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| prescan(&body[..body.len().min(PRESCAN)]));
    match declared {
        // What is declared UTF-8 and is mostly so is UTF-8 with a few broken bytes.
        Some(encoding) if encoding != UTF_8 => encoding.decode_without_bom_handling(body).0,
        Some(_) => {
            let text = UTF_8.decode_without_bom_handling(body).0;
            let broken = text
                .chars()
                .filter(|&c| c == char::REPLACEMENT_CHARACTER)
                .count();
            let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
            if broken * 2 > beyond_ascii && broken > 2 {
                guess(body).decode_without_bom_handling(body).0
            } else {
                text
            }
        }
        None => guess(body).decode_without_bom_handling(body).0,
    }
}

/// UTF-16 without a mark: a page begins with ASCII, of which each second byte is zero.
fn wide(body: &[u8]) -> Option<&'static Encoding> {
    match body.get(..4)? {
        [b'<', 0, first, 0] if first.is_ascii_graphic() => Some(UTF_16LE),
        [0, b'<', 0, first] if first.is_ascii_graphic() => Some(UTF_16BE),
        _ => None,
    }
}

/// The `charset` parameter of a `Content-Type`.
fn charset_of(content_type: &str) -> Option<&str> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let rest = content_type.get(at..)?.trim_start_matches(['"', '\'', ' ']);
    rest.split(['"', '\'', ';', ' ', ','])
        .next()
        .filter(|l| !l.is_empty())
}

/// The encoding that a `<meta>` or an XML declaration names.
fn prescan(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = find(&head[from..], b"<") {
        let start = from + at;
        let rest = &head[start..];
        if rest.starts_with(b"<!--") {
            from = find(rest, b"-->").map_or(head.len(), |at| start + at + 3);
            continue;
        }
        if !rest.starts_with(b"<meta") {
            from = start + 1;
            continue;
        }
        let end = find(&head[start..], b">").map_or(head.len(), |at| start + at);
        if let Some(encoding) = label_after(&head[start..end], b"charset") {
            return Some(encoding);
        }
        from = end;
    }
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = find(declaration, b">").unwrap_or(declaration.len());
    label_after(&declaration[..end], b"encoding")
}

fn label_after(tag: &[u8], name: &[u8]) -> Option<&'static Encoding> {
    let rest = tag[find(tag, name)? + name.len()..].trim_ascii_start();
    let value = rest.strip_prefix(b"=")?.trim_ascii_start();
    let value = match value.first()? {
        b'"' | b'\'' => &value[1..],
        _ => value,
    };
    let end = value
        .iter()
        .position(|b| matches!(b, b'"' | b'\'' | b';' | b' ' | b'/' | b'>'))
        .unwrap_or(value.len());
    let encoding = Encoding::for_label(&value[..end])?;
    // A declaration that could be read as ASCII cannot itself be UTF-16.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

fn guess(body: &[u8]) -> &'static Encoding {
    let sample = &body[..body.len().min(GUESS)];
    if sample.is_ascii() {
        return WINDOWS_1252;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_mark_then_header_then_meta_then_guess() {
        let cases: [(&[u8], Option<&str>, &str); 8] = [
            (
                b"\xEF\xBB\xBFz\xC3\xBC",
                Some("text/html; charset=latin1"),
                "zü",
            ),
            (b"\xFF\xFEa\x00b\x00", None, "ab"),
            (
                b"Z\xFCrich",
                Some("text/html; charset=\"ISO-8859-1\""),
                "Zürich",
            ),
            (
                b"Z\xC3\xBCrich",
                Some("text/html; charset=ISO-8859-1"),
                "Zürich",
            ),
            (
                b"<meta charset=windows-1251>\xCF\xF0\xE8",
                None,
                "<meta charset=windows-1251>При",
            ),
            (
                b"<meta http-equiv=x content='text/html; charset=euc-kr'>\xC7\xD1",
                None,
                "<meta http-equiv=x content='text/html; charset=euc-kr'>한",
            ),
            (
                b"<meta charset=utf-8>caf\xE9 \xE9\xE8 \xFC\xE9",
                None,
                "<meta charset=utf-8>café éè üé",
            ),
            (b"plain", None, "plain"),
        ];
        for (bytes, content_type, expected) in cases {
            assert_eq!(decode(bytes, content_type), expected);
        }
    }

    #[test]
    fn a_wrong_declaration_is_survived() {
        let russian = "<meta charset=utf-8>Паром через пролив ходит каждый день, сообщили в порту.";
        let polish = "Prom płynie każdego dnia, jak podał port — żółta łódź.";
        let cp1251 = encoding_rs::WINDOWS_1251.encode(russian).0;
        let cases: [(&[u8], Option<&str>, &str); 7] = [
            // Declared UTF-8, but it is not.
            (&cp1251, Some("text/html; charset=utf-8"), russian),
            (&cp1251, None, russian),
            // Declared Latin-1, but it is UTF-8.
            (
                polish.as_bytes(),
                Some("text/html; charset=iso-8859-1"),
                polish,
            ),
            // One broken byte does not make UTF-8 something else.
            (
                b"caf\xC3\xA9 \xC3\xA8 \xFF \xC3\xBC",
                Some("text/html;charset=UTF-8"),
                "café è \u{FFFD} ü",
            ),
            // A label that does not exist is none.
            (
                b"<meta charset=utf-8>abc",
                Some("text/html; charset=klingon"),
                "<meta charset=utf-8>abc",
            ),
            // The header comes before what the page says.
            (
                b"<meta charset=windows-1251>\xE9t\xE9",
                Some("text/html; charset=windows-1252"),
                "<meta charset=windows-1251>été",
            ),
            // A comment declares nothing.
            (
                b"<!-- <meta charset=koi8-r> --><meta charset=windows-1252>\xE9t\xE9",
                None,
                "<!-- <meta charset=koi8-r> --><meta charset=windows-1252>été",
            ),
        ];
        for (bytes, content_type, expected) in cases {
            assert_eq!(decode(bytes, content_type), expected, "{content_type:?}");
        }
    }

    #[test]
    fn utf_16_is_read_with_and_without_a_mark() {
        let page = "<html><body><p>Die Fähre fährt täglich, sagt der Hafen.";
        let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
        for (bytes, content_type) in [
            (marked(b"\xFF\xFE", &little), None),
            (marked(b"\xFE\xFF", &big), Some("text/html; charset=utf-8")),
            (little.clone(), Some("text/html; charset=utf-16le")),
            (big.clone(), Some("text/html; charset=utf-16be")),
            (little, None),
            (big, None),
        ] {
            assert_eq!(decode(&bytes, content_type), page, "{content_type:?}");
        }
    }

    #[test]
    fn japanese_without_a_declaration_is_guessed() {
        let text = "日本の新聞は毎朝、多くの家庭に配達されている。".repeat(4);
        let bytes = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
        assert_eq!(decode(&bytes, None), text);
        assert!(std::str::from_utf8(&bytes).err().unwrap().valid_up_to() < bytes.len());
    }
}

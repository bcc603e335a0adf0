//! Bytes of a feed become text: decompressed, decoded, freed of what no parser needs.
//!
//! Encodings lie in feeds more often than not: a server adds its default charset, a
//! program copies a declaration without converting. So a label is believed only
//! where the bytes bear it out. What comes out has no byte order mark, no XML
//! declaration (it would contradict the new encoding) and no control characters.
//! Deliberately not done: EBCDIC and UTF-7, which no feed of this century uses.

use std::{borrow::Cow, io::Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Most bytes that a compressed body may grow to.
const DECOMPRESSED_LIMIT: u64 = 32 << 20;

/// The text of `body`, whatever it is encoded in; the body itself where nothing of it has to
/// change.
pub(super) fn to_text<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let text = match decompressed(body) {
        Cow::Borrowed(body) => decoded(body, content_type),
        Cow::Owned(body) => decoded(&body, content_type).into_owned().into(),
    };
    match text {
        Cow::Borrowed(text) => cleaned(text),
        Cow::Owned(text) => cleaned(&text).into_owned().into(),
    }
}

fn cleaned(text: &str) -> Cow<'_, str> {
    without_controls(without_declaration(text.trim_start_matches('\u{feff}')))
}

/// Some servers send a `.gz` file without saying so; the bytes say it themselves.
fn decompressed(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Cow::Borrowed(body);
    }
    let mut plain = Vec::new();
    // A cut archive still gives what came before the cut.
    let _ = flate2::read::MultiGzDecoder::new(body)
        .take(DECOMPRESSED_LIMIT)
        .read_to_end(&mut plain);
    if plain.is_empty() {
        Cow::Borrowed(body)
    } else {
        Cow::Owned(plain)
    }
}

fn decoded<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = utf32(body) {
        return Cow::Owned(text);
    }
    if let Some((encoding, bom)) = Encoding::for_bom(body) {
        let rest = &body[bom..];
        // A UTF-8 mark before text in another encoding is a known editor's fault.
        if encoding != UTF_8 || std::str::from_utf8(rest).is_ok() {
            return encoding.decode_without_bom_handling(rest).0;
        }
        return by_labels(rest, content_type);
    }
    match body {
        [b'<' | b'{', 0, ..] => UTF_16LE.decode_without_bom_handling(body).0,
        [0, b'<' | b'{', ..] => UTF_16BE.decode_without_bom_handling(body).0,
        _ => by_labels(body, content_type),
    }
}

/// UTF-32, which `encoding_rs` leaves out: told by its mark or by its first character.
fn utf32(body: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match body {
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => u32::from_be_bytes,
        _ => return None,
    };
    let (units, _) = body.as_chunks::<4>();
    Some(
        units
            .iter()
            .map(|unit| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}

/// Decodes a body in an encoding that extends ASCII.
fn by_labels<'a>(body: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let utf8 = std::str::from_utf8(body).ok();
    let http = content_type.and_then(charset_of).and_then(ascii_superset);
    let declared = declared_label(body).and_then(ascii_superset);
    // Servers put windows-1252 (the standard's reading of `iso-8859-1` and
    // `us-ascii`) on everything; against it, the document's own word counts.
    let mut labels = [http, declared];
    if http == Some(WINDOWS_1252) {
        labels.reverse();
    }
    for encoding in labels.into_iter().flatten() {
        // Bytes that happen to be valid UTF-8 are UTF-8: a text in a single-byte
        // encoding is hardly ever valid by chance. Short texts in a multi-byte
        // encoding may be, so those are believed.
        let is_utf8 = encoding == UTF_8 || (encoding.is_single_byte() && !body.is_ascii());
        if let (true, Some(text)) = (is_utf8, utf8) {
            return Cow::Borrowed(text);
        }
        if encoding != UTF_8
            && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body)
        {
            return text;
        }
    }
    if let Some(text) = utf8 {
        return Cow::Borrowed(text);
    }
    if mostly_utf8(body) {
        return UTF_8.decode_without_bom_handling(body).0;
    }
    // A few bad bytes in an otherwise fitting encoding spoil no feed.
    if let Some(encoding) = labels.into_iter().flatten().find(|e| *e != UTF_8) {
        return encoding.decode_without_bom_handling(body).0;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(body, true);
    detector
        .guess(None, Utf8Detection::Deny)
        .decode_without_bom_handling(body)
        .0
}

/// Whether the bytes beyond ASCII are UTF-8 in the main: a file cut inside a
/// character, or one bad entry among good ones.
fn mostly_utf8(body: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 3 * bad
}

/// The encoding of a label, if it can be the encoding of a body that reads as ASCII.
fn ascii_superset(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes())
        .filter(|e| e.is_ascii_compatible() || e.name() == "ISO-2022-JP")
        .filter(|e| *e != REPLACEMENT)
}

/// The `charset` parameter of a content type.
fn charset_of(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let bare = value.trim().trim_matches(['"', '\'']).trim();
        name.trim().eq_ignore_ascii_case("charset").then_some(bare)
    })
}

/// The `encoding` of an XML declaration at the head of `body`.
fn declared_label(body: &[u8]) -> Option<&str> {
    let head = &body[..body.len().min(1024)];
    let start = head.windows(5).position(|w| w == b"<?xml")?;
    let head = &head[start..];
    let head = &head[..head.iter().position(|b| *b == b'>')?];
    let at = head.windows(8).position(|w| w == b"encoding")?;
    let value = str::from_utf8(&head[at + 8..]).ok()?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::trim)
}

/// `text` from its first markup on, without an XML declaration. JSON stays whole.
fn without_declaration(text: &str) -> &str {
    let trimmed =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if trimmed.starts_with('{') {
        return trimmed;
    }
    let Some(at) = text.find('<') else {
        return trimmed;
    };
    let text = &text[at..];
    // A second declaration means that two programs wrote one each.
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix("<?xml")
        && inner.starts_with(char::is_whitespace)
        && let Some(end) = inner.find('>')
    {
        rest = inner[end + 1..].trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    }
    rest
}

/// Control characters are forbidden in XML and mean nothing in a headline.
fn without_controls(text: &str) -> Cow<'_, str> {
    let stays = |c: &char| match c {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    if text.chars().all(|c| stays(&c)) {
        Cow::Borrowed(text)
    } else {
        text.chars().filter(stays).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn labels_are_believed_only_where_the_bytes_bear_them_out() {
        let latin = encoding_rs::WINDOWS_1251.encode("<t>Новости дня</t>").0;
        let cases: [(&[u8], Option<&str>, &str); 8] = [
            (
                "<t>Zürich</t>".as_bytes(),
                Some("text/xml; charset=iso-8859-1"),
                "<t>Zürich</t>",
            ),
            (
                b"<?xml version='1.0' encoding='utf-16'?><t>a</t>",
                None,
                "<t>a</t>",
            ),
            (
                b"<?xml version='1.0' encoding='windows-1252'?><t>\x93a\x94</t>",
                None,
                "<t>“a”</t>",
            ),
            (
                b"<?xml version='1.0' encoding='nonsense'?>\n<t>caf\xe9 na\xefve</t>",
                None,
                "<t>café naïve</t>",
            ),
            (
                &latin,
                Some("text/xml; charset=\"windows-1251\""),
                "<t>Новости дня</t>",
            ),
            (
                b"\xef\xbb\xbf\xef\xbb\xbf\n<t>a\x00\x08b</t>",
                None,
                "<t>ab</t>",
            ),
            (b"ok\n<?xml version='1.1'?><t/>", None, "<t/>"),
            (
                b"\x00\x00\x00<\x00\x00\x00t\x00\x00\x00/\x00\x00\x00>",
                None,
                "<t/>",
            ),
        ];
        for (body, content_type, expected) in cases {
            assert_eq!(to_text(body, content_type), expected, "{content_type:?}");
        }
    }

    #[test]
    fn utf16_needs_no_mark() {
        let text = "<?xml version='1.0' encoding='UTF-16'?><t>東京</t>";
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let body: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            assert_eq!(to_text(&body, None), "<t>東京</t>");
        }
    }

    #[test]
    fn an_unannounced_archive_is_opened_even_when_cut() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        gzip.write_all(b"<rss><channel/></rss>").unwrap();
        let packed = gzip.finish().unwrap();
        assert_eq!(to_text(&packed, None), "<rss><channel/></rss>");
        assert!(to_text(&packed[..packed.len() - 8], None).starts_with("<rss>"));
    }
}

//! Addresses: a URL, an e-mail address or a telephone number that no source has. A reader
//! who follows an invented one may land anywhere, so each must stand in a source.
//!
//! Compared without scheme, `www.`, case and a closing slash; telephone numbers by their
//! digits, with or without the country's code.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::{
    text::Span,
    verify::{
        Claim, Evidence, Finding, Kind, Reason, Report, Severity, Support, finding::quoted,
        read::Reading, sources::Library,
    },
};

/// What an address looks like: one with a scheme or `www.`, an e-mail address, a bare
/// domain in small letters with a path or a usual ending, and digits grouped as
/// telephones write them, with a plus, brackets or a leading zero.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<url>(?i:https?://|www\.)[^\s<>“”«»‘’\x22]+)",
        r"|(?P<mail>[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+)",
        r"|(?P<bare>\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|info|biz|edu|gov|io|app|dev|eu|uk|de|fr|es|kr|jp|cn|ru|ch|at|nl|se|no|dk|au|ca|us|example)(?:/[^\s<>“”«»‘’\x22]*)?)",
        r"|(?P<phone>(?:\+\d{1,3}[ \-./]?)?(?:\(0?\d{1,5}\)[ \-./]?|0\d{1,5}[ \-./])(?:\d{2,8}[ \-./]?){1,5}\d|\+\d{1,3}(?:[ \-./]?\d{2,5}){2,5}|\b\d{3}[\-.]\d{3}[\-.]\d{4}\b)",
    ))
    .expect("a literal pattern")
});

/// An address of a text.
struct Address {
    span: Span,
    /// What is compared.
    key: Key,
}

#[derive(Debug, PartialEq)]
enum Key {
    /// In small letters, without scheme, `www.` and what closes a sentence.
    Web(String),
    /// Digits without the leading zeros.
    Phone(String),
}

/// The addresses of a text, in order.
fn addresses(text: &str) -> Vec<Address> {
    found(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let before = text[..whole.start()].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '@') {
                return None;
            }
            let written = trimmed(whole.as_str());
            let span = Span::new(whole.start(), whole.start() + written.len());
            let key = if found.name("phone").is_some() {
                let digits = digits(written);
                // Shorter numbers are sums, scores and years; longer ones are none at all.
                if !(7..=15).contains(&digits.len()) || is_date(written) {
                    return None;
                }
                Key::Phone(digits)
            } else {
                Key::Web(web(written))
            };
            Some(Address { span, key })
        })
        .collect()
}

/// The first place at `from` or after it that has what no address goes without: an at
/// sign, a scheme, `www.`, a full stop before small letters, or digits grouped as
/// telephones write them. Between it and the beginning of its address stands no white
/// space. Most texts have few such places, and they are far cheaper to see than what
/// [`ADDRESS`] asks. A byte beyond ASCII may belong to a digit of another script.
fn sign(text: &[u8], from: usize) -> Option<usize> {
    let at = |at: usize| text.get(at).copied().unwrap_or(b' ');
    let is_digit = |byte: u8| byte.is_ascii_digit() || !byte.is_ascii();
    let groups = |byte: u8| matches!(byte, b' ' | b'-' | b'.' | b'/');
    // No group of a telephone number has more bytes.
    let digits = |from: usize| {
        let digits = text[from..].iter().take_while(|byte| is_digit(**byte));
        digits.take(24)
    };
    let is_sign = |nth: &usize| match text[*nth] {
        b'@' => true,
        b':' => at(nth + 1) == b'/' && at(nth + 2) == b'/',
        mark @ (b'.' | b'-') => {
            let ends_a_name = at(nth + 1).is_ascii_lowercase() && at(nth + 2).is_ascii_lowercase();
            let of_three = |mut digits: std::ops::Range<usize>| digits.all(|nth| is_digit(at(nth)));
            let before = nth.checked_sub(1).map_or(b' ', at);
            mark == b'.' && (ends_a_name || before.eq_ignore_ascii_case(&b'w'))
                || *nth >= 3 && of_three(nth - 3..*nth) && of_three(nth + 1..nth + 4)
        }
        b'+' => is_digit(at(nth + 1)),
        b'(' => {
            let end = nth + 1 + digits(nth + 1).count();
            let behind = end + 1 + usize::from(groups(at(end + 1)));
            end > nth + 1 && at(end) == b')' && is_digit(at(behind))
        }
        b'0' => {
            let end = nth + 1 + digits(nth + 1).count();
            end > nth + 1 && groups(at(end)) && is_digit(at(end + 1))
        }
        _ => false,
    };
    (from..text.len()).find(is_sign)
}

/// What looks like an address, in order. The pattern is shown a word with a [`sign`] and
/// what a telephone number may have behind it. Of what goes on without a blank, such as
/// `a.com%a.com%…`, it reads all that is left before it says that this is no e-mail
/// address; so of a long word it is shown a part at a time.
fn found(text: &str) -> impl Iterator<Item = Captures<'_>> {
    // Few addresses are longer; for those a longer part is shown.
    const PART: usize = 500;
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(sign) = sign(text.as_bytes(), at) {
            let word = text[at..sign].rfind(char::is_whitespace);
            at += word.unwrap_or(0);
            let behind = &text[sign..text.floor_char_boundary(sign + PART)];
            let word = behind.find(char::is_whitespace);
            let word_end = sign + word.unwrap_or(behind.len());
            let mut part = PART;
            loop {
                // What begins near the end of the part may go on behind it.
                let near = text.floor_char_boundary(word_end.min(at + part));
                let end = text.floor_char_boundary(near + part);
                let found = ADDRESS.captures_at(&text[..end], at);
                let whole = found.as_ref().and_then(|found| found.get(0));
                match whole.filter(|whole| whole.start() < near) {
                    Some(whole) if end < text.len() && whole.end() == end => part *= 2,
                    Some(whole) => {
                        at = whole.end();
                        return found;
                    }
                    None => {
                        at = near;
                        break;
                    }
                }
            }
        }
        None
    })
}

/// Without the marks that close a sentence or a bracket around the address.
fn trimmed(written: &str) -> &str {
    let mut rest = written;
    let opened = written.matches('(').count();
    let mut closed = written.matches(')').count();
    loop {
        let shorter = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '…']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if opened < closed => {
                closed -= 1;
                inner
            }
            _ => shorter,
        };
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

fn web(written: &str) -> String {
    let small = written.to_lowercase();
    let rest = small
        .strip_prefix("https://")
        .or_else(|| small.strip_prefix("http://"))
        .unwrap_or(&small);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches('/').to_owned()
}

fn digits(written: &str) -> String {
    // The zero in brackets stands for the country's code.
    let written = written.replace("(0)", "");
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// `05.11.2026` and `2026-01-05` look like telephone numbers.
fn is_date(written: &str) -> bool {
    let parts: Vec<&str> = written.split(['.', '-', '/']).collect();
    parts.len() == 3 && parts.iter().any(|part| part.len() == 4) && written.len() <= 10
}

impl Key {
    /// Whether a reader who has `theirs` reaches the same place.
    fn is(&self, theirs: &Key) -> bool {
        match (self, theirs) {
            (Key::Web(ours), Key::Web(theirs)) => {
                // A source's longer address names its site.
                theirs == ours
                    || theirs
                        .strip_prefix(ours.as_str())
                        .is_some_and(|rest| rest.starts_with(['/', '?', '#']))
                    || theirs
                        .strip_suffix(ours.as_str())
                        .is_some_and(|rest| rest.ends_with('@'))
            }
            // One may have the country's code, the other not.
            (Key::Phone(ours), Key::Phone(theirs)) => {
                let (long, short) = if ours.len() > theirs.len() {
                    (ours, theirs)
                } else {
                    (theirs, ours)
                };
                long.ends_with(short.as_str()) && long.len() - short.len() <= 3
            }
            _ => false,
        }
    }
}

/// Holds the addresses of the text against the sources, and says which tokens they take.
pub(in crate::verify) fn check(
    reading: &Reading<'_>,
    library: &Library<'_>,
    taken: &mut [bool],
    report: &mut Report,
) {
    let ours = addresses(reading.text);
    if ours.is_empty() {
        return;
    }
    let theirs: Vec<(usize, Address)> = library
        .docs
        .iter()
        .enumerate()
        .flat_map(|(doc, entry)| {
            let found = addresses(entry.reading.text);
            found.into_iter().map(move |address| (doc, address))
        })
        .collect();
    for address in ours {
        let from = reading
            .tokens
            .partition_point(|token| token.span.end <= address.span.start);
        let inside = reading.tokens[from..]
            .iter()
            .take_while(|token| token.span.start < address.span.end)
            .count();
        if taken[from..from + inside].contains(&true) {
            continue;
        }
        taken[from..from + inside].fill(true);
        let evidence = library
            .work
            .share(&theirs)
            .iter()
            .find(|(_, known)| address.key.is(&known.key))
            .map(|(doc, known)| library.evidence_at(*doc, known.span))
            .or_else(|| named(&address, library));
        if evidence.is_none() {
            let words = address.span.of(reading.text);
            report.findings.push(Finding {
                kind: Kind::Address,
                reason: Reason::AddressNotFound,
                severity: Severity::Error,
                span: address.span,
                message: format!("No source has the address {}.", quoted(words)),
                closest: nearest(&address, &theirs, library),
            });
        }
        report.claims.push(Claim {
            kind: Kind::Address,
            span: address.span,
            support: match evidence {
                Some(_) => Support::Supported,
                None => Support::Unsupported,
            },
            evidence,
        });
    }
}

/// A bare domain that is a firm's name: "booking.com" rests on "Booking".
fn named(address: &Address, library: &Library<'_>) -> Option<Evidence> {
    let Key::Web(key) = &address.key else {
        return None;
    };
    let (name, rest) = key.split_once('.')?;
    if rest.contains(['/', '@', '?']) || key.contains('@') {
        return None;
    }
    let place = library.places(name).first()?;
    Some(library.evidence(place.doc, place.token, place.token))
}

/// The address of a source that shares most of its beginning, or the only one there is.
fn nearest(
    address: &Address,
    theirs: &[(usize, Address)],
    library: &Library<'_>,
) -> Option<Evidence> {
    let shared = |key: &Key| match (&address.key, key) {
        (Key::Web(a), Key::Web(b)) | (Key::Phone(a), Key::Phone(b)) => {
            a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
        }
        _ => 0,
    };
    let (doc, best) = library
        .work
        .share(theirs)
        .iter()
        .filter(|(_, known)| shared(&known.key) >= 3)
        .max_by_key(|(_, known)| shared(&known.key))?;
    Some(library.evidence_at(*doc, best.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_and_long_addresses_are_read_whole() {
        let long = format!("https://harbour.example/{}", "a/".repeat(3_000));
        for before in 0..1_200 {
            let text = format!("{} on harbour.example/pier now. ", "x ".repeat(before));
            let text = text.repeat(3) + &long;
            let found: Vec<_> = addresses(&text).iter().map(|a| a.span.of(&text)).collect();
            let short = "harbour.example/pier";
            assert_eq!(found, [short, short, short, long.as_str()], "{before}");
        }
    }

    #[test]
    fn addresses_are_told_from_sums_scores_and_dates() {
        for (text, expected) in [
            (
                "See https://harbour.example/a?b=1.",
                "https://harbour.example/a?b=1",
            ),
            ("(www.Harbour.example)", "www.Harbour.example"),
            (
                "write to desk@harbour.example, please",
                "desk@harbour.example",
            ),
            ("on harbour-post.com now", "harbour-post.com"),
            (
                "call 020 7946 0018 or +44 20 7946 0018",
                "020 7946 0018|+44 20 7946 0018",
            ),
            ("ring (020) 7946-0018", "(020) 7946-0018"),
            ("ring 555-010-4477", "555-010-4477"),
            ("the end.The next, e.g. 3.5", ""),
            ("on 05.11.2026 and 2026-01-05", ""),
            ("from 1939-1945, 10-12 and 1.500.000", ""),
            ("won 6-3 6-4 7-5", ""),
        ] {
            let found: Vec<_> = addresses(text).iter().map(|a| a.span.of(text)).collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }
}

//! Who said a quotation of a Korean text.
//!
//! Korean sets the speaker before the quotation, name first, then title and particle
//! (`김영수 시장은`), and the verb after it (`"…"라고 말했다`).

use super::{
    Speaker,
    speaker::{Named, Said},
    tables::{KOREAN_TITLES, KOREAN_VERBS},
};
use crate::text::Span;

/// Particles of a subject, longest first.
const PARTICLES: &[&str] = &["께서는", "께서", "은", "는", "이", "가", "도"];

/// The speaker of a quotation that stands between these two texts of its block; his place
/// is one in `before`.
pub(super) fn said(before: &str, after: &str) -> Said {
    if !reports(after) {
        return Said::Nobody;
    }
    let sentence = before
        .rsplit(['.', '!', '?', '\n', '”', '"'])
        .next()
        .unwrap_or(before);
    let tokens: Vec<&str> = sentence.split_whitespace().collect();
    // All tokens are slices of `before`, so that their place in it can be computed.
    let place = |token: &str| token.as_ptr().addr() - before.as_ptr().addr();
    let mut speakers = tokens.iter().enumerate().filter_map(|(at, token)| {
        let (speaker, first) = subject(&tokens[..at], token)?;
        let at = Span::new(place(first), place(token) + token.len());
        Some(Named { speaker, at })
    });
    match (speakers.next(), speakers.next()) {
        (Some(named), None) => Said::By(named),
        (None, None) if tokens.iter().any(|t| matches!(*t, "그는" | "그녀는")) => {
            Said::ByPronoun
        }
        _ => Said::Nobody,
    }
}

/// Whether what follows the closing mark is `라고 … 말했다` or the like, in one sentence.
fn reports(after: &str) -> bool {
    let sentence = after.split(['.', '\n']).next().unwrap_or(after);
    let quoted = [
        "라고",
        "이라고",
        "고",
        "라며",
        "이라며",
        "며",
        "면서",
        "라면서",
    ]
    .iter()
    .any(|particle| sentence.starts_with(particle));
    quoted
        && sentence
            .split_whitespace()
            .any(|token| KOREAN_VERBS.contains(&token.trim_end_matches(',')))
}

/// The speaker whom this token makes the subject, and the token that begins the name: a
/// title with a particle, its name in it or right before it.
fn subject<'a>(before: &[&'a str], token: &'a str) -> Option<(Speaker, &'a str)> {
    let stem = PARTICLES.iter().find_map(|p| token.strip_suffix(p))?;
    let title = KOREAN_TITLES.iter().find(|title| stem.ends_with(*title))?;
    let inside = stem.strip_suffix(title)?;
    let (name, role, first) = match before.last() {
        // `김영수 서울시장은`
        Some(name) if is_name(name) => (*name, stem, *name),
        // `김영수시장은`, `김영수씨는`
        _ if is_name(inside) => (inside, *title, token),
        _ => return None,
    };
    let speaker = Speaker {
        name: name.to_owned(),
        role: (role != "씨").then(|| role.to_owned()),
    };
    Some((speaker, first))
}

/// Whether the word can be a full name: three syllables, as nearly all have. Two or four
/// are as likely to be another noun.
fn is_name(word: &str) -> bool {
    word.chars().count() == 3 && word.chars().all(|c| matches!(c, '\u{AC00}'..='\u{D7A3}'))
}

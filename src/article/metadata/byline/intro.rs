//! What a byline begins with: "By …", "Von …", "Text: …".

use super::names;
use crate::article::content::words;

/// Whether the line begins like a byline ("By …", "Von …").
pub(crate) fn has_intro(line: &str) -> bool {
    after_intro(line).is_some()
}

/// Whether the first two characters are those of an introduction, which few lines begin
/// with. Others than of ASCII may change their length in lower case, and are not judged.
fn may_begin_intro(line: &str) -> bool {
    let &[first, second, ..] = line.as_bytes() else {
        return true;
    };
    if !first.is_ascii() || !second.is_ascii() {
        return true;
    }
    let (first, second) = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
    let start = names::BYLINE_INTROS.partition_point(|intro| intro.as_bytes()[0] < first);
    names::BYLINE_INTROS[start..]
        .iter()
        .map(|intro| intro.as_bytes())
        .take_while(|intro| intro[0] == first)
        .any(|intro| intro.get(1).is_none_or(|byte| *byte == second))
}

/// What follows "By", "Von", "Text:" and the like at the start of the line, if it
/// starts so.
pub(crate) fn after_intro(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | '•' | '·' | '/' | '(' | '*')
    });
    if !may_begin_intro(line) {
        return None;
    }
    let mut lower = String::with_capacity(48);
    // Lower case may have another length than what was written.
    let mut ends = Vec::with_capacity(48);
    for (at, c) in line.char_indices().take(28) {
        lower.extend(c.to_lowercase());
        ends.push((lower.len(), at + c.len_utf8()));
    }
    // Of the sorted list only what begins with the same byte.
    let first = *lower.as_bytes().first()?;
    let start = names::BYLINE_INTROS.partition_point(|intro| intro.as_bytes()[0] < first);
    let end = names::BYLINE_INTROS.partition_point(|intro| intro.as_bytes()[0] <= first);
    // The longest comes last.
    let intros = names::BYLINE_INTROS[start..end].iter().rev();
    let (rest, common) = intros.copied().find_map(|intro| {
        if !lower.starts_with(intro) {
            return None;
        }
        let (_, at) = *ends.iter().find(|(end, _)| *end == intro.len())?;
        let rest = &line[at..];
        let closed = intro.ends_with([':', '/'])
            || rest.is_empty()
            || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '\u{FF1A}' | '|'));
        closed.then(|| (rest, words::has(names::COMMON_INTROS, intro)))
    })?;
    let named = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '\u{FF1A}' | '|' | '-' | '–' | '—')
    });
    let labelled = named.len() < rest.len() && rest.trim_start().starts_with([':', '\u{FF1A}']);
    // "De Wet" is a name, "De Ada Moss" is a byline; "De nouvelles mesures" is neither.
    let fits = !common
        || labelled
        || named.is_empty()
        || named.contains(' ')
            && named.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    fits.then_some(named)
}

/// The words with their places.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let start = at;
        // Any white space may have ended the word.
        at += word.len()
            + text[at + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_by_someone_is_told_from_one_about_something() {
        assert!(has_intro("By Ada Moss"));
        assert!(!has_intro("Bystanders watched"));
        assert_eq!(after_intro("De Ada Moss"), Some("Ada Moss"));
        assert_eq!(after_intro("De nouvelles mesures"), None);
    }
}

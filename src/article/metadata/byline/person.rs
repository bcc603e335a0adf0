//! One part of a byline becomes one person's name, or nothing.
//!
//! Judges by how it is written: where a script has capitals, a name uses them. Splitting
//! a byline into its parts is the business of `people`.

use crate::article::content::words;
use crate::article::metadata::{
    byline::desks,
    byline::intro::{after_intro, words_of},
    byline::names,
    when::months,
};

/// Roles that stand before a name without a space. Sorted.
const LEADING_ROLES: [&str; 5] = ["本报记者", "记者", "記者", "通讯员", "특파원 "];
/// Roles that follow a name without a comma. Sorted.
const TRAILING_ROLES: [&str; 7] = ["さん", "氏", "記者", "记者", "기자", "앵커", "특파원"];

/// The part as a name, if it is one.
pub(crate) fn name(part: &str) -> Option<String> {
    let mut part = part.trim_start_matches('.').trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '"' | '“' | '”' | '*' | '-' | '«' | '»' | '…')
    });
    if let Some(named) = after_intro(part) {
        part = named;
    }
    for role in LEADING_ROLES {
        part = part.strip_prefix(role).unwrap_or(part).trim_start();
    }
    for role in TRAILING_ROLES {
        part = part.strip_suffix(role).unwrap_or(part).trim_end();
    }
    let wrong = part.contains([
        '@', '<', '>', '{', '}', '#', '=', '?', '!', '…', ':', '\u{FF1A}', '_', '\\', '"', '“',
        '„', '«', '%', '$', '©',
    ]) || part.chars().count() < 2;
    if wrong {
        return None;
    }
    let mut all: Vec<&str> = part.split_whitespace().take(12).collect();
    let count = all.len();
    // What follows a number is a date.
    if let Some(at) = all
        .iter()
        .position(|word| word.contains(|c: char| c.is_numeric()))
    {
        if let [account] = all[..]
            && account
                .trim_end_matches(char::is_numeric)
                .chars()
                .all(char::is_alphabetic)
            && account
                .find(char::is_numeric)
                .is_some_and(|at| at >= 3 && account.len() - at <= 4)
        {
            return Some(account.to_owned());
        }
        all.truncate(at);
        while all
            .last()
            .is_some_and(|word| word.starts_with(char::is_lowercase))
        {
            all.pop();
        }
        if all.is_empty() {
            return None;
        }
    }
    let mut lower: Vec<String> = all
        .iter()
        .map(|word| word.trim_matches(['.', '\'', '’']).to_lowercase())
        .collect();
    let is_day =
        |word: &String| months::number(word).is_some() || words::has(names::WEEKDAYS, word);
    // Before a number, a month or a day of the week is no name.
    let least = if all.len() < count { 1 } else { 2 };
    while lower.len() > least && lower.last().is_some_and(is_day) {
        lower.pop();
    }
    let is_job = |word: &String| {
        words::has(desks::JOBS, word)
            || desks::JOB_ENDS.iter().any(|end| word.ends_with(end))
            || word
                .rsplit_once('-')
                .is_some_and(|(_, end)| words::has(desks::JOBS, end))
    };
    let first = lower.iter().position(|word| !is_job(word))?;
    let first = if lower.len() - first >= 2 { first } else { 0 };
    let end = (first..lower.len())
        .find(|&at| is_job(&lower[at]))
        .unwrap_or(lower.len());
    if end - first < 2 && (end < lower.len() || first > 0) {
        return None;
    }
    let (lower, all) = (&lower[first..end], &all[first..end]);
    let whole = lower.join(" ");
    let wrong = whole.starts_with("http")
        || whole.contains("www.")
        || looks_like_domain(&whole)
        || words::has(desks::AGENCIES, &whole)
        || lower.iter().any(|word| {
            words::has(desks::ROLES, word)
                || word.contains('-')
                    && word.split('-').any(|piece| words::has(desks::ROLES, piece))
        })
        || lower.iter().all(is_day);
    (!wrong && reads_as_name(all, lower)).then(|| spelled(all))
}

/// Whether the words are written like a name's: where a script has capitals, a name
/// uses them and only particles are small; two small words may be a name too.
fn reads_as_name(all: &[&str], lower: &[String]) -> bool {
    let length: usize = all.iter().map(|word| word.chars().count()).sum();
    if all.is_empty() || all.len() > 5 || !(2..=46).contains(&length) {
        return false;
    }
    let is_small = |word: &&str| {
        word.trim_start_matches(['\'', '’', 'ʼ'])
            .starts_with(char::is_lowercase)
    };
    let dense = all.iter().any(|word| word.contains(is_dense));
    if dense && length > 14 {
        return false;
    }
    // "Five thoughts on a cup" may be small in the middle too.
    let joined = all.iter().any(|word| matches!(*word, "zu" | "zum" | "zur"));
    if joined && all.len() > 3
        || all.len() == 2 && words::has(names::PARTICLES, all[0])
        || words::has(names::ARTICLES, &lower[0])
    {
        return false;
    }
    if all.iter().all(is_small) {
        return all.len() <= 2
            && lower
                .iter()
                .all(|word| word.len() >= 3 && !words::has(names::PARTICLES, word));
    }
    all.iter().zip(lower).all(|(word, lower)| {
        let particle = words::has(names::PARTICLES, lower) || words::has(names::PARTICLES, word);
        let joined = word.contains(['\'', '’', '-']) && word.contains(char::is_uppercase);
        let letters = word.contains(char::is_alphabetic);
        letters && (!is_small(word) || particle || joined)
    }) && all
        .last()
        .is_some_and(|word| !is_small(word) || word.contains(char::is_uppercase))
}

/// Letters of scripts without spaces, in which a sentence would pass for one word.
fn is_dense(c: char) -> bool {
    matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF)
}

/// The words joined; a name in capitals, which typesetters like, as it is written elsewhere.
fn spelled(all: &[&str]) -> String {
    let mut name = all.join(" ");
    let initial = |word: &str| word.chars().count() == 2 || matches!(word, "Jr." | "Sr.");
    let shouts = all.len() > 1
        && !name.contains(char::is_lowercase)
        && all.iter().any(|word| word.chars().count() > 3);
    if shouts {
        let mut inside = false;
        name = name
            .chars()
            .flat_map(|c| {
                let small = inside;
                inside = c.is_alphabetic();
                let lower = small.then(|| c.to_lowercase());
                let same = (!small).then_some(c);
                lower.into_iter().flatten().chain(same)
            })
            .collect();
    }
    if !all.last().is_some_and(|word| initial(word)) {
        name.truncate(name.trim_end_matches('.').len());
    }
    name
}

fn looks_like_domain(lower: &str) -> bool {
    !lower.contains(' ')
        && lower
            .rsplit_once('.')
            .is_some_and(|(name, end)| !name.is_empty() && (2..=4).contains(&end.len()))
}

/// Whether it is plainly a name: two words with capitals, or a script without capitals.
pub(crate) fn is_full(name: &str) -> bool {
    let mut capitals = 0;
    for word in name.split([' ', '-']) {
        match word.chars().next() {
            Some(c) if c.is_uppercase() => capitals += 1,
            Some(c) if c.is_alphabetic() && !c.is_lowercase() => return name.chars().count() >= 2,
            _ => {}
        }
    }
    capitals >= 2 && name.contains(' ')
}

/// The name without degrees.
pub(crate) fn bare(name: &str) -> &str {
    name.split(',').next().unwrap_or(name)
}

/// The name that `text` begins with: its first words with capitals.
pub(crate) fn leading(text: &str) -> Option<String> {
    let mut end = 0;
    for (at, word) in words_of(text).take(5) {
        let particle = words::has(names::PARTICLES, word);
        if !particle && word.starts_with(|c: char| c.is_lowercase() || !c.is_alphabetic()) {
            break;
        }
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']);
        end = at + bare.len();
        // A stop after an initial is a part of the name.
        if bare.len() < word.len() && bare.chars().count() > 2 {
            break;
        }
    }
    name(&text[..end]).filter(|name| is_full(name))
}

/// The part, if it is a degree or two.
pub(crate) fn degree(part: &str) -> Option<&str> {
    let part = part.trim().trim_end_matches('®');
    let mut words = 0;
    for word in part.split_whitespace() {
        let plain: String = word
            .chars()
            .filter(|c| !matches!(c, '.' | '®' | '™' | '-'))
            .collect::<String>()
            .to_lowercase();
        if !words::has(names::DEGREES, &plain) {
            return None;
        }
        words += 1;
    }
    (1..=3).contains(&words).then_some(part)
}

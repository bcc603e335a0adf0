//! Which words of a text are denied: what a "not", "never" or "no" governs, and what
//! stands so near such a word, or one like "refused", that it cannot be told.
//!
//! The words are data: `words/negation.txt`, by language.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use super::{
    Reading,
    roots::lemma,
    tokens::{Token, TokenKind},
};

/// Whether a word is denied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::verify) enum Denial {
    /// Nothing near denies anything.
    #[default]
    None,
    /// Something near denies, this word or another.
    Near,
    /// A "not" before it governs it: the place of that word among the tokens.
    By {
        /// Of the "not".
        cue: u32,
    },
    /// It is itself a word that denies, or may.
    Denies,
}

/// How a word denies by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Cue {
    /// As "not" does.
    Not,
    /// As "failed" does when a "to" follows.
    To,
    /// It may deny what stands near.
    Like,
}

/// The words of one language.
#[derive(Debug, Default)]
struct Words {
    not: HashSet<&'static str>,
    /// How others deny, by their roots.
    roots: HashMap<String, Cue>,
    only: HashSet<&'static str>,
    clause: HashSet<&'static str>,
    untold: HashSet<String>,
}

/// The language of a tag that the words are known of; English where there is no tag.
pub(in crate::verify) fn known_language(tag: Option<&str>) -> Option<&'static str> {
    let tag = tag.unwrap_or("en").to_ascii_lowercase();
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    WORDS.get_key_value(primary).map(|(key, _)| *key)
}

/// The language of denial that a text and its sources share, by their tags; none where they
/// are in two, or in one whose words are not known.
pub(in crate::verify) fn shared_language(
    ours: Option<&str>,
    theirs: Option<&str>,
) -> Option<&'static str> {
    known_language(ours).filter(|ours| known_language(theirs) == Some(*ours))
}

/// How a folded word with a root denies in the language of a tag.
pub(in crate::verify) fn cues(tag: Option<&str>) -> impl Fn(&str, &str) -> Option<Cue> + use<> {
    let words = known_language(tag).and_then(|key| WORDS.get(key));
    move |word, root| {
        let words = words?;
        if words.not.contains(word) || word.len() > 3 && word.ends_with("n't") {
            return Some(Cue::Not);
        }
        words.roots.get(root).copied()
    }
}

/// Which folded words of a language deny the statement behind them, as "denied" does.
pub(in crate::verify) fn denies_a_clause(tag: Option<&str>) -> impl Fn(&str) -> bool + use<> {
    let words = known_language(tag).and_then(|key| WORDS.get(key));
    move |word| words.is_some_and(|words| words.clause.contains(word))
}

/// Whether each token of a text is denied; `cue` tells how each denies by itself.
pub(in crate::verify) fn denials(
    reading: &Reading<'_>,
    cue: impl Fn(usize) -> Option<Cue>,
) -> Vec<Denial> {
    // How far a word that denies makes others doubtful, in tokens.
    const AFTER: usize = 10;
    const BEFORE: usize = 4;
    const AFTER_THING: usize = 5;
    // A word like "refused" says nothing of what stands before it.
    const BEFORE_LIKE: usize = 1;
    let tokens = &reading.tokens;
    let mut of = vec![Denial::None; tokens.len()];
    let Some(words) = known_language(reading.language).and_then(|key| WORDS.get(key)) else {
        return of;
    };
    let mut cues = Vec::new();
    for at in 0..tokens.len() {
        let cue = cue(at).or_else(|| is_split(tokens, at).then_some(Cue::Not));
        let in_force = match cue {
            None => continue,
            Some(Cue::Not) => is_in_force(reading, at, words),
            Some(Cue::To) => tokens.get(at + 1).is_some_and(|next| next.folded == "to"),
            Some(Cue::Like) => false,
        };
        cues.push((at, in_force));
    }
    for (at, in_force) in &cues {
        let Some(sentence) = reading.sentence_of(*at).map(|nth| reading.sentences[nth]) else {
            continue;
        };
        // "Without" denies only the thing that follows.
        let is_thing = tokens[*at].folded == "without";
        let (before, after) = match in_force {
            true if is_thing => (BEFORE_LIKE, AFTER_THING),
            true => (BEFORE, AFTER),
            false => (BEFORE_LIKE, AFTER),
        };
        let from = at.saturating_sub(before).max(sentence.first);
        of[from..(at + after).min(sentence.end)].fill(Denial::Near);
    }
    for (at, in_force) in &cues {
        of[*at] = Denial::Denies;
        if *in_force {
            let cue = u32::try_from(*at).unwrap_or(u32::MAX);
            let governed = governed(reading, *at);
            let head = governed.first().map(|head| lemma(tokens[*head].stem()));
            if head.is_some_and(|head| words.untold.contains(head.as_ref())) {
                continue;
            }
            for governed in governed {
                if of[governed] == Denial::Near {
                    of[governed] = Denial::By { cue };
                }
            }
        }
    }
    of
}

/// Whether the token is the end of a contraction that a typesetter took apart, as in
/// "didn ’ t".
fn is_split(tokens: &[Token], at: usize) -> bool {
    if tokens[at].folded != "t" {
        return false;
    }
    let Some([word, mark]) = at.checked_sub(2).and_then(|from| tokens.get(from..at)) else {
        return false;
    };
    matches!(mark.kind, TokenKind::Quote(_)) && word.folded.ends_with('n')
}

/// Whether a "not" denies what follows: not so in "not only", "No 10", "no doubt",
/// "whether or not", nor where it ends its clause.
fn is_in_force(reading: &Reading<'_>, at: usize, words: &Words) -> bool {
    const IDIOMS: &[&str] = &["doubt", "less", "matter", "sooner", "wonder"];
    let tokens = &reading.tokens;
    let Some(next) = tokens.get(at + 1) else {
        return false;
    };
    let before = at
        .checked_sub(1)
        .map(|before| tokens[before].folded.as_str());
    let is_no = tokens[at].folded == "no";
    let is_numbered = next.kind == TokenKind::Digits || next.is_mark(".");
    let is_idiom = IDIOMS.contains(&next.folded.as_str());
    let mut coming = tokens[at + 1..].iter().take(2);
    let is_only = coming.any(|next| words.only.contains(next.folded.as_str()));
    let is_question = matches!(before, Some("or" | "if" | "why" | "-"));
    next.is_word() && !(is_no && (is_numbered || is_idiom) || is_only || is_question)
}

/// The content words that the "not" at `at` governs: the first few of its clause.
fn governed(reading: &Reading<'_>, at: usize) -> Vec<usize> {
    const MOST: usize = 3;
    const REACH: usize = 8;
    /// Words that begin another clause, sorted.
    const CLAUSES: &[&str] = &[
        "after", "although", "as", "because", "before", "but", "despite", "if", "since", "so",
        "than", "that", "though", "unless", "until", "when", "where", "which", "while", "who",
    ];
    /// Words between a "not" and what it denies, sorted.
    const BETWEEN: &[&str] = &[
        "actually",
        "currently",
        "directly",
        "ever",
        "fully",
        "immediately",
        "initially",
        "longer",
        "really",
        "simply",
        "yet",
    ];
    let mut found = Vec::new();
    for (next, token) in reading.tokens.iter().enumerate().skip(at + 1).take(REACH) {
        let breaks = match token.kind {
            TokenKind::Mark => !token.is_mark("-"),
            TokenKind::Quote(_) => false,
            _ => CLAUSES.binary_search(&token.folded.as_str()).is_ok(),
        };
        if breaks {
            break;
        }
        if token.is_content() && BETWEEN.binary_search(&token.folded.as_str()).is_err() {
            found.push(next);
            if found.len() == MOST {
                break;
            }
        }
    }
    found
}

static WORDS: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Words> = HashMap::default();
    let lines = include_str!("words/negation.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let Some((head, words)) = line.split_once(':') else {
            continue;
        };
        let Some((language, kind)) = head.split_once(' ') else {
            continue;
        };
        let entry = table.entry(language).or_default();
        let words = words.split_whitespace();
        match kind {
            "not" => entry.not.extend(words),
            "to" => entry
                .roots
                .extend(words.map(|word| (lemma(word).into_owned(), Cue::To))),
            "untold" => entry
                .untold
                .extend(words.map(|word| lemma(word).into_owned())),
            "only" => entry.only.extend(words),
            "clause" => entry.clause.extend(words),
            _ => words.for_each(|word| {
                let root = lemma(word).into_owned();
                entry.roots.entry(root).or_insert(Cue::Like);
            }),
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that a "not" governs.
    fn denied(text: &str) -> String {
        let reading = Reading::new(text, Some("en"), None);
        let cue = cues(Some("en"));
        let cue_of = |at: usize| {
            let token: &Token = &reading.tokens[at];
            cue(&token.folded, lemma(token.stem()).as_ref())
        };
        let denials = denials(&reading, cue_of);
        let denied = |at: &usize| matches!(denials[*at], Denial::By { .. });
        let denied = (0..reading.tokens.len()).filter(denied);
        let words: Vec<_> = denied.map(|at| reading.tokens[at].text.as_str()).collect();
        words.join(" ")
    }

    #[test]
    fn a_not_governs_what_follows_in_its_clause() {
        for (text, expected) in [
            ("The ferry did not sail, but the tram ran.", "sail"),
            ("The ferry hasn't sailed since May.", "sailed"),
            (
                "The captain failed to inspect the engine.",
                "inspect engine",
            ),
            (
                "The weed was not deemed a threat to swimmers here.",
                "deemed threat swimmers",
            ),
            ("No boats sank.", "boats sank"),
            ("The council is not alone in its protest.", ""),
            ("The council failed.", ""),
            ("Not only the ferry sailed.", ""),
            ("Pier No 4 reopened.", ""),
            ("It is no doubt the best pier.", ""),
            ("The council asked whether or not boats sank.", ""),
            ("The company did not explain the delay.", ""),
            ("The ferry sailed.", ""),
        ] {
            assert_eq!(denied(text), expected, "{text}");
        }
    }
}

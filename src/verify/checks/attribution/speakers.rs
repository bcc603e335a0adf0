//! Whether two names can be those of one speaker.

use crate::{
    article::quotation::{Speaker, is_title},
    verify::{
        read::{
            lexicon::{is_common, is_generic, is_particle, same_name},
            normal::fold,
        },
        sources::{Library, Place},
    },
};

/// What two names come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// One speaker.
    Same,
    /// Two.
    Different,
    /// It cannot be told.
    Unclear,
}

/// Compares the speaker of the checked text with one of a source.
pub(super) fn likeness(ours: &Speaker, theirs: &Speaker, library: &Library<'_>) -> Likeness {
    let (a, b) = (core(&ours.name), core(&theirs.name));
    match compare(&a, &b) {
        Likeness::Different => {}
        likeness => return likeness,
    }
    // A first name alone: "Tom" may be "Thomas Lind".
    let short = |one: &[String], other: &[String]| {
        one.len() == 1 && other.iter().any(|word| shares_beginning(&one[0], word))
    };
    if short(&a, &b) || short(&b, &a) {
        return Likeness::Unclear;
    }
    // An organisation speaks through someone whose role names it.
    let role_names = |role: Option<&String>, name: &[String]| {
        role.is_some_and(|role| core_of_role(role).iter().any(|word| name.contains(word)))
    };
    if role_names(theirs.role.as_ref(), &a)
        || role_names(ours.role.as_ref(), &b)
        || linked(&a, &b, library)
    {
        return Likeness::Unclear;
    }
    Likeness::Different
}

/// Compares the words of two names, without titles.
pub(super) fn compare(a: &[String], b: &[String]) -> Likeness {
    let (Some(last_a), Some(last_b)) = (a.last(), b.last()) else {
        return Likeness::Unclear;
    };
    let alike = |one: &String, other: &String| {
        one == other || same_name(one, true).any(|name| name == other) || spelled_alike(one, other)
    };
    let has = |name: &[String], word: &String| name.iter().any(|one| alike(one, word));
    if has(b, last_a) || has(a, last_b) || initials(a, b) || initials(b, a) {
        return Likeness::Same;
    }
    Likeness::Different
}

/// Whether a passage has this name: then who says what in it is less plain.
pub(super) fn is_in(name: &str, passage: &str) -> bool {
    let name = core(name);
    name.last().is_some_and(|last| {
        fold(passage)
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == last)
    })
}

/// The words of a name, folded: what stands after its last title, without particles.
pub(super) fn core(name: &str) -> Vec<String> {
    let words: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‑' | '–'))
        .map(|word| {
            let word = fold(word).replace(['.', '’'], "");
            word.strip_suffix("'s").unwrap_or(&word).to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let from = words[..words.len().saturating_sub(1)]
        .iter()
        .rposition(|word| is_title(word))
        .map_or(0, |at| at + 1);
    let core = &words[from..];
    // After "Mr" a surname follows, be it "Hill" or "King".
    let addressed = from
        .checked_sub(1)
        .is_some_and(|before| ADDRESSES.binary_search(&words[before].as_str()).is_ok());
    let says_nothing = |word: &String| is_title(word) || is_generic(word) || is_common(word);
    if !addressed && core.iter().all(says_nothing) {
        return Vec::new();
    }
    core.iter()
        .filter(|word| !is_particle(word))
        .cloned()
        .collect()
}

/// Words before a surname, folded and sorted.
const ADDRESSES: &[&str] = &[
    "dr",
    "frau",
    "herr",
    "lady",
    "lord",
    "madame",
    "miss",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "prof",
    "professor",
    "senor",
    "senora",
    "signora",
];

fn core_of_role(role: &str) -> Vec<String> {
    role.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| {
            let word = fold(word);
            word.trim_end_matches("'s").to_owned()
        })
        .filter(|word| !word.is_empty() && !is_common(word) && !is_particle(word))
        .collect()
}

/// Whether `short` is one word of the initials of `long`.
fn initials(short: &[String], long: &[String]) -> bool {
    let [word] = short else {
        return false;
    };
    long.len() > 1
        && word.chars().count() == long.len()
        && word
            .chars()
            .zip(long)
            .all(|(letter, word)| word.starts_with(letter))
}

/// Whether two words are spellings of one name, as names from other scripts have several.
fn spelled_alike(a: &str, b: &str) -> bool {
    const SHORTEST: usize = 6;
    const LONGEST: usize = 32;
    let fits = |word: &str| (SHORTEST..=LONGEST).contains(&word.chars().count());
    fits(a) && fits(b) && strsim::levenshtein(a, b) <= 2
}

fn shares_beginning(a: &str, b: &str) -> bool {
    const LETTERS: usize = 2;
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count() >= LETTERS
}

/// Whether a source sets the two names close together, as in "Ruiz of the Harbour
/// Office" or "Berg (Lind until 2019)", so that one may stand for the other.
fn linked(a: &[String], b: &[String], library: &Library<'_>) -> bool {
    const REACH: usize = 6;
    // A word that stands everywhere tells nothing, and costs most.
    const MOST: usize = 200;
    let (Some(a), Some(b)) = (a.last(), b.last()) else {
        return false;
    };
    let (there, other) = (library.places(a), library.places(b));
    if there.len() > MOST {
        return false;
    }
    there.iter().any(|place| {
        let from = Place {
            doc: place.doc,
            token: place.token.saturating_sub(REACH),
        };
        let at = other.partition_point(|p| (p.doc, p.token) < (from.doc, from.token));
        other.get(at).is_some_and(|near| {
            near.doc == place.doc
                && near.token <= place.token + REACH
                && library.sentence_of(*near) == library.sentence_of(*place)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_speaker_are_alike() {
        use Likeness::{Different, Same, Unclear};
        for (ours, theirs, expected) in [
            ("Mayor Ingrid Solberg", "Solberg", Same),
            ("Solberg", "Varnholt council leader Ingrid Solberg", Same),
            ("NHA", "Northern Harbour Authority", Same),
            ("Mr Hill", "Thomas Hill", Same),
            ("Ingrid Solberg", "Ingrid Lind", Different),
            ("Council CEO Lind", "Council CEO Ingrid Solberg", Different),
            ("Prime Minister", "Ingrid Solberg", Unclear),
            ("Zelensky", "Volodymyr Zelenskyy", Same),
        ] {
            assert_eq!(
                compare(&core(ours), &core(theirs)),
                expected,
                "{ours}, {theirs}"
            );
        }
        assert!(ADDRESSES.is_sorted());
    }
}

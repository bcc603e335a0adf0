//! The passage of a source that comes nearest to a quotation, word by word.
//!
//! Semi-global edit distance: the quotation is aligned as a whole with any stretch of
//! a source. Costs the product of the two lengths, so it is asked only for quotations
//! that no source has.

use foldhash::HashMap;

use super::stretch::Stretch;
use crate::verify::{read::tokens::Token, sources::Library};

/// The nearest passage, and what is different.
#[derive(Debug)]
pub(in crate::verify) struct Nearest {
    /// Where it stands.
    pub(in crate::verify) at: Stretch,
    /// The source's words from the first difference to the last.
    pub(in crate::verify) theirs: String,
    /// The quotation's words there.
    pub(in crate::verify) ours: String,
}

/// The passage that shares at least `SHARE` of `words`, if there is one.
pub(in crate::verify) fn nearest(words: &[&Token], library: &Library<'_>) -> Option<Nearest> {
    // Below this share, common words alone make two sentences look alike.
    const SHARE: f64 = 0.6;
    if words.len() < 2 {
        return None;
    }
    let mut best: Option<(usize, usize, usize, usize)> = None;
    for (doc, entry) in library.docs.iter().enumerate() {
        let theirs: Vec<usize> = (0..entry.reading.tokens.len())
            .filter(|at| entry.reading.tokens[*at].is_word())
            .collect();
        if !library.work.take(theirs.len() * words.len()) {
            break;
        }
        let (distance, start, end) = semi_global(words, &theirs, &entry.reading.tokens);
        if start < end && best.is_none_or(|(least, ..)| distance < least) {
            best = Some((distance, doc, theirs[start], theirs[end - 1]));
        }
    }
    let (distance, doc, first, last) = best?;
    if (words.len() as f64 - distance as f64) < SHARE * words.len() as f64 {
        return None;
    }
    let passage: Vec<&Token> = library.docs[doc].reading.tokens[first..=last]
        .iter()
        .filter(|token| token.is_word())
        .collect();
    let (ours, theirs) = difference(words, &passage);
    Some(Nearest {
        at: Stretch { doc, first, last },
        theirs,
        ours,
    })
}

/// The least distance of `ours` to any stretch of `theirs`, and that stretch.
fn semi_global(ours: &[&Token], theirs: &[usize], tokens: &[Token]) -> (usize, usize, usize) {
    // Which of our words, counted from 1, each of theirs is; 0 where it is none of them.
    let mut numbers: HashMap<&str, usize> = HashMap::default();
    let ours: Vec<usize> = ours
        .iter()
        .map(|word| {
            let next = numbers.len() + 1;
            *numbers.entry(&word.folded).or_insert(next)
        })
        .collect();
    let number = |at: &usize| numbers.get(tokens[*at].folded.as_str()).copied();
    let theirs: Vec<usize> = theirs
        .iter()
        .map(|at| number(at).unwrap_or_default())
        .collect();
    // row[j] = (distance, where the stretch began) for ours[..i] against …theirs[..j].
    let mut row: Vec<(usize, usize)> = (0..=theirs.len()).map(|j| (0, j)).collect();
    for (i, word) in ours.iter().enumerate() {
        let mut diagonal = row[0];
        let mut left = (i + 1, 0);
        row[0] = left;
        for (their, cell) in theirs.iter().zip(&mut row[1..]) {
            let above = *cell;
            left = (diagonal.0 + usize::from(their != word), diagonal.1)
                .min((above.0 + 1, above.1))
                .min((left.0 + 1, left.1));
            diagonal = above;
            *cell = left;
        }
    }
    let mut best = (usize::MAX, 0, 0);
    for (end, (distance, start)) in row.into_iter().enumerate() {
        // Of two ends as near, the later one shows what stands for the last words.
        if distance < best.0 || distance == best.0 && start == best.1 {
            best = (distance, start, end);
        }
    }
    best
}

/// The words of each side between the common beginning and the common end.
fn difference(ours: &[&Token], theirs: &[&Token]) -> (String, String) {
    let same = |(a, b): &(&&Token, &&Token)| a.folded == b.folded;
    let head = ours.iter().zip(theirs).take_while(same).count();
    let tail = ours[head..]
        .iter()
        .rev()
        .zip(theirs[head..].iter().rev())
        .take_while(same)
        .count();
    let words = |side: &[&Token]| {
        let side = &side[head..side.len() - tail];
        let words: Vec<_> = side.iter().map(|token| token.text.as_str()).collect();
        words.join(" ")
    };
    (words(ours), words(theirs))
}

//! A name exchanged beside a quotation: the words around it are the source's, word for
//! word, but for one name.

use super::speakers::{Likeness, compare, core};
use crate::{
    article::quotation::is_report,
    verify::{
        checks::stretch::Stretch,
        read::{
            Reading, calendar,
            lexicon::is_particle,
            quotations::Quotation,
            tokens::{Gap, Token, TokenKind},
        },
        sources::Library,
    },
};

/// The two names, each as first and last token.
pub(super) struct Exchanged {
    pub(super) ours: (usize, usize),
    pub(super) theirs: (usize, usize),
}

/// The name that was exchanged in the sentence of a quotation that the source has at
/// `stretch`; `titled` says that other words than names have capitals too.
pub(super) fn around(
    reading: &Reading<'_>,
    quotation: Quotation,
    stretch: Stretch,
    titled: bool,
    library: &Library<'_>,
) -> Option<Exchanged> {
    let source = &library.docs[stretch.doc].reading;
    let ours = Side::new(reading, quotation.first, quotation.last);
    let theirs = Side::new(source, stretch.first, stretch.last);
    [
        (&ours.after, &theirs.after, false),
        (&ours.before, &theirs.before, true),
    ]
    .into_iter()
    .find_map(|(ours, theirs, backwards)| {
        let frame = Frame {
            ours: (&reading.tokens, ours),
            theirs: (&source.tokens, theirs),
            titled,
        };
        frame.exchanged(backwards)
    })
    .filter(|_| ours.reports(&reading.tokens))
}

/// The words around a quotation in its sentence, as tokens, from the quotation outwards.
struct Side {
    before: Vec<usize>,
    after: Vec<usize>,
}

impl Side {
    fn new(reading: &Reading<'_>, first: usize, last: usize) -> Self {
        // Attributions are short; the bound keeps hostile text linear.
        const REACH: usize = 60;
        let tokens = &reading.tokens;
        let bounds = |token: usize| {
            let sentence = reading.sentence_of(token).map(|at| reading.sentences[at]);
            sentence.map_or((token, token + 1), |s| (s.first, s.end))
        };
        let (start, _) = bounds(first);
        let (_, end) = bounds(last);
        let word = |at: &usize| tokens[*at].is_word();
        Self {
            before: (start..first).rev().take(REACH).filter(word).collect(),
            after: (last + 1..end.max(last + 1))
                .take(REACH)
                .filter(word)
                .collect(),
        }
    }

    /// Whether a verb of speech stands here, or "according to".
    fn reports(&self, tokens: &[Token]) -> bool {
        self.before.iter().chain(&self.after).any(|at| {
            let token = &tokens[*at];
            !token.is_capitalised() && is_report(&token.text)
                || matches!(
                    token.folded.as_str(),
                    "according" | "laut" | "selon" | "segun"
                )
        })
    }
}

/// The words on one side of a quotation, in the text and in the source.
struct Frame<'a> {
    ours: (&'a [Token], &'a [usize]),
    theirs: (&'a [Token], &'a [usize]),
    /// Whether other words than names have capitals too.
    titled: bool,
}

impl Frame<'_> {
    fn exchanged(&self, backwards: bool) -> Option<Exchanged> {
        let (ours, theirs) = (self.ours.1, self.theirs.1);
        let word = |side: (&[Token], &[usize]), nth: usize| {
            side.1.get(nth).map(|at| side.0[*at].folded.clone())
        };
        let same = ours
            .iter()
            .zip(theirs)
            .take_while(|(a, b)| self.ours.0[**a].folded == self.theirs.0[**b].folded)
            .count();
        let (our_name, their_name) = (name(self.ours, same), name(self.theirs, same));
        if our_name == 0 || their_name == 0 {
            return None;
        }
        let (our_end, their_end) = (same + our_name, same + their_name);
        // Titles and first names before a surname may be the same.
        let mut tail = 0;
        while backwards
            && tail + 1 < our_name.min(their_name)
            && word(self.ours, our_end - 1 - tail) == word(self.theirs, their_end - 1 - tail)
        {
            tail += 1;
        }
        // The frame must go on alike, or end on both sides.
        let goes_on = word(self.ours, our_end) == word(self.theirs, their_end);
        let framed = same > 0 || our_end < ours.len();
        if !goes_on || !framed {
            return None;
        }
        let range = |side: &[usize], from: usize, to: usize| {
            let (a, b) = (side[from], side[to - 1]);
            if backwards { (b, a) } else { (a, b) }
        };
        let found = Exchanged {
            ours: range(ours, same, our_end - tail),
            theirs: range(theirs, same, their_end - tail),
        };
        let whole = |side: (&[Token], &[usize]), end: usize| {
            written(side.0, outline(side, same, end, backwards))
        };
        let a = core(&whole(self.ours, our_end - tail));
        let b = core(&whole(self.theirs, their_end - tail));
        let sure = !self.titled || a.len() > 1 && b.len() > 1;
        (sure && compare(&a, &b) == Likeness::Different).then_some(found)
    }
}

/// The tokens of a name from number `same` to `end`, with a title before it that both
/// sides have.
fn outline(
    (tokens, words): (&[Token], &[usize]),
    same: usize,
    end: usize,
    backwards: bool,
) -> (usize, usize) {
    if backwards {
        return (words[end - 1], words[same]);
    }
    let first = same
        .checked_sub(1)
        .filter(|before| tokens[words[*before]].is_capitalised())
        .unwrap_or(same);
    (words[first], words[end - 1])
}

fn written(tokens: &[Token], (first, last): (usize, usize)) -> String {
    let words: Vec<&str> = tokens[first..=last]
        .iter()
        .filter(|token| token.is_word())
        .map(|token| token.text.as_str())
        .collect();
    words.join(" ")
}

/// How many words from number `from` on make a name: words with capitals, particles
/// between them, and what a hyphen or an `@` ties to them.
fn name((tokens, words): (&[Token], &[usize]), from: usize) -> usize {
    const LONGEST: usize = 8;
    let named = |at: usize| {
        let token = &tokens[at];
        let tied = token.gap == Gap::None
            && at.checked_sub(1).is_some_and(|before| {
                tokens[before].is_mark("-") && tokens[before].gap == Gap::None
                    || tokens[before].is_mark("@")
            });
        token.is_capitalised()
            && calendar::weekday(token).is_none()
            && calendar::month(token).is_none()
            || tied
    };
    let particle = |at: usize| tokens[at].kind == TokenKind::Word && is_particle(&tokens[at].text);
    let mut length = 0;
    for (nth, at) in words.iter().enumerate().skip(from).take(LONGEST) {
        if named(*at) {
            length = nth + 1 - from;
        } else if length == 0 || !particle(*at) {
            break;
        }
    }
    length
}

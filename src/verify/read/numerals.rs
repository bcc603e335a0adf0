//! Numbers in words.

use super::{
    quantity::{Writing, equal},
    tokens::{Gap, Token, TokenKind},
    words::{Habit, Meaning, Words},
};

/// A number in words.
#[derive(Clone, Copy, Debug)]
pub(in crate::verify) struct Spelled {
    /// Its value.
    pub(in crate::verify) value: f64,
    /// The index of its last token.
    pub(in crate::verify) last: usize,
    /// Whether it is an ordinal.
    pub(in crate::verify) ordinal: bool,
    /// In words, implied, or vague.
    pub(in crate::verify) writing: Writing,
}

impl Spelled {
    fn new(value: f64, last: usize) -> Self {
        Self {
            value,
            last,
            ordinal: false,
            writing: Writing::Words,
        }
    }
}

/// Reads the number whose first word is the token at `at`.
pub(in crate::verify) fn spelled(tokens: &[Token], at: usize, words: &Words) -> Option<Spelled> {
    if words.has(Habit::Syllables) {
        return syllables(tokens, at, words);
    }
    let scale = |at: usize| {
        words.read_next(tokens, at, |meaning| match meaning {
            Meaning::Scale(by, _) => Some(by),
            _ => None,
        })
    };
    let article = |at: usize| words.is(tokens, at, Meaning::Article);
    if article(at) {
        // "A hundred", "a third of", "ein Drittel".
        if let Some((by, last)) = scale(at + 1) {
            // `a m` is no million.
            return (by < 1e3 || tokens[last].folded.len() > 2)
                .then(|| scaled(tokens, Spelled::new(by, last), words));
        }
        if let Some((parts, last)) = part(tokens, at + 1, words) {
            return Some(Spelled::new(1.0 / parts, last));
        }
        let (third, last) = ordinal(tokens, at + 1, words)?;
        let of = tokens
            .get(last + 1)
            .is_some_and(|token| token.folded == "of");
        return (of && third > 2.0).then(|| Spelled::new(1.0 / third, last));
    }
    if let Some((share, last)) = words.read(tokens, at, |meaning| match meaning {
        Meaning::Fraction(share) => Some(share),
        _ => None,
    }) {
        // "Half a million", "eine halbe Million".
        let (by, last) = scale(last + 1)
            .or_else(|| article(last + 1).then(|| scale(last + 2)).flatten())
            .unwrap_or((1.0, last));
        return Some(Spelled::new(share * by, last));
    }
    first_time(tokens, at, words)
        .or_else(|| cardinal(tokens, at, words))
        .or_else(|| unstated(tokens, at, words))
}

/// "First time" and the like, which claim more than an order.
fn first_time(tokens: &[Token], at: usize, words: &Words) -> Option<Spelled> {
    let ((), last) = words.read(tokens, at, |meaning| {
        (meaning == Meaning::FirstTime).then_some(())
    })?;
    Some(Spelled {
        ordinal: true,
        writing: Writing::First,
        ..Spelled::new(1.0, last)
    })
}

/// A word that implies a number, or an amount without one.
fn unstated(tokens: &[Token], at: usize, words: &Words) -> Option<Spelled> {
    let ((value, writing), last) = words.read(tokens, at, |meaning| match meaning {
        Meaning::Set(value) => Some((value, Writing::Implied)),
        Meaning::Vague(value) => Some((value, Writing::Vague)),
        _ => None,
    })?;
    Some(Spelled {
        writing,
        ..Spelled::new(value, last)
    })
}

/// Multiplies by the scales that follow: "a hundred thousand".
fn scaled(tokens: &[Token], mut spelled: Spelled, words: &Words) -> Spelled {
    while let Some((by, last)) =
        words.read_next(tokens, spelled.last + 1, |meaning| match meaning {
            Meaning::Scale(by, _) if by > 100.0 => Some(by),
            _ => None,
        })
    {
        spelled.value *= by;
        spelled.last = last;
    }
    spelled
}

fn ordinal(tokens: &[Token], at: usize, words: &Words) -> Option<(f64, usize)> {
    words.read_next(tokens, at, |meaning| match meaning {
        Meaning::Ordinal(value) => Some(value),
        _ => None,
    })
}

fn part(tokens: &[Token], at: usize, words: &Words) -> Option<(f64, usize)> {
    words.read_next(tokens, at, |meaning| match meaning {
        Meaning::Part(parts) => Some(parts),
        _ => None,
    })
}

/// A number of units, tens, hundreds and scales.
fn cardinal(tokens: &[Token], at: usize, words: &Words) -> Option<Spelled> {
    let (mut total, mut current): (f64, f64) = (0.0, 0.0);
    // What may follow: below this value another word adds to the current group.
    let mut room = 1000.0;
    let mut largest: f64 = 0.0;
    let mut end = at;
    let mut read: Option<usize> = None;
    while let Some(token) = tokens.get(end) {
        if end > at && token.gap > Gap::Blank {
            break;
        }
        let started = read.is_some();
        let number = words
            .read(tokens, end, |meaning| match meaning {
                Meaning::Number(value) => Some(value),
                _ => None,
            })
            .or_else(|| Some((words.compound(token.stem())?, end)));
        let last =
            if let Some((value, last)) = number.filter(|(value, _)| *value < room || !started) {
                current += value;
                room = if value >= 100.0 {
                    100.0
                } else if value >= 20.0 && value % 10.0 == 0.0 {
                    10.0
                } else {
                    0.0
                };
                last
            } else if let Some((parts, last)) = part(tokens, end, words)
                && started
                && current < 20.0
                && total == 0.0
            {
                // "Two thirds", "three-quarters".
                return Some(Spelled::new(current / parts, last));
            } else if let Some((value, last)) = ordinal(tokens, end, words)
                && (value < room || !started)
            {
                return Some(Spelled {
                    ordinal: true,
                    ..Spelled::new(total + current + value, last)
                });
            } else if let Some(((by, _), last)) = words
                .read(tokens, end, |meaning| match meaning {
                    Meaning::Scale(by, bare) => Some((by, bare)),
                    _ => None,
                })
                .filter(|((_, bare), _)| started || *bare)
            {
                if by < 1000.0 && current < 100.0 {
                    current = current.max(1.0) * by;
                    room = if equal(by, 100.0) { 100.0 } else { 0.0 };
                } else if by < 1000.0 {
                    break;
                } else if by > largest && total > 0.0 {
                    // "Mil millones".
                    total = (total + current) * by;
                    (current, room, largest) = (0.0, 1000.0, by);
                } else {
                    total += current.max(1.0) * by;
                    (current, room, largest) = (0.0, 1000.0, by);
                }
                last
            } else if let Some((more, last)) = words
                .read(tokens, end, |meaning| match meaning {
                    Meaning::Addition(more) => Some(more),
                    _ => None,
                })
                .filter(|_| started)
            {
                current += more;
                room = 0.0;
                last
            } else {
                break;
            };
        read = Some(last);
        end = last + 1;
        if joined(tokens, end, room, words) {
            end += 1;
        }
    }
    read.map(|last| Spelled::new(total + current, last))
}

/// Whether the token at `at` is a hyphen or an "and" that holds two number words together.
fn joined(tokens: &[Token], at: usize, room: f64, words: &Words) -> bool {
    let Some(token) = tokens.get(at).filter(|token| token.gap <= Gap::Blank) else {
        return false;
    };
    let hyphen = token.is_mark("-") && token.gap == Gap::None;
    let holds = hyphen && (room > 0.0 || part(tokens, at + 1, words).is_some())
        || equal(room, 100.0) && words.is(tokens, at, Meaning::Join(true))
        || equal(room, 10.0) && words.is(tokens, at, Meaning::Join(false));
    holds
        && words
            .read_next(tokens, at + 1, |meaning| match meaning {
                Meaning::Number(_)
                | Meaning::Ordinal(_)
                | Meaning::Part(_)
                | Meaning::Scale(..) => Some(()),
                _ => None,
            })
            .is_some()
}

/// A Korean number in words: at the beginning of a word, with a counter or unit behind.
fn syllables(tokens: &[Token], at: usize, words: &Words) -> Option<Spelled> {
    if !words.begins_word(tokens, at) || tokens[at].kind != TokenKind::Word {
        return None;
    }
    if let Some((spelled, last)) = words.read(tokens, at, |meaning| match meaning {
        Meaning::Ordinal(value) => Some((value, true)),
        Meaning::Fraction(value) => Some((value, false)),
        _ => None,
    }) {
        let (value, ordinal) = spelled;
        return Some(Spelled {
            ordinal,
            ..Spelled::new(value, last)
        });
    }
    // Three sums that grow: below ten, below ten thousand, and the whole.
    let (mut total, mut group, mut digit): (f64, f64, f64) = (0.0, 0.0, 0.0);
    let (mut end, mut last, mut alone) = (at, None, true);
    while end == at || tokens.get(end).is_some_and(|token| token.gap == Gap::None) {
        let Some((meaning, to)) = words.read(tokens, end, |meaning| match meaning {
            Meaning::Number(_) | Meaning::Digit(_) => Some(meaning),
            // "조" is a syllable of too many words.
            Meaning::Scale(by, _) if by < 1e12 => Some(meaning),
            _ => None,
        }) else {
            break;
        };
        match meaning {
            Meaning::Scale(by, _) => {
                alone = false;
                if by < 1e4 {
                    group += digit.max(1.0) * by;
                } else {
                    total += (group + digit).max(1.0) * by;
                    group = 0.0;
                }
                digit = 0.0;
            }
            // "스물다섯": tens and units of the native numbers.
            Meaning::Number(value) if digit == 0.0 || value < 10.0 && digit >= 10.0 => {
                alone = false;
                digit += value;
            }
            Meaning::Digit(value) if digit == 0.0 => digit = value,
            _ => break,
        }
        last = Some(to);
        end = to + 1;
    }
    let counted = |at: usize| {
        tokens.get(at).is_some_and(|token| token.gap == Gap::Blank)
            && words
                .read(tokens, at, |meaning| match meaning {
                    Meaning::Counter
                    | Meaning::Measure(_)
                    | Meaning::Currency(_)
                    | Meaning::Percent => Some(()),
                    _ => None,
                })
                .is_some()
    };
    if let Some(last) = last.filter(|last| !alone && counted(last + 1)) {
        return Some(Spelled::new(total + group + digit, last));
    }
    unstated(tokens, at, words)
}

//! Times of day: `10:30`, `10.30am`, `22 Uhr`, "half past ten", "noon".

use super::{
    tokens::{Gap, Token, TokenKind},
    words::{Meaning, Words},
};

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Clock {
    /// Minutes since midnight.
    minutes: i16,
    /// Whether it is known which half of the day is meant.
    certain: bool,
}

impl Clock {
    /// Whether both may be the same time.
    pub(in crate::verify) fn agrees(self, other: Self) -> bool {
        let day = if self.certain && other.certain {
            24 * 60
        } else {
            12 * 60
        };
        (self.minutes - other.minutes).rem_euclid(day) == 0
    }
}

/// Reads the time that begins at the token `at`, and its last token.
pub(in crate::verify) fn clock(
    tokens: &[Token],
    at: usize,
    words: &Words,
) -> Option<(Clock, usize)> {
    match tokens[at].kind {
        TokenKind::Digits => in_digits(tokens, at, words),
        TokenKind::Word => in_words(tokens, at, words),
        _ => None,
    }
}

fn in_digits(tokens: &[Token], at: usize, words: &Words) -> Option<(Clock, usize)> {
    let text = tokens[at].folded.as_str();
    let number = text.trim_end_matches(char::is_alphabetic);
    let suffix = &text[number.len()..];
    let marked = |at: usize, part: u8| {
        let token = tokens.get(at).filter(|token| token.gap == Gap::None)?;
        words.word(&token.folded, |m| (m == Meaning::Mark(part)).then_some(()))
    };
    // `10:30` is three tokens, `10.30` one, `22h30` one; `10시 30분` four.
    let (hour, minute, mut last) = if tokens.get(at + 1).is_some_and(|t| t.is_mark(":"))
        && let Some(minute) = tokens.get(at + 2)
        && tokens[at + 1].gap == Gap::None
        && minute.gap == Gap::None
    {
        if tokens
            .get(at + 3)
            .is_some_and(|t| t.is_mark(":") && t.gap == Gap::None)
        {
            return None;
        }
        let digits = minute.folded.trim_end_matches(char::is_alphabetic);
        (number, digits, at + 2)
    } else if marked(at + 1, 3).is_some() {
        let minute = tokens.get(at + 2).filter(|_| marked(at + 3, 4).is_some());
        match minute {
            Some(minute) => (number, minute.folded.as_str(), at + 3),
            None => (number, "00", at + 1),
        }
    } else if let Some((hour, minute)) = number.split_once(['.', 'h']) {
        (hour, minute, at)
    } else if number.len() == 4 {
        (number.get(..2)?, number.get(2..)?, at)
    } else {
        (number, "00", at)
    };
    let short = number.len() <= 2 && last == at;
    let half = half_of_day(tokens, last, words);
    let zone = words
        .read_next(tokens, last + 1, |m| (m == Meaning::Zone).then_some(()))
        .is_some();
    // Without a colon only what follows says that it is a time.
    let said = half.is_some() || zone || suffix == "h" || number.contains('h');
    if !(said || last > at) || !(suffix.is_empty() || half.is_some() || suffix == "h") {
        return None;
    }
    if short && suffix == "h" && half.is_none() {
        // `3h` may be three hours.
        return None;
    }
    let minute: i16 = (minute.len() == 2).then(|| minute.parse().ok())??;
    let hour: i16 = (hour.len() <= 2).then(|| hour.parse().ok())??;
    if hour > 24 || minute > 59 {
        return None;
    }
    // "오후 3시": two syllables before the hour.
    let before = at
        .checked_sub(2)
        .and_then(|from| words.read(tokens, from, half_day))
        .filter(|(_, to)| to + 1 == at);
    let add = match half {
        Some((add, to)) => {
            last = to;
            Some(add)
        }
        None => before.map(|(add, _)| add),
    };
    let minutes = match add {
        Some(add) => (hour % 12 + add) * 60 + minute,
        None => hour * 60 + minute,
    };
    let clock = Clock {
        minutes,
        certain: add.is_some() || hour > 12 || number.starts_with('0') && number.len() > 1,
    };
    Some((clock, last))
}

fn half_day(meaning: Meaning) -> Option<i16> {
    match meaning {
        Meaning::HalfDay(add) => Some(add),
        _ => None,
    }
}

/// The "am" or "pm" that ends the token `last` or follows it.
fn half_of_day(tokens: &[Token], last: usize, words: &Words) -> Option<(i16, usize)> {
    let text = &tokens[last].folded;
    let suffix = text.trim_start_matches(|c: char| !c.is_alphabetic());
    if !suffix.is_empty() {
        return words.word(suffix, half_day).map(|add| (add, last));
    }
    words.read_next(tokens, last + 1, half_day)
}

fn in_words(tokens: &[Token], at: usize, words: &Words) -> Option<(Clock, usize)> {
    let (meaning, last) = words.read(tokens, at, |meaning| match meaning {
        Meaning::Clock(_) | Meaning::Past(_) => Some(meaning),
        _ => None,
    })?;
    let (minutes, certain, last) = match meaning {
        Meaning::Clock(minutes) => (minutes, true, last),
        Meaning::Past(minutes) => {
            let hour = words.read_next(tokens, last + 1, |meaning| match meaning {
                Meaning::Number(hour) if (1.0..=12.0).contains(&hour) => Some(hour),
                _ => None,
            });
            let (hour, last) = hour.or_else(|| {
                let token = tokens.get(last + 1).filter(|t| t.gap <= Gap::Blank)?;
                let hour: f64 = token.text.parse().ok()?;
                (1.0..=12.0).contains(&hour).then_some((hour, last + 1))
            })?;
            #[expect(clippy::cast_possible_truncation, reason = "1 to 12")]
            let hour = hour as i16;
            (hour * 60 + minutes, false, last)
        }
        _ => return None,
    };
    Some((Clock { minutes, certain }, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::read::tokens::tokens;

    fn read(text: &str, language: &str) -> Option<(i16, bool)> {
        let tokens = tokens(text);
        let words = Words::of(Some(language));
        (0..tokens.len())
            .find_map(|at| clock(&tokens, at, words))
            .map(|(clock, _)| (clock.minutes, clock.certain))
    }

    #[test]
    fn times_of_day_are_read() {
        for (language, text, expected) in [
            ("en", "at 10:30", Some((630, false))),
            ("en", "at 22:30", Some((1350, true))),
            ("en", "at 10.30am", Some((630, true))),
            ("en", "at 10:30 p.m.", Some((1350, true))),
            ("en", "at 12.15 am", Some((15, true))),
            ("en", "from 9pm", Some((1260, true))),
            ("en", "at 1500 GMT", Some((900, true))),
            ("en", "at half past ten", Some((630, false))),
            ("en", "at quarter to 3", Some((165, false))),
            ("en", "by noon", Some((720, true))),
            ("en", "in 2015", None),
            ("en", "10.5 miles", None),
            ("en", "won 2:1", None),
            ("de", "um 22 Uhr", Some((1320, true))),
            ("de", "um 10.30 Uhr", Some((630, false))),
            ("fr", "à 22h30", Some((1350, true))),
            ("ko", "오후 3시 30분", Some((930, true))),
        ] {
            assert_eq!(read(text, language), expected, "{text}");
        }
    }

    #[test]
    fn half_a_day_apart_agrees_only_where_no_half_is_known() {
        let time = |minutes, certain| Clock { minutes, certain };
        assert!(time(630, false).agrees(time(1350, true)));
        assert!(!time(630, true).agrees(time(1350, true)));
    }
}

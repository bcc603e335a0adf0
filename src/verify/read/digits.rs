//! Numbers in digits: grouping and decimal marks, suffixes and scales.

use super::{
    normal::fold,
    quantity::{Quantity, Unit, grain_of},
    tokens::{Gap, Token, TokenKind},
    units::currency_sign,
    words::{Habit, Meaning, Words},
};

/// Reads the number that begins with the digits at `at`.
pub(in crate::verify) fn digits(
    tokens: &[Token],
    at: usize,
    text: &str,
    words: &Words,
) -> Option<Quantity> {
    let token = &tokens[at];
    let split = token
        .text
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(0, |last| last + 1);
    let (number, suffix) = token.text.split_at(split);
    if number.contains(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut number = number.to_owned();
    let mut last = at;
    // `1 500`: a blank groups digits where the language does so or the blank is narrow.
    while suffix.is_empty()
        && let Some(next) = tokens.get(last + 1)
        && next.gap == Gap::Blank
        && is_group(&next.text)
        && number.len() <= 3 + 4 * (last - at)
    {
        let between = &text[tokens[last].span.end..next.span.start];
        let narrow = between.contains(['\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}']);
        if !narrow && !words.has(Habit::BlanksGroupDigits) {
            break;
        }
        number.push(' ');
        number.push_str(&next.text);
        last += 1;
    }
    // `50, 000` and `$ 53, 193, 914` in a text whose marks were set apart.
    let amount = at > 0 && currency_sign(&tokens[at - 1].text).is_some();
    while suffix.is_empty()
        && number.len() <= 3 + 3 * (last - at)
        && let (Some(comma), Some(group)) = (tokens.get(last + 1), tokens.get(last + 2))
        && comma.is_mark(",")
        && group.gap == Gap::Blank
        && (group.text == "000" || amount && is_group(&group.text))
    {
        number.push_str(&group.text);
        last += 2;
    }
    let (value, grain) = parse(&number, words.decimal_mark)?;
    let mut quantity = Quantity {
        grain,
        ..Quantity::plain(at, last, value)
    };
    if suffix.is_empty() {
        scales(&mut quantity, tokens, words);
    } else {
        with_suffix(&mut quantity, &fold(suffix), words);
    }
    Some(quantity)
}

/// Whether these are three digits, as groups of thousands have.
fn is_group(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())
}

fn times(quantity: &mut Quantity, by: f64) {
    quantity.value *= by;
    quantity.grain *= by;
}

/// `21st`, `1990s`, `1.5bn`, `20m`, `50million`, `5km`, `2½`.
fn with_suffix(quantity: &mut Quantity, suffix: &str, words: &Words) {
    // What may be millions or metres, billions or a model's letter.
    const DOUBTFUL: &[(&str, f64)] = &[("k", 1e3), ("m", 1e6), ("b", 1e9), ("t", 1e12)];
    match suffix {
        "st" | "nd" | "rd" | "th" | "er" | "e" => quantity.ordinal = true,
        "s" | "'s" => {
            if quantity.value % 10.0 == 0.0 {
                quantity.unit = Unit::Decade;
            }
        }
        "½" => quantity.value += 0.5,
        "¼" => quantity.value += 0.25,
        "¾" => quantity.value += 0.75,
        _ => {
            if let Some((_, by)) = DOUBTFUL.iter().find(|(letter, _)| *letter == suffix) {
                quantity.other = Some(quantity.value);
                times(quantity, *by);
                return;
            }
            let meaning = words.word(suffix, |meaning| match meaning {
                Meaning::Scale(..)
                | Meaning::Measure(_)
                | Meaning::Percent
                | Meaning::Currency(_)
                | Meaning::Points(_) => Some(meaning),
                _ => None,
            });
            match meaning {
                Some(Meaning::Scale(by, _)) => times(quantity, by),
                Some(Meaning::Measure(measure)) => quantity.unit = Unit::Measure(measure),
                Some(Meaning::Currency(currency)) => quantity.unit = Unit::Money(currency),
                Some(Meaning::Percent) => quantity.unit = Unit::Percent,
                Some(Meaning::Points(worth)) => {
                    times(quantity, worth);
                    quantity.unit = Unit::Points;
                }
                _ => match suffix {
                    "bln" => times(quantity, 1e9),
                    "trn" => times(quantity, 1e12),
                    _ => {}
                },
            }
        }
    }
}

/// Takes the scales behind the number into it: `1,500 million`, `1.5-million`, `3만 5천`.
fn scales(quantity: &mut Quantity, tokens: &[Token], words: &Words) {
    let scale = |at: usize, gap: Gap| {
        let token = tokens.get(at).filter(|token| token.gap <= gap)?;
        let (by, last) = words.read(tokens, at, |meaning| match meaning {
            Meaning::Scale(by, _) => Some(by),
            _ => None,
        })?;
        // `20 m` is as often a length.
        Some((by, last, token.folded == "m" || token.folded == "k"))
    };
    let gap = if words.has(Habit::Syllables) {
        Gap::None
    } else {
        Gap::Line
    };
    let mut last_scale = None;
    while let Some((by, last, doubtful)) = scale(quantity.last + 1, gap) {
        if doubtful {
            quantity.other = Some(quantity.value);
        }
        times(quantity, by);
        quantity.last = last;
        last_scale = Some(by);
    }
    if last_scale.is_none()
        && let Some(hyphen) = tokens.get(quantity.last + 1)
        && hyphen.is_mark("-")
        && let Some((by, last, _)) = scale(quantity.last + 2, Gap::None)
    {
        times(quantity, by);
        quantity.last = last;
    }
    // The rest in smaller scales: `1억 2000만`, `1만 2000`.
    while words.has(Habit::Syllables)
        && let Some(above) = last_scale
        && let Some(next) = tokens.get(quantity.last + 1)
        && next.kind == TokenKind::Digits
        && next.gap <= Gap::Blank
        && let Some((mut value, mut grain)) = parse(&next.text, words.decimal_mark)
    {
        let mut end = quantity.last + 1;
        let mut smallest = 1.0;
        while let Some((by, last, _)) = scale(end + 1, Gap::None) {
            (value, grain, end) = (value * by, grain * by, last);
            smallest = by;
        }
        if value >= above {
            break;
        }
        quantity.value += value;
        quantity.grain = grain;
        quantity.last = end;
        last_scale = (smallest > 1.0).then_some(smallest);
    }
}

/// The value of written digits and that of their last place.
fn parse(written: &str, decimal_mark: char) -> Option<(f64, f64)> {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouped = groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
    let decimal = match marks.as_slice() {
        [] => None,
        [' ' | '\'', ..] if marks.iter().all(|m| *m == marks[0]) => None,
        [mark] => (*mark == decimal_mark || !grouped || groups[0] == "0").then_some(*mark),
        [rest @ .., last] if rest.iter().all(|m| m == last) => {
            if !grouped && *last == '.' {
                // `5.10.2025` or `1.2.3`: no number.
                return None;
            }
            None
        }
        [.., last] => Some(*last),
    };
    let (whole, fraction) = match decimal {
        Some(mark) => written.rsplit_once(mark)?,
        None => (written, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > 18 || fraction.len() > 18 {
        return None;
    }
    let value: f64 = format!("{digits}.{fraction}0").parse().ok()?;
    let grain = if fraction.is_empty() {
        grain_of(value)
    } else {
        0.1_f64.powi(i32::try_from(fraction.len()).ok()?)
    };
    Some((value, grain))
}

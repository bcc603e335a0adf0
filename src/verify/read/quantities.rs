//! The numbers of a text, read from digits and words with their units and hedges.

use super::{
    numerals::{self, Language},
    quantity::{Hedge, Quantity, Unit, equal},
    tokens::{Gap, Token, TokenKind},
    units,
};

/// The numbers of a text, in order.
pub(in crate::verify) fn quantities(
    tokens: &[Token],
    text: &str,
    language: Option<&str>,
) -> Vec<Quantity> {
    let language = Language::of(language);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let read = match tokens[at].kind {
            TokenKind::Digits => digits(tokens, at, text, language),
            TokenKind::Word => numerals::spelled(tokens, at, language).map(|spelled| Quantity {
                first: at,
                last: spelled.last,
                value: spelled.value,
                other: None,
                unit: Unit::Plain,
                words: true,
                ordinal: spelled.ordinal,
                grain: grain_of(spelled.value),
                hedge: Hedge::Exact,
                in_date: false,
            }),
            _ => None,
        };
        match read {
            Some(mut quantity) => {
                unit_around(&mut quantity, tokens);
                if quantity.unit != Unit::Plain {
                    // `£20m` are no metres.
                    quantity.other = None;
                }
                quantity.hedge = hedge_before(tokens, quantity.first);
                at = quantity.last + 1;
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a reader takes the number for a statement: not the "one" of "one of them",
/// not the "second" that may be a unit of time, nor a "first" that only orders.
pub(in crate::verify) fn is_claim(quantity: &Quantity, tokens: &[Token]) -> bool {
    if !quantity.words {
        return true;
    }
    let alone = quantity.first == quantity.last;
    if equal(quantity.value, 1.0) && quantity.unit == Unit::Plain {
        return false;
    }
    // "Second" and "third" order a story as often as they count.
    if alone && quantity.ordinal && quantity.value <= 2.0 {
        return false;
    }
    !(alone
        && matches!(
            tokens[quantity.first].folded.as_str(),
            "half" | "quarter" | "quarters"
        ))
}

/// A number that begins with a digit.
fn digits(tokens: &[Token], at: usize, text: &str, language: Language) -> Option<Quantity> {
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
        && next.text.len() == 3
        && next.text.bytes().all(|b| b.is_ascii_digit())
        && number.len() <= 3 + 4 * (last - at)
    {
        let between = &text[tokens[last].span.end..next.span.start];
        let narrow = between.contains(['\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}']);
        if !narrow && !language.groups_with_blanks() {
            break;
        }
        number.push(' ');
        number.push_str(&next.text);
        last += 1;
    }
    let (mut value, mut grain) = parse(&number, language)?;
    let mut other = None;
    let mut unit = Unit::Plain;
    let mut ordinal = false;
    match fold_suffix(suffix) {
        Suffix::Ordinal => ordinal = true,
        Suffix::Decade if value % 10.0 == 0.0 => unit = Unit::Decade,
        Suffix::Scale(by, sure) => {
            if !sure {
                other = Some(value);
            }
            value *= by;
            grain *= by;
        }
        Suffix::None | Suffix::Decade | Suffix::Unit => {}
    }
    if suffix.is_empty() {
        while let Some(by) = tokens
            .get(last + 1)
            .filter(|next| next.gap != Gap::Paragraph && next.kind == TokenKind::Word)
            .and_then(|next| numerals::scale(&next.folded, language))
        {
            value *= by;
            grain *= by;
            last += 1;
        }
        // `1.5-million`
        if last == at
            && let (Some(hyphen), Some(next)) = (tokens.get(at + 1), tokens.get(at + 2))
            && hyphen.is_mark("-")
            && let Some(by) = numerals::scale(&next.folded, language)
        {
            value *= by;
            grain *= by;
            last = at + 2;
        }
    }
    Some(Quantity {
        first: at,
        last,
        value,
        other,
        unit,
        words: false,
        ordinal,
        grain,
        hedge: Hedge::Exact,
        in_date: false,
    })
}

enum Suffix {
    None,
    Ordinal,
    Decade,
    /// Times this; `false` where it may be something else.
    Scale(f64, bool),
    Unit,
}

fn fold_suffix(suffix: &str) -> Suffix {
    match suffix.to_ascii_lowercase().as_str() {
        "" => Suffix::None,
        "st" | "nd" | "rd" | "th" | "er" | "e" => Suffix::Ordinal,
        "s" | "'s" => Suffix::Decade,
        "k" => Suffix::Scale(1e3, false),
        "m" => Suffix::Scale(1e6, false),
        "mn" | "mln" | "mio" => Suffix::Scale(1e6, true),
        "b" => Suffix::Scale(1e9, false),
        "bn" | "bln" | "mrd" => Suffix::Scale(1e9, true),
        "t" => Suffix::Scale(1e12, false),
        "tn" | "trn" => Suffix::Scale(1e12, true),
        _ => Suffix::Unit,
    }
}

/// The value of written digits and that of their last place.
fn parse(written: &str, language: Language) -> Option<(f64, f64)> {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouped = groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
    let decimal = match marks.as_slice() {
        [] => None,
        [' ' | '\'', ..] if marks.iter().all(|m| *m == marks[0]) => None,
        [mark] => {
            (*mark == language.decimal_mark() || !grouped || groups[0] == "0").then_some(*mark)
        }
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

/// The value of the last digit that is not 0.
fn grain_of(value: f64) -> f64 {
    let mut grain = 1.0;
    while value > 0.0 && value % (grain * 10.0) < 0.5 && grain < 1e15 {
        grain *= 10.0;
    }
    grain
}

/// Takes a currency before or after the number and a percent sign into it.
fn unit_around(quantity: &mut Quantity, tokens: &[Token]) {
    let near = |at: usize| tokens.get(at).filter(|t| t.gap <= Gap::Blank);
    // Where a range shares its sign, `5-6%`, the sign stands behind the second number.
    let behind = match (
        near(quantity.last + 1),
        near(quantity.last + 2),
        near(quantity.last + 3),
    ) {
        (Some(dash), Some(next), Some(sign))
            if next.kind == TokenKind::Digits
                && (dash.is_mark("-") || ["to", "and", "or"].contains(&dash.folded.as_str()))
                && units::percent_length(tokens, quantity.last + 3) > 0
                && sign.kind != TokenKind::Digits =>
        {
            quantity.unit = Unit::Percent;
            return;
        }
        (after, ..) => after,
    };
    let percent = units::percent_length(tokens, quantity.last + 1);
    if percent > 0 {
        quantity.unit = Unit::Percent;
        quantity.last += percent;
        return;
    }
    if tokens[quantity.last].folded.ends_with("pc") && !quantity.words {
        quantity.unit = Unit::Percent;
        return;
    }
    if let Some(before) = quantity.first.checked_sub(1)
        && let Some(currency) = units::currency_sign(&tokens[before].text)
    {
        quantity.unit = Unit::Money(currency);
        quantity.first = before;
        // `US$5`, `A$5`: the letters tell which dollar.
        if currency == "dollar"
            && before > 0
            && tokens[before].gap == Gap::None
            && let Some(country) = units::dollar_prefix(&tokens[before - 1].text)
        {
            quantity.unit = Unit::Money(country);
            quantity.first = before - 1;
        }
        return;
    }
    if let Some(after) = behind
        && let Some(currency) =
            units::currency_sign(&after.text).or_else(|| units::currency_word(&after.folded))
    {
        quantity.unit = Unit::Money(currency);
        quantity.last += 1;
    }
}

/// The hedge in the three words before a number.
fn hedge_before(tokens: &[Token], first: usize) -> Hedge {
    let from = first.saturating_sub(3);
    let before: Vec<&str> = tokens[from..first]
        .iter()
        .map(|t| t.folded.as_str())
        .collect();
    units::hedge(&before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::read::tokens::tokens;

    fn read(text: &str, language: &str) -> Vec<(f64, Unit)> {
        let tokens = tokens(text);
        quantities(&tokens, text, Some(language))
            .iter()
            .map(|q| (q.value, q.unit))
            .collect()
    }

    #[test]
    fn many_writings_of_a_number_have_one_value() {
        for (language, text, expected) in [
            ("en", "1,500", 1500.0),
            ("de", "1.500", 1500.0),
            ("fr", "1 500", 1500.0),
            ("en", "1\u{202f}500", 1500.0),
            ("de", "1'500", 1500.0),
            ("de", "2,5", 2.5),
            ("en", "2.5", 2.5),
            ("en", "1,234,567.89", 1_234_567.89),
            ("de", "1.234.567,89", 1_234_567.89),
            ("en", "1.5bn", 1.5e9),
            ("en", "1,500 million", 1.5e9),
            ("en", "1.5-million", 1.5e6),
            ("en", "twenty-five", 25.0),
            ("en", "two hundred and fifty thousand", 250_000.0),
            ("en", "a hundred", 100.0),
            ("en", "half a million", 500_000.0),
            ("en", "a dozen", 12.0),
            ("en", "three and a half million", 3.5e6),
            ("en", "two-thirds", 2.0 / 3.0),
            ("en", "twenty-first", 21.0),
            ("en", "21st", 21.0),
            ("de", "zwölf", 12.0),
            ("fr", "quinze", 15.0),
            ("es", "20 millones", 2e7),
        ] {
            let found = read(text, language);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(equal(found[0].0, expected), "{text}: {found:?}");
        }
    }

    #[test]
    fn units_belong_to_the_number() {
        for (text, expected) in [
            ("£1.2m", Unit::Money("GBP")),
            ("US$5", Unit::Money("USD")),
            ("5 euros", Unit::Money("EUR")),
            ("7 per cent", Unit::Percent),
            ("7%", Unit::Percent),
            ("the 1990s", Unit::Decade),
            ("7 people", Unit::Plain),
        ] {
            assert_eq!(read(text, "en")[0].1, expected, "{text}");
        }
        let range = read("between 5-6% more", "en");
        assert_eq!(range[0].1, Unit::Percent);
        assert_eq!(range[1].1, Unit::Percent);
    }
}

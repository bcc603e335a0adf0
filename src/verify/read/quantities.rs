//! The numbers of a text, read from digits and words with their units and hedges.

use super::{
    digits::digits,
    numerals,
    quantity::{Hedge, Quantity, Unit, Writing, equal},
    tokens::{Gap, Token, TokenKind},
    units,
    words::{Begins, Meaning, Words},
};

/// The numbers of a text, in order; `begins` belongs to its words.
pub(in crate::verify) fn quantities(
    tokens: &[Token],
    begins: &[Begins],
    text: &str,
    language: Option<&str>,
) -> Vec<Quantity> {
    let words = Words::of(language);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let read = match tokens[at].kind {
            TokenKind::Digits => digits(tokens, at, text, words),
            TokenKind::Word if begins[tokens[at].nth()].number => spelled(tokens, at, words),
            _ => None,
        };
        let Some(mut quantity) = read else {
            at += 1;
            continue;
        };
        unit_around(&mut quantity, tokens, text, words);
        quantity.hedge = units::hedge(words, tokens, quantity.first, quantity.last);
        // "More than a week" states what "a week" only says by the way.
        let one = matches!(quantity.unit, Unit::Measure(_)) && equal(quantity.value, 1.0);
        if quantity.writing == Writing::Implied && one && quantity.hedge != Hedge::Exact {
            quantity.writing = Writing::Words;
        }
        at = quantity.last + 1;
        let first = quantity.first;
        let stated = quantity.writing != Writing::Implied;
        found.push(quantity);
        if stated {
            found.extend(length(tokens, first, words));
        }
    }
    found
}

/// The amount that a word implies beside the number it is: a quarter is three months.
fn length(tokens: &[Token], at: usize, words: &Words) -> Option<Quantity> {
    let ((value, measure), last) = words.read(tokens, at, |meaning| match meaning {
        Meaning::Length(value, measure) => Some((value, measure)),
        _ => None,
    })?;
    Some(Quantity {
        writing: Writing::Implied,
        unit: Unit::Measure(measure),
        ..Quantity::plain(at, last, value)
    })
}

/// Whether a reader takes the number for a statement: not the "one" of "one of them",
/// not the "second" that may be a unit of time, nor a "first" that only orders, nor the
/// number in a name ("League Two").
pub(in crate::verify) fn is_claim(quantity: &Quantity, tokens: &[Token]) -> bool {
    match quantity.writing {
        Writing::Implied => return false,
        Writing::Digits => return !numbers_a_line(quantity, tokens),
        Writing::Vague | Writing::First => return true,
        Writing::Words => {}
    }
    let first = &tokens[quantity.first];
    let alone = quantity.first == quantity.last && quantity.unit == Unit::Plain;
    if equal(quantity.value, 1.0) && quantity.unit == Unit::Plain {
        return false;
    }
    // A capital within a sentence: "League Two", "the Six Nations", "the One-Day Cup".
    let named = first.is_capitalised()
        && first.gap == Gap::Blank
        && quantity
            .first
            .checked_sub(1)
            .is_some_and(|before| tokens[before].is_word())
        && !is_heading(tokens);
    // "Second" and "third" order a story as often as they count.
    let orders = quantity.ordinal && quantity.value <= 2.0;
    let share = equal(quantity.value, 0.5) || equal(quantity.value, 0.25);
    !(named || alone && (orders || share))
}

/// Whether most words have capitals, so that they tell no names.
fn is_heading(tokens: &[Token]) -> bool {
    // What follows in a long text is no heading.
    const LONGEST: usize = 20;
    let words = tokens
        .iter()
        .take(LONGEST)
        .filter(|t| t.kind == TokenKind::Word);
    let capitals = words.clone().filter(|t| t.is_capitalised()).count();
    tokens.len() <= LONGEST && 2 * capitals > words.count()
}

/// Whether the number only counts the points of a list: `2. The harbour …`
fn numbers_a_line(quantity: &Quantity, tokens: &[Token]) -> bool {
    let mark = tokens.get(quantity.last + 1);
    let word = tokens.get(quantity.last + 2);
    tokens[quantity.first].gap >= Gap::Line
        && mark.is_some_and(|m| m.gap == Gap::None && (m.is_mark(".") || m.is_mark(")")))
        && word.is_some_and(|word| word.gap == Gap::Blank)
}

/// A number in words, or an article before a measure: "an hour and a half".
fn spelled(tokens: &[Token], at: usize, words: &Words) -> Option<Quantity> {
    if let Some(spelled) = numerals::spelled(tokens, at, words) {
        return Some(Quantity {
            writing: spelled.writing,
            ordinal: spelled.ordinal,
            ..Quantity::plain(at, spelled.last, spelled.value)
        });
    }
    if !words.is(tokens, at, Meaning::Article) {
        return length(tokens, at, words);
    }
    let (measure, last) = words.read_next(tokens, at + 1, measure)?;
    let mut quantity = Quantity {
        writing: Writing::Implied,
        unit: Unit::Measure(measure),
        ..Quantity::plain(at, last, 1.0)
    };
    if added(&mut quantity, tokens, words) {
        quantity.writing = Writing::Words;
    }
    Some(quantity)
}

fn measure(meaning: Meaning) -> Option<units::Measure> {
    match meaning {
        Meaning::Measure(measure) => Some(measure),
        _ => None,
    }
}

/// Takes an "and a half" behind the unit into the number.
fn added(quantity: &mut Quantity, tokens: &[Token], words: &Words) -> bool {
    let more = words.read_next(tokens, quantity.last + 1, |meaning| match meaning {
        Meaning::Addition(more) => Some(more),
        _ => None,
    });
    if let Some((more, last)) = more {
        quantity.value += more;
        quantity.last = last;
    }
    more.is_some()
}

/// Takes a currency before or after the number, a percent sign or a measure into it.
fn unit_around(quantity: &mut Quantity, tokens: &[Token], text: &str, words: &Words) {
    if quantity.writing == Writing::Implied {
        return;
    }
    if let Some(before) = quantity.first.checked_sub(1)
        && let Some(currency) = units::currency_sign(&tokens[before].text)
        && !quantity.ordinal
    {
        quantity.unit = Unit::Money(currency);
        quantity.first = before;
        // `£20m` are no metres.
        quantity.other = None;
        // `US$5`, `A$5`: the letters tell which dollar.
        if currency == "dollar"
            && before > 0
            && tokens[before].gap == Gap::None
            && let Some(country) = units::dollar_prefix(&tokens[before - 1].text)
        {
            quantity.unit = Unit::Money(country);
            quantity.first = before - 1;
        }
    }
    if quantity.unit != Unit::Plain || quantity.ordinal {
        return;
    }
    if let Some((unit, worth, last)) = unit_behind(quantity, tokens, words) {
        if unit == Unit::Percent || unit == Unit::Points {
            quantity.other = None;
        }
        quantity.unit = unit;
        quantity.value *= worth;
        quantity.grain *= worth;
        quantity.last = last;
        if matches!(unit, Unit::Measure(_)) {
            added(quantity, tokens, words);
        }
        return;
    }
    // Where a range shares its unit, `5-6%`, "two to three million years", it stands
    // behind the second number.
    let joint = quantity.last + 1;
    let Some(next) = tokens.get(joint + 1).filter(|next| next.gap <= Gap::Blank) else {
        return;
    };
    if tokens[joint].gap > Gap::Blank
        || !(tokens[joint].is_mark("-") || words.is(tokens, joint, Meaning::Range))
    {
        return;
    }
    let second = match next.kind {
        TokenKind::Digits => digits(tokens, joint + 1, text, words),
        TokenKind::Word => numerals::spelled(tokens, joint + 1, words)
            .filter(|spelled| spelled.writing == Writing::Words && !spelled.ordinal)
            .map(|spelled| Quantity::plain(joint + 1, spelled.last, spelled.value)),
        _ => None,
    };
    let Some(second) = second.filter(|second| !second.ordinal) else {
        return;
    };
    if let Some((unit, worth, _)) = unit_behind(&second, tokens, words) {
        quantity.unit = unit;
        quantity.value *= worth;
        quantity.grain *= worth;
    }
    // `5-6 million`: the second number without what follows its digits.
    let bare = digits(&tokens[..joint + 2], joint + 1, text, words);
    if let Some(bare) = bare.filter(|bare| bare.value > 0.0 && second.value > bare.value) {
        quantity.other = Some(quantity.value * second.value / bare.value);
    }
}

/// The unit behind a number, how much of it one is worth, and its last token.
fn unit_behind(quantity: &Quantity, tokens: &[Token], words: &Words) -> Option<(Unit, f64, usize)> {
    let unit = |meaning| match meaning {
        Meaning::Percent => Some((Unit::Percent, 1.0)),
        Meaning::Points(worth) => Some((Unit::Points, worth)),
        Meaning::Currency(currency) => Some((Unit::Money(currency), 1.0)),
        Meaning::Measure(measure) => Some((Unit::Measure(measure), 1.0)),
        _ => None,
    };
    let mut at = quantity.last + 1;
    let after = tokens.get(at).filter(|token| token.gap <= Gap::Blank)?;
    if let Some(currency) = units::currency_sign(&after.text) {
        return Some((Unit::Money(currency), 1.0, at));
    }
    // `10-year`, "half an hour", "three quarters of an hour".
    if after.is_mark("-") && after.gap == Gap::None {
        at += 1;
    } else if quantity.value < 1.0 {
        at += usize::from(after.folded == "of");
        at += usize::from(words.is(tokens, at, Meaning::Article));
    }
    let ((unit, worth), last) = words.read_next(tokens, at, unit)?;
    Some((unit, worth, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::read::Reading;

    fn read(text: &str, language: &str) -> Vec<(f64, Unit)> {
        let reading = Reading::new(text, Some(language), None);
        let quantities = reading.quantities.iter();
        quantities.map(|q| (q.value, q.unit)).collect()
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
            ("en", "50million", 5e7),
            ("en", "an hour and a half", 1.5),
            ("en", "half an hour", 0.5),
            ("en", "25 basis points", 0.25),
            ("de", "zweiundzwanzig", 22.0),
            ("de", "anderthalb Milliarden", 1.5e9),
            ("de", "drei Viertel", 0.75),
            ("de", "1,5 Mrd.", 1.5e9),
            ("fr", "quatre-vingt-dix", 90.0),
            ("fr", "deux cent cinquante mille", 250_000.0),
            ("fr", "vingt-deux", 22.0),
            ("fr", "3 milliards", 3e9),
            ("es", "veintidós", 22.0),
            ("es", "treinta y cinco", 35.0),
            ("es", "mil millones", 1e9),
            ("es", "dos mil trescientos", 2300.0),
            ("ko", "3만 5천", 35_000.0),
            ("ko", "1억 2,000만 원", 1.2e8),
            ("ko", "1만 2000명", 12_000.0),
            ("ko", "삼십 명", 30.0),
            ("ko", "스물다섯 명", 25.0),
            ("ko", "두 번", 2.0),
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
            ("7 percentage points", Unit::Points),
            ("7 km", Unit::Measure(units::Measure::Kilometre)),
            ("7-year-old", Unit::Measure(units::Measure::Year)),
        ] {
            assert_eq!(read(text, "en")[0].1, expected, "{text}");
        }
        let range = read("between 5-6% more", "en");
        assert_eq!(range[0].1, Unit::Percent);
        assert_eq!(range[1].1, Unit::Percent);
    }
}

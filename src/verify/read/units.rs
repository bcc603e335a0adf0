//! Words and signs around numbers: what implies one, percent, currencies, hedges.

use super::{
    quantity::Hedge,
    tokens::{Gap, Token},
};

/// Words that imply a number without being one.
pub(in crate::verify) fn implying(value: f64) -> &'static [&'static str] {
    const SETS: &[(f64, &[&str])] = &[
        (0.5, &["half", "halved", "halves", "halving"]),
        (1.0, &["a", "an", "single", "sole", "only", "once"]),
        (
            2.0,
            &[
                "both", "pair", "couple", "twice", "double", "doubled", "twin", "twins", "duo",
                "brace",
            ],
        ),
        (
            3.0,
            &["triple", "trio", "thrice", "tripled", "treble", "triplets"],
        ),
        (4.0, &["quartet", "quadruple"]),
        (5.0, &["quintet"]),
        (6.0, &["sextet"]),
        (10.0, &["decade", "decades"]),
        (12.0, &["dozen"]),
        (14.0, &["fortnight"]),
        (100.0, &["century", "centenary"]),
    ];
    SETS.iter()
        .find(|(number, _)| (number - value).abs() < 1e-9)
        .map_or(&[], |(_, words)| words)
}

/// How many tokens from `at` on say "percent"; 0 where none do.
pub(in crate::verify) fn percent_length(tokens: &[Token], at: usize) -> usize {
    let word = |i: usize| {
        tokens
            .get(i)
            .filter(|t| t.gap <= Gap::Blank)
            .map_or("", |t| t.folded.as_str())
    };
    let at = if word(at) == "-" { at + 1 } else { at };
    match (word(at), word(at + 1)) {
        ("%" | "percent" | "pc" | "prozent" | "pct" | "percentage", _) => 1,
        ("per" | "pour", "cent") | ("por", "ciento") => 2,
        _ => 0,
    }
}

/// The currency of a sign or code.
pub(in crate::verify) fn currency_sign(mark: &str) -> Option<&'static str> {
    Some(match mark {
        "$" => "dollar",
        "£" | "GBP" => "GBP",
        "€" | "EUR" => "EUR",
        "¥" | "JPY" => "yen",
        "₹" | "Rs" | "INR" => "INR",
        "₩" | "KRW" => "KRW",
        "₽" | "RUB" => "RUB",
        "₺" => "TRY",
        "₴" => "UAH",
        "USD" => "USD",
        "CHF" => "CHF",
        _ => return None,
    })
}

/// Which dollar the letters before the sign name; the bare sign is kept apart.
pub(in crate::verify) fn dollar_prefix(letters: &str) -> Option<&'static str> {
    Some(match letters {
        "US" => "USD",
        "A" | "AU" => "AUD",
        "C" | "CA" => "CAD",
        "NZ" => "NZD",
        "HK" => "HKD",
        "S" => "SGD",
        "R" => "BRL",
        _ => return None,
    })
}

/// The currency of a word after a number. "Pounds" may be weight and "cents" are parts,
/// so neither is taken.
pub(in crate::verify) fn currency_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "dollar" | "dollars" => "dollar",
        "euro" | "euros" => "EUR",
        "yen" => "yen",
        "rupees" => "INR",
        "franken" => "CHF",
        _ => return None,
    })
}

/// The hedge that these words before a number make.
pub(in crate::verify) fn hedge(before: &[&str]) -> Hedge {
    // The nearest word decides, then two words together.
    let last = before.last().copied().unwrap_or("");
    let two = match before {
        [.., a, b] => (*a, *b),
        _ => ("", last),
    };
    match two {
        (
            "more" | "greater" | "better" | "higher" | "mehr" | "plus" | "mas",
            "than" | "als" | "de",
        )
        | ("at", "least")
        | ("upwards", "of") => return Hedge::Above,
        ("less" | "fewer" | "lower" | "weniger" | "moins" | "menos", "than" | "als" | "de")
        | ("up" | "close", "to")
        | ("as", "many" | "much")
        | ("at", "most") => return Hedge::Below,
        _ => {}
    }
    match last {
        "about" | "around" | "roughly" | "approximately" | "some" | "approx" | "circa"
        | "estimated" | "~" | "rund" | "etwa" | "ungefahr" | "environ" | "unos" | "unas" | "or" => {
            Hedge::About
        }
        "nearly" | "almost" | "under" | "below" | "just" | "fast" | "knapp" | "presque"
        | "casi" => Hedge::Below,
        "over" | "above" | "exceeding" | "topped" | "uber" | "minimum" => Hedge::Above,
        _ => match two {
            (_, "a" | "an" | "$" | "£" | "€") => hedge_of_earlier(before),
            _ => Hedge::Exact,
        },
    }
}

fn hedge_of_earlier(before: &[&str]) -> Hedge {
    match before.split_last() {
        Some((_, rest)) if !rest.is_empty() => hedge(rest),
        _ => Hedge::Exact,
    }
}

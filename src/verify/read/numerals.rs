//! Words that mean numbers and scales.
//!
//! English is complete; German, French and Spanish have their plain small numbers and
//! scales; other languages have digits only.

use super::tokens::{Gap, Token, TokenKind};

/// How a text writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Language {
    English,
    German,
    French,
    Spanish,
    /// Decimal comma, as most of the world outside English and East Asia has it.
    Comma,
    /// Decimal point.
    Point,
}

impl Language {
    /// The language of a BCP 47 tag; English where there is none.
    pub(in crate::verify) fn of(tag: Option<&str>) -> Self {
        let primary = tag.unwrap_or("en").split('-').next().unwrap_or("en");
        match primary.to_ascii_lowercase().as_str() {
            "en" => Self::English,
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "ar" | "he" | "hi" | "ja" | "ko" | "th" | "zh" => Self::Point,
            _ => Self::Comma,
        }
    }

    pub(in crate::verify) fn decimal_mark(self) -> char {
        match self {
            Self::English | Self::Point => '.',
            _ => ',',
        }
    }

    pub(in crate::verify) fn groups_with_blanks(self) -> bool {
        !matches!(self, Self::English | Self::Point)
    }
}

/// A number in words.
#[derive(Debug)]
pub(in crate::verify) struct Spelled {
    /// Its value.
    pub(in crate::verify) value: f64,
    /// The index of its last token.
    pub(in crate::verify) last: usize,
    /// Whether it is an ordinal.
    pub(in crate::verify) ordinal: bool,
}

/// Reads the number whose first word is the token at `at`.
pub(in crate::verify) fn spelled(
    tokens: &[Token],
    at: usize,
    language: Language,
) -> Option<Spelled> {
    let word = tokens[at].stem();
    if language != Language::English {
        let value = small(word, language)?;
        let mut spelled = Spelled {
            value,
            last: at,
            ordinal: false,
        };
        if let Some(by) = tokens
            .get(at + 1)
            .and_then(|next| scale(&next.folded, language))
        {
            spelled.value *= by;
            spelled.last += 1;
        }
        return Some(spelled);
    }
    let next = |i: usize| {
        tokens
            .get(i)
            .filter(|t| t.gap <= Gap::Blank && t.kind == TokenKind::Word)
            .map(Token::stem)
    };
    match word {
        "a" | "an" => {
            let by = match next(at + 1)? {
                "dozen" => 12.0,
                "hundred" => 100.0,
                "third" => {
                    return Some(Spelled {
                        value: 1.0 / 3.0,
                        last: at + 1,
                        ordinal: false,
                    })
                    .filter(|_| next(at + 2) == Some("of"));
                }
                "thousand" | "million" | "billion" | "trillion" => scale(next(at + 1)?, language)?,
                _ => return None,
            };
            return Some(Spelled {
                value: by,
                last: at + 1,
                ordinal: false,
            });
        }
        "half" | "quarter" => {
            let share = if word == "half" { 0.5 } else { 0.25 };
            let by = match (next(at + 1), next(at + 2)) {
                (Some("a" | "an"), Some(scaled)) => {
                    if scaled == "dozen" {
                        Some(12.0)
                    } else {
                        scale(scaled, language)
                    }
                }
                _ => None,
            };
            return Some(match by {
                Some(by) => Spelled {
                    value: share * by,
                    last: at + 2,
                    ordinal: false,
                },
                None => Spelled {
                    value: share,
                    last: at,
                    ordinal: false,
                },
            });
        }
        _ => {}
    }
    cardinal(tokens, at)
}

/// An English number of units, tens, hundreds and scales.
fn cardinal(tokens: &[Token], at: usize) -> Option<Spelled> {
    let mut total = 0.0;
    let mut current: f64 = 0.0;
    // What may follow: below this value another word adds to the current group.
    let mut room = 1000.0;
    let mut end = at;
    let mut read = None;
    while let Some(token) = tokens.get(end) {
        let word = token.stem();
        if end > at && token.gap > Gap::Blank {
            break;
        }
        let started = read.is_some();
        if let Some(value) = small(word, Language::English).filter(|value| *value < room) {
            current += value;
            room = if value >= 20.0 { 10.0 } else { 0.0 };
        } else if let Some((value, fraction)) = ordinal(word).filter(|(v, part)| *part || *v < room)
        {
            // `two thirds`, `three-quarters`; but `twenty-third`.
            if started && fraction && current < 20.0 && total == 0.0 {
                return Some(Spelled {
                    value: current / value,
                    last: end,
                    ordinal: false,
                });
            }
            if fraction {
                break;
            }
            return Some(Spelled {
                value: total + current + value,
                last: end,
                ordinal: true,
            });
        } else if started && word == "hundred" && current < 100.0 {
            current *= 100.0;
            room = 100.0;
        } else if started && word == "dozen" {
            current *= 12.0;
            room = 0.0;
        } else if started && let Some(by) = scale(word, Language::English) {
            total += current.max(1.0) * by;
            current = 0.0;
            room = 1000.0;
        } else if started && is_half_after(tokens, end) {
            current += 0.5;
            end += 2;
            room = 0.0;
        } else {
            break;
        }
        read = Some(end);
        end += 1;
        // A hyphen or an "and" holds two number words together.
        let holds = tokens.get(end).is_some_and(|t| {
            t.is_mark("-") && t.gap == Gap::None && room > 0.0
                || t.folded == "and" && room > 10.0 && room < 1000.0
                || t.is_mark("-") && next_is_fraction(tokens, end + 1)
        });
        if holds && tokens.get(end + 1).is_some_and(|t| continues(t.stem())) {
            end += 1;
        }
    }
    read.map(|last| Spelled {
        value: total + current,
        last,
        ordinal: false,
    })
}

fn next_is_fraction(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| ordinal(t.stem()).is_some_and(|(_, fraction)| fraction))
}

fn continues(word: &str) -> bool {
    small(word, Language::English).is_some()
        || ordinal(word).is_some()
        || scale(word, Language::English).is_some()
        || word == "hundred"
}

/// `… and a half`
fn is_half_after(tokens: &[Token], at: usize) -> bool {
    tokens.len() > at + 2
        && tokens[at].folded == "and"
        && tokens[at + 1].folded == "a"
        && tokens[at + 2].folded == "half"
}

fn small(word: &str, language: Language) -> Option<f64> {
    let table = match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Comma | Language::Point => return None,
    };
    look_up(table, word)
}

/// The value of an ordinal; `true` for a word that can only be a part (`thirds`).
fn ordinal(word: &str) -> Option<(f64, bool)> {
    if let Some(value) = look_up(ORDINALS, word) {
        return Some((value, false));
    }
    if word == "quarters" {
        return Some((4.0, true));
    }
    let value = look_up(ORDINALS, word.strip_suffix('s')?)?;
    (value >= 3.0).then_some((value, true))
}

/// What a scale word multiplies by.
pub(in crate::verify) fn scale(word: &str, language: Language) -> Option<f64> {
    use Language::{English, French, German, Spanish};
    let by = match (language, word) {
        (English, "hundred") => 1e2,
        (English, "thousand" | "k")
        | (German, "tausend")
        | (French, "mille")
        | (Spanish, "mil") => 1e3,
        (_, "million" | "m" | "mn" | "mln" | "mio")
        | (German, "millionen")
        | (French, "millions")
        | (Spanish, "millones" | "millon") => 1e6,
        (English, "billion" | "bn")
        | (German, "milliarde" | "milliarden" | "mrd")
        | (French, "milliard" | "milliards") => 1e9,
        (English, "trillion" | "tn")
        | (German, "billion" | "billionen")
        | (Spanish, "billon" | "billones") => 1e12,
        _ => return None,
    };
    Some(by)
}

fn look_up(table: &[(&str, f64)], word: &str) -> Option<f64> {
    let at = table.binary_search_by_key(&word, |(known, _)| known);
    Some(table[at.ok()?].1)
}

/// English cardinals below a hundred, sorted.
const ENGLISH: &[(&str, f64)] = &[
    ("eight", 8.0),
    ("eighteen", 18.0),
    ("eighty", 80.0),
    ("eleven", 11.0),
    ("fifteen", 15.0),
    ("fifty", 50.0),
    ("five", 5.0),
    ("forty", 40.0),
    ("four", 4.0),
    ("fourteen", 14.0),
    ("nine", 9.0),
    ("nineteen", 19.0),
    ("ninety", 90.0),
    ("one", 1.0),
    ("seven", 7.0),
    ("seventeen", 17.0),
    ("seventy", 70.0),
    ("six", 6.0),
    ("sixteen", 16.0),
    ("sixty", 60.0),
    ("ten", 10.0),
    ("thirteen", 13.0),
    ("thirty", 30.0),
    ("three", 3.0),
    ("twelve", 12.0),
    ("twenty", 20.0),
    ("two", 2.0),
];

/// English ordinals, sorted.
const ORDINALS: &[(&str, f64)] = &[
    ("eighteenth", 18.0),
    ("eighth", 8.0),
    ("eightieth", 80.0),
    ("eleventh", 11.0),
    ("fifteenth", 15.0),
    ("fifth", 5.0),
    ("fiftieth", 50.0),
    ("first", 1.0),
    ("fortieth", 40.0),
    ("fourteenth", 14.0),
    ("fourth", 4.0),
    ("hundredth", 100.0),
    ("nineteenth", 19.0),
    ("ninetieth", 90.0),
    ("ninth", 9.0),
    ("second", 2.0),
    ("seventeenth", 17.0),
    ("seventh", 7.0),
    ("seventieth", 70.0),
    ("sixteenth", 16.0),
    ("sixth", 6.0),
    ("sixtieth", 60.0),
    ("tenth", 10.0),
    ("third", 3.0),
    ("thirteenth", 13.0),
    ("thirtieth", 30.0),
    ("twelfth", 12.0),
    ("twentieth", 20.0),
];

/// German cardinals without "eins", which is an article, folded and sorted.
const GERMAN: &[(&str, f64)] = &[
    ("acht", 8.0),
    ("achtzehn", 18.0),
    ("achtzig", 80.0),
    ("drei", 3.0),
    ("dreissig", 30.0),
    ("dreizehn", 13.0),
    ("elf", 11.0),
    ("funf", 5.0),
    ("funfzehn", 15.0),
    ("funfzig", 50.0),
    ("hundert", 100.0),
    ("neun", 9.0),
    ("neunzehn", 19.0),
    ("neunzig", 90.0),
    ("sechs", 6.0),
    ("sechzehn", 16.0),
    ("sechzig", 60.0),
    ("sieben", 7.0),
    ("siebzehn", 17.0),
    ("siebzig", 70.0),
    ("vier", 4.0),
    ("vierzehn", 14.0),
    ("vierzig", 40.0),
    ("zehn", 10.0),
    ("zwanzig", 20.0),
    ("zwei", 2.0),
    ("zwolf", 12.0),
];

/// French cardinals without "un" and "neuf" (also "new"), folded and sorted.
const FRENCH: &[(&str, f64)] = &[
    ("cent", 100.0),
    ("cinq", 5.0),
    ("cinquante", 50.0),
    ("deux", 2.0),
    ("dix", 10.0),
    ("douze", 12.0),
    ("huit", 8.0),
    ("onze", 11.0),
    ("quarante", 40.0),
    ("quatorze", 14.0),
    ("quatre", 4.0),
    ("quinze", 15.0),
    ("seize", 16.0),
    ("sept", 7.0),
    ("six", 6.0),
    ("soixante", 60.0),
    ("treize", 13.0),
    ("trente", 30.0),
    ("trois", 3.0),
    ("vingt", 20.0),
];

/// Spanish cardinals without "uno", folded and sorted.
const SPANISH: &[(&str, f64)] = &[
    ("catorce", 14.0),
    ("cien", 100.0),
    ("cinco", 5.0),
    ("cincuenta", 50.0),
    ("cuarenta", 40.0),
    ("cuatro", 4.0),
    ("diez", 10.0),
    ("doce", 12.0),
    ("dos", 2.0),
    ("nueve", 9.0),
    ("ochenta", 80.0),
    ("ocho", 8.0),
    ("once", 11.0),
    ("quince", 15.0),
    ("seis", 6.0),
    ("sesenta", 60.0),
    ("setenta", 70.0),
    ("siete", 7.0),
    ("trece", 13.0),
    ("treinta", 30.0),
    ("tres", 3.0),
    ("veinte", 20.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        for table in [ENGLISH, ORDINALS, GERMAN, FRENCH, SPANISH] {
            assert!(table.is_sorted_by_key(|(word, _)| word));
        }
    }
}

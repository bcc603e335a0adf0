//! Phrases that are looked for together: one expression for all, and what is far cheaper
//! to see, whether a text has the words that one of them needs.

use regex::Regex;

use crate::verify::read::tokens::Word;

/// Phrases that are looked for together.
pub(super) struct Phrases {
    /// What finds any of them in folded words.
    pub(super) any: Regex,
    needs: Vec<Need>,
    /// The beginnings of words that phrases need, by their first byte.
    beginnings: Parts,
    /// The endings of words that phrases need, by their last byte.
    endings: Parts,
    /// The letters that phrases need.
    letters: Vec<char>,
}

/// What a text has that has the phrase. Far cheaper to see in its different words than
/// what the expression asks, and few texts have it.
enum Need {
    /// A token ends as the first word of the phrase does, and tokens begin as the other
    /// words do, by their numbers.
    Words(usize, Vec<usize>),
    /// A phrase of one word may stand inside another: a letter of it, by its number.
    Letter(usize),
}

/// Beginnings or endings of words by the byte at the edge; a mark is an empty part, under 0.
struct Parts {
    all: usize,
    by_byte: Vec<Vec<Part>>,
    /// The second bytes of the parts of each first byte, by their last bits; most words
    /// have none of them.
    seconds: Vec<u32>,
}

#[derive(Clone)]
struct Part {
    text: String,
    /// The byte after that at the edge: most words differ in it.
    second: Option<u8>,
    number: usize,
}

impl Parts {
    fn new() -> Self {
        Self {
            all: 0,
            by_byte: vec![Vec::new(); usize::from(u8::MAX) + 1],
            seconds: vec![0; usize::from(u8::MAX) + 1],
        }
    }

    /// The number of a part, whose bytes from the edge on are `bytes`.
    fn number(&mut self, text: &str, mut bytes: impl Iterator<Item = u8>) -> usize {
        let (first, second) = (bytes.next().unwrap_or_default(), bytes.next());
        let parts = &mut self.by_byte[usize::from(first)];
        if let Some(known) = parts.iter().find(|part| part.text == text) {
            return known.number;
        }
        let number = self.all;
        self.all += 1;
        self.seconds[usize::from(first)] |= second.map_or(u32::MAX, bit);
        let text = text.to_owned();
        parts.push(Part {
            text,
            second,
            number,
        });
        number
    }

    /// Which parts are surely there: what is a mark is not asked for.
    fn marks(&self) -> Vec<bool> {
        let mut there = vec![false; self.all];
        for mark in &self.by_byte[0] {
            there[mark.number] = true;
        }
        there
    }

    /// The parts that a word may have whose bytes from the edge on are `bytes`.
    fn at(&self, mut bytes: impl Iterator<Item = u8>) -> impl Iterator<Item = &Part> {
        let (first, second) = (bytes.next().unwrap_or_default(), bytes.next());
        let first = usize::from(first);
        let none = self.seconds[first] & second.map_or(u32::MAX, bit) == 0;
        let parts = if none { &[] } else { &*self.by_byte[first] };
        let parts = parts.iter();
        parts.filter(move |part| part.second.is_none() || part.second == second)
    }
}

impl Phrases {
    pub(super) fn new(phrases: &[String]) -> Self {
        let (mut beginnings, mut endings) = (Parts::new(), Parts::new());
        let mut letters = Vec::new();
        let mut need = |phrase: &String| {
            let mut words = phrase.split(' ').filter(|word| *word != "*");
            let first = words.next().unwrap_or_default();
            let rest: Vec<usize> = words
                .map(|word| {
                    let part = beginning(word);
                    beginnings.number(&part, part.bytes())
                })
                .collect();
            if let Some(letter) = first.chars().max().filter(|_| rest.is_empty()) {
                letters.push(letter);
                Need::Letter(letters.len() - 1)
            } else {
                let part = ending(first);
                Need::Words(endings.number(&part, part.bytes().rev()), rest)
            }
        };
        Self {
            any: any_of(phrases),
            needs: phrases.iter().map(&mut need).collect(),
            beginnings,
            endings,
            letters,
        }
    }

    /// With which of these words, all of a text, a phrase may begin there; nothing where
    /// the text can have none.
    pub(super) fn beginnings_in(&self, words: &[Word]) -> Vec<bool> {
        let (mut begins, mut ends) = (self.beginnings.marks(), self.endings.marks());
        let anywhere = ends.clone();
        let mut letters = vec![false; self.letters.len()];
        for word in words {
            let word = &word.folded;
            for part in self.beginnings.at(word.bytes()) {
                begins[part.number] |= word.starts_with(&part.text);
            }
            for part in self.endings.at(word.bytes().rev()) {
                ends[part.number] |= word.ends_with(&part.text);
            }
            for (letter, there) in self.letters.iter().zip(&mut letters) {
                *there = *there || has_letter(word, *letter);
            }
        }
        // The endings of first words, and the letters, that a phrase may still have.
        let mut first = vec![false; ends.len()];
        let mut any = false;
        for need in &self.needs {
            match need {
                Need::Letter(letter) => any |= letters[*letter],
                Need::Words(ending, rest) => {
                    let met = ends[*ending] && rest.iter().all(|number| begins[*number]);
                    first[*ending] |= met;
                    any |= met;
                }
            }
        }
        if !any {
            return Vec::new();
        }
        if std::iter::zip(&first, &anywhere).any(|(first, anywhere)| *first && *anywhere) {
            return vec![true; words.len()];
        }
        let may_begin = |word: &Word| {
            let word = &word.folded;
            let mut endings = self.endings.at(word.bytes().rev());
            endings.any(|part| first[part.number] && word.ends_with(&part.text))
                || self.letters.iter().any(|letter| has_letter(word, *letter))
        };
        words.iter().map(may_begin).collect()
    }
}

fn has_letter(word: &str, letter: char) -> bool {
    (letter.is_ascii() || !word.is_ascii()) && word.contains(letter)
}

/// A byte by its last bits.
fn bit(byte: u8) -> u32 {
    1 << (byte % 32)
}

/// What the first token of a word of a phrase begins with; nothing where that is a mark.
fn beginning(word: &str) -> String {
    match word.chars().next() {
        // A script whose tokens may be letters.
        Some(first) if !first.is_ascii() => first.to_string(),
        _ => word
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect(),
    }
}

/// What the last token of a word of a phrase ends with; nothing where that is a mark.
fn ending(word: &str) -> String {
    match word.chars().next_back() {
        Some(last) if !last.is_ascii() => last.to_string(),
        _ => {
            let rest = word.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
            word[rest.len()..].to_owned()
        }
    }
}

fn any_of(phrases: &[String]) -> Regex {
    let patterns: Vec<String> = phrases
        .iter()
        .map(|phrase| {
            let words: Vec<String> = phrase
                .split(' ')
                .map(|word| match word {
                    "*" => r"(?:\S+\s+){0,3}?".to_owned(),
                    word => regex::escape(word) + r"\s+",
                })
                .collect();
            // No white space is asked for behind the last word.
            words.concat().trim_end_matches(r"\s+").to_owned()
        })
        .collect();
    Regex::new(&patterns.join("|")).expect("escaped phrases")
}

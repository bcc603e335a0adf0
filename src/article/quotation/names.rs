//! Words of a block, the names among them, and the people of an article.
//!
//! Names are found by capital letters alone, so this works for scripts that have them;
//! no list of names is used.

use foldhash::{HashMap, HashSet};

use super::{
    classes::{Class, Classes},
    marks::is_mark,
    tables::ABBREVIATIONS,
};
use crate::{article::Block, text::Span};

/// A word with what stands before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) span: Span,
    /// What stands between this word and the one before.
    pub(super) gap: Gap,
    upper: bool,
    classes: Classes,
}

/// What stands between two words, the strongest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// White space alone.
    Space,
    /// Hyphens, brackets and the like.
    Other,
    /// A comma.
    Comma,
    /// A colon.
    Colon,
    /// A quotation mark.
    Mark,
    /// The end of a sentence, or the start of the text.
    Stop,
}

/// The words of `text`.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    // Six characters a word with its blank, in most texts.
    let mut found: Vec<Word> = Vec::with_capacity(text.len() / 5 + 1);
    let mut small = String::new();
    let mut gap = Gap::Stop;
    let mut start = 0;
    while let Some(c) = char_at(text, start) {
        if !c.is_alphanumeric() {
            gap = gap.max(gap_of(c));
            start += c.len_utf8();
            continue;
        }
        let end = word_end(text, start);
        let word = &text[start..end];
        let upper = c.is_uppercase();
        found.push(Word {
            text: word,
            span: Span::new(start, end),
            gap,
            upper,
            classes: Classes::of_written(word, upper, &mut small),
        });
        gap = Gap::Space;
        start = end;
    }
    found
}

/// The character at the byte `at`; `None` at the end of the text.
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at)? {
        byte if byte.is_ascii() => Some(char::from(*byte)),
        _ => text[at..].chars().next(),
    }
}

/// Where the word ends that begins at the byte `start` with a letter or digit.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    loop {
        // Most words are letters of ASCII.
        let rest = &text.as_bytes()[end..];
        let is_plain = |byte: &&u8| byte.is_ascii_alphanumeric();
        end += rest.iter().take_while(is_plain).count();
        let Some(c) = char_at(text, end) else {
            return end;
        };
        let after = end + c.len_utf8();
        let goes_on = c.is_alphanumeric()
            || match c {
                ' ' => false,
                '\'' | '’' | '-' | '‑' | '&' | '·' | '_' => goes_on_behind(text, after),
                '.' => goes_on_behind(text, after) || abbreviates(&text[start..end]),
                _ => matches!(c, '\u{0300}'..='\u{036F}'),
            };
        if !goes_on {
            return end;
        }
        end = after;
    }
}

fn goes_on_behind(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(char::is_alphanumeric)
}

/// Whether a full stop after these letters belongs to them: `J.`, `U.S.`, `Dr.`.
fn abbreviates(letters: &str) -> bool {
    let mut chars = letters.chars();
    let initial = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
    initial
        || letters.contains('.') && letters.len() < 8
        || ABBREVIATIONS
            .iter()
            .any(|one| one.eq_ignore_ascii_case(letters))
}

fn gap_of(c: char) -> Gap {
    match c {
        ' ' => Gap::Space,
        ',' | '，' | '、' | '،' => Gap::Comma,
        ':' | '：' => Gap::Colon,
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | ';' | '\n' => Gap::Stop,
        c if c.is_whitespace() => Gap::Space,
        // Not the apostrophe that follows a plural.
        c if is_mark(c) && c != '\'' && c != '’' => Gap::Mark,
        _ => Gap::Other,
    }
}

impl Word<'_> {
    /// Whether it begins with a capital letter.
    pub(super) fn is_upper(&self) -> bool {
        self.upper
    }

    /// Whether it may be part of a name.
    fn is_name_like(&self) -> bool {
        self.is_upper()
            && (self.text.len() == 2 && self.text.ends_with('.') || !self.is(Class::NoName))
    }

    /// Whether it says whose something is: `Ruiz's`.
    fn is_possessive(&self) -> bool {
        self.text.ends_with("'s") || self.text.ends_with("’s")
    }

    /// Whether it is a title or a role: `Mayor`, `spokeswoman`, `Polizeisprecherin`.
    pub(super) fn is_title(&self) -> bool {
        self.is(Class::Title)
    }

    /// Whether it stands in this table.
    pub(super) fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }
}

/// A name among words: `titles` before it, then the name itself, as ranges of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The first word, titles included.
    pub(super) from: usize,
    /// The first word of the name itself.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
}

impl Name {
    /// Whether the name has more than one word.
    pub(super) fn is_full(&self) -> bool {
        self.end - self.start >= 2
    }
}

/// No person's name is longer; a longer run of capitals is a headline.
const LONGEST_NAME: usize = 6;

/// The name that begins at word `at`.
pub(super) fn name_at(words: &[Word], at: usize) -> Option<Name> {
    if !words.get(at)?.is_name_like() {
        return None;
    }
    let mut end = at + 1;
    while !words[end - 1].is_possessive()
        && end - at <= 2 * LONGEST_NAME
        && end < words.len()
        && words[end].gap == Gap::Space
    {
        let particles = words[end..]
            .iter()
            .take(3)
            .take_while(|w| w.gap == Gap::Space && w.is(Class::Particle) && !w.is_upper())
            .count();
        match words.get(end + particles) {
            Some(word) if word.gap == Gap::Space && word.is_name_like() => end += particles + 1,
            _ => break,
        }
    }
    let start = (at..end).find(|&word| !words[word].is_title())?;
    let fine = words[start].is_upper()
        && end - start <= LONGEST_NAME
        && !words[end - 1].is_possessive()
        && (end - start > 1 || words[start].text.contains(char::is_lowercase));
    fine.then_some(Name {
        from: at,
        start,
        end,
    })
}

/// The name that ends right before word `end`.
pub(super) fn name_before(words: &[Word], end: usize) -> Option<Name> {
    let mut at = end;
    while at > 0 && (at == end || words[at].gap == Gap::Space) {
        let word = &words[at - 1];
        let inside = at < end && word.is(Class::Particle) && !word.is_upper();
        if !(word.is_name_like() || inside) || end - at > LONGEST_NAME + 2 {
            break;
        }
        at -= 1;
    }
    (at..end)
        .filter_map(|at| name_at(words, at))
        .find(|name| name.end == end)
}

/// The people (and whatever else has a name of several words) of one article.
#[derive(Debug, Default)]
pub(super) struct People<'t> {
    /// Full names with the first role found beside one, if any.
    full: HashMap<String, Option<String>>,
    /// For each last word of a full name that name, or nothing where several end so.
    surnames: HashMap<String, Option<String>>,
    /// Words that are capitalised inside a sentence.
    capitalised: HashSet<&'t str>,
    german: bool,
}

impl<'t> People<'t> {
    /// Everyone whom the blocks of `text` name, of these words; `known` says of a word that begins a
    /// sentence whether it is a name elsewhere.
    pub(super) fn of(
        text: &str,
        blocks: &[Block],
        words: &[Vec<Word<'t>>],
        language: Option<&str>,
        known: impl Fn(&str) -> bool,
    ) -> Self {
        let mut people = Self {
            german: language.is_some_and(|tag| tag.to_lowercase().starts_with("de")),
            ..Self::default()
        };
        for (block, words) in blocks.iter().zip(words) {
            let text = block.span.of(text);
            let mut at = 0;
            while at < words.len() {
                let word = &words[at];
                if word.is_upper() && (word.gap < Gap::Stop || known(word.text)) {
                    people.capitalised.insert(word.text);
                }
                let Some(name) = name_at(words, at) else {
                    at += 1;
                    continue;
                };
                for word in &words[at + 1..name.end] {
                    people.capitalised.insert(word.text);
                }
                if name.is_full() {
                    let role = role(text, words, &name);
                    let full = text_of(text, words, &name);
                    people.surname(&full);
                    let known = people.full.entry(full).or_default();
                    *known = known.take().or(role);
                }
                at = name.end;
            }
        }
        people
    }

    /// The full name that a name of one word stands for, or that word itself; nothing for
    /// a word at the start of a sentence that may be no name at all.
    pub(super) fn resolve(
        &self,
        name: &str,
        starts_sentence: bool,
    ) -> Option<(String, Option<String>)> {
        if name.contains(' ') {
            return Some((name.to_owned(), self.full.get(name).cloned().flatten()));
        }
        match self.surnames.get(name) {
            Some(Some(full)) => {
                return Some((full.clone(), self.full.get(full).cloned().flatten()));
            }
            Some(None) => return Some((name.to_owned(), None)),
            None => {}
        }
        let doubtful = self.german || starts_sentence && !self.capitalised.contains(name);
        (!doubtful).then(|| (name.to_owned(), None))
    }

    /// Whether this word is the last word of a known full name.
    pub(super) fn is_surname(&self, word: &str) -> bool {
        self.surnames.contains_key(word)
    }

    /// Notes whose last name the last word of `full` is.
    fn surname(&mut self, full: &str) {
        let last = full.split(' ').next_back().unwrap_or(full);
        match self.surnames.get_mut(last) {
            None => {
                self.surnames.insert(last.to_owned(), Some(full.to_owned()));
            }
            Some(known) if known.as_deref() == Some(full) => {}
            Some(known) => *known = None,
        }
    }
}

/// The name as the text has it.
pub(super) fn text_of(text: &str, words: &[Word], name: &Name) -> String {
    between(text, words, name.start, name.end)
}

/// The text of a range of words, with its white space made single.
pub(super) fn between(text: &str, words: &[Word], start: usize, end: usize) -> String {
    let range = &text[words[start].span.start..words[end - 1].span.end];
    let mut single = String::with_capacity(range.len());
    for part in range.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(part);
    }
    single
}

/// The role that stands beside a name: an apposition after it (`, the mayor of Tromsø,`),
/// a capitalised title, or a role in small letters before it.
pub(super) fn role(text: &str, words: &[Word], name: &Name) -> Option<String> {
    apposition(text, words, name.end).or_else(|| role_before(text, words, name))
}

fn role_before(text: &str, words: &[Word], name: &Name) -> Option<String> {
    let mut from = name.from;
    let small_title = from > 0 && words[from].gap == Gap::Space && words[from - 1].is_title();
    if small_title {
        while from > 0
            && name.from - from < 4
            && words[from].gap == Gap::Space
            && !words[from - 1].is_upper()
            && (from == name.from || words[from - 1].text.chars().all(char::is_alphabetic))
            && !words[from - 1].is(Class::Article)
            && !words[from - 1].is(Class::PrepositionLike)
            && !words[from - 1].is(Class::Binder)
            && !words[from - 1].is(Class::Verb)
        {
            from -= 1;
        }
    }
    while from < name.start && words[from].is(Class::Address) {
        from += 1;
    }
    (from < name.start).then(|| between(text, words, from, name.start))
}

/// The apposition that begins at word `at`, without its article.
pub(super) fn apposition(text: &str, words: &[Word], at: usize) -> Option<String> {
    const LONGEST: usize = 12;
    let first = words.get(at).filter(|word| word.gap == Gap::Comma)?;
    let mut start = at;
    let length = words[at + 1..]
        .iter()
        .take(LONGEST)
        .take_while(|word| word.gap == Gap::Space)
        .count();
    let end = at + 1 + length;
    // An age stands between the name and the role: `, 45, a nurse,`.
    if first.text.chars().all(|c| c.is_ascii_digit()) {
        return (length == 0)
            .then(|| apposition_of_words(text, words, end))
            .flatten();
    }
    let closed = words
        .get(end)
        .is_none_or(|word| matches!(word.gap, Gap::Comma | Gap::Stop | Gap::Colon));
    if first.is(Class::Article) && !first.is_upper() && length > 0 {
        start += 1;
    } else if !words[at..end]
        .iter()
        .take(4)
        .any(|word| word.is_title() && !first.text.ends_with("ing"))
    {
        return None;
    }
    let says = words[start..end].iter().any(|word| {
        let classes = [Class::Verb, Class::Pronoun, Class::Copula];
        classes.into_iter().any(|class| word.is(class))
    });
    (closed && !says && !first.is(Class::PrepositionLike)).then(|| between(text, words, start, end))
}

/// As [`apposition`], but no further age is looked for.
fn apposition_of_words(text: &str, words: &[Word], at: usize) -> Option<String> {
    let next = words.get(at)?;
    (!next.text.chars().all(|c| c.is_ascii_digit()))
        .then(|| apposition(text, words, at))
        .flatten()
}

//! Who said the words between two marks, from the words around them.
//!
//! Each rule asks for a shape that leaves no doubt (`said NAME`, `NAME, ROLE, said`,
//! `according to NAME`, `he said` with one possible person); where none fits, there is no
//! speaker. A wrong speaker is worse than none. Chinese and Japanese are not attempted,
//! since their names are not set apart from the words around them.

use super::{
    Speaker,
    classes::Class,
    names::{Gap, Name, People, Word, apposition, between, name_at, name_before, role, text_of},
    tables::ACCORDING,
};
use crate::text::Span;

/// A speaker, and where his name stands in its block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) speaker: Speaker,
    pub(super) at: Span,
}

/// What the words beside a quotation say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// This person said it.
    By(Named),
    /// "he said"
    ByPronoun,
    /// Nothing that could be relied on.
    Nobody,
}

/// Reads the words around quotations of one block.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [Word<'a>],
    pub(super) people: &'a People<'a>,
}

/// A clause that reports speech is not longer than this many words.
const LONGEST_CLAUSE: usize = 16;
/// What leads up to a quotation may be longer.
const LONGEST_LEAD: usize = 40;

impl Reader<'_> {
    /// The speaker named after a quotation, whose closing mark ends at byte `end`; `limit`
    /// is where the next quotation begins. Gives also where the clause ends.
    ///
    /// `broken` says that a comma or a full stop parts the quotation from what follows.
    pub(super) fn after(&self, end: usize, limit: usize, broken: Option<char>) -> (Said, usize) {
        let from = self.words.partition_point(|word| word.span.start < end);
        let mut to = from;
        while to < self.words.len()
            && self.words[to].span.end <= limit
            && to - from < LONGEST_CLAUSE
            && (to == from || self.words[to].gap != Gap::Stop)
        {
            to += 1;
        }
        if from == to {
            return (Said::Nobody, end);
        }
        let clause_end = self.words[to - 1].span.end;
        let first = &self.words[from];
        // After a full stop inside the marks a new sentence begins: it reports the words
        // before it only when it does nothing else.
        if broken == Some('.') && first.is_upper() && to - from > 5 {
            return (Said::Nobody, end);
        }
        if self.text[end..first.span.start].contains(['.', '!', '?', ';', ':', '\n']) {
            return (Said::Nobody, end);
        }
        (self.clause(from, to, broken.is_some()), clause_end)
    }

    /// As [`Self::after`] for a quotation inside a sentence, which only `according to NAME`
    /// may follow.
    pub(super) fn according_after(&self, end: usize, limit: usize) -> (Said, usize) {
        let from = self.words.partition_point(|word| word.span.start < end);
        let to = self.words.partition_point(|word| word.span.end <= limit);
        match according(&self.words[from..to.max(from)]) {
            Some(length) => {
                let said = self.object(&self.words[..to], from + length);
                (said, end)
            }
            None => (Said::Nobody, end),
        }
    }

    fn clause(&self, from: usize, to: usize, broken: bool) -> Said {
        let words = &self.words[..to];
        if let Some(length) = according(&words[from..]) {
            return self.object(words, from + length);
        }
        let Some(verb) = (from..to).find(|&at| is_verb(&words[at])) else {
            return Said::Nobody;
        };
        let first = skip_helpers(words, from, verb);
        let inverted = first == verb || words[verb].gap == Gap::Comma && verb > from;
        // `Ana Ruiz, who owns two boats, told the Post`
        if inverted
            && first != verb
            && broken
            && let Some((said, start)) = self.subject(from, verb)
            && self.opens_clause(from, start)
        {
            return said;
        }
        if inverted {
            let said = self.object(words, verb + 1);
            if said != Said::Nobody || first == verb {
                return match said {
                    Said::Nobody
                        if words[verb].is(Class::BareVerb)
                            && words
                                .get(verb + 1)
                                .is_none_or(|word| word.gap != Gap::Space) =>
                    {
                        Said::ByPronoun
                    }
                    said => said,
                };
            }
        }
        if !broken {
            return Said::Nobody;
        }
        match self.subject(from, verb) {
            Some((said, start)) if self.opens_clause(from, start) => said,
            _ => Said::Nobody,
        }
    }

    /// Whether only a role or an adverb stands between the start of a clause and its
    /// subject.
    fn opens_clause(&self, from: usize, start: usize) -> bool {
        start <= from + 4
            && self.words[from..start.max(from)].iter().all(|word| {
                !word.is_upper() && !word.is(Class::Binder) && !is_verb(word) || word.is_title()
            })
    }

    /// The speaker named in the sentence that leads up to a quotation, whose opening mark
    /// stands at byte `start`; `limit` is where the quotation before it ends.
    pub(super) fn before(&self, start: usize, limit: usize) -> Said {
        let to = self.words.partition_point(|word| word.span.end <= start);
        let mut from = to;
        while from > 0 && to - from < LONGEST_LEAD && self.words[from - 1].span.start >= limit {
            from -= 1;
            if self.words[from].gap == Gap::Stop {
                break;
            }
        }
        let tail = &self.text[self.words[..to].last().map_or(0, |word| word.span.end)..start];
        if from == to || tail.contains(['.', '!', '?', ';', '\n']) {
            return Said::Nobody;
        }
        let words = &self.words[..to];
        if let Some(verb) = (from..to).rev().find(|&at| is_verb(&words[at])) {
            if words[verb + 1..]
                .iter()
                .any(|word| word.is(Class::NotSpeech))
            {
                return Said::Nobody;
            }
            if let Some((said, _)) = self.subject(from, verb) {
                return said;
            }
            // `Yesterday said Ruiz: "…"` is German word order; after a quotation, or at the
            // start, it is everyone's.
            let first = skip_helpers(words, from, verb);
            if first == verb || tail.contains([':', '：']) {
                let said = self.object(words, verb + 1);
                let named = self.object_end(words, verb + 1);
                return if named == Some(to) {
                    said
                } else {
                    Said::Nobody
                };
            }
            return Said::Nobody;
        }
        if let Some(length) = according(&words[from..]) {
            return self.object(words, from + length);
        }
        // `Ana Ruiz: "…"` in an interview or a transcript.
        match name_at(words, from) {
            Some(name)
                if name.end == to
                    && tail.trim_start().starts_with([':', '：'])
                    && name.is_full() =>
            {
                self.by(words, &name, None)
            }
            _ => Said::Nobody,
        }
    }

    /// The subject of the verb at `verb`, and the word at which it begins.
    pub(super) fn subject(&self, from: usize, verb: usize) -> Option<(Said, usize)> {
        let all = self.words;
        let mut end = verb;
        while end > from && all[end].gap == Gap::Space && is_helper(&all[end - 1]) {
            end -= 1;
        }
        if end == from {
            return None;
        }
        if all[end].gap == Gap::Space {
            let last = &all[end - 1];
            if last.is(Class::Pronoun) {
                return Some((Said::ByPronoun, end - 1));
            }
            return self.bare_subject(from, end);
        }
        if all[end].gap != Gap::Comma {
            return None;
        }
        // `NAME, ROLE, said`, also with an age or a second role between them.
        let mut segment_end = end;
        for _ in 0..3 {
            let mut start = segment_end - 1;
            while start > from && all[start].gap == Gap::Space {
                start -= 1;
            }
            if start <= from || all[start].gap != Gap::Comma || segment_end - start > 14 {
                return None;
            }
            // `the mayor, Ana Ruiz, said`
            let inner =
                name_at(all, start).filter(|name| name.end == segment_end && name.is_full());
            if let Some(name) = inner
                && !all[start - 1].is_upper()
            {
                let mut role = start - 1;
                while role > from && all[role].gap == Gap::Space {
                    role -= 1;
                }
                let known = all[role].is(Class::Article) && start - role >= 2;
                let role_text = known.then(|| between(self.text, all, role + 1, start));
                return Some((
                    self.by(all, &name, role_text),
                    if known { role } else { start },
                ));
            }
            if let Some((said, at)) = self.bare_subject(from, start) {
                return Some((said, at));
            }
            segment_end = start;
        }
        None
    }

    /// A name that ends right before word `end` and that nothing makes someone else's.
    fn bare_subject(&self, from: usize, end: usize) -> Option<(Said, usize)> {
        let name = name_before(self.words, end).filter(|name| name.from >= from)?;
        if name.from > 0 && self.words[name.from].gap <= Gap::Comma {
            let before = &self.words[name.from - 1];
            if name.from > from
                && self.words[name.from].gap < Gap::Comma
                && (before.is(Class::Binder)
                    || before.text.ends_with("'s")
                    || before.text.ends_with("’s"))
            {
                return None;
            }
            // `Ana Ruiz, coach, Cádiz, Spain says`
            let listed = name.from > from
                && self.words[name.from].gap == Gap::Comma
                && before.is_upper()
                && !name.is_full()
                && !self.people.is_surname(self.words[name.start].text);
            if listed {
                return None;
            }
        }
        let said = self.by(self.words, &name, None);
        (said != Said::Nobody).then_some((said, name.from))
    }

    /// The speaker named right after a verb.
    pub(super) fn object(&self, words: &[Word], at: usize) -> Said {
        match self.object_name(words, at) {
            Some((name, role)) => self.by(words, &name, role),
            None if words
                .get(at)
                .is_some_and(|word| word.gap <= Gap::Space && word.is(Class::Pronoun)) =>
            {
                Said::ByPronoun
            }
            None => Said::Nobody,
        }
    }

    fn object_end(&self, words: &[Word], at: usize) -> Option<usize> {
        match self.object_name(words, at) {
            Some((name, _)) => Some(name.end),
            None => words
                .get(at)
                .filter(|word| word.is(Class::Pronoun))
                .map(|_| at + 1),
        }
    }

    fn object_name(&self, words: &[Word], at: usize) -> Option<(Name, Option<String>)> {
        const LONGEST_ROLE: usize = 9;
        words.get(at).filter(|word| word.gap == Gap::Space)?;
        if let Some(name) = name_at(words, at) {
            return alone(words, &name).then_some((name, None));
        }
        let mut bound = false;
        for next in at..words.len().min(at + LONGEST_ROLE) {
            let word = &words[next];
            let role_start = if words[at].is(Class::Article) {
                at + 1
            } else {
                at
            };
            if next > at && word.gap == Gap::Comma {
                // `said the mayor of Tromsø, Ana Ruiz`
                let name =
                    name_at(words, next).filter(|name| name.is_full() && alone(words, name))?;
                let closed = words.get(name.end).is_none_or(|word| word.gap > Gap::Other);
                return (closed && role_start < next)
                    .then(|| (name, Some(between(self.text, words, role_start, next))));
            }
            if word.gap != Gap::Space || is_verb(word) {
                return None;
            }
            if word.is_upper()
                && !bound
                && let Some(name) = name_at(words, next)
            {
                let titled = role_start < next
                    && (words[next - 1].is_title() || words[at].is(Class::Article));
                let role = titled.then(|| between(self.text, words, role_start, name.start));
                return alone(words, &name).then_some((name, role));
            }
            // "a friend of NAME", "der Sprecher der NAME"
            let article = word.is(Class::Article);
            bound |= if next == at {
                word.is(Class::Binder) && !article
            } else {
                word.is(Class::Binder) || article
            };
        }
        None
    }

    /// The speaker of this name, in full and with a role where the article gives them.
    fn by(&self, words: &[Word], name: &Name, role_beside: Option<String>) -> Said {
        let before = self.text[..words[name.from].span.start].trim_end();
        let starts = before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n']);
        let written = text_of(self.text, words, name);
        match self
            .people
            .resolve(&written, starts && name.from == name.start)
        {
            Some((name_in_full, known)) => {
                let role = role_beside
                    .or_else(|| role(self.text, words, name))
                    .or_else(|| apposition(self.text, self.words, name.end))
                    .or(known);
                Said::By(Named {
                    speaker: Speaker {
                        name: name_in_full,
                        role,
                    },
                    at: Span::new(words[name.from].span.start, words[name.end - 1].span.end),
                })
            }
            None => Said::Nobody,
        }
    }
}

/// Whether the name is not joined to another (`Ruiz and Lee`) and says not merely whose
/// role follows (`a Reuters spokesperson`).
fn alone(words: &[Word], name: &Name) -> bool {
    let Some(next) = words.get(name.end).filter(|word| word.gap == Gap::Space) else {
        return true;
    };
    let joined = matches!(next.text, "and" | "und" | "et" | "y" | "e" | "&")
        && words.get(name.end + 1).is_some_and(Word::is_upper);
    !joined && (next.is_upper() || !next.is_title())
}

/// Past auxiliaries and adverbs at the start of a clause: `a déclaré`, `also said`.
fn skip_helpers(words: &[Word], from: usize, verb: usize) -> usize {
    (from..verb)
        .find(|&at| !is_helper(&words[at]))
        .unwrap_or(verb)
}

fn is_helper(word: &Word) -> bool {
    word.is(Class::Helper) || (word.text.ends_with("ly") && !word.is_upper())
}

pub(super) fn is_verb(word: &Word) -> bool {
    !word.is_upper() && word.is(Class::Verb)
}

/// How many words at the start of a clause mean "according to".
pub(super) fn according(words: &[Word]) -> Option<usize> {
    words.first().filter(|first| first.is(Class::According))?;
    ACCORDING
        .iter()
        .find(|phrase| {
            words.len() > phrase.len()
                && std::iter::zip(**phrase, words).all(|(one, word)| {
                    word.text.len() == one.len() && word.text.to_lowercase() == *one
                })
        })
        .map(|phrase| phrase.len())
}

//! Direct speech in an article: who said which words.
//!
//! Quotations are found by their marks, speakers by the words around them. Whether the
//! words are worth quoting is not asked here, nor is anything understood: a phrase in
//! scare quotes is a quotation too, and a speaker is named only where the text leaves no
//! doubt.

mod classes;
mod korean;
mod marks;
mod names;
mod reported;
mod speaker;
#[rustfmt::skip] // one word a line makes a table that nobody reads
mod tables;

pub(crate) use self::marks::is_whole;
pub(crate) use self::reported::{Reported, is_report, is_title};
use self::{
    marks::Marked,
    names::{Gap, People, Word},
    speaker::{Named, Reader, Said},
};
use super::{Article, Block, BlockKind};
use crate::text::Span;

/// A quotation of an article, found by its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The words between the marks, as a span of [`super::Article::text`].
    pub span: Span,
    /// Who said them, where the text around them names someone.
    pub speaker: Option<Speaker>,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The name as the article writes it.
    pub name: String,
    /// The role that stands beside the name, such as "mayor of Tromsø".
    pub role: Option<String>,
}

/// A quotation that may become the pull quote, with its place in the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The id of the source, `s1`, `s2`, ….
    pub source: String,
    /// The words, as a span of that source's text.
    pub span: Span,
    /// Who said them.
    pub speaker: Option<Speaker>,
}

/// Every quotation of the article's text, in order; a quotation inside another follows it
/// and has no speaker.
///
/// A comma before the closing mark is not part of the words. A quotation ends with its
/// block; one that the next block reopens is a quotation of each, with one speaker. A
/// block quotation counts whole.
pub fn quotations(article: &Article) -> Vec<Quotation> {
    let (text, blocks) = (article.text.as_str(), article.blocks.as_slice());
    let words = words_of(text, blocks);
    let people = People::of(text, blocks, &words, article.language.as_deref(), |_| false);
    let utterances = utterances(text, blocks, &words, &people).into_iter();
    utterances
        .map(|utterance| Quotation {
            span: utterance.span,
            speaker: utterance.speaker,
        })
        .collect()
}

/// A quotation, and where its speaker is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Utterance {
    /// The words between the marks.
    pub(crate) span: Span,
    /// Who said them.
    pub(crate) speaker: Option<Speaker>,
    /// Where the speaker's name stands, with its titles; `None` where a pronoun or an
    /// earlier sentence leads to it.
    pub(crate) named: Option<Span>,
}

/// Everything that a text gives to someone.
#[derive(Debug, Default)]
pub(crate) struct Speech {
    /// What stands in quotation marks, in order.
    pub(crate) utterances: Vec<Utterance>,
    /// What is told in the text's own words, in order.
    pub(crate) reported: Vec<Reported>,
}

impl Speech {
    /// Reads a text of these blocks; the language is its BCP 47 tag. `known` says of a
    /// word that begins a sentence whether it is a name elsewhere.
    pub(crate) fn of(
        text: &str,
        blocks: &[Block],
        language: Option<&str>,
        known: impl Fn(&str) -> bool,
    ) -> Self {
        let words = words_of(text, blocks);
        let people = People::of(text, blocks, &words, language, known);
        let utterances = utterances(text, blocks, &words, &people);
        let reported = reported::reported(text, blocks, &words, &people, &utterances);
        Self {
            utterances,
            reported,
        }
    }
}

/// The words of each block.
fn words_of<'t>(text: &'t str, blocks: &[Block]) -> Vec<Vec<names::Word<'t>>> {
    let blocks = blocks.iter();
    blocks
        .map(|block| names::words(block.span.of(text)))
        .collect()
}

fn utterances(
    text: &str,
    blocks: &[Block],
    words: &[Vec<names::Word<'_>>],
    people: &People<'_>,
) -> Vec<Utterance> {
    let mut search = Search {
        text,
        blocks,
        words,
        people,
        found: Vec::new(),
        told: None,
    };
    // Where the quotations begin that the block before leaves open.
    let mut chain: Option<usize> = None;
    for at in 0..blocks.len() {
        let first = search.found.len();
        let runs_on = search.block(at, chain.is_some());
        let whole = search.found.len() == first + 1;
        let goes_on = runs_on && whole && chain.is_some();
        if let (Some(from), false) = (chain, goes_on) {
            search.join(from, first);
        }
        if !goes_on {
            chain = runs_on.then(|| search.found.len() - 1);
        }
    }
    search.found
}

/// A search through the blocks of one text.
struct Search<'a> {
    text: &'a str,
    blocks: &'a [Block],
    /// The words of each block.
    words: &'a [Vec<names::Word<'a>>],
    people: &'a People<'a>,
    found: Vec<Utterance>,
    /// The last speaker who was found, and in which block.
    told: Option<(usize, Speaker)>,
}

impl<'a> Search<'a> {
    /// Adds the quotations of a block; whether the last one runs on into the next block.
    fn block(&mut self, at: usize, reopened: bool) -> bool {
        let text = self.text(at);
        let start = self.blocks[at].span.start;
        if self.blocks[at].kind == BlockKind::Quote {
            self.block_quotation(at);
            return false;
        }
        let found = marks::find(text);
        let mut marked = found.marked;
        let next = self.blocks.get(at + 1);
        let unclosed = found.open.iter().find(|open| marks::is_double(open.mark));
        let open_words = unclosed
            .filter(|open| next.is_some_and(|_| marks::begins_with(self.text(at + 1), open.mark)))
            .and_then(|open| {
                let inner = Span::new(open.at + open.mark.len_utf8(), text.len());
                let outer = Span::new(open.at, text.len());
                marks::words(text, inner).map(|words| Marked { outer, words })
            });
        if let Some(open) = open_words {
            marked.retain(|marked| !open.outer.contains(marked.outer));
            marked.push(open);
        }
        if marked.is_empty() {
            return false;
        }
        let words = &self.words[at];
        let mut reach = 0;
        let mut previous: Option<(Marked, usize, Option<Speaker>)> = None;
        for (nth, quotation) in marked.iter().enumerate() {
            let nested = quotation.outer.start < reach;
            let mut named = None;
            let speaker = if nested {
                None
            } else {
                let limit = marked[nth + 1..]
                    .iter()
                    .find(|next| next.outer.start >= quotation.outer.end)
                    .map_or(text.len(), |next| next.outer.start);
                let (told, clause_end) = self.speaker(at, words, quotation, reach, limit);
                named = told.as_ref().and_then(|told| told.1);
                let speaker = told.map(|told| told.0);
                let speaker = speaker.or_else(|| {
                    let (before, end, speaker) = previous.as_ref()?;
                    continues(text, before, *end, quotation).then(|| speaker.clone())?
                });
                let leads = nth == 0 && quotation.outer.start == 0 && !reopened;
                let speaker = speaker.or_else(|| leads.then(|| self.announced(at)).flatten());
                if let Some(speaker) = &speaker {
                    self.told = Some((at, speaker.clone()));
                }
                reach = quotation.outer.end;
                previous = Some((*quotation, clause_end, speaker.clone()));
                speaker
            };
            self.found.push(Utterance {
                span: quotation.words.shifted(start),
                speaker,
                named: named.map(|named: Span| named.shifted(start)),
            });
        }
        open_words.is_some()
    }

    /// Who said `quotation`, with the place of the name in the block where it is named,
    /// and where the clause ends that says so after it.
    fn speaker(
        &self,
        at: usize,
        words: &[Word],
        quotation: &Marked,
        from: usize,
        to: usize,
    ) -> (Option<(Speaker, Option<Span>)>, usize) {
        let text = self.text(at);
        let reader = Reader {
            text,
            words,
            people: self.people,
        };
        let outer = quotation.outer;
        let (mut said, mut end) = (Said::Nobody, outer.end);
        let broken = broken(text, quotation);
        let long = quotation.words.of(text).split_whitespace().nth(3).is_some();
        if broken.is_some() || long {
            (said, end) = reader.after(outer.end, to, broken);
            // `"A." Ruiz added: "B."` leads up to B.
            let announces = text[end..to].trim_start().starts_with(':');
            if announces && broken != Some(',') {
                (said, end) = (Said::Nobody, outer.end);
            }
        } else if let (found @ Said::By(_), clause) = reader.according_after(outer.end, to) {
            (said, end) = (found, clause);
        }
        if said == Said::Nobody {
            said = reader.before(outer.start, from);
        }
        if said == Said::Nobody {
            said = korean::said(&text[from..outer.start], &text[outer.end..to]);
            if let Said::By(named) = &mut said {
                named.at = named.at.shifted(from);
            }
        }
        let speaker = match said {
            Said::By(Named { speaker, at }) => Some((speaker, Some(at))),
            Said::ByPronoun => {
                let person = self.only_person(at, words, outer.start);
                person.map(|speaker| (speaker, None))
            }
            Said::Nobody => None,
        };
        (speaker, end)
    }

    /// The one person whom "he" or "she" can mean at this byte of this block.
    ///
    /// That is the only one named since the block before began; or, where several are, the
    /// last one if they have just been quoted.
    fn only_person(&self, at: usize, words: &[Word], byte: usize) -> Option<Speaker> {
        let before = words.partition_point(|word| word.span.end <= byte);
        let mut named = Vec::new();
        if at > 0 && self.blocks[at - 1].kind != BlockKind::Heading {
            let text = self.text(at - 1);
            let tail = tail(text);
            if tail.len() == text.len() {
                self.named(text, &self.words[at - 1], &mut named);
            } else {
                self.named(tail, &names::words(tail), &mut named);
            }
        }
        let from = before.saturating_sub(MEMORY);
        self.named(self.text(at), &words[from..before], &mut named);
        let told = self.told.as_ref().filter(|(block, _)| block + 1 >= at);
        let Some(last) = named.last() else {
            return told.map(|(_, told)| told.clone());
        };
        let name = &last.speaker.name;
        if let Some((_, told)) = told.filter(|(_, told)| told.name == *name) {
            return Some(told.clone());
        }
        let only = named.iter().all(|one| one.speaker.name == *name);
        let person = named.iter().any(|one| one.person) || last.speaker.role.is_some();
        (only && person).then(|| last.speaker.clone())
    }

    /// Adds whomever these words name. What has an article before it ("the Supreme Court")
    /// or stands in a place ("in New York") is no person.
    fn named(&self, text: &str, words: &[Word], named: &mut Vec<Mention>) {
        let mut at = 0;
        while at < words.len() {
            let Some(name) = names::name_at(words, at) else {
                at += 1;
                continue;
            };
            at = name.end;
            let thing = name.from > 0 && words[name.from].gap == Gap::Space && {
                let before = words[name.from - 1].text.to_lowercase();
                matches!(before.as_str(), "the" | "in" | "at" | "im" | "à" | "en")
            };
            let known = name.is_full() || self.people.is_surname(words[name.start].text);
            if known && !thing {
                let written = names::text_of(text, words, &name);
                if let Some((full, role)) = self.people.resolve(&written, false) {
                    named.push(Mention {
                        speaker: Speaker { name: full, role },
                        person: name.from < name.start || words[name.from].gap == Gap::Stop,
                    });
                }
            }
        }
    }

    /// Who is announced at the end of the block before: `Ana Ruiz said:`.
    fn announced(&self, at: usize) -> Option<Speaker> {
        let before = at.checked_sub(1)?;
        let text = self.text(before).trim_end();
        if !text.ends_with([':', '：']) || self.blocks[before].kind == BlockKind::Heading {
            return None;
        }
        let words = names::words(text);
        let reader = Reader {
            text,
            words: &words,
            people: self.people,
        };
        match reader.before(text.len(), 0) {
            Said::By(named) => Some(named.speaker),
            Said::ByPronoun => self.only_person(before, &words, text.len()),
            Said::Nobody => None,
        }
    }

    /// Adds a block quotation: all its words but the marks around them and a last line
    /// that names the speaker after a dash.
    fn block_quotation(&mut self, at: usize) {
        let text = self.text(at);
        let (words, signed) = match signature(text) {
            Some(dash) => {
                let name = text[dash..].trim_start_matches(['—', '–', '―', '-', ' ']);
                (&text[..dash], self.signed(name))
            }
            None => (text, None),
        };
        let whole = Span::new(0, words.len()).trimmed(words);
        let inner = match marks::find(words).marked.first() {
            Some(marked) if marked.outer == whole => Some(marked.words),
            _ => marks::words(words, whole),
        };
        if let Some(span) = inner {
            let speaker = signed.or_else(|| self.announced(at));
            if let Some(speaker) = &speaker {
                self.told = Some((at, speaker.clone()));
            }
            self.found.push(Utterance {
                span: span.shifted(self.blocks[at].span.start),
                speaker,
                named: None,
            });
        }
    }

    /// The speaker of a signature: a name, and a role after a comma.
    fn signed(&self, signature: &str) -> Option<Speaker> {
        let words = names::words(signature);
        let name = names::name_at(&words, 0)?;
        let rest = signature[words[name.end - 1].span.end..].trim_matches([' ', ',', '.']);
        let (full, known) = self
            .people
            .resolve(&names::text_of(signature, &words, &name), false)?;
        let role = names::role(signature, &words, &name).or_else(|| {
            (!rest.is_empty() && words[name.end].gap == Gap::Comma).then(|| rest.to_owned())
        });
        Some(Speaker {
            name: full,
            role: role.or(known),
        })
    }

    /// Gives a quotation that ran on over blocks, from number `from` to the first one of
    /// the last block (number `first`), the same speaker.
    fn join(&mut self, from: usize, first: usize) {
        let Some(chain) = self.found.get_mut(from..=first) else {
            return;
        };
        let speaker = chain.iter().find_map(|quotation| quotation.speaker.clone());
        for quotation in chain {
            quotation.speaker.clone_from(&speaker);
        }
    }

    fn text(&self, at: usize) -> &'a str {
        self.blocks[at].span.of(self.text)
    }
}

/// Words (and about as many times eight bytes) that a pronoun reaches back over.
const MEMORY: usize = 250;

/// The end of a text, as far as a pronoun reaches.
fn tail(text: &str) -> &str {
    &text[text.floor_char_boundary(text.len().saturating_sub(8 * MEMORY))..]
}

/// A name in the text before a quotation.
struct Mention {
    speaker: Speaker,
    /// Whether a title or its place at the start of a sentence speaks for a person: places
    /// stand there less often, and an ambiguous name is worse than none.
    person: bool,
}

/// The mark that parts a quotation from the words after it, if one does: the last one
/// inside the marks, or a comma right after them.
fn broken(text: &str, quotation: &Marked) -> Option<char> {
    let inside = Span::new(quotation.words.start, quotation.outer.end).of(text);
    let mut ends = inside
        .chars()
        .rev()
        .skip(1)
        .skip_while(|c| c.is_whitespace());
    if text[quotation.outer.end..].starts_with([',', '，']) {
        return Some(',');
    }
    ends.next()
        .filter(|last| matches!(last, ',' | '.' | '!' | '?' | '…' | '—' | '–' | '-'))
}

/// Whether a quotation goes on with what the one before it said: nothing stands between
/// them but the clause that names the speaker, which ends at byte `end`, or an "and".
fn continues(text: &str, before: &Marked, end: usize, quotation: &Marked) -> bool {
    let rest = &text[end.max(before.outer.end)..quotation.outer.start];
    if end > before.outer.end {
        return rest.chars().all(|c| !c.is_alphanumeric());
    }
    let joined = rest.trim_matches(|c: char| c.is_whitespace() || c == ',');
    matches!(
        joined,
        "and" | "or" | "but" | "und" | "oder" | "et" | "ou" | "y" | "e" | "o"
    )
}

/// Where the dash stands that begins the signature of a block quotation.
fn signature(text: &str) -> Option<usize> {
    const LONGEST: usize = 120;
    let (dash, mark) = text.char_indices().rfind(|(at, c)| {
        matches!(c, '—' | '–' | '―' | '-')
            && (*at == 0 || text[..*at].ends_with(char::is_whitespace))
    })?;
    let before = text[..dash].trim_end();
    let ended = before.ends_with(|c: char| matches!(c, '.' | '!' | '?' | '…') || marks::is_mark(c));
    let rest = text[dash + mark.len_utf8()..].trim();
    (ended && rest.len() < LONGEST && !rest.trim_end_matches('.').contains(['.', '!', '?']))
        .then_some(dash)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

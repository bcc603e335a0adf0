//! The sentences that an extractive draft may use: whole, from running text, with nothing
//! of a quotation cut off.

use super::rank::Vectors;
use crate::{
    article::{
        Article, BlockKind,
        quotation::{self, Quotation},
    },
    story::Story,
    text::{self, Span, word_count},
};

/// A sentence of a source.
#[derive(Clone, Debug)]
pub(super) struct Sentence<'a> {
    /// The number of its source in the story.
    pub(super) source: usize,
    /// Its number among all sentences of its source, unusable ones included.
    pub(super) order: usize,
    /// The number of its block among those that are no headings.
    pub(super) place: usize,
    /// Where it stands in the article's text.
    pub(super) span: Span,
    /// Its words.
    pub(super) text: &'a str,
    /// How many words it has; two characters of a script without spaces are one.
    pub(super) words: usize,
    /// Whether it leans on a sentence before it: "But he said so."
    pub(super) leans: bool,
    /// `LexRank` over the story, the greatest being 1.
    pub(super) salience: f64,
    /// The heading above it.
    pub(super) heading: Option<&'a str>,
}

/// The sentences of a story, in order, with their vectors.
pub(super) struct Pool<'a> {
    pub(super) sentences: Vec<Sentence<'a>>,
    vectors: Vectors,
}

/// A sentence outside these bounds is a fragment or a list in disguise.
const SHORTEST: usize = 5;
const LONGEST: usize = 70;

impl<'a> Pool<'a> {
    /// The usable sentences of `story`; where it has none, all of its text.
    pub(super) fn new(story: &'a Story) -> Self {
        let mut sentences = Vec::new();
        for usable_only in [true, false] {
            for (nth, source) in story.sources().iter().enumerate() {
                collect(nth, &source.article, usable_only, &mut sentences);
            }
            if !sentences.is_empty() {
                break;
            }
        }
        let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text).collect();
        let vectors = Vectors::new(&texts);
        for (sentence, salience) in std::iter::zip(&mut sentences, vectors.salience()) {
            sentence.salience = salience;
        }
        Self { sentences, vectors }
    }

    /// How alike two sentences are, 0 to 1.
    pub(super) fn alike(&self, a: usize, b: usize) -> f64 {
        self.vectors.cosine(a, b)
    }
}

fn collect<'a>(nth: usize, article: &'a Article, usable_only: bool, found: &mut Vec<Sentence<'a>>) {
    let mut quoted = quotation::quotations(article);
    let mut reach = 0;
    quoted.retain(|quotation| {
        let outer = quotation.span.start >= reach;
        reach = reach.max(quotation.span.end);
        outer
    });
    let language = article.language.as_deref();
    let mut heading = None;
    let mut place = 0;
    let mut order = 0;
    for block in &article.blocks {
        match block.kind {
            BlockKind::Heading => heading = Some(block.span.of(&article.text)),
            BlockKind::TableRow | BlockKind::PullQuote => {}
            BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote => {
                for span in whole_sentences(article, block.span, &quoted) {
                    order += 1;
                    let words = span.of(&article.text);
                    if usable_only && (block.kind == BlockKind::ListItem || !is_usable(words)) {
                        continue;
                    }
                    found.push(Sentence {
                        source: nth,
                        order,
                        place,
                        span,
                        text: words,
                        words: word_count(words),
                        leans: leans(words, language),
                        salience: 0.0,
                        heading,
                    });
                }
                place += 1;
            }
        }
    }
}

/// The sentences of a block, joined where a boundary lies inside a quotation or before
/// the words that report it.
fn whole_sentences(article: &Article, block: Span, quoted: &[Quotation]) -> Vec<Span> {
    let words = block.of(&article.text);
    let mut joined: Vec<Span> = Vec::new();
    for sentence in text::sentences(words, article.language.as_deref()) {
        let span = sentence.shifted(block.start);
        if let Some(last) = joined.last_mut() {
            let first = quoted.partition_point(|quotation| quotation.span.end + MARK < last.end);
            let inside = quoted[first..]
                .iter()
                .take_while(|quotation| quotation.span.start < span.start)
                .any(|quotation| {
                    quotation.span.start < last.end
                        && (quotation.span.end > span.start
                            || reports(quotation, span.of(&article.text)))
                });
            let goes_on = span
                .of(&article.text)
                .starts_with(|c: char| c.is_lowercase() || "”’»)]」』,;:".contains(c));
            if inside || goes_on {
                last.end = span.end;
                continue;
            }
        }
        joined.push(span);
    }
    joined
}

/// A closing mark and the spaces around it are not longer than this, in bytes.
const MARK: usize = 8;

/// Whether the sentence after a quotation is the one that reports it: `"Never!" Ana Ruiz
/// said.`
fn reports(quotation: &Quotation, sentence: &str) -> bool {
    const LONGEST: usize = 8;
    let Some(speaker) = &quotation.speaker else {
        return false;
    };
    let surname = speaker.name.split(' ').next_back().unwrap_or_default();
    word_count(sentence) <= LONGEST && sentence.contains(surname) && quotation::is_whole(sentence)
}

/// Words that only the page around an article says, in lower case.
const FURNITURE: &[&str] = &[
    "all rights reserved",
    "click here",
    "cookie",
    "copyright ©",
    "follow us",
    "getty images",
    "http://",
    "https://",
    "newsletter",
    "read more",
    "sign up",
    "subscribe",
    "www.",
    "©",
];

/// Whether the sentence is whole and says something.
fn is_usable(sentence: &str) -> bool {
    let first = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let starts = first.starts_with(|c: char| !c.is_lowercase());
    let ends = sentence
        .trim_end_matches(|c: char| "\"'”’»“«)]」』 ".contains(c))
        .ends_with(['.', '!', '?', '…', '。', '！', '？']);
    let cut = sentence.ends_with("...") || sentence.ends_with('…') || sentence.contains("[…]");
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = sentence.chars().filter(|c| c.is_uppercase()).count();
    let lower = sentence.to_lowercase();
    (SHORTEST..=LONGEST).contains(&word_count(sentence))
        && starts
        && ends
        && !cut
        && letters * 2 > sentence.chars().count()
        && capitals * 2 < letters
        && !FURNITURE.iter().any(|words| lower.contains(words))
        && quotation::is_whole(sentence)
}

/// First words that point back to a sentence before, by language; English and German are
/// read where the language is another or unknown, too. Sorted within a language.
const LEANING: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "aber",
            "allerdings",
            "also",
            "auch",
            "außerdem",
            "dabei",
            "dadurch",
            "dafür",
            "dagegen",
            "daher",
            "damit",
            "danach",
            "dann",
            "daraufhin",
            "darum",
            "das",
            "dazu",
            "denn",
            "dennoch",
            "deren",
            "deshalb",
            "dessen",
            "deswegen",
            "dies",
            "diese",
            "dieser",
            "dieses",
            "doch",
            "dort",
            "er",
            "es",
            "hierzu",
            "ihr",
            "ihre",
            "jedoch",
            "sein",
            "seine",
            "sie",
            "so",
            "solche",
            "stattdessen",
            "trotzdem",
            "und",
            "zudem",
        ],
    ),
    (
        "en",
        &[
            "also",
            "and",
            "another",
            "as",
            "because",
            "besides",
            "both",
            "but",
            "consequently",
            "he",
            "hence",
            "her",
            "hers",
            "him",
            "his",
            "however",
            "instead",
            "it",
            "its",
            "likewise",
            "meanwhile",
            "moreover",
            "nevertheless",
            "nonetheless",
            "nor",
            "or",
            "otherwise",
            "others",
            "she",
            "similarly",
            "so",
            "still",
            "such",
            "that",
            "their",
            "them",
            "then",
            "there",
            "therefore",
            "these",
            "they",
            "this",
            "those",
            "though",
            "thus",
            "which",
            "who",
            "yet",
        ],
    ),
    (
        "es",
        &[
            "además", "ahí", "así", "aunque", "aquel", "ella", "ello", "ellos", "entonces", "esa",
            "ese", "eso", "esta", "este", "esto", "estos", "luego", "pero", "por", "su", "sus",
            "también", "y", "él",
        ],
    ),
    (
        "fr",
        &[
            "ainsi",
            "alors",
            "aussi",
            "car",
            "ce",
            "ceci",
            "cela",
            "celle",
            "celui",
            "ces",
            "cet",
            "cette",
            "cependant",
            "donc",
            "elle",
            "elles",
            "et",
            "il",
            "ils",
            "leur",
            "leurs",
            "mais",
            "or",
            "pourtant",
            "puis",
            "sa",
            "ses",
            "son",
        ],
    ),
    (
        "ko",
        &[
            "그",
            "그는",
            "그녀는",
            "그러나",
            "그리고",
            "그래서",
            "또",
            "또한",
            "이는",
            "이에",
            "하지만",
        ],
    ),
];

/// Whether the sentence needs the one before it to be understood: it begins with a word
/// that points back, or it is a quotation of "he".
fn leans(sentence: &str, language: Option<&str>) -> bool {
    let primary = language
        .and_then(|tag| tag.split('-').next())
        .unwrap_or("en")
        .to_lowercase();
    let known = LEANING.iter().any(|(of, _)| *of == primary);
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let points_back = |word: &str| {
        // "He's" and "It's" are "he" and "it".
        let word = bare(word);
        let word = word.split(['\'', '’']).next().unwrap_or_default();
        LEANING
            .iter()
            .filter(|(of, _)| *of == primary || !known)
            .any(|(_, words)| words.contains(&word))
    };
    let quotes = sentence.starts_with(['"', '“', '‘', '„', '«', '»', '「', '\'']);
    if quotes {
        // Inside the marks anything may begin; who speaks must be said.
        let tail: Vec<&str> = sentence.split_whitespace().rev().take(3).collect();
        let by_pronoun = tail.iter().any(|word| {
            matches!(
                bare(word).as_str(),
                "he" | "she" | "they" | "er" | "sie" | "a-t-il" | "a-t-elle"
            )
        });
        let unattributed = sentence.ends_with(['"', '”', '’', '“', '»', '«', '」', '\'']);
        return by_pronoun || unattributed;
    }
    let mut first = sentence.split_whitespace();
    // "In it, …", "After that, …"
    let object = |word: &str| {
        matches!(
            bare(word).as_str(),
            "it" | "that" | "them" | "these" | "this" | "those"
        )
    };
    first.next().is_some_and(points_back) || first.next().is_some_and(object)
}

//! What a text says: its words and marks, its sentences, numbers, dates and quotations.
//! Knows no source; the checked text and the texts of its sources are read alike.

pub(in crate::verify) mod calendar;
pub(in crate::verify) mod capitals;
mod clock;
pub(in crate::verify) mod date;
mod digits;
mod figures;
pub(in crate::verify) mod implied;
pub(in crate::verify) mod kinds;
mod letters;
pub(in crate::verify) mod lexicon;
pub(in crate::verify) mod mentions;
pub(in crate::verify) mod negation;
pub(in crate::verify) mod normal;
mod numerals;
pub(in crate::verify) mod opposites;
pub(in crate::verify) mod paraphrase;
pub(in crate::verify) mod quantities;
pub(in crate::verify) mod quantity;
pub(in crate::verify) mod quotations;
pub(in crate::verify) mod roots;
pub(in crate::verify) mod spelling;
pub(in crate::verify) mod tokens;
pub(in crate::verify) mod units;
pub(in crate::verify) mod words;

use jiff::civil::Date;

use self::{
    capitals::Style, date::DateMention, quantity::Quantity, quotations::Quotation, tokens::Token,
    words::Words,
};
use crate::{
    article::{Block, BlockKind, quotation::Speech},
    text::{Span, sentences},
};

/// A text, read once.
#[derive(Debug)]
pub(in crate::verify) struct Reading<'t> {
    /// The text itself.
    pub(in crate::verify) text: &'t str,
    /// Its BCP 47 tag, where it is known.
    pub(in crate::verify) language: Option<&'t str>,
    /// Its words and marks.
    pub(in crate::verify) tokens: Vec<Token>,
    /// How it uses capitals; `None` where they tell nothing.
    pub(in crate::verify) style: Option<Style>,
    /// Its sentences, in order.
    pub(in crate::verify) sentences: Vec<Sentence>,
    /// Its outermost quotations, in order.
    pub(in crate::verify) quotations: Vec<Quotation>,
    /// The numbers it states, those inside dates included.
    pub(in crate::verify) quantities: Vec<Quantity>,
    /// The dates it states.
    pub(in crate::verify) dates: Vec<DateMention>,
}

/// A sentence or heading of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Sentence {
    /// Where it stands.
    pub(in crate::verify) span: Span,
    /// Its first token.
    pub(in crate::verify) first: usize,
    /// One past its last token; a sentence may have none.
    pub(in crate::verify) end: usize,
}

impl<'t> Reading<'t> {
    /// Reads `text`; its relative dates count from `published`.
    pub(in crate::verify) fn new(
        text: &'t str,
        language: Option<&'t str>,
        published: Option<Date>,
    ) -> Self {
        let tokens = tokens::tokens(text);
        let mut end = 0;
        let sentences = sentences(text, language)
            .into_iter()
            .map(|span| {
                let first = end + before(&tokens[end..], span.start);
                end = first + before(&tokens[first..], span.end);
                Sentence { span, first, end }
            })
            .collect();
        let begins = Words::of(language).begins(tokens::words(&tokens));
        let dates = mentions::mentions(&tokens, &begins, language, published);
        let mut quantities = quantities::quantities(&tokens, &begins, text, language);
        for date in dates.iter().filter(|date| date.is_of_numbers()) {
            let from = quantities.partition_point(|q| q.first < date.first);
            quantities[from..]
                .iter_mut()
                .take_while(|quantity| quantity.last <= date.last)
                .for_each(|quantity| quantity.in_date = true);
        }
        Self {
            text,
            language,
            style: capitals::style(&tokens, language),
            sentences,
            quotations: quotations::quotations(&tokens),
            quantities,
            dates,
            tokens,
        }
    }

    /// The span of the tokens `first..=last`.
    pub(in crate::verify) fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.tokens[first].span.start, self.tokens[last].span.end)
    }

    /// Who says what in the text; each paragraph is a block, or each line of a text that
    /// has no empty lines. `known` says of a word that begins a sentence whether it is a
    /// name elsewhere.
    pub(in crate::verify) fn speech(&self, known: impl Fn(&str) -> bool) -> Speech {
        let text = self.text;
        let parting = if text.contains("\n\n") { "\n\n" } else { "\n" };
        let mut start = 0;
        let mut blocks = Vec::new();
        for part in text.split(parting) {
            let span = Span::new(start, start + part.len()).trimmed(text);
            if span.start < span.end {
                let kind = BlockKind::Paragraph;
                blocks.push(Block { kind, span });
            }
            start += part.len() + parting.len();
        }
        Speech::of(text, &blocks, self.language, known)
    }

    /// The first token that begins at the byte `offset` or after it.
    pub(in crate::verify) fn token_at(&self, offset: usize) -> usize {
        self.tokens
            .partition_point(|token| token.span.start < offset)
    }

    /// Whether the token at `token` stands in a quotation.
    pub(in crate::verify) fn is_quoted(&self, token: usize) -> bool {
        let at = self.quotations.partition_point(|q| q.last < token);
        self.quotations.get(at).is_some_and(|q| q.first <= token)
    }

    /// The index of the number that the token at `token` belongs to.
    pub(in crate::verify) fn quantity_of(&self, token: usize) -> Option<usize> {
        let at = self.quantities.partition_point(|q| q.last < token);
        self.quantities.get(at).filter(|q| q.first <= token)?;
        Some(at)
    }

    /// The numbers of a sentence.
    pub(in crate::verify) fn quantities_in(&self, sentence: Sentence) -> &[Quantity] {
        let before = |end: usize| self.quantities.partition_point(|q| q.first < end);
        &self.quantities[before(sentence.first)..before(sentence.end)]
    }

    /// The index of the sentence that the token at `token` belongs to.
    pub(in crate::verify) fn sentence_of(&self, token: usize) -> Option<usize> {
        let at = self.sentences.partition_point(|s| s.end <= token);
        self.sentences.get(at).filter(|s| s.first <= token)?;
        Some(at)
    }
}

/// How many of `tokens` begin before the byte `offset`.
fn before(tokens: &[Token], offset: usize) -> usize {
    tokens.iter().take_while(|t| t.span.start < offset).count()
}

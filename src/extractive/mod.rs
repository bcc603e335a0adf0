//! An analysis written without a model, from the sources' own sentences.
//!
//! Each sentence is copied whole and used once; which ones is decided by `LexRank` (see
//! `rank`), by their place in the article and by what they lean on. Nothing is rephrased,
//! shortened or translated, so nothing can be wrong that the sources have right; what is
//! lost is the flow of a written text, and whatever only the omitted sentences say.

mod category;
mod choice;
mod phrase;
pub(crate) mod rank;
pub(crate) mod sentence;

use self::{
    choice::Choice,
    phrase::Phrases,
    sentence::{Pool, Sentence},
};
use crate::{
    analysis::{Draft, PullQuote, Section},
    article::quotation,
    story::Story,
    text::word_count,
};

/// What is said under an extractive analysis.
pub const DISCLAIMER: &str = "A program put this summary together from whole sentences of \
    the source articles; no language model wrote any of it. The choice of sentences may miss \
    what matters. Please read the original source.";

/// The IPTC digital source type of an extractive analysis: pure algorithmic media.
///
/// IPTC defines it as media "created purely by an algorithm not based on any sampled
/// training data". That is true of the analysis as a composition: counting words chose,
/// cut and ordered it, and no model took part. The words themselves are the sources'. The
/// neighbours fit less: `trainedAlgorithmicMedia` would claim a model, `composite` leaves
/// open whether one took part, `dataDrivenMedia` is for text made out of data, and
/// `algorithmicallyEnhanced` for a corrected original.
pub const DIGITAL_SOURCE_TYPE: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia";

/// An analysis of `story` from its own sentences; its category is one of `categories`,
/// whose last one is the house's "Other".
///
/// Every text of it stands verbatim in a source. A source too short for all fields gives
/// some of them twice (a summary that is the title, a section that is the lede) rather
/// than none.
pub fn draft(story: &Story, categories: &[String]) -> Draft {
    let pool = Pool::new(story);
    let choice = Choice::new(&pool);
    let lead = &story.lead().article;
    let text_of = |picked: &[usize]| joined(&pool, picked);

    let lede = text_of(&choice.lede);
    let title = match &lead.title {
        Some(title) => title.clone(),
        None => text_of(&choice.lede[..choice.lede.len().min(1)]),
    };
    let summary = match choice.summary {
        Some(summary) => pool.sentences[summary].text.to_owned(),
        None => title.clone(),
    };
    let texts: Vec<&str> = story
        .sources()
        .iter()
        .map(|source| source.article.text.as_str())
        .collect();
    let phrases = Phrases::new(&texts);
    let keyphrase = phrases
        .best(&title, &[])
        .or_else(|| phrases.best(&summary, &[]))
        .or_else(|| phrases.best(&lede, &[]))
        .unwrap_or(&title)
        .to_owned();

    let mut sections: Vec<Section> = Vec::new();
    for picked in &choice.sections {
        let heading = heading(&pool, picked, &sections, &keyphrase, &phrases);
        sections.push(Section {
            id: (sections.len() + 1).to_string(),
            heading,
            paragraphs: paragraphs(&pool, picked)
                .iter()
                .map(|paragraph| text_of(paragraph))
                .collect(),
        });
    }
    if sections.is_empty() {
        sections.push(Section {
            id: "1".to_owned(),
            heading: keyphrase.clone(),
            paragraphs: vec![lede.clone()],
        });
    }
    Draft {
        language: lead.language.clone().unwrap_or_else(|| "und".to_owned()),
        category: category::choose(story, categories),
        keyphrase,
        pull_quote: pull_quote(story, &pool, &choice),
        title,
        summary,
        lede,
        sections,
    }
}

/// Sentences one after another, with the space that their language sets between them.
fn joined(pool: &Pool, picked: &[usize]) -> String {
    let mut text = String::new();
    for &at in picked {
        if !text.is_empty() && !text.ends_with(['。', '！', '？', '」', '』']) {
            text.push(' ');
        }
        text.push_str(pool.sentences[at].text);
    }
    text
}

/// Parts the sentences of a section into paragraphs, where the source leaves the place
/// they come from or enough is said.
fn paragraphs(pool: &Pool, picked: &[usize]) -> Vec<Vec<usize>> {
    const SENTENCES: usize = 3;
    const WORDS: usize = 75;
    /// Blocks between two sentences of one paragraph, at most.
    const NEAR: usize = 2;
    let mut paragraphs: Vec<Vec<usize>> = Vec::new();
    for &at in picked {
        let sentence = &pool.sentences[at];
        let fits = paragraphs.last().is_some_and(|paragraph| {
            let last = &pool.sentences[paragraph[paragraph.len() - 1]];
            let words: usize = paragraph.iter().map(|&at| pool.sentences[at].words).sum();
            last.source == sentence.source
                && last.heading == sentence.heading
                && (sentence.leans || sentence.place - last.place <= NEAR)
                && (sentence.leans || paragraph.len() < SENTENCES)
                && (sentence.leans || words + sentence.words <= WORDS)
        });
        match paragraphs.last_mut() {
            Some(paragraph) if fits => paragraph.push(at),
            _ => paragraphs.push(vec![at]),
        }
    }
    paragraphs
}

/// The heading of a section: the source's own, or a phrase of its sentences.
fn heading(
    pool: &Pool,
    picked: &[usize],
    before: &[Section],
    keyphrase: &str,
    phrases: &Phrases,
) -> String {
    const LONGEST: usize = 10;
    let used: Vec<&str> = before
        .iter()
        .map(|section| section.heading.as_str())
        .collect();
    let sentences: Vec<&Sentence> = picked.iter().map(|&at| &pool.sentences[at]).collect();
    // The source's own heading stands for a section that is mostly under it.
    let own = sentences
        .iter()
        .filter_map(|sentence| sentence.heading)
        .find(|own| {
            let under = sentences
                .iter()
                .filter(|sentence| sentence.heading == Some(own))
                .count();
            under * 2 > sentences.len()
        });
    if let Some(own) = own
        && word_count(own) <= LONGEST
        && !own.contains('\n')
        && !used.contains(&own)
    {
        return own.to_owned();
    }
    // The first heading takes up the key phrase.
    if before.is_empty()
        && sentences
            .iter()
            .any(|sentence| sentence.text.contains(keyphrase))
    {
        return keyphrase.to_owned();
    }
    let avoid: Vec<&str> = used.iter().copied().chain([keyphrase]).collect();
    let text = joined(pool, picked);
    phrases
        .best(&text, &avoid)
        .map_or_else(|| keyphrase.to_owned(), str::to_owned)
}

/// The best quotation of known speaker that can stand alone.
fn pull_quote(story: &Story, pool: &Pool, choice: &Choice) -> Option<PullQuote> {
    const WORDS: std::ops::RangeInclusive<usize> = 6..=50;
    /// What a quotation gains that is a whole sentence: it reads well alone.
    const WHOLE: f64 = 0.5;
    let summary = choice.summary.map(|at| &pool.sentences[at]);
    let mut best: Option<(f64, PullQuote)> = None;
    for (nth, source) in story.sources().iter().enumerate() {
        let article = &source.article;
        for quotation in quotation::quotations(article) {
            let words = quotation.span.of(&article.text);
            let in_summary =
                summary.is_some_and(|s| s.source == nth && s.span.overlaps(quotation.span));
            let elided = words.contains(['…', '[', '\n']) || words.contains("..");
            if quotation.speaker.is_none()
                || in_summary
                || elided
                || !WORDS.contains(&word_count(words))
            {
                continue;
            }
            let holder = pool
                .sentences
                .partition_point(|s| (s.source, s.span.end) <= (nth, quotation.span.start));
            let holder = pool
                .sentences
                .get(holder)
                .filter(|s| s.source == nth && s.span.overlaps(quotation.span));
            let whole = !words.starts_with(char::is_lowercase);
            let score =
                holder.map_or(0.0, |sentence| sentence.salience) + if whole { WHOLE } else { 0.0 };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                let after = section_near(pool, choice, nth, quotation.span.start);
                best = Some((
                    score,
                    PullQuote {
                        text: words.to_owned(),
                        speaker: quotation.speaker,
                        source: source.id.clone(),
                        span: quotation.span,
                        after,
                    },
                ));
            }
        }
    }
    best.map(|(_, quote)| quote)
}

/// The id of the last section that begins no later than this place of a source.
fn section_near(pool: &Pool, choice: &Choice, source: usize, start: usize) -> String {
    let before = choice
        .sections
        .iter()
        .rposition(|picked| {
            picked.first().is_some_and(|&first| {
                let first = &pool.sentences[first];
                (first.source, first.span.start) <= (source, start)
            })
        })
        .unwrap_or(0);
    (before + 1).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

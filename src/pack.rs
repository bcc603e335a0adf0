//! What of a story fits into a prompt, counted in tokens.
//!
//! Blocks stay whole and unchanged, so that whatever the model is shown can be found in
//! the source again. What is left out is the least useful block, wherever it stands, and
//! not simply the tail. Renders nothing and knows no template: the caller subtracts what
//! the rest of the prompt and the answer need from the budget.

mod tokens;

use std::collections::HashSet;

pub use tokens::Tokens;

use crate::{
    article::{Article, BlockKind, quotation},
    extractive::rank::Vectors,
    story::Story,
    text,
};

/// What of a story the model is shown: whole blocks of its sources, unchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// One part for each source, in the story's order.
    pub parts: Vec<Part>,
}

/// What is shown of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Indices into the article's `blocks`, in order.
    pub blocks: Vec<usize>,
    /// Tokens shown, as counted for the model's vendor; each block counts one token more
    /// than its text, for the break after it.
    pub tokens: usize,
    /// Share of the article's text that is shown, 0 to 1, in bytes.
    pub share: f64,
}

/// Chooses the blocks of `story` that fit into `budget` tokens.
///
/// Where everything fits, everything is shown. Otherwise the first block of each source
/// is taken before all others; then each source fills an even share of the budget with
/// its most useful blocks, and room that one leaves goes to the others. A heading is shown
/// only above a block that it heads. The budget is never passed: a block that is longer
/// than the room for it, even a first one, is left out whole, and a part of which nothing
/// fits is empty.
///
/// The count is part of the document, so it is made also where the length alone proves
/// that a story fits; [`Tokens::warm_up`] hides what the first count costs.
pub fn pack(story: &Story, budget: usize, tokens: &Tokens) -> Excerpt {
    let costs: Vec<Vec<usize>> = story
        .sources()
        .iter()
        .map(|source| {
            let article = &source.article;
            article
                .blocks
                .iter()
                .map(|block| {
                    tokens
                        .raw(block.span.of(&article.text), budget)
                        .saturating_add(1)
                })
                .collect()
        })
        .collect();
    let mut choices: Vec<Choice> = std::iter::zip(story.sources(), &costs)
        .map(|(source, costs)| Choice::new(&source.article, costs, *tokens))
        .collect();

    let everything = costs
        .iter()
        .map(|costs| tokens.scaled(costs.iter().fold(0, |sum, cost| sum.saturating_add(*cost))))
        .fold(0, usize::saturating_add);
    if everything <= budget {
        choices.iter_mut().for_each(Choice::take_all);
    } else {
        choose(&mut choices, &values(story), budget);
    }
    Excerpt {
        parts: choices.iter().map(Choice::part).collect(),
    }
}

/// More tokens than the whole story has as [`pack`] counts them: as many as it has bytes.
pub fn most(story: &Story, tokens: Tokens) -> usize {
    let of_source = |article: &Article| {
        let blocks = article.blocks.iter();
        tokens.most(
            blocks
                .map(|block| block.span.of(&article.text).len() + 1)
                .sum(),
        )
    };
    let sources = story.sources().iter();
    sources.map(|source| of_source(&source.article)).sum()
}

/// Fills the budget.
fn choose(choices: &mut [Choice], values: &[Vec<f64>], budget: usize) {
    let orders: Vec<Vec<usize>> = values.iter().map(|values| by_value(values)).collect();
    let used = |choices: &[Choice]| choices.iter().map(Choice::tokens).sum::<usize>();

    for at in 0..choices.len() {
        let room = budget - used(choices) + choices[at].tokens();
        if let Some(first) = choices[at].article.blocks.iter().position(is_body) {
            choices[at].take(first, room);
        }
    }
    // Those who need least come first, so that what they leave is shared by the others.
    let mut by_need: Vec<usize> = (0..choices.len()).collect();
    by_need.sort_by_key(|&at| choices[at].need());
    for (done, &at) in by_need.iter().enumerate() {
        let waiting = &by_need[done + 1..];
        let taken: usize = by_need[..done].iter().map(|&at| choices[at].tokens()).sum();
        let reserved: usize = waiting.iter().map(|&at| choices[at].tokens()).sum();
        let even = (budget - taken) / (waiting.len() + 1);
        let room = even.clamp(choices[at].tokens(), budget - taken - reserved);
        choices[at].fill(&orders[at], room);
    }
    // Whole blocks leave gaps; a shorter block of any source may still fit into them.
    for at in 0..choices.len() {
        let room = budget - used(choices) + choices[at].tokens();
        choices[at].fill(&orders[at], room);
    }
}

/// The blocks of one source that are shown.
struct Choice<'a> {
    article: &'a Article,
    costs: &'a [usize],
    shown: Vec<bool>,
    /// What the shown blocks cost before the vendor's factor.
    raw: usize,
    counter: Tokens,
}

impl<'a> Choice<'a> {
    fn new(article: &'a Article, costs: &'a [usize], counter: Tokens) -> Self {
        Self {
            article,
            costs,
            shown: vec![false; costs.len()],
            raw: 0,
            counter,
        }
    }

    fn tokens(&self) -> usize {
        self.counter.scaled(self.raw)
    }

    /// What the whole source would cost.
    fn need(&self) -> usize {
        self.costs
            .iter()
            .fold(0, |sum, cost| sum.saturating_add(*cost))
    }

    fn take_all(&mut self) {
        self.shown.fill(true);
        self.raw = self.need();
    }

    /// Takes blocks in this order as long as the source stays within `room` tokens.
    fn fill(&mut self, order: &[usize], room: usize) {
        for &block in order {
            self.take(block, room);
        }
    }

    /// Shows a block and the headings right above its section, if they fit into `room`.
    fn take(&mut self, block: usize, room: usize) {
        if self.shown[block] {
            return;
        }
        let headings = headings_above(self.article, block);
        let cost = headings
            .clone()
            .filter(|&heading| !self.shown[heading])
            .chain([block])
            .fold(self.raw, |sum, at| sum.saturating_add(self.costs[at]));
        if self.counter.scaled(cost) <= room {
            self.shown[headings].fill(true);
            self.shown[block] = true;
            self.raw = cost;
        }
    }

    fn part(&self) -> Part {
        let bytes = |shown: bool| {
            std::iter::zip(&self.article.blocks, &self.shown)
                .filter(|(_, is)| shown || **is)
                .map(|(block, _)| block.span.end - block.span.start)
                .sum::<usize>()
        };
        let (all, some) = (bytes(true), bytes(false));
        Part {
            blocks: (0..self.shown.len()).filter(|&at| self.shown[at]).collect(),
            tokens: self.tokens(),
            share: if all == 0 {
                1.0
            } else {
                some as f64 / all as f64
            },
        }
    }
}

/// How useful each block is; headings count for nothing, since they come with a block.
///
/// A block is worth its most salient sentence (0 to 1), more the nearer it is to the
/// start, where news says what happened, and a little more for what an analysis quotes
/// and counts with.
fn values(story: &Story) -> Vec<Vec<f64>> {
    /// Weight of the place: the first block gains this, the fifth half of it.
    const PLACE: f64 = 1.0;
    const HALF: f64 = 4.0;
    /// Someone is quoted by name.
    const QUOTATION: f64 = 0.25;
    /// A number stands in it.
    const NUMBER: f64 = 0.1;
    /// An earlier source has the same block, as wire copy does.
    const REPEATED: f64 = -2.0;

    let mut seen = HashSet::new();
    std::iter::zip(story.sources(), salience(story))
        .map(|(source, salience)| {
            let article = &source.article;
            let mut quoted = vec![false; article.blocks.len()];
            for quotation in quotation::quotations(article) {
                let at = article
                    .blocks
                    .partition_point(|block| block.span.end < quotation.span.end);
                if quotation.speaker.is_some() && at < quoted.len() {
                    quoted[at] = true;
                }
            }
            let mut place = 0.0;
            std::iter::zip(&article.blocks, salience)
                .enumerate()
                .map(|(at, (block, salience))| {
                    if !is_body(block) {
                        return f64::NEG_INFINITY;
                    }
                    let words = block.span.of(&article.text);
                    let mut value = salience + PLACE / (1.0 + place / HALF);
                    place += 1.0;
                    if quoted[at] {
                        value += QUOTATION;
                    }
                    if words.contains(|c: char| c.is_numeric()) {
                        value += NUMBER;
                    }
                    if !seen.insert(words) {
                        value += REPEATED;
                    }
                    value
                })
                .collect()
        })
        .collect()
}

/// The salience of the best sentence of each block of each source, over the whole story.
fn salience(story: &Story) -> Vec<Vec<f64>> {
    let mut sentences = Vec::new();
    let mut places = Vec::new();
    for (nth, source) in story.sources().iter().enumerate() {
        let article = &source.article;
        for (at, block) in article
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, b)| is_body(b))
        {
            let words = block.span.of(&article.text);
            for sentence in text::sentences(words, article.language.as_deref()) {
                sentences.push(sentence.of(words));
                places.push((nth, at));
            }
        }
    }
    let mut best: Vec<Vec<f64>> = story
        .sources()
        .iter()
        .map(|source| vec![0.0; source.article.blocks.len()])
        .collect();
    for ((nth, at), salience) in std::iter::zip(places, Vectors::new(&sentences).salience()) {
        best[nth][at] = best[nth][at].max(salience);
    }
    best
}

/// The blocks that are no headings, best first; the earlier of two equals.
fn by_value(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len())
        .filter(|&at| values[at] > f64::NEG_INFINITY)
        .collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order
}

/// The run of headings that stands over this block's section.
fn headings_above(article: &Article, block: usize) -> std::ops::Range<usize> {
    let heading = |at: &usize| !is_body(&article.blocks[*at]);
    let Some(last) = (0..block).rev().find(heading) else {
        return 0..0;
    };
    let first = (0..last).rev().take_while(heading).last().unwrap_or(last);
    first..last + 1
}

fn is_body(block: &crate::article::Block) -> bool {
    block.kind != BlockKind::Heading
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::plain::{article, story};

    const EXACT: Tokens = Tokens { factor: 1.0 };

    /// Packs plain-text sources and gives the text of the blocks shown of each.
    fn shown(sources: &[&str], budget: usize) -> Vec<Vec<String>> {
        let story = story(sources.iter().map(|source| article(source, Some("en"))));
        let excerpt = pack(&story, budget, &EXACT);
        let total: usize = excerpt.parts.iter().map(|part| part.tokens).sum();
        assert!(total <= budget, "{total} tokens in a budget of {budget}");
        std::iter::zip(story.sources(), excerpt.parts)
            .map(|(source, part)| {
                let article = &source.article;
                let text = |&at: &usize| article.blocks[at].span.of(&article.text).to_owned();
                part.blocks.iter().map(text).collect()
            })
            .collect()
    }

    const LONG: &str = "The council approved the ferry line to the island on Monday.\n\n\
        Gulls circled over the pier while people queued for coffee and rolls.\n\n\
        # Cost\n\n\
        The ferry line costs 2 million crowns, the council said.\n\n\
        # Weather\n\n\
        Clouds drifted slowly eastwards, as clouds tend to do around there.";

    #[test]
    fn everything_is_shown_where_everything_fits() {
        let story = story([article(LONG, Some("en"))]);
        let excerpt = pack(&story, 500, &EXACT);
        assert_eq!(excerpt.parts[0].blocks, [0, 1, 2, 3, 4, 5]);
        assert!((excerpt.parts[0].share - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_least_useful_block_goes_with_its_heading_and_not_the_tail() {
        let shown = shown(&[LONG], 60);
        assert!(shown[0][0].starts_with("The council approved"));
        assert!(shown[0].iter().any(|block| block == "Cost"));
        assert!(shown[0].iter().any(|block| block.contains("2 million")));
        assert!(!shown[0].iter().any(|block| block == "Weather"));
    }

    #[test]
    fn sources_share_and_a_short_one_leaves_its_room() {
        let long = (0..40)
            .map(|n| format!("Paragraph {n} speaks of ferry number {n} and of its crew."))
            .collect::<Vec<_>>()
            .join("\n\n");
        let shown = shown(
            &[&long, "A short word.", &long.replace("crew", "cargo")],
            300,
        );
        assert_eq!(shown[1].len(), 1);
        assert!(shown[0].len().abs_diff(shown[2].len()) <= 1, "{shown:?}");
        assert!(shown[0].len() > 8, "the room of the short source is used");
    }

    #[test]
    fn the_first_block_of_each_source_comes_before_all_others() {
        let second = "Only this opening matters here.\n\nFerry ferry ferry ferry.";
        let shown = shown(&[LONG, second], 25);
        assert_eq!(shown[0].len(), 1);
        assert_eq!(shown[1][0], "Only this opening matters here.");
    }

    #[test]
    fn a_block_that_is_too_long_is_left_out_whole() {
        let source = format!("{}\n\nThis one fits.", "word ".repeat(500));
        assert_eq!(shown(&[&source], 20), [["This one fits."]]);
        assert_eq!(shown(&[&source], 0), [Vec::<String>::new()]);
    }

    #[test]
    fn wire_copy_is_shown_once() {
        let wire = "Rescuers found the boat at dawn off the northern cape.";
        let filler = "Meanwhile, shops in the old town stayed open until late at night.";
        let first = format!("The boat is safe.\n\n{wire}\n\n{filler}");
        let second =
            format!("A boat was found.\n\n{wire}\n\nHer crew of 4 is well, a doctor said.");
        let shown = shown(&[&first, &second], 50);
        let times = shown
            .iter()
            .flatten()
            .filter(|block| *block == wire)
            .count();
        assert_eq!(times, 1, "{shown:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn any_excerpt_is_valid_and_within_budget(
            sources in prop::collection::vec("(# |> |- )?[a-z0-9 “”東é.\n]{0,200}", 1..4),
            budget in 0usize..120,
        ) {
            let story = story(sources.iter().map(|s| article(s, None)));
            let tokens = Tokens::for_provider("anthropic");
            let excerpt = pack(&story, budget, &tokens);
            prop_assert_eq!(&excerpt, &pack(&story, budget, &tokens));
            let mut total = 0;
            for (source, part) in std::iter::zip(story.sources(), &excerpt.parts) {
                prop_assert!(part.blocks.is_sorted());
                prop_assert!(part.blocks.iter().all(|&at| at < source.article.blocks.len()));
                prop_assert!((0.0..=1.0).contains(&part.share));
                total += part.tokens;
            }
            prop_assert!(total <= budget);
        }
    }
}

//! The words of class, id and role, and how much each speaks for or against an
//! element's text being the article.
//!
//! The weights are learned (see `docs/extraction.md`): each is the logarithm of the
//! odds that text under such a word belongs to the article, over many sites.

use foldhash::HashMap;

/// The attributes whose words are read.
pub(crate) const ATTRIBUTES: [&str; 6] = [
    "class",
    "data-component",
    "data-testid",
    "id",
    "itemprop",
    "role",
];

/// `word<TAB>weight`, sorted by word.
const WEIGHTS: &str = include_str!("names.tsv");

/// What the words around a block say together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    /// The worst word.
    pub(crate) least: f32,
    /// The best.
    pub(crate) most: f32,
    /// All of them.
    pub(crate) sum: f32,
}

impl Score {
    /// Takes an inner element's words in.
    pub(crate) fn add(&mut self, other: Self) {
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
        self.sum += other.sum;
    }
}

fn weights() -> &'static HashMap<&'static str, f32> {
    static TABLE: std::sync::LazyLock<HashMap<&str, f32>> = std::sync::LazyLock::new(|| {
        WEIGHTS
            .lines()
            .filter_map(|line| {
                let (word, weight) = line.split_once('\t')?;
                Some((word, weight.parse().ok()?))
            })
            .collect()
    });
    &TABLE
}

/// Reads attribute values, each distinct one once.
#[derive(Default)]
pub(crate) struct Reader<'v> {
    seen: HashMap<&'v str, Score>,
    word: String,
}

impl<'v> Reader<'v> {
    /// The score of a value's words.
    pub(crate) fn read(&mut self, value: &'v str) -> Score {
        if let Some(score) = self.seen.get(value) {
            return *score;
        }
        let mut score = Score::default();
        words_into(&mut self.word, value, |word| {
            if let Some(&weight) = weights().get(word) {
                score.add(Score {
                    least: weight,
                    most: weight,
                    sum: weight,
                });
            }
        });
        self.seen.insert(value, score);
        score
    }
}

/// Calls `each` with every word of `related-Posts_boxOne`: related, posts, box, one.
pub(crate) fn words(value: &str, each: impl FnMut(&str)) {
    words_into(&mut String::new(), value, each);
}

/// The same, with the room that the words are written to.
fn words_into(word: &mut String, value: &str, mut each: impl FnMut(&str)) {
    word.clear();
    let mut after_lower = false;
    for c in value.chars() {
        let (is_word, is_upper) = if c.is_ascii() {
            (c.is_ascii_alphanumeric(), c.is_ascii_uppercase())
        } else {
            (c.is_alphanumeric(), c.is_uppercase())
        };
        if !word.is_empty() && (!is_word || (is_upper && after_lower)) {
            each(word);
            word.clear();
        }
        after_lower = if c.is_ascii() {
            c.is_ascii_lowercase()
        } else {
            c.is_lowercase()
        };
        if is_word && c.is_ascii() {
            word.push(c.to_ascii_lowercase());
        } else if is_word {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        each(word);
    }
}

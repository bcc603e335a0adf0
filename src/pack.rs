//! What of a story fits into a prompt, counted in tokens.

use crate::story::Story;

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
    /// Tokens shown, as counted for the model's vendor.
    pub tokens: usize,
    /// Share of the article's text that is shown, 0 to 1, in bytes.
    pub share: f64,
}

/// Chooses the blocks of `story` that fit into `budget` tokens.
pub fn pack(story: &Story, budget: usize, tokens: &Tokens) -> Excerpt {
    let _ = (story, budget, tokens);
    unimplemented!()
}

/// Counts tokens for one vendor.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Tokens of this vendor for each token of o200k_base.
    pub factor: f64,
}

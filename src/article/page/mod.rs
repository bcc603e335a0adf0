//! The page as a reader sees it: bytes to text, text to a tree, the tree to visible
//! blocks. Knows nothing of what an article is.

pub(crate) mod blocks;
pub(crate) mod dom;
pub(crate) mod encoding;
pub(crate) mod glyphs;
pub(crate) mod references;
pub(crate) mod tag;
mod tokens;
pub(crate) mod visible;
mod weight;

#[cfg(test)]
mod tests;

//! What the elements of a page say of the blocks inside them: how much text and how
//! many links they hold, what they are, how deep they stand, which words of class and id
//! they carry. Summed upwards and handed down in one pass each.

use super::{is_prose, names};
use crate::article::page::{blocks::Raw, dom::Tree, tag::Tag};

/// Sums over the blocks inside an element.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    /// Weight of the running text.
    pub(crate) prose: u32,
    /// Weight of all blocks.
    pub(crate) weight: u32,
    /// Weight inside links.
    pub(crate) linked: u32,
    /// How many blocks.
    pub(crate) blocks: u32,
}

// Kinds of elements, as bits.
pub(crate) const ARTICLE: u32 = 1;
pub(crate) const MAIN: u32 = 1 << 1;
pub(crate) const ASIDE: u32 = 1 << 2;
pub(crate) const NAV: u32 = 1 << 3;
pub(crate) const HEADER: u32 = 1 << 4;
pub(crate) const FOOTER: u32 = 1 << 5;
pub(crate) const FIGURE: u32 = 1 << 6;
pub(crate) const FORM: u32 = 1 << 7;
pub(crate) const TABLE: u32 = 1 << 8;
pub(crate) const LIST: u32 = 1 << 9;
pub(crate) const QUOTE: u32 = 1 << 10;
pub(crate) const STRONG: u32 = 1 << 11;
pub(crate) const LINK: u32 = 1 << 12;
pub(crate) const EM: u32 = 1 << 13;
pub(crate) const SMALL: u32 = 1 << 14;
pub(crate) const TIME: u32 = 1 << 15;
pub(crate) const CAPTION: u32 = 1 << 16;
pub(crate) const BODY: u32 = 1 << 17;
pub(crate) const SECTION: u32 = 1 << 18;
pub(crate) const PARAGRAPH: u32 = 1 << 19;

fn flag(tag: Tag) -> u32 {
    match tag {
        Tag::Article => ARTICLE,
        Tag::Main => MAIN,
        Tag::Aside => ASIDE,
        Tag::Nav | Tag::Menu => NAV,
        Tag::Header => HEADER,
        Tag::Footer => FOOTER,
        Tag::Figure | Tag::Picture => FIGURE,
        Tag::Form | Tag::Button | Tag::Label | Tag::Fieldset => FORM,
        Tag::Table => TABLE,
        Tag::Ul | Tag::Ol | Tag::Dl => LIST,
        Tag::Blockquote | Tag::Q => QUOTE,
        Tag::Strong | Tag::B => STRONG,
        Tag::A => LINK,
        Tag::Em | Tag::I => EM,
        Tag::Small | Tag::Sub | Tag::Sup => SMALL,
        Tag::Time => TIME,
        Tag::Figcaption | Tag::Caption => CAPTION,
        Tag::Section => SECTION,
        Tag::P => PARAGRAPH,
        _ => 0,
    }
}

impl Sums {
    /// Counts a block in.
    pub(crate) fn add(&mut self, block: &Raw) {
        self.blocks += 1;
        self.weight += small(block.weight);
        self.linked += small(block.linked);
        if is_prose(block) {
            self.prose += small(block.weight);
        }
    }
}

/// What an element brings to all blocks inside it.
pub(crate) struct Around {
    /// Kinds of elements it stands in, as bits.
    pub(crate) flags: Vec<u32>,
    /// How deep it stands.
    pub(crate) depth: Vec<u16>,
    /// The blocks inside it.
    pub(crate) sums: Vec<Sums>,
    /// The words of class and id around it.
    pub(crate) names: Vec<names::Score>,
    /// Equal for elements marked up alike.
    pub(crate) signature: Vec<u64>,
}

impl Around {
    /// Sums the blocks up and hands the elements' marks down.
    pub(crate) fn of(tree: &Tree<'_>, all: &[Raw]) -> Self {
        let len = tree.len();
        let mut sums = vec![Sums::default(); len];
        for block in all {
            sums[block.holder].add(block);
        }
        for id in (1..len).rev() {
            let own = sums[id];
            let above = &mut sums[tree.node(id).parent];
            above.prose += own.prose;
            above.weight += own.weight;
            above.linked += own.linked;
            above.blocks += own.blocks;
        }
        let mut flags = vec![0; len];
        let mut depth = vec![0_u16; len];
        let mut scores = vec![names::Score::default(); len];
        let mut signature = vec![0; len];
        let mut reader = names::Reader::default();
        for id in 1..len {
            let parent = tree.node(id).parent;
            flags[id] = flags[parent];
            depth[id] = depth[parent].saturating_add(1);
            scores[id] = scores[parent];
            let Some(element) = tree.element(id) else {
                continue;
            };
            flags[id] |= flag(tree.tag(id));
            if sums[id].blocks == 0 || matches!(tree.tag(id), Tag::Html | Tag::Body) {
                continue;
            }
            let mut hash = 0xcbf2_9ce4_8422_2325_u64;
            mix(&mut hash, element.name());
            for (attribute, value) in element.attrs() {
                if !names::ATTRIBUTES.contains(&attribute) || value.len() > 400 {
                    continue;
                }
                if attribute == "class" {
                    mix(&mut hash, value);
                }
                if value.contains("articleBody") {
                    flags[id] |= BODY;
                }
                scores[id].add(reader.read(value));
            }
            signature[id] = hash;
        }
        Self {
            flags,
            depth,
            sums,
            names: scores,
            signature,
        }
    }
}

fn mix(hash: &mut u64, text: &str) {
    let mut add = |word: u64| {
        *hash = (*hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        *hash ^= *hash >> 29;
    };
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    for word in words {
        add(u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    add(u64::from_le_bytes(last));
    add(text.len() as u64);
}

/// A count within 32 bits.
pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX / 1_000_000)
}

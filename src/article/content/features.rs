//! What is known of each block of a page, as numbers: its own text, the elements
//! around it, its neighbours, and its place between headline and end.
//!
//! Nothing here knows a word of any language but the words of class and id, which
//! come with a weight each; see `names`. The model in `forest` reads these numbers.

use foldhash::{HashMap, HashMapExt as _};

use super::{Rules, is_prose, names};
use crate::article::{
    BlockKind,
    content::plain,
    metadata::people,
    page::{
        blocks::{self, Raw},
        dom::{Id, Tree},
        tag::Tag,
    },
};

/// How many numbers describe a block.
pub(crate) const COUNT: usize = 98;

/// The numbers of one block.
pub(crate) type Row = [f32; COUNT];

/// What the rest of the page says that helps to judge a block.
#[derive(Default)]
pub(crate) struct Hints<'h> {
    /// The headline.
    pub(crate) title: Option<&'h str>,
    /// The description in the head.
    pub(crate) description: Option<&'h str>,
    /// Whether the page says that it is for subscribers only.
    pub(crate) closed: bool,
}

/// Sums over the blocks inside an element.
#[derive(Clone, Copy, Default)]
struct Sums {
    prose: u32,
    weight: u32,
    linked: u32,
    blocks: u32,
}

const ARTICLE: u32 = 1;
const MAIN: u32 = 1 << 1;
const ASIDE: u32 = 1 << 2;
const NAV: u32 = 1 << 3;
const HEADER: u32 = 1 << 4;
const FOOTER: u32 = 1 << 5;
const FIGURE: u32 = 1 << 6;
const FORM: u32 = 1 << 7;
const TABLE: u32 = 1 << 8;
const LIST: u32 = 1 << 9;
const QUOTE: u32 = 1 << 10;
const STRONG: u32 = 1 << 11;
const LINK: u32 = 1 << 12;
const EM: u32 = 1 << 13;
const SMALL: u32 = 1 << 14;
const TIME: u32 = 1 << 15;
const CAPTION: u32 = 1 << 16;
const BODY: u32 = 1 << 17;
const SECTION: u32 = 1 << 18;
const PARAGRAPH: u32 = 1 << 19;

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

/// What an element brings to all blocks inside it.
struct Around {
    flags: Vec<u32>,
    depth: Vec<u16>,
    sums: Vec<Sums>,
    names: Vec<names::Score>,
    signature: Vec<u64>,
}

impl Around {
    fn of(tree: &Tree<'_>, all: &[Raw]) -> Self {
        let len = tree.len();
        let mut sums = vec![Sums::default(); len];
        for block in all {
            let sum = &mut sums[block.holder];
            sum.blocks += 1;
            sum.weight += small(block.weight);
            sum.linked += small(block.linked);
            if is_prose(block) {
                sum.prose += small(block.weight);
            }
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

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX / 1_000_000)
}

/// Which characters a text is made of.
#[derive(Clone, Copy, Default)]
struct Shape {
    letters: u32,
    upper: u32,
    lower: u32,
    digits: u32,
    spaces: u32,
    commas: u32,
    stops: u32,
    quotes: u32,
    odd: u32,
    first_lower: bool,
    first_letter: bool,
    /// Runs of four digits that can be a year.
    years: u32,
    /// Digits on both sides of a colon, as in 9:30.
    clocks: u32,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let (mut run, mut colon) = (0_u32, false);
        let mut century = false;
        for (at, c) in text.chars().enumerate() {
            if c.is_ascii_digit() {
                run += 1;
                shape.clocks += u32::from(run == 1 && colon);
                century = match run {
                    1 => matches!(c, '1' | '2'),
                    2 => century && matches!(c, '9' | '0'),
                    _ => century,
                };
                colon = false;
            } else {
                shape.years += u32::from(run == 4 && century);
                colon = c == ':' && run > 0;
                run = 0;
            }
            if c.is_ascii_lowercase() {
                shape.letters += 1;
                shape.lower += 1;
            } else if c == ' ' {
                shape.spaces += 1;
            } else {
                // The marks stand first, since a table has to be asked about letters.
                match c {
                    ',' | '、' | '\u{ff0c}' | '،' => shape.commas += 1,
                    '.' | '!' | '?' | '。' | '\u{ff01}' | '\u{ff1f}' | '؟' | '।' | '…' => {
                        shape.stops += 1;
                    }
                    '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '’' | '\'' => {
                        shape.quotes += 1;
                    }
                    '|' | '©' | '›' | '•' | '/' | '@' | '#' | '_' | '+' | '→' | '>' => {
                        shape.odd += 1;
                    }
                    _ if c.is_alphabetic() => {
                        shape.letters += 1;
                        shape.upper += u32::from(c.is_uppercase());
                        shape.lower += u32::from(c.is_lowercase());
                    }
                    _ if c.is_numeric() => shape.digits += 1,
                    _ => {}
                }
            }
            if at == 0 {
                shape.first_lower = c.is_lowercase();
                shape.first_letter = c.is_alphanumeric();
            }
        }
        shape.years += u32::from(run == 4 && century);
        shape
    }
}

/// Whether the text names a year.
pub(crate) fn names_year(text: &str) -> bool {
    Shape::of(text).years > 0
}

fn ratio(part: u32, whole: u32) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn log(n: u32) -> f32 {
    (n as f32 + 1.0).ln()
}

fn bit(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

/// What stands in the gap between two blocks.
#[derive(Clone, Copy, Default)]
struct Gap {
    pictures: u32,
    rules: u32,
    elements: u32,
}

fn gap(tree: &Tree<'_>, from: Id, to: Id) -> Gap {
    let mut gap = Gap::default();
    for id in from..to {
        gap.elements += 1;
        match tree.tag(id) {
            Tag::None => gap.elements -= 1,
            Tag::Img | Tag::Picture | Tag::Video | Tag::Iframe | Tag::Svg => gap.pictures += 1,
            Tag::Hr => gap.rules += 1,
            _ => {}
        }
    }
    gap
}

/// All blocks of a page, described.
pub(crate) struct Sheet {
    /// The numbers of each.
    pub(crate) rows: Vec<Row>,
    /// Equal for blocks whose holder, and what holds that, are marked up alike.
    pub(crate) paths: Vec<u64>,
}

/// Describes each block of the page.
pub(crate) fn describe(tree: &Tree<'_>, all: &[Raw], hints: &Hints<'_>, rules: &Rules) -> Sheet {
    let around = Around::of(tree, all);
    let page = around.sums.first().copied().unwrap_or_default();
    let shapes: Vec<Shape> = all.iter().map(|block| Shape::of(&block.text)).collect();
    let mut alike: HashMap<u64, Sums> = HashMap::new();
    let mut copies: HashMap<&str, u32> = HashMap::new();
    let paths: Vec<u64> = all
        .iter()
        .map(|block| {
            around.signature[block.holder]
                .wrapping_mul(31)
                .wrapping_add(around.signature[tree.node(block.holder).parent])
        })
        .collect();
    for (block, path) in all.iter().zip(&paths) {
        let sums = alike.entry(*path).or_default();
        sums.blocks += 1;
        sums.weight += small(block.weight);
        sums.linked += small(block.linked);
        if is_prose(block) {
            sums.prose += small(block.weight);
        }
        *copies.entry(block.text.as_str()).or_default() += 1;
    }
    let title = hints.title.map(plain).filter(|title| !title.is_empty());
    let title_weight = hints.title.map_or(0, blocks::weight);
    let headline = headline(tree, all, title.as_deref());
    let description = hints.description.map(plain).unwrap_or_default();
    let description: String = description.chars().take(60).collect();
    let container = rules.container;
    let container_end = tree.node(container).end;
    let last_inside = all
        .iter()
        .rposition(|block| container <= block.first && block.first < container_end)
        .unwrap_or(0);
    let first_inside = all
        .iter()
        .position(|block| container <= block.first && block.first < container_end)
        .unwrap_or(0);
    let best = all
        .iter()
        .filter(|block| is_prose(block))
        .map(|block| (around.sums[tree.node(block.holder).parent].prose, block))
        .max_by_key(|(prose, _)| *prose)
        .map_or(0, |(prose, _)| prose);

    // Running sums, to look ahead and behind.
    let mut before = Vec::with_capacity(all.len() + 1);
    before.push(0_u32);
    for block in all {
        let prose = if is_prose(block) {
            small(block.weight)
        } else {
            0
        };
        before.push(before[before.len() - 1] + prose);
    }

    let mut rows = Vec::with_capacity(all.len());
    let mut kept_before = 0_u32;
    let mut last_gap = gap(tree, 0, all.first().map_or(0, |block| block.first));
    let kept_all = rules.kept.iter().filter(|kept| **kept).count();
    for (at, block) in all.iter().enumerate() {
        let mut row = [0.0; COUNT];
        let mut next = 0;
        let mut put = |value: f32| {
            row[next] = value;
            next += 1;
        };
        let shape = shapes[at];
        let weight = small(block.weight);
        // Its own text.
        put(match block.kind {
            BlockKind::Paragraph => 0.0,
            BlockKind::Heading => 1.0,
            BlockKind::ListItem => 2.0,
            BlockKind::Quote | BlockKind::PullQuote => 3.0,
            BlockKind::TableRow => 4.0,
        });
        put(heading_level(tree, block));
        put(log(weight));
        put(ratio(small(block.linked), weight));
        put(bit(blocks::ends_sentence(&block.text)));
        put(bit(is_prose(block)));
        put(ratio(shape.upper, shape.upper + shape.lower));
        put(ratio(shape.digits, shape.letters + shape.digits));
        put(ratio(shape.letters + shape.digits, shape.spaces + 1));
        put(shape.commas as f32);
        put(shape.stops as f32);
        put(shape.quotes as f32);
        put(shape.odd as f32);
        put(bit(shape.first_lower));
        put(bit(shape.first_letter));
        put(bit(block.text.ends_with(':')));
        put(bit(
            block.text.contains("http") || block.text.contains("www.")
        ));
        put(copies.get(block.text.as_str()).copied().unwrap_or(1) as f32);
        // The elements around it.
        let inner = around.flags[block.first];
        let outer = around.flags[block.holder];
        for mask in [
            ARTICLE,
            MAIN,
            ASIDE,
            NAV,
            HEADER,
            FOOTER,
            FIGURE | CAPTION,
            FORM,
            TABLE,
            LIST,
            QUOTE,
            BODY,
            SECTION,
        ] {
            put(bit(outer & mask != 0));
        }
        for mask in [STRONG, LINK, EM, SMALL, TIME, PARAGRAPH] {
            put(bit(inner & mask != 0));
        }
        put(f32::from(around.depth[block.holder]));
        let score = around.names[block.first];
        put(score.least);
        put(score.most);
        put(score.sum);
        let mut id = block.holder;
        for _ in 0..4 {
            let sums = around.sums[id];
            put(ratio(sums.prose, page.prose));
            put(ratio(sums.linked, sums.weight));
            put(ratio(sums.prose, sums.weight));
            put(log(sums.blocks));
            id = tree.node(id).parent;
        }
        let sums = alike.get(&paths[at]).copied().unwrap_or_default();
        put(ratio(sums.prose, page.prose));
        put(ratio(sums.linked, sums.weight));
        put(log(sums.blocks));
        put(ratio(
            around.sums[tree.node(block.holder).parent].prose,
            best,
        ));
        // Its place.
        put(ratio(small(at), small(all.len())));
        put(ratio(before[at], page.prose));
        put(small(all.len()) as f32);
        put(log(page.prose));
        let since = headline.map_or(-1.0, |headline| {
            if at >= headline {
                log(small(at - headline))
            } else {
                -1.0 - log(small(headline - at))
            }
        });
        put(since);
        put(headline.map_or(-1.0, |headline| {
            ratio(before[at].saturating_sub(before[headline]), 1_000).min(30.0)
        }));
        // The rules' answer.
        put(bit(rules.beside[at]));
        put(bit(rules.kept[at]));
        put(bit(container <= block.first && block.first < container_end));
        let outside = if at < first_inside {
            -log(small(first_inside - at))
        } else if at > last_inside {
            log(small(at - last_inside))
        } else {
            0.0
        };
        put(outside);
        put(f32::from(around.depth[container]));
        put(ratio(around.sums[container].prose, page.prose));
        put(ratio(kept_before, small(kept_all)));
        kept_before += u32::from(rules.kept[at]);
        // The headline and the description.
        // Few blocks are short enough for the headline, or begin like the description.
        let begins = block.text.chars().find(|c| c.is_alphanumeric());
        let begins = begins.and_then(|c| c.to_lowercase().next());
        let may_be_title = block.weight <= title_weight;
        let may_be_description = begins.is_some() && begins == description.chars().next();
        let repeats = if weight < 400 && (may_be_title || may_be_description) {
            let own = plain(&block.text);
            let same_title = may_be_title
                && title
                    .as_deref()
                    .is_some_and(|title| own == title || (own.len() > 15 && title.contains(&own)));
            let same_description = may_be_description
                && (own.starts_with(&description)
                    || (own.len() > 20 && description.starts_with(&own)));
            (same_title, same_description)
        } else {
            (false, false)
        };
        put(bit(repeats.0));
        put(bit(repeats.1));
        // Its neighbours.
        let to = all.get(at + 1).map_or(block.last, |next| next.first);
        let gap_after = gap(tree, block.last, to);
        let gap_before = std::mem::replace(&mut last_gap, gap_after);
        put(gap_before.pictures.min(3) as f32);
        put(gap_after.pictures.min(3) as f32);
        put(bit(gap_before.rules > 0));
        put(log(gap_before.elements));
        for neighbour in [
            at.checked_sub(1),
            at.checked_sub(2),
            Some(at + 1),
            Some(at + 2),
        ] {
            match neighbour.and_then(|at| Some((at, all.get(at)?))) {
                Some((at, other)) => {
                    put(log(small(other.weight)));
                    put(ratio(small(other.linked), small(other.weight)));
                    put(bit(rules.kept[at]));
                }
                None => {
                    put(-1.0);
                    put(-1.0);
                    put(-1.0);
                }
            }
        }
        let window = |from: usize, to: usize| before[to.min(all.len())] - before[from];
        put(log(window(at.saturating_sub(5), at)));
        put(log(window(at + 1, at + 6)));
        put(shape.years.min(3) as f32);
        put(shape.clocks.min(3) as f32);
        put(bit(weight < 200 && people::has_intro(&block.text)));
        // The one word that banners have in nearly every language.
        put(bit(weight < 900 && block.text.contains("ookie")));
        debug_assert_eq!(next, COUNT);
        rows.push(row);
    }
    Sheet { rows, paths }
}

fn heading_level(tree: &Tree<'_>, block: &Raw) -> f32 {
    if block.kind != BlockKind::Heading {
        return 0.0;
    }
    std::iter::once(block.holder)
        .chain(tree.ancestors(block.holder))
        .find_map(|id| match tree.tag(id) {
            Tag::H1 => Some(1.0),
            Tag::H2 => Some(2.0),
            Tag::H3 => Some(3.0),
            Tag::H4 => Some(4.0),
            Tag::H5 | Tag::H6 => Some(5.0),
            _ => None,
        })
        .unwrap_or(0.0)
}

/// The block that is the headline.
fn headline(tree: &Tree<'_>, all: &[Raw], title: Option<&str>) -> Option<usize> {
    let same = title.and_then(|title| {
        all.iter()
            .rposition(|block| block.kind == BlockKind::Heading && plain(&block.text) == title)
    });
    same.or_else(|| {
        all.iter()
            .position(|block| block.kind == BlockKind::Heading && heading_level(tree, block) < 1.5)
    })
}

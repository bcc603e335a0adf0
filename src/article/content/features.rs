//! What is known of each block of a page, as numbers: its own text, the elements
//! around it, its neighbours, and its place between headline and end.
//!
//! Nothing here knows a word of any language but the words of class and id, which
//! come with a weight each; see `names`. The model in `forest` reads these numbers.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use super::{
    Rules,
    around::{self, Around, Sums, small},
    is_prose,
    shape::Shape,
};
use crate::article::{
    BlockKind,
    content::words::plain,
    metadata::byline::intro,
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
    /// Whether a site's rule says that the blocks are the article's own.
    pub(crate) ruled: bool,
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
    let page = Page::of(tree, all, hints, rules);
    let rows = (0..all.len())
        .map(|at| {
            let mut row = Numbers::default();
            page.text(at, &mut row);
            page.elements(at, &mut row);
            page.place(at, &mut row);
            page.answers(at, &mut row);
            page.repeats(at, &mut row);
            page.neighbours(at, &mut row);
            page.signs(at, &mut row);
            debug_assert_eq!(row.next, COUNT);
            row.row
        })
        .collect();
    Sheet {
        rows,
        paths: page.paths,
    }
}

/// A row that is being written.
struct Numbers {
    row: Row,
    next: usize,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            row: [0.0; COUNT],
            next: 0,
        }
    }
}

impl Numbers {
    fn put(&mut self, value: f32) {
        self.row[self.next] = value;
        self.next += 1;
    }
}

/// What is worked out once for all blocks.
struct Page<'p, 'a> {
    tree: &'p Tree<'a>,
    all: &'p [Raw],
    rules: &'p Rules,
    around: Around,
    /// All blocks together.
    whole: Sums,
    shapes: Vec<Shape>,
    paths: Vec<u64>,
    /// The blocks of each path together.
    alike: HashMap<u64, Sums>,
    /// How often each text stands on the page.
    copies: HashMap<&'p str, u32>,
    title: Option<String>,
    title_weight: usize,
    /// The block that is the headline.
    headline: Option<usize>,
    /// How the description begins.
    description: String,
    /// The nodes of the rules' container.
    inside: Range<Id>,
    first_inside: usize,
    last_inside: usize,
    /// The most running text that stands two elements above a paragraph.
    best: u32,
    /// What stands before each block, and after the last.
    gaps: Vec<Gap>,
    /// Running text before each block, and in all.
    before: Vec<u32>,
    /// Blocks that the rules keep before each, and in all.
    kept: Vec<u32>,
}

impl<'p, 'a> Page<'p, 'a> {
    fn of(tree: &'p Tree<'a>, all: &'p [Raw], hints: &Hints<'_>, rules: &'p Rules) -> Self {
        let around = Around::of(tree, all);
        let paths: Vec<u64> = all
            .iter()
            .map(|block| {
                around.signature[block.holder]
                    .wrapping_mul(31)
                    .wrapping_add(around.signature[tree.node(block.holder).parent])
            })
            .collect();
        let mut alike: HashMap<u64, Sums> = HashMap::new();
        let mut copies: HashMap<&str, u32> = HashMap::new();
        let (mut before, mut kept) = (vec![0], vec![0]);
        for (at, block) in all.iter().enumerate() {
            alike.entry(paths[at]).or_default().add(block);
            *copies.entry(block.text.as_str()).or_default() += 1;
            let prose = if is_prose(block) {
                small(block.weight)
            } else {
                0
            };
            before.push(before[at] + prose);
            kept.push(kept[at] + u32::from(rules.kept[at]));
        }
        let firsts = all.iter().map(|block| block.first);
        let lasts = all.iter().map(|block| block.last);
        let end = all.last().map_or(0, |block| block.last);
        let gaps = std::iter::once(0)
            .chain(lasts)
            .zip(firsts.chain([end]))
            .map(|(from, to)| gap(tree, from, to))
            .collect();
        let title = hints.title.map(plain).filter(|title| !title.is_empty());
        let inside = rules.container..tree.node(rules.container).end;
        let is_inside = |block: &Raw| inside.contains(&block.first);
        Self {
            tree,
            all,
            rules,
            whole: around.sums.first().copied().unwrap_or_default(),
            shapes: all.iter().map(|block| Shape::of(&block.text)).collect(),
            paths,
            alike,
            copies,
            title_weight: hints.title.map_or(0, blocks::weight),
            headline: headline(tree, all, title.as_deref()),
            title,
            description: plain(hints.description.unwrap_or(""))
                .chars()
                .take(60)
                .collect(),
            first_inside: all.iter().position(is_inside).unwrap_or(0),
            last_inside: all.iter().rposition(is_inside).unwrap_or(0),
            inside,
            best: all
                .iter()
                .filter(|block| is_prose(block))
                .map(|block| around.sums[tree.node(block.holder).parent].prose)
                .max()
                .unwrap_or(0),
            around,
            gaps,
            before,
            kept,
        }
    }

    /// What its own text is like.
    fn text(&self, at: usize, row: &mut Numbers) {
        let block = &self.all[at];
        let shape = self.shapes[at];
        let weight = small(block.weight);
        row.put(match block.kind {
            BlockKind::Paragraph => 0.0,
            BlockKind::Heading => 1.0,
            BlockKind::ListItem => 2.0,
            BlockKind::Quote | BlockKind::PullQuote => 3.0,
            BlockKind::TableRow => 4.0,
        });
        row.put(heading_level(self.tree, block));
        row.put(log(weight));
        row.put(ratio(small(block.linked), weight));
        row.put(bit(blocks::ends_sentence(&block.text)));
        row.put(bit(is_prose(block)));
        row.put(ratio(shape.upper, shape.upper + shape.lower));
        row.put(ratio(shape.digits, shape.letters + shape.digits));
        row.put(ratio(shape.letters + shape.digits, shape.spaces + 1));
        row.put(shape.commas as f32);
        row.put(shape.stops as f32);
        row.put(shape.quotes as f32);
        row.put(shape.odd as f32);
        row.put(bit(shape.first_lower));
        row.put(bit(shape.first_letter));
        row.put(bit(block.text.ends_with(':')));
        row.put(bit(
            block.text.contains("http") || block.text.contains("www.")
        ));
        row.put(self.copies.get(block.text.as_str()).copied().unwrap_or(1) as f32);
    }

    /// What the elements around it are and hold.
    fn elements(&self, at: usize, row: &mut Numbers) {
        let block = &self.all[at];
        let inner = self.around.flags[block.first];
        let outer = self.around.flags[block.holder];
        for mask in [
            around::ARTICLE,
            around::MAIN,
            around::ASIDE,
            around::NAV,
            around::HEADER,
            around::FOOTER,
            around::FIGURE | around::CAPTION,
            around::FORM,
            around::TABLE,
            around::LIST,
            around::QUOTE,
            around::BODY,
            around::SECTION,
        ] {
            row.put(bit(outer & mask != 0));
        }
        for mask in [
            around::STRONG,
            around::LINK,
            around::EM,
            around::SMALL,
            around::TIME,
            around::PARAGRAPH,
        ] {
            row.put(bit(inner & mask != 0));
        }
        row.put(f32::from(self.around.depth[block.holder]));
        let score = self.around.names[block.first];
        row.put(score.least);
        row.put(score.most);
        row.put(score.sum);
        let mut id = block.holder;
        for _ in 0..4 {
            let sums = self.around.sums[id];
            row.put(ratio(sums.prose, self.whole.prose));
            row.put(ratio(sums.linked, sums.weight));
            row.put(ratio(sums.prose, sums.weight));
            row.put(log(sums.blocks));
            id = self.tree.node(id).parent;
        }
        let sums = self.alike.get(&self.paths[at]).copied().unwrap_or_default();
        row.put(ratio(sums.prose, self.whole.prose));
        row.put(ratio(sums.linked, sums.weight));
        row.put(log(sums.blocks));
        row.put(ratio(
            self.around.sums[self.tree.node(block.holder).parent].prose,
            self.best,
        ));
    }

    /// Where it stands on the page.
    fn place(&self, at: usize, row: &mut Numbers) {
        row.put(ratio(small(at), small(self.all.len())));
        row.put(ratio(self.before[at], self.whole.prose));
        row.put(small(self.all.len()) as f32);
        row.put(log(self.whole.prose));
        let since = self.headline.map_or(-1.0, |headline| {
            if at >= headline {
                log(small(at - headline))
            } else {
                -1.0 - log(small(headline - at))
            }
        });
        row.put(since);
        row.put(self.headline.map_or(-1.0, |headline| {
            ratio(self.before[at].saturating_sub(self.before[headline]), 1_000).min(30.0)
        }));
    }

    /// What the rules say of it.
    fn answers(&self, at: usize, row: &mut Numbers) {
        let block = &self.all[at];
        row.put(bit(self.rules.beside[at]));
        row.put(bit(self.rules.kept[at]));
        row.put(bit(
            self.rules.container <= block.first && block.first < self.inside.end
        ));
        let outside = if at < self.first_inside {
            -log(small(self.first_inside - at))
        } else if at > self.last_inside {
            log(small(at - self.last_inside))
        } else {
            0.0
        };
        row.put(outside);
        row.put(f32::from(self.around.depth[self.rules.container]));
        row.put(ratio(
            self.around.sums[self.rules.container].prose,
            self.whole.prose,
        ));
        row.put(ratio(self.kept[at], self.kept[self.all.len()]));
    }

    /// Whether it says what headline or description say.
    fn repeats(&self, at: usize, row: &mut Numbers) {
        let block = &self.all[at];
        let weight = small(block.weight);
        // Few blocks are short enough for the headline, or begin like the description.
        let begins = block.text.chars().find(|c| c.is_alphanumeric());
        let begins = begins.and_then(|c| c.to_lowercase().next());
        let may_be_title = block.weight <= self.title_weight;
        let may_be_description = begins.is_some() && begins == self.description.chars().next();
        let repeats = if weight < 400 && (may_be_title || may_be_description) {
            let own = plain(&block.text);
            let same_title = may_be_title
                && self
                    .title
                    .as_deref()
                    .is_some_and(|title| own == title || (own.len() > 15 && title.contains(&own)));
            let same_description = may_be_description
                && (own.starts_with(&self.description)
                    || (own.len() > 20 && self.description.starts_with(&own)));
            (same_title, same_description)
        } else {
            (false, false)
        };
        row.put(bit(repeats.0));
        row.put(bit(repeats.1));
    }

    /// What stands before and after it.
    fn neighbours(&self, at: usize, row: &mut Numbers) {
        let (gap_before, gap_after) = (self.gaps[at], self.gaps[at + 1]);
        row.put(gap_before.pictures.min(3) as f32);
        row.put(gap_after.pictures.min(3) as f32);
        row.put(bit(gap_before.rules > 0));
        row.put(log(gap_before.elements));
        for neighbour in [
            at.checked_sub(1),
            at.checked_sub(2),
            Some(at + 1),
            Some(at + 2),
        ] {
            if let Some((at, other)) = neighbour.and_then(|at| Some((at, self.all.get(at)?))) {
                row.put(log(small(other.weight)));
                row.put(ratio(small(other.linked), small(other.weight)));
                row.put(bit(self.rules.kept[at]));
            } else {
                row.put(-1.0);
                row.put(-1.0);
                row.put(-1.0);
            }
        }
        let window =
            |from: usize, to: usize| self.before[to.min(self.all.len())] - self.before[from];
        row.put(log(window(at.saturating_sub(5), at)));
        row.put(log(window(at + 1, at + 6)));
    }

    /// Signs of lines that are no text: days, hours, bylines, banners.
    fn signs(&self, at: usize, row: &mut Numbers) {
        let block = &self.all[at];
        let shape = self.shapes[at];
        let weight = small(block.weight);
        row.put(shape.years.min(3) as f32);
        row.put(shape.clocks.min(3) as f32);
        row.put(bit(weight < 200 && intro::has_intro(&block.text)));
        // The one word that banners have in nearly every language.
        row.put(bit(weight < 900 && block.text.contains("ookie")));
    }
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

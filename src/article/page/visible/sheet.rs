//! The page's own style sheets: their rules that may hide something, and an index to
//! find those that may match an element.
//!
//! Rules inside `@media` count where they hold for a screen of a desk computer, those
//! inside `@supports` and `@layer` always. Nothing is loaded, so `@import` is passed
//! over. One pass over the text; a nested rule is put together with the one around it.

use std::borrow::Cow;

use super::{
    digest::Digests,
    reader,
    selector::Selector,
    style::{self, Declaration, PROPERTIES, Property, Value},
};

/// The screen that a reader is assumed to have, in pixels.
const SCREEN: f32 = 1_280.0;
/// Rules nested deeper than this are not read.
const MAX_NESTING: usize = 8;

/// A rule as it was read.
struct Block<'s> {
    selectors: Cow<'s, str>,
    /// Its declarations, as a range of all that were read.
    first: usize,
    end: usize,
}

/// What the pass over the text has collected.
#[derive(Default)]
struct Sheet<'s> {
    blocks: Vec<Block<'s>>,
    declarations: Vec<Declaration>,
}

/// What a `{` opened.
struct Frame<'s> {
    /// What its declarations are for; `None` outside of all rules.
    selectors: Option<Cow<'s, str>>,
    first: usize,
}

/// The bytes at which the reading of a sheet has something to do.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut at = 0;
    while at < MARKED.len() {
        marks[MARKED[at] as usize] = true;
        at += 1;
    }
    marks
};
const MARKED: &[u8] = b"\"'(\\;{}";

impl<'s> Sheet<'s> {
    fn read(&mut self, css: &'s str) {
        let bytes = css.as_bytes();
        let mut frames: Vec<Frame<'s>> = Vec::new();
        // How many blocks are open inside one that is passed over.
        let mut passed = 0_usize;
        let (mut start, mut at) = (0, 0);
        loop {
            while at < bytes.len() && !MARKS[bytes[at] as usize] {
                at += 1;
            }
            if at >= bytes.len() {
                break;
            }
            match bytes[at] {
                quote @ (b'"' | b'\'') => {
                    at += 1;
                    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                        at += 1 + usize::from(bytes[at] == b'\\');
                    }
                }
                // An address may hold any mark.
                b'(' if css[..at].ends_with("url") => {
                    while at < bytes.len() && bytes[at] != b')' {
                        at += 1;
                    }
                }
                b'\\' => at += 1,
                b';' => {
                    if passed == 0 && !frames.is_empty() {
                        self.declare(&css[start..at]);
                    }
                    start = at + 1;
                }
                b'{' => {
                    let mut head = css[start..at].trim();
                    while let Some(rest) = head.strip_prefix("<!--") {
                        head = rest.trim_start();
                    }
                    start = at + 1;
                    let selectors = frames.last().and_then(|frame| frame.selectors.as_ref());
                    if passed > 0 || frames.len() >= MAX_NESTING {
                        passed += 1;
                    } else if let Some(rule) = head.strip_prefix('@') {
                        if enters(rule) {
                            let selectors = selectors.cloned();
                            self.close(&mut frames);
                            frames.push(Frame {
                                selectors,
                                first: self.declarations.len(),
                            });
                        } else {
                            passed = 1;
                        }
                    } else {
                        let selectors = match selectors {
                            None => Cow::Borrowed(head),
                            Some(around) if head.contains('&') => {
                                Cow::Owned(head.replace('&', &format!(":is({around})")))
                            }
                            Some(around) => Cow::Owned(format!(":is({around}) {head}")),
                        };
                        self.close(&mut frames);
                        frames.push(Frame {
                            selectors: Some(selectors),
                            first: self.declarations.len(),
                        });
                    }
                }
                b'}' => {
                    if passed > 0 {
                        passed -= 1;
                    } else if !frames.is_empty() {
                        self.declare(&css[start..at]);
                        self.close(&mut frames);
                        frames.pop();
                        if let Some(around) = frames.last_mut() {
                            around.first = self.declarations.len();
                        }
                    }
                    start = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        // What the text's end closes.
        if passed == 0 && !frames.is_empty() {
            self.declare(css.get(start..).unwrap_or(""));
            self.close(&mut frames);
        }
    }

    fn declare(&mut self, text: &str) {
        style::read(text, |declaration| self.declarations.push(declaration));
    }

    /// Makes a rule of what the innermost frame has declared so far.
    fn close(&mut self, frames: &mut [Frame<'s>]) {
        let Some(frame) = frames.last_mut() else {
            return;
        };
        let (first, end) = (frame.first, self.declarations.len());
        frame.first = end;
        if let Some(selectors) = &frame.selectors
            && first < end
        {
            self.blocks.push(Block {
                selectors: selectors.clone(),
                first,
                end,
            });
        }
    }

    /// For each property whether a rule of the page hides by it. Where none does,
    /// those that only show need not be looked at either.
    fn hiding(&self) -> [bool; PROPERTIES] {
        let mut hiding = [false; PROPERTIES];
        let papers: Vec<[u8; 3]> = self
            .declarations
            .iter()
            .filter(|one| one.property == Property::Background)
            .filter_map(|one| match one.value {
                Value::Colour(colour) => Some(colour),
                _ => None,
            })
            .take(64)
            .chain([[255; 3]])
            .collect();
        for one in &self.declarations {
            hiding[one.property as usize] |= match one.value {
                Value::Hides => true,
                Value::Colour(ink) if one.property == Property::Color => {
                    papers.iter().any(|&paper| style::is_same(ink, paper))
                }
                _ => false,
            };
        }
        let sizes = Property::Width as usize..=Property::MaxHeight as usize;
        let overflow = Property::Overflow as usize;
        if !hiding[overflow] {
            hiding[sizes.clone()].fill(false);
        }
        hiding[overflow] &= hiding[sizes].contains(&true);
        hiding[Property::Moves as usize] &= hiding[Property::Opacity as usize];
        hiding[Property::Background as usize] = hiding[Property::Color as usize];
        hiding
    }
}

/// A rule that may hide something, or undo it.
pub(super) struct Rule<'s> {
    pub(super) selector: Selector<'s>,
    pub(super) declarations: &'s [Declaration],
    /// Its place among all rules.
    pub(super) place: usize,
}

/// All rules of the page's own sheets.
#[derive(Default)]
pub(super) struct Rules<'s> {
    all: Vec<Rule<'s>>,
    /// The rules by a digest of what they surely ask for. Sorted.
    index: Vec<(u32, u32)>,
    /// A bit for each digest in the index, so that most questions end here.
    present: Vec<u64>,
}

/// The text of rules, kept apart from what borrows from it.
#[derive(Default)]
pub(super) struct Source<'s>(Sheet<'s>);

impl<'s> Source<'s> {
    /// Reads the sheets in order.
    pub(super) fn read(sheets: &'s [Cow<'_, str>]) -> Self {
        let mut sheet = Sheet::default();
        for css in sheets {
            sheet.read(css);
        }
        let hiding = sheet.hiding();
        // Only what may decide something is kept.
        let Sheet {
            blocks,
            declarations,
        } = sheet;
        let mut kept = Sheet::default();
        for block in blocks {
            let first = kept.declarations.len();
            kept.declarations.extend(
                declarations[block.first..block.end]
                    .iter()
                    .filter(|one| hiding[one.property as usize]),
            );
            let end = kept.declarations.len();
            if first < end {
                kept.blocks.push(Block {
                    first,
                    end,
                    ..block
                });
            }
        }
        Self(kept)
    }

    /// Whether no rule may hide anything.
    pub(super) fn is_empty(&self) -> bool {
        self.0.blocks.is_empty()
    }

    /// The rules, ready to be looked up.
    /// Only those are made that ask for nothing but what `page` has.
    pub(super) fn rules(&self, page: &Digests) -> Rules<'_> {
        let mut rules = Rules {
            present: vec![0; PRESENT],
            ..Rules::default()
        };
        for (order, block) in self.0.blocks.iter().enumerate() {
            for selector in reader::selectors(&block.selectors, page) {
                let digest = selector.key().digest();
                let place = u32::try_from(rules.all.len()).unwrap_or(u32::MAX);
                rules.index.push((digest, place));
                rules.present[digest as usize / 64 % PRESENT] |= 1 << (digest % 64);
                rules.all.push(Rule {
                    selector,
                    declarations: &self.0.declarations[block.first..block.end],
                    place: order,
                });
            }
        }
        rules.index.sort_unstable();
        rules
    }
}

/// Words of 64 bits in [`Rules::present`].
const PRESENT: usize = 256;

impl<'s> Rules<'s> {
    /// The rules that surely ask for something of this digest.
    pub(super) fn about(&self, digest: u32) -> impl Iterator<Item = &Rule<'s>> {
        let known = self.present[digest as usize / 64 % PRESENT] >> (digest % 64) & 1 == 1;
        let found = if known {
            let first = self.index.partition_point(|(other, _)| *other < digest);
            &self.index[first..]
        } else {
            &[]
        };
        found
            .iter()
            .take_while(move |(other, _)| *other == digest)
            .map(|(_, place)| &self.all[*place as usize])
    }
}

/// Whether the rules inside this at-rule hold for the reader.
fn enters(rule: &str) -> bool {
    let end = rule
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .unwrap_or(rule.len());
    let (name, rest) = rule.split_at(end);
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "media" => is_for_screen(rest),
        "supports" => !rest.trim_start().starts_with("not"),
        "layer" | "scope" => true,
        _ => false,
    }
}

/// Whether a list of media queries holds for a screen of a desk computer.
pub(super) fn is_for_screen(queries: &str) -> bool {
    let queries = queries.trim().to_ascii_lowercase();
    queries.is_empty() || queries.split(',').any(|query| holds(query.trim()))
}

fn holds(query: &str) -> bool {
    let (query, wanted) = match query.strip_prefix("not ") {
        Some(rest) => (rest, false),
        None => (query.strip_prefix("only ").unwrap_or(query), true),
    };
    let all = query.split(" and ").all(|part| {
        let part = part.trim();
        let Some(feature) = part.strip_prefix('(').and_then(|p| p.strip_suffix(')')) else {
            return matches!(part, "screen" | "all" | "");
        };
        let (name, value) = feature.split_once(':').unwrap_or((feature, ""));
        let value = value.trim();
        match name.trim() {
            "min-width" | "min-device-width" => pixels(value).is_some_and(|n| n <= SCREEN),
            "max-width" | "max-device-width" => pixels(value).is_some_and(|n| n >= SCREEN),
            "orientation" => value == "landscape",
            "prefers-color-scheme" => value == "light",
            "prefers-reduced-motion" => value == "no-preference",
            "hover" | "any-hover" => matches!(value, "hover" | ""),
            "pointer" | "any-pointer" => matches!(value, "fine" | ""),
            "color" => true,
            _ => false,
        }
    });
    all == wanted
}

fn pixels(value: &str) -> Option<f32> {
    let end = value.find(|c: char| c.is_ascii_alphabetic() || c == '%')?;
    let number: f32 = value[..end].trim().parse().ok()?;
    match &value[end..] {
        "px" => Some(number),
        "em" | "rem" => Some(number * 16.0),
        _ => None,
    }
}

/// A style sheet or attribute without its comments.
pub(super) fn without_comments(css: &str) -> Cow<'_, str> {
    let Some((before, mut rest)) = comment(css) else {
        return Cow::Borrowed(css);
    };
    let mut text = String::with_capacity(css.len());
    text.push_str(before);
    while let Some((_, after)) = rest.split_once("*/") {
        let (between, next) = comment(after).unwrap_or((after, ""));
        text.push_str(between);
        rest = next;
    }
    Cow::Owned(text)
}

/// What stands before and after the next `/*`; a search for one character is the
/// fastest there is.
fn comment(css: &str) -> Option<(&str, &str)> {
    css.match_indices('*')
        .find(|(at, _)| css[..*at].ends_with('/'))
        .map(|(at, _)| (&css[..at - 1], &css[at + 1..]))
}

//! Which elements and texts a reader of the page can see.
//!
//! Looks at tags, attributes, inline styles and the page's own `<style>` rules, which
//! are put in the order of the cascade. It runs no scripts and loads no style sheets.
//! What would hide the better part of the page is a loading state that a script
//! lifts, so it is not believed.

mod digest;
mod measure;
pub(crate) mod query;
mod reader;
mod selector;
mod sheet;
mod style;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use html5ever::local_name;
use scraper::node::Element;

use self::{
    digest::{Digests, Filter},
    sheet::{Rules, Source},
    style::{PROPERTIES, Property, Value},
};
use super::{
    dom::{Data, Id, Tree},
    tag::Tag,
};

/// What matching may cost a page, in compared parts; real pages take a hundredth.
const MAX_STEPS: usize = 8_000_000;
/// Once that is spent, so many rules are still looked at for each word of an element.
const FEW_RULES: usize = 16;

/// For each node, whether it is hidden, itself or through what holds it.
pub(crate) fn hidden(tree: &Tree<'_>) -> Vec<bool> {
    reasons(tree)
        .into_iter()
        .map(|reason| reason.is_some())
        .collect()
}

/// Why a reader cannot see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hidden {
    /// An element whose content is never shown.
    Tag,
    /// An attribute such as `hidden`, or a closed `<details>`.
    Attribute,
    /// `display: none` and the like.
    Display,
    /// `visibility: hidden`.
    Visibility,
    /// No opacity.
    Transparent,
    /// A place outside of the screen.
    OffScreen,
    /// A box of no size, or one that is cut to nothing.
    Size,
    /// Letters too small to read, or on top of each other.
    Letters,
    /// Letters in the colour of what is behind them.
    Colour,
}

/// For each node why it is hidden, if it is. An element that shows nothing of its own
/// but holds something that is seen is not hidden.
pub(crate) fn reasons(tree: &Tree<'_>) -> Vec<Option<Hidden>> {
    let sheets = sheets(tree);
    let source = Source::read(&sheets);
    let digests = if source.is_empty() {
        None
    } else {
        Some(Digests::of(tree))
    };
    let rules = digests.as_ref().map(|digests| source.rules(digests));
    let weights = text_weights(tree);
    let whole = weights.first().copied().unwrap_or(0);
    let mut page = Page {
        tree,
        rules: digests.as_ref().zip(rules),
        own_styles_only: !tree.tagged(Tag::Link).any(|id| {
            tree.attr(id, "rel")
                .is_some_and(|rel| rel.to_ascii_lowercase().contains("stylesheet"))
        }),
        steps: MAX_STEPS,
        open: Vec::new(),
        cascade: [(0, Value::Shows); PROPERTIES],
    };
    let mut reasons: Vec<Option<Hidden>> = vec![None; tree.len()];
    let mut cut = vec![false; tree.len()];
    let mut inherited = vec![Inherited::default(); tree.len()];
    for id in 1..tree.len() {
        let parent = tree.node(id).parent;
        if cut[parent] {
            cut[id] = true;
            reasons[id] = reasons[parent];
            continue;
        }
        let Some(element) = tree.element(id) else {
            reasons[id] = inherited[parent].unseen;
            continue;
        };
        let (own, look) = page.look(id, element, &inherited[parent]);
        let believed = |reason: &Hidden| {
            *reason == Hidden::Tag || weights[id] * 2 <= whole || !carries_the_page(tree, id)
        };
        if let Some(reason) = own.filter(believed) {
            cut[id] = true;
            reasons[id] = Some(reason);
        } else {
            inherited[id] = look;
            if look.unseen.is_some_and(|reason| !believed(&reason)) {
                inherited[id] = Inherited::default();
            }
            reasons[id] = inherited[id].unseen;
        }
    }
    // What is only unseen by what it inherits may hold something that is seen.
    for id in (1..tree.len()).rev() {
        let parent = tree.node(id).parent;
        let text = matches!(tree.node(id).data, Data::Text(text) if !text.trim().is_empty());
        if !cut[parent]
            && reasons[parent].is_some()
            && reasons[id].is_none()
            && (text || tree.node(id).end > id + 1)
        {
            reasons[parent] = None;
        }
    }
    reasons
}

/// The style sheets that the page itself holds.
fn sheets<'a>(tree: &Tree<'a>) -> Vec<Cow<'a, str>> {
    tree.tagged(Tag::Style)
        .filter(|&id| tree.attr(id, "media").is_none_or(sheet::is_for_screen))
        .map(|id| match tree.raw_text(id) {
            Cow::Borrowed(css) => sheet::without_comments(css),
            Cow::Owned(css) => Cow::Owned(sheet::without_comments(&css).into_owned()),
        })
        .collect()
}

/// Whether the text of these elements is never part of what is read.
fn is_unseen(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Area
            | Tag::Audio
            | Tag::Canvas
            | Tag::Datalist
            | Tag::Embed
            | Tag::Frame
            | Tag::Head
            | Tag::Iframe
            | Tag::Input
            | Tag::Link
            | Tag::Map
            | Tag::Meta
            | Tag::Meter
            | Tag::Noembed
            | Tag::Noframes
            | Tag::Noscript
            | Tag::Object
            | Tag::Option
            | Tag::Param
            | Tag::Progress
            | Tag::Rp
            | Tag::Script
            | Tag::Select
            | Tag::Style
            | Tag::Svg
            | Tag::Template
            | Tag::Textarea
            | Tag::Title
            | Tag::Video
    )
}

/// A headline that a script will reveal stands near the start of what it reveals.
const LOADING_NODES: usize = 2_000;

/// Bytes of text inside each node.
fn text_weights(tree: &Tree<'_>) -> Vec<usize> {
    let mut weights = vec![0; tree.len()];
    for id in (1..tree.len()).rev() {
        let parent = tree.node(id).parent;
        if let Data::Text(text) = tree.node(id).data {
            weights[id] = text.trim_ascii().len();
        }
        if !is_unseen(tree.tag(parent)) {
            weights[parent] += weights[id];
        }
    }
    weights
}

/// Whether `id` is an element that a script may reveal once the page has loaded.
fn carries_the_page(tree: &Tree<'_>, id: Id) -> bool {
    match tree.tag(id) {
        Tag::Html | Tag::Body | Tag::Main | Tag::Article => true,
        Tag::Template | Tag::Textarea | Tag::Noscript | Tag::Details => false,
        _ => (id..tree.node(id).end)
            .take(LOADING_NODES)
            .any(|inner| matches!(tree.tag(inner), Tag::H1 | Tag::Article | Tag::Main)),
    }
}

/// What an element hands on to those inside it.
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
#[derive(Clone, Copy)]
struct Inherited {
    /// Why a text here cannot be seen.
    unseen: Option<Hidden>,
    invisible: bool,
    /// Too small, or on top of each other.
    tiny: bool,
    squeezed: bool,
    ink: Value,
    /// Whether the ink is declared at an element, not in a sheet.
    ink_inline: bool,
    paper: Value,
    paper_inline: bool,
}

impl Default for Inherited {
    fn default() -> Self {
        Self {
            unseen: None,
            invisible: false,
            tiny: false,
            squeezed: false,
            ink: Value::Shows,
            ink_inline: false,
            paper: Value::Shows,
            paper_inline: false,
        }
    }
}

/// A declaration's weight in the cascade: important, inline, specificity, order.
type Weight = u64;
const IMPORTANT: Weight = 1 << 63;
const INLINE: Weight = 1 << 62;
/// Attributes such as `bgcolor` weigh least.
const HINT: Weight = 1;

struct Page<'t, 'a, 's> {
    tree: &'t Tree<'a>,
    /// The page's rules, and what its elements are.
    rules: Option<(&'s Digests, Rules<'s>)>,
    /// Whether there is no style sheet that is not read.
    own_styles_only: bool,
    steps: usize,
    /// The ends of the elements around the one at hand, with what they all are.
    open: Vec<(Id, Filter)>,
    /// What was declared for the element at hand.
    cascade: [(Weight, Value); PROPERTIES],
}

impl Page<'_, '_, '_> {
    /// Why the element with all inside it is hidden, and what it hands on otherwise.
    fn look(
        &mut self,
        id: Id,
        element: &Element,
        around: &Inherited,
    ) -> (Option<Hidden>, Inherited) {
        let tag = self.tree.tag(id);
        if is_unseen(tag) {
            return (Some(Hidden::Tag), *around);
        }
        let (mut open, mut gone, mut inline, mut touched) = (false, false, "", false);
        for (attribute, value) in &element.attrs {
            match attribute.local {
                local_name!("style") => inline = value,
                local_name!("open") => open = true,
                local_name!("hidden") => gone = true,
                local_name!("aria-hidden") => gone |= value.trim().eq_ignore_ascii_case("true"),
                local_name!("color") | local_name!("text")
                    if matches!(tag, Tag::Font | Tag::Body) =>
                {
                    touched |= self.hint(Property::Color, value, touched);
                }
                local_name!("bgcolor") => {
                    touched |= self.hint(Property::Background, value, touched);
                }
                _ => gone |= &*attribute.local == "popover",
            }
        }
        // A closed `<details>` shows its summary only, a closed `<dialog>` nothing.
        let parent = self.tree.node(id).parent;
        gone |= tag == Tag::Dialog && !open;
        gone |= tag != Tag::Summary
            && self.tree.tag(parent) == Tag::Details
            && self.tree.attr(parent, "open").is_none();
        touched |= self.apply_rules(id, touched);
        if !inline.is_empty() {
            touched |= self.apply_inline(inline, touched);
        }
        let (own, look) = if touched {
            self.verdict(around)
        } else {
            (None, *around)
        };
        (gone.then_some(Hidden::Attribute).or(own), look)
    }

    fn clear(&mut self) {
        self.cascade = [(0, Value::Shows); PROPERTIES];
    }

    fn set(&mut self, property: Property, weight: Weight, value: Value) {
        let place = &mut self.cascade[property as usize];
        if weight >= place.0 {
            *place = (weight, value);
        }
    }

    fn hint(&mut self, property: Property, value: &str, touched: bool) -> bool {
        let value = value.trim().to_ascii_lowercase();
        // Old pages leave out the `#`.
        let hexadecimal = value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit());
        let colour = if hexadecimal {
            style::colour(&format!("#{value}"))
        } else {
            style::colour(&value)
        };
        let Some(colour) = colour else { return false };
        if !touched {
            self.clear();
        }
        self.set(property, HINT, colour);
        true
    }

    fn apply_inline(&mut self, inline: &str, touched: bool) -> bool {
        if !touched {
            self.clear();
        }
        let text = sheet::without_comments(inline);
        let cascade = &mut self.cascade;
        let mut any = false;
        for declaration in text.split(';') {
            style::read(declaration, |one| {
                let weight = INLINE | if one.important { IMPORTANT } else { 0 };
                let place = &mut cascade[one.property as usize];
                if weight >= place.0 {
                    *place = (weight, one.value);
                }
                any = true;
            });
        }
        any
    }

    fn apply_rules(&mut self, id: Id, touched: bool) -> bool {
        let mut touched = touched;
        let Some((digests, rules)) = &self.rules else {
            return touched;
        };
        while self.open.last().is_some_and(|(end, _)| *end <= id) {
            self.open.pop();
        }
        let around = self
            .open
            .last()
            .map_or_else(Filter::default, |(_, filter)| *filter);
        let mut inside = around;
        for &digest in digests.of_node(id) {
            inside.add(digest);
            let most = if self.steps > MAX_STEPS / 100 {
                usize::MAX
            } else {
                FEW_RULES
            };
            for rule in rules.about(digest).take(most) {
                self.steps = self.steps.saturating_sub(1);
                if !rule.selector.may_match(&around)
                    || !rule.selector.matches(self.tree, id, &mut self.steps)
                {
                    continue;
                }
                if !touched {
                    self.cascade = [(0, Value::Shows); PROPERTIES];
                    touched = true;
                }
                let order = rule.place as Weight + HINT + 1;
                let weight = Weight::from(rule.selector.specificity) << 32 | order;
                for one in rule.declarations {
                    let weight = weight | if one.important { IMPORTANT } else { 0 };
                    let place = &mut self.cascade[one.property as usize];
                    if weight >= place.0 {
                        *place = (weight, one.value);
                    }
                }
            }
        }
        let end = self.tree.node(id).end;
        if end > id + 1 {
            self.open.push((end, inside));
        }
        touched
    }

    fn hides(&self, property: Property) -> bool {
        self.cascade[property as usize].1 == Value::Hides
    }

    fn is_inline(&self, property: Property) -> bool {
        let weight = self.cascade[property as usize].0;
        weight == HINT || weight & INLINE != 0
    }

    /// What the cascade comes to.
    fn verdict(&self, around: &Inherited) -> (Option<Hidden>, Inherited) {
        use Property as P;
        let any = |properties: &[P]| properties.iter().any(|&p| self.hides(p));
        let own = if any(&[P::Display, P::ContentVisibility]) {
            Some(Hidden::Display)
        } else if any(&[P::Filter, P::Mask])
            // In a sheet a transparent element is often waiting for its animation.
            || self.hides(P::Opacity) && (self.is_inline(P::Opacity) || !self.hides(P::Moves))
        {
            Some(Hidden::Transparent)
        } else if any(&[
            P::TextIndent,
            P::Left,
            P::Right,
            P::Top,
            P::Bottom,
            P::MarginLeft,
            P::MarginTop,
        ]) {
            Some(Hidden::OffScreen)
        } else if any(&[P::Transform, P::Clip, P::ClipPath])
            || self.hides(P::Overflow) && any(&[P::Width, P::Height, P::MaxWidth, P::MaxHeight])
        {
            Some(Hidden::Size)
        } else {
            None
        };
        (own, self.hand_on(around))
    }

    fn hand_on(&self, around: &Inherited) -> Inherited {
        let mut look = *around;
        for (property, switch) in [
            (Property::Visibility, &mut look.invisible),
            (Property::FontSize, &mut look.tiny),
            (Property::LetterSpacing, &mut look.squeezed),
        ] {
            let (weight, value) = self.cascade[property as usize];
            match value {
                Value::Hides => *switch = true,
                Value::Shows if weight > 0 => *switch = false,
                _ => {}
            }
        }
        let (ink_weight, ink) = self.cascade[Property::Color as usize];
        let (paper_weight, paper) = self.cascade[Property::Background as usize];
        if ink_weight > 0 && ink != Value::Inherits {
            look.ink = ink;
            look.ink_inline = self.is_inline(Property::Color);
        }
        if paper_weight > 0 {
            look.paper = paper;
            look.paper_inline = self.is_inline(Property::Background);
        }
        let known = self.own_styles_only
            || look.ink_inline && look.paper_inline
            || ink_weight > 0 && paper_weight > 0;
        look.unseen = if look.invisible {
            Some(Hidden::Visibility)
        } else if look.tiny || look.squeezed {
            Some(Hidden::Letters)
        } else {
            let same = match (look.ink, look.paper) {
                // A picture behind transparent letters is what fills them.
                (Value::Hides, paper) => paper != Value::Unknown && (look.ink_inline || known),
                (Value::Colour(ink), Value::Colour(paper)) => known && style::is_same(ink, paper),
                // A page is white where nothing is said.
                (Value::Colour(ink), Value::Shows) => {
                    self.own_styles_only && style::is_same(ink, [255; 3])
                }
                _ => false,
            };
            same.then_some(Hidden::Colour)
        };
        look
    }
}

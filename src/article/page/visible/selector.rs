//! Selectors of a page's own style rules, read from text and matched against the tree.
//!
//! Matching goes from the root to the element once, so it takes depth times parts and
//! never tries back. What a page without a pointer, a focus or a script does not match
//! (`:hover`, `::before`, unknown words) matches nothing, and a rule with it hides nothing.

use std::borrow::Cow;

use super::{
    super::{
        dom::{Data, Id, Tree, attr},
        tag::Tag,
    },
    digest::{Filter, Key},
};

/// So many elements before one are looked at for `+`, `~` and `:nth-child()`.
const MAX_SIBLINGS: usize = 400;

/// A selector, such as `article > p.a:not(.b)`.
pub(super) struct Selector<'s> {
    /// From left to right, each with what joins it to the one before.
    pub(super) parts: Vec<(Join, Compound<'s>)>,
    /// How much it outweighs others, as CSS counts it.
    pub(super) specificity: u32,
    /// Digests of what the elements around a match surely are.
    pub(super) around: Vec<u32>,
}

/// How a part stands to the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Inside,
    Child,
    Next,
    Later,
}

/// What one element has to be.
#[derive(Default)]
pub(super) struct Compound<'s> {
    pub(super) tag: Option<Cow<'s, str>>,
    pub(super) tests: Vec<Test<'s>>,
}

/// One condition on an element.
pub(super) enum Test<'s> {
    Id(Cow<'s, str>),
    Class(Cow<'s, str>),
    Attribute(Cow<'s, str>, Compare, Cow<'s, str>),
    Any(Vec<Selector<'s>>),
    None(Vec<Selector<'s>>),
    /// Every `step`th element from `first` on.
    Nth {
        step: i32,
        first: i32,
        from_end: bool,
        of_tag: bool,
    },
    Root,
    Link,
    Empty,
    /// What this reader never does.
    Never,
}

/// How an attribute's value is compared.
#[derive(Clone, Copy)]
pub(super) enum Compare {
    Present,
    Equals,
    Word,
    Dash,
    Starts,
    Ends,
    Contains,
}

impl<'s> Selector<'s> {
    /// The rarest thing that the last part asks for.
    pub(super) fn key(&self) -> Key<'_> {
        let Some((_, last)) = self.parts.last() else {
            return Key::All;
        };
        let mut key = last.tag.as_deref().map_or(Key::All, Key::Tag);
        for test in &last.tests {
            match test {
                Test::Id(id) => return Key::Id(id),
                Test::Class(class) => key = Key::Class(class),
                _ => {}
            }
        }
        key
    }

    /// Whether the elements around one, which are in `around`, may be what it asks for.
    pub(super) fn may_match(&self, around: &Filter) -> bool {
        self.around.iter().all(|&digest| around.has(digest))
    }

    /// Whether it matches the element. `steps` is what may still be spent; once it is
    /// spent the last part decides alone, so that no page can buy itself a hidden text.
    pub(super) fn matches(&self, tree: &Tree<'_>, id: Id, steps: &mut usize) -> bool {
        let Some(((_, last), before)) = self.parts.split_last() else {
            return false;
        };
        if !last.matches(tree, id, steps) {
            return false;
        }
        if before.is_empty() {
            return true;
        }
        let path: Vec<Id> = tree.ancestors(id).collect();
        let cost = path.len() * self.parts.len();
        if *steps < cost {
            return true;
        }
        *steps -= cost;
        // Bit i: the first i + 1 parts match at the element, or at one that holds it.
        let (mut here, mut above) = (0_u32, 0_u32);
        for &at in path.iter().rev() {
            let mut matched = 0;
            for index in 0..before.len() {
                if self.ends_at(index, tree, at, here, above, steps) {
                    matched |= 1 << index;
                }
            }
            here = matched;
            above |= matched;
        }
        self.ends_at(before.len(), tree, id, here, above, steps)
    }

    /// Whether the parts up to `index` match and end at `id`, given what matches at
    /// its parent (`here`) and at any element around it (`above`).
    fn ends_at(
        &self,
        index: usize,
        tree: &Tree<'_>,
        id: Id,
        here: u32,
        above: u32,
        steps: &mut usize,
    ) -> bool {
        let (join, compound) = &self.parts[index];
        if !compound.matches(tree, id, steps) {
            return false;
        }
        let Some(before) = index.checked_sub(1) else {
            return true;
        };
        match join {
            Join::Inside => above >> before & 1 == 1,
            Join::Child => here >> before & 1 == 1,
            Join::Next | Join::Later => {
                let most = if *join == Join::Next { 1 } else { MAX_SIBLINGS };
                siblings(tree, id, false).take(most).any(|sibling| {
                    *steps = steps.saturating_sub(1);
                    *steps > 0 && self.ends_at(before, tree, sibling, here, above, steps)
                })
            }
        }
    }
}

impl Compound<'_> {
    /// Digests of the tag, id and classes.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> {
        let tag = self.tag.as_deref().map(Key::Tag);
        let rest = self.tests.iter().filter_map(|test| match test {
            Test::Id(id) => Some(Key::Id(id)),
            Test::Class(class) => Some(Key::Class(class)),
            _ => None,
        });
        tag.into_iter().chain(rest).map(Key::digest)
    }

    fn matches(&self, tree: &Tree<'_>, id: Id, steps: &mut usize) -> bool {
        self.tag.as_deref().is_none_or(|tag| tree.name(id) == tag)
            && self.tests.iter().all(|test| test.passes(tree, id, steps))
    }
}

impl Test<'_> {
    fn passes(&self, tree: &Tree<'_>, id: Id, steps: &mut usize) -> bool {
        let Some(element) = tree.element(id) else {
            return false;
        };
        match self {
            Self::Id(name) => attr(element, "id") == Some(name),
            Self::Class(name) => attr(element, "class")
                .is_some_and(|classes| classes.split_ascii_whitespace().any(|c| c == name)),
            Self::Attribute(name, compare, wanted) => {
                attr(element, name).is_some_and(|value| compare.holds(value, wanted))
            }
            Self::Any(list) => list.iter().any(|one| one.matches(tree, id, steps)),
            Self::None(list) => !list.iter().any(|one| one.matches(tree, id, steps)),
            Self::Nth {
                step,
                first,
                from_end,
                of_tag,
            } => {
                if *steps < MAX_SIBLINGS {
                    return true;
                }
                let same = |other: &Id| !of_tag || tree.name(*other) == element.name();
                let before = siblings(tree, id, *from_end).filter(same).count();
                let place = i32::try_from(before).unwrap_or(i32::MAX - 1) + 1 - first;
                *steps -= before;
                if *step == 0 {
                    place == 0
                } else {
                    place % step == 0 && place / step >= 0
                }
            }
            Self::Root => tree.tag(id) == Tag::Html,
            Self::Link => tree.tag(id) == Tag::A && attr(element, "href").is_some(),
            Self::Empty => tree.node(id).end == id + 1,
            Self::Never => false,
        }
    }
}

/// The elements before or after `id` that have the same parent, nearest first.
fn siblings<'t>(tree: &'t Tree<'_>, id: Id, after: bool) -> Box<dyn Iterator<Item = Id> + 't> {
    let parent = tree.node(id).parent;
    let is_element = |at: &Id| matches!(tree.node(*at).data, Data::Element(_));
    if after {
        let end = tree.node(parent).end;
        let next = move |at: &Id| Some(tree.node(*at).end).filter(|next| *next < end);
        return Box::new(
            std::iter::successors(next(&id), next)
                .filter(is_element)
                .take(MAX_SIBLINGS),
        );
    }
    // The tree knows the end of a subtree, not its beginning: up from each node
    // before `id` to the one that has the same parent.
    let before = move |at: Id| {
        let mut at = at.checked_sub(1).filter(|at| *at > parent)?;
        while tree.node(at).parent != parent {
            at = tree.node(at).parent;
        }
        Some(at)
    };
    Box::new(
        std::iter::successors(before(id), move |at| before(*at))
            .filter(is_element)
            .take(MAX_SIBLINGS),
    )
}

impl Compare {
    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Equals => value == wanted,
            Self::Word => value.split_ascii_whitespace().any(|word| word == wanted),
            Self::Dash => value
                .strip_prefix(wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            Self::Starts => !wanted.is_empty() && value.starts_with(wanted),
            Self::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Self::Contains => !wanted.is_empty() && value.contains(wanted),
        }
    }
}

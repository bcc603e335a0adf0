//! Selectors of a page's own style rules, read from text and matched against the tree.
//!
//! Matching goes from the root to the element once, so it takes depth times parts and
//! never tries back. What a page without a pointer, a focus or a script does not match
//! (`:hover`, `::before`, unknown words) matches nothing, and a rule with it hides nothing.

use std::borrow::Cow;

use html5ever::local_name;

use super::super::{
    dom::{Data, Id, Tree, attr},
    tag::Tag,
};

/// More parts than this in one selector are not read.
const MAX_PARTS: usize = 16;
/// `:is()` inside `:is()` deeper than this is not read.
const MAX_NESTING: usize = 4;
/// So many elements before one are looked at for `+`, `~` and `:nth-child()`.
const MAX_SIBLINGS: usize = 400;

/// A selector, such as `article > p.a:not(.b)`.
pub(super) struct Selector<'s> {
    /// From left to right, each with what joins it to the one before.
    parts: Vec<(Join, Compound<'s>)>,
    /// How much it outweighs others, as CSS counts it.
    pub(super) specificity: u32,
    /// Digests of what the elements around a match surely are.
    around: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Inside,
    Child,
    Next,
    Later,
}

#[derive(Default)]
struct Compound<'s> {
    tag: Option<Cow<'s, str>>,
    tests: Vec<Test<'s>>,
}

enum Test<'s> {
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

#[derive(Clone, Copy)]
enum Compare {
    Present,
    Equals,
    Word,
    Dash,
    Starts,
    Ends,
    Contains,
}

/// What a selector's last part surely asks for, to find it by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key<'k> {
    Id(&'k str),
    Class(&'k str),
    Tag(&'k str),
    All,
}

impl Key<'_> {
    /// A number that stands for it; two may share one.
    pub(super) fn digest(self) -> u32 {
        let (kind, name) = match self {
            Key::Id(name) => (1, name),
            Key::Class(name) => (2, name),
            Key::Tag(name) => (3, name),
            Key::All => (4, ""),
        };
        // FNV-1a.
        name.bytes().fold(0x811C_9DC5 ^ kind, |digest: u32, byte| {
            (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }
}

/// What an element and those around it are, as a set of digests that may claim to hold
/// one that it does not.
#[derive(Clone, Copy, Default)]
pub(super) struct Filter([u64; 8]);

impl Filter {
    pub(super) fn add(&mut self, digest: u32) {
        self.0[digest as usize / 64 % 8] |= 1 << (digest % 64);
    }

    fn has(&self, digest: u32) -> bool {
        self.0[digest as usize / 64 % 8] >> (digest % 64) & 1 == 1
    }
}

impl<'s> Selector<'s> {
    /// The selectors of a list; those that cannot match on `page` are left out.
    pub(super) fn list(text: &'s str, page: &Digests) -> Vec<Self> {
        split(text)
            .filter(|one| may_be_on(one, page))
            .filter_map(|one| Reader { rest: one.trim() }.selector(0))
            .collect()
    }

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
    fn keys(&self) -> impl Iterator<Item = u32> {
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

/// What the elements of a page are, as digests, and all of them together.
pub(super) struct Digests {
    /// The digests of all elements, in document order.
    all: Vec<u32>,
    /// Where those of each node end.
    ends: Vec<u32>,
    /// A bit for each digest.
    present: Vec<u64>,
}

/// Words of 64 bits in [`Digests::present`].
const PRESENT: usize = 512;

impl Digests {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut digests = Self {
            all: Vec::with_capacity(tree.len() * 2),
            ends: Vec::with_capacity(tree.len()),
            present: vec![0; PRESENT],
        };
        for id in 0..tree.len() {
            if let Some(element) = tree.element(id) {
                let all = &mut digests.all;
                all.push(Key::All.digest());
                all.push(Key::Tag(element.name()).digest());
                for (name, value) in &element.attrs {
                    match name.local {
                        local_name!("id") => all.push(Key::Id(value).digest()),
                        local_name!("class") => all.extend(
                            value
                                .split_ascii_whitespace()
                                .map(|class| Key::Class(class).digest()),
                        ),
                        _ => {}
                    }
                }
            }
            digests
                .ends
                .push(u32::try_from(digests.all.len()).unwrap_or(u32::MAX));
        }
        for &digest in &digests.all {
            digests.present[digest as usize / 64 % PRESENT] |= 1 << (digest % 64);
        }
        digests
    }

    /// What the element at `id` is.
    pub(super) fn of_node(&self, id: Id) -> &[u32] {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[id] as usize]
    }

    /// Whether an element of the page may be this.
    fn has(&self, digest: u32) -> bool {
        self.present[digest as usize / 64 % PRESENT] >> (digest % 64) & 1 == 1
    }
}

/// Whether a selector may match on a page: a look at its plain words, before it is read.
fn may_be_on(selector: &str, page: &Digests) -> bool {
    let bytes = selector.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let mark = bytes[at];
        let start = at + usize::from(matches!(mark, b'.' | b'#' | b':'));
        let length = bytes[start..]
            .iter()
            .position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
            .unwrap_or(bytes.len() - start);
        let word = &selector[start..start + length];
        if bytes
            .get(start + length)
            .is_some_and(|next| matches!(next, b'\\' | 0x80..))
        {
            return true;
        }
        match mark {
            b'.' if !page.has(Key::Class(word).digest()) => return false,
            b'#' if !page.has(Key::Id(word).digest()) => return false,
            b':' if matches!(
                word,
                "" | "active" | "after" | "before" | "focus" | "hover" | "visited"
            ) =>
            {
                return false;
            }
            // What is in brackets may also be what must not be.
            b'(' | b'[' | b'\\' | b'&' | 0x80.. => return true,
            b'a'..=b'z' if !page.has(Key::Tag(word).digest()) => return false,
            _ => {}
        }
        at = (start + length).max(at + 1);
    }
    true
}

/// Cuts `text` at the commas that stand in no bracket.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut quote) = (0_usize, None);
    text.split(move |c| {
        match (c, quote) {
            (_, Some(open)) => {
                if c == open {
                    quote = None;
                }
            }
            ('"' | '\'', None) => quote = Some(c),
            ('(' | '[', None) => depth += 1,
            (')' | ']', None) => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0 && quote.is_none()
    })
}

fn list(text: &str, nesting: usize) -> Vec<Selector<'_>> {
    if nesting > MAX_NESTING {
        return Vec::new();
    }
    split(text)
        .filter_map(|one| Reader { rest: one.trim() }.selector(nesting))
        .collect()
}

/// Reads a selector's text.
struct Reader<'s> {
    rest: &'s str,
}

impl<'s> Reader<'s> {
    fn selector(mut self, nesting: usize) -> Option<Selector<'s>> {
        let mut parts = Vec::new();
        let mut specificity = 0;
        let mut join = Join::Inside;
        loop {
            let compound = self.compound(nesting, &mut specificity)?;
            if compound
                .tests
                .iter()
                .any(|test| matches!(test, Test::Never))
            {
                return None;
            }
            parts.push((join, compound));
            let spaced = self.rest.trim_start();
            if spaced.is_empty() {
                break;
            }
            join = match spaced.as_bytes()[0] {
                b'>' => Join::Child,
                b'+' => Join::Next,
                b'~' => Join::Later,
                _ if spaced.len() < self.rest.len() => Join::Inside,
                _ => return None,
            };
            self.rest = if join == Join::Inside {
                spaced
            } else {
                spaced[1..].trim_start()
            };
            if parts.len() >= MAX_PARTS {
                return None;
            }
        }
        let around = parts
            .windows(2)
            .filter(|pair| matches!(pair[1].0, Join::Inside | Join::Child))
            .flat_map(|pair| pair[0].1.keys())
            .collect();
        Some(Selector {
            parts,
            specificity,
            around,
        })
    }

    fn eat(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn compound(&mut self, nesting: usize, specificity: &mut u32) -> Option<Compound<'s>> {
        let mut compound = Compound::default();
        let before = self.rest.len();
        if !self.eat("*")
            && let Some(tag) = self.word()
        {
            *specificity += 1;
            compound.tag = Some(lower(tag));
        }
        loop {
            let test = if self.eat("#") {
                *specificity += 1 << 16;
                Test::Id(self.word()?)
            } else if self.eat(".") {
                *specificity += 1 << 8;
                Test::Class(self.word()?)
            } else if self.eat("[") {
                *specificity += 1 << 8;
                self.attribute()?
            } else if self.eat(":") {
                self.pseudo(nesting, specificity)?
            } else {
                break;
            };
            compound.tests.push(test);
        }
        (self.rest.len() < before).then_some(compound)
    }

    /// A name, its escapes resolved.
    fn word(&mut self) -> Option<Cow<'s, str>> {
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii());
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (plain, rest) = self.rest.split_at(end);
        if !rest.starts_with('\\') {
            self.rest = rest;
            return (!plain.is_empty()).then_some(Cow::Borrowed(plain));
        }
        let mut word = plain.to_owned();
        self.rest = rest;
        while self.eat("\\") {
            let (c, used) = escaped(self.rest)?;
            word.push(c);
            self.rest = &self.rest[used..];
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            word.push_str(&self.rest[..end]);
            self.rest = &self.rest[end..];
        }
        Some(Cow::Owned(word))
    }

    fn attribute(&mut self) -> Option<Test<'s>> {
        let (inside, rest) = self.rest.split_once(']')?;
        self.rest = rest;
        let mut inside = Reader {
            rest: inside.trim(),
        };
        let name = lower(inside.word()?);
        let rest = inside.rest.trim();
        let (compare, value) = match rest.as_bytes() {
            [] => return Some(Test::Attribute(name, Compare::Present, Cow::Borrowed(""))),
            [b'=', ..] => (Compare::Equals, &rest[1..]),
            [b'~', b'=', ..] => (Compare::Word, &rest[2..]),
            [b'|', b'=', ..] => (Compare::Dash, &rest[2..]),
            [b'^', b'=', ..] => (Compare::Starts, &rest[2..]),
            [b'$', b'=', ..] => (Compare::Ends, &rest[2..]),
            [b'*', b'=', ..] => (Compare::Contains, &rest[2..]),
            _ => return None,
        };
        let value = value.trim();
        let value = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => value[1..].split(quote).next()?,
            None => value.split_ascii_whitespace().next()?,
        };
        Some(Test::Attribute(name, compare, Cow::Borrowed(value)))
    }

    fn pseudo(&mut self, nesting: usize, specificity: &mut u32) -> Option<Test<'s>> {
        let name = lower(self.word()?);
        let inside = if self.eat("(") {
            let end = closing(self.rest)?;
            let (inside, rest) = self.rest.split_at(end);
            self.rest = &rest[1..];
            inside.trim()
        } else {
            ""
        };
        let heaviest =
            |list: &[Selector<'_>]| list.iter().map(|one| one.specificity).max().unwrap_or(0);
        *specificity += match &*name {
            "is" | "matches" | "not" | "where" => 0,
            _ => 1 << 8,
        };
        let nth = |from_end, of_tag, step, first| Test::Nth {
            step,
            first,
            from_end,
            of_tag,
        };
        Some(match &*name {
            "is" | "matches" | "-webkit-any" | "where" => {
                let list = list(inside, nesting + 1);
                if name != "where" {
                    *specificity += heaviest(&list);
                }
                Test::Any(list)
            }
            "not" => {
                let list = list(inside, nesting + 1);
                *specificity += heaviest(&list);
                Test::None(list)
            }
            "root" | "scope" => Test::Root,
            "link" | "any-link" => Test::Link,
            "empty" => Test::Empty,
            "first-child" => nth(false, false, 0, 1),
            "last-child" => nth(true, false, 0, 1),
            "first-of-type" => nth(false, true, 0, 1),
            "last-of-type" => nth(true, true, 0, 1),
            "nth-child" | "nth-last-child" | "nth-of-type" | "nth-last-of-type" => {
                let (step, first) = formula(inside)?;
                nth(name.contains("last"), name.ends_with("type"), step, first)
            }
            _ => Test::Never,
        })
    }
}

/// Where the bracket that `text` continues is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return true,
            b')' => depth -= 1,
            _ => {}
        }
        false
    })
}

/// The `an+b` of `:nth-child()`.
fn formula(text: &str) -> Option<(i32, i32)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_ascii_lowercase();
    match text.as_str() {
        "odd" => return Some((2, 1)),
        "even" => return Some((2, 0)),
        _ => {}
    }
    let Some((step, first)) = text.split_once('n') else {
        return Some((0, text.parse().ok()?));
    };
    let step = match step {
        "" | "+" => 1,
        "-" => -1,
        step => step.parse().ok()?,
    };
    let first = if first.is_empty() {
        0
    } else {
        first.parse().ok()?
    };
    Some((step, first))
}

/// The character that an escape stands for, and its length after the backslash.
pub(super) fn escaped(text: &str) -> Option<(char, usize)> {
    let digits = text
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if digits == 0 {
        let c = text.chars().next()?;
        return Some((c, c.len_utf8()));
    }
    let number = u32::from_str_radix(&text[..digits], 16).ok()?;
    let space = usize::from(text[digits..].starts_with([' ', '\t', '\n']));
    let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((c, digits + space))
}

fn lower(word: Cow<'_, str>) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        word
    }
}

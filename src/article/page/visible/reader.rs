//! Reads the text of selectors. What cannot match in a page without a pointer, a focus
//! or a script is left out of a list, and so is what this reader does not know.

use std::borrow::Cow;

use super::{
    digest::{Digests, Key},
    selector::{Compare, Compound, Join, Selector, Test},
};

/// More parts than this in one selector are not read.
const MAX_PARTS: usize = 16;
/// The pseudo-classes that hold a list of selectors.
const LISTS: [&str; 5] = ["-webkit-any", "is", "matches", "not", "where"];
/// `:is()` inside `:is()` deeper than this is not read.
const MAX_NESTING: usize = 4;

/// The selectors of a list; those that cannot match on `page` are left out.
pub(super) fn selectors<'s>(text: &'s str, page: &Digests) -> Vec<Selector<'s>> {
    split(text)
        .filter(|one| may_be_on(one, page))
        .filter_map(|one| Reader { rest: one.trim() }.selector(0))
        .collect()
}

/// Whether each selector of a list, and of the lists inside it, is read in full.
pub(super) fn is_sound(text: &str, nesting: usize) -> bool {
    nesting <= MAX_NESTING
        && split(text).all(|one| {
            let read = Reader { rest: one.trim() }.selector(nesting);
            read.is_some() && inner(one).all(|list| is_sound(list, nesting + 1))
        })
}

/// The lists in the outermost brackets of a selector, such as those of `:not()`.
fn inner(selector: &str) -> impl Iterator<Item = &str> {
    let mut rest = selector;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = rest.split_once('(')?;
            let end = closing(after).unwrap_or(after.len());
            rest = &after[end..];
            let name = before.rsplit(':').next().unwrap_or("");
            if LISTS.iter().any(|list| list.eq_ignore_ascii_case(name)) {
                return Some(&after[..end]);
            }
        }
    })
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
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let from = rest?;
        let (mut depth, mut quote) = (0_usize, None);
        let comma = from.bytes().position(|byte| {
            match (byte, quote) {
                (_, Some(open)) => quote = quote.filter(|_| byte != open),
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'(' | b'[', None) => depth += 1,
                (b')' | b']', None) => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte == b',' && depth == 0 && quote.is_none()
        });
        rest = comma.map(|comma| &from[comma + 1..]);
        Some(comma.map_or(from, |comma| &from[..comma]))
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

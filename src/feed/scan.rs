//! A tokenizer for XML that is not well formed.
//!
//! It never fails: what cannot be markup is text. It knows nothing of nesting, of
//! namespaces or of feeds. Each byte is looked at a bounded number of times, however
//! many brackets are left open, and no entity that a document defines is expanded.

use std::borrow::Cow;

use super::plain::resolved;

/// One piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name …>`
    Start {
        /// As written, with its prefix.
        name: &'a str,
        /// Names as written, values with their references resolved.
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        /// `<name/>`
        empty: bool,
    },
    /// `</name>`
    End(&'a str),
    /// Character data, with its references resolved.
    Text(Cow<'a, str>),
    /// `<![CDATA[…]]>`
    Raw(&'a str),
}

impl Token<'_> {
    /// The value of a start tag's attribute, in any case of letters.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        let Self::Start { attributes, .. } = self else {
            return None;
        };
        attributes
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    }
}

/// The tokens of a text, in order.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The element that began last: where an open CDATA section should have ended.
    last_start: &'a str,
    prolog: bool,
    comment_end: Landmark,
    raw_end: Landmark,
    item_end: [Landmark; 2],
    quotes: [Landmark; 2],
    tag_end: Landmark,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            last_start: "",
            prolog: true,
            comment_end: Landmark::new("-->"),
            raw_end: Landmark::new("]]>"),
            item_end: [Landmark::new("</item"), Landmark::new("</entry")],
            quotes: [Landmark::new("\""), Landmark::new("'")],
            tag_end: Landmark::new(">"),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips to the first `>`, or to the end.
    fn skip_tag(&mut self) {
        self.at = self
            .tag_end
            .after(self.text, self.at)
            .map_or(self.text.len(), |end| end + 1);
    }

    /// Skips a document type with its internal subset, whose entities nobody gets.
    fn skip_doctype(&mut self) {
        let mut quote = None;
        let mut bracket = false;
        for (offset, byte) in self.rest().bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[') => bracket = true,
                (None, b']') => bracket = false,
                (None, b'>') if !bracket => {
                    self.at += offset + 1;
                    return;
                }
                _ => {}
            }
        }
        // It never ends: no other may be looked for that long.
        self.prolog = false;
        self.skip_tag();
    }

    /// The content of the CDATA section that begins here.
    fn raw(&mut self) -> &'a str {
        self.at += "<![CDATA[".len();
        let start = self.at;
        let end = self.raw_end.after(self.text, start);
        let item_end = self
            .item_end
            .iter_mut()
            .filter_map(|mark| mark.after(self.text, start))
            .min();
        // A section that runs over the end of its item was never closed.
        match end {
            Some(end) if item_end.is_none_or(|item_end| end < item_end) => {
                self.at = end + "]]>".len();
                &self.text[start..end]
            }
            _ => {
                let limit = item_end.unwrap_or(self.text.len());
                let section = &self.text[start..limit];
                let length = section
                    .match_indices("</")
                    .find(|(at, _)| {
                        let name = section[at + 2..].get(..self.last_start.len());
                        name.is_some_and(|n| n.eq_ignore_ascii_case(self.last_start))
                    })
                    .map_or(section.len(), |(at, _)| at);
                self.at = start + length;
                &section[..length]
            }
        }
    }

    fn end_tag(&mut self) -> Token<'a> {
        self.at += 2;
        let length = name_length(self.rest());
        let name = &self.rest()[..length];
        self.at += length;
        let end = self
            .tag_end
            .after(self.text, self.at)
            .unwrap_or(self.text.len());
        // `</title <link>`: the bracket is missing, the next tag is not to be lost.
        self.at = match self.text[self.at..end].find('<') {
            Some(next) => self.at + next,
            None => (end + 1).min(self.text.len()),
        };
        Token::End(name)
    }

    /// The start tag that begins here, or `None` where the text ends inside it.
    fn start_tag(&mut self) -> Option<Token<'a>> {
        self.at += 1;
        let length = name_length(self.rest());
        let name = &self.rest()[..length];
        self.at += length;
        let mut attributes = Vec::new();
        let mut empty = false;
        loop {
            let rest = self.rest().trim_start();
            self.at = self.text.len() - rest.len();
            match rest.chars().next()? {
                '>' => {
                    self.at += 1;
                    break;
                }
                '<' => break,
                '/' => {
                    empty = rest[1..].starts_with('>');
                    self.at += 1;
                }
                c if c == '=' || c == '"' || c == '\'' => self.at += 1,
                _ => {
                    let (name, value) = self.attribute();
                    if attributes.len() < ATTRIBUTES {
                        attributes.push((name, value));
                    }
                }
            }
        }
        self.last_start = name;
        self.prolog = false;
        Some(Token::Start {
            name,
            attributes,
            empty,
        })
    }

    fn attribute(&mut self) -> (&'a str, Cow<'a, str>) {
        let stops = |c: char| c.is_whitespace() || matches!(c, '=' | '>' | '<' | '/' | '"' | '\'');
        let rest = self.rest();
        let name = &rest[..rest.find(stops).unwrap_or(rest.len())];
        self.at += name.len();
        let Some(value) = self.rest().trim_start().strip_prefix('=') else {
            return (name, Cow::Borrowed(""));
        };
        let value = value.trim_start();
        self.at = self.text.len() - value.len();
        let quote = match value.chars().next() {
            Some('"') => 0,
            Some('\'') => 1,
            _ => {
                let stops = |c: char| c.is_whitespace() || matches!(c, '>' | '<');
                let bare = &value[..value.find(stops).unwrap_or(value.len())];
                // `<a href=x/>` is an empty element.
                let bare = bare.strip_suffix('/').unwrap_or(bare);
                self.at += bare.len();
                return (name, resolved(bare));
            }
        };
        self.at += 1;
        let close = self.quotes[quote].after(self.text, self.at);
        let bracket = self
            .tag_end
            .after(self.text, self.at)
            .unwrap_or(self.text.len());
        let end = match close {
            Some(close) if close < bracket || !self.text[bracket..close].contains('<') => close,
            // A quote left open: the value ends with its tag.
            _ => bracket,
        };
        let value = &self.text[self.at..end];
        self.at = if close == Some(end) { end + 1 } else { end };
        (name, resolved(value))
    }

    /// Text up to the next markup; at least one character.
    fn character_data(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest
            .match_indices('<')
            .find(|(at, _)| *at > 0 && is_markup(&rest[*at..]))
            .map_or(rest.len(), |(at, _)| at);
        self.at += length;
        &rest[..length]
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if !is_markup(rest) {
                return Some(Token::Text(resolved(self.character_data())));
            }
            if rest.starts_with("<!--") {
                match self.comment_end.after(self.text, self.at) {
                    Some(end) => self.at = end + "-->".len(),
                    None => self.skip_tag(),
                }
            } else if rest.starts_with("<![CDATA[") {
                return Some(Token::Raw(self.raw()));
            } else if self.prolog && rest.starts_with("<!") {
                self.skip_doctype();
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                self.skip_tag();
            } else if rest.starts_with("</") {
                return Some(self.end_tag());
            } else {
                return self.start_tag();
            }
        }
    }
}

/// Most attributes of one tag that are kept.
const ATTRIBUTES: usize = 64;

/// Whether `text`, which may begin with `<`, begins with markup.
fn is_markup(text: &str) -> bool {
    let starts_name = |c: char| c.is_alphabetic() || c == '_';
    let mut chars = text.chars();
    chars.next() == Some('<')
        && match chars.next() {
            Some('/') => chars.next().is_some_and(starts_name),
            Some('!' | '?') => true,
            other => other.is_some_and(starts_name),
        }
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '/' | '='))
        .unwrap_or(text.len())
}

/// The next place of one string (whatever its letters' case), looked for once and
/// then remembered, so that a thousand openings without an end cost one search.
struct Landmark {
    needle: &'static str,
    /// From where the answer holds, and the answer.
    known: Option<(usize, Option<usize>)>,
}

impl Landmark {
    fn new(needle: &'static str) -> Self {
        Self {
            needle,
            known: None,
        }
    }

    /// The first place at or after `from`; `from` never runs backwards.
    fn after(&mut self, text: &str, from: usize) -> Option<usize> {
        if let Some((since, found)) = self.known
            && since <= from
            && found.is_none_or(|found| found >= from)
        {
            return found;
        }
        let first = char::from(self.needle.as_bytes()[0]);
        let length = self.needle.len();
        let found = text[from..]
            .match_indices(first)
            .map(|(at, _)| from + at)
            .find(|at| {
                text.get(*at..at + length)
                    .is_some_and(|found| found.eq_ignore_ascii_case(self.needle))
            });
        self.known = Some((from, found));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        Scanner::new(text)
            .map(|token| match token {
                Token::Start {
                    name,
                    attributes,
                    empty,
                } => {
                    let mut tag = format!("<{name}");
                    for (name, value) in attributes {
                        tag.extend([" ", name, "=", &value]);
                    }
                    tag + if empty { "/" } else { "" }
                }
                Token::End(name) => format!("/{name}"),
                Token::Text(text) => text.into_owned(),
                Token::Raw(raw) => format!("[{raw}"),
            })
            .collect()
    }

    #[test]
    fn faults_cost_as_little_as_can_be() {
        let cases: [(&str, &[&str]); 11] = [
            (
                "<a>1 < 2 & 3 &amp;&eacute;&x;</a>",
                &["<a", "1 < 2 & 3 &é&x;", "/a"],
            ),
            ("<a b=\"1\" c='2'd=3/>", &["<a b=1 c=2 d=3/"]),
            ("<a b='x>y'>", &["<a b=x>y"]),
            ("<a b='x>t</a><c d='e'>", &["<a b=x", "t", "/a", "<c d=e"]),
            ("<a><![CDATA[<b>]]></a>", &["<a", "[<b>", "/a"]),
            (
                "<a><![CDATA[x</a></item><a><![CDATA[y]]></a>",
                &["<a", "[x", "/a", "/item", "<a", "[y", "/a"],
            ),
            (
                "<!DOCTYPE r [<!ENTITY e '>'>]><r>&e;</r>",
                &["<r", "&e;", "/r"],
            ),
            ("<!-- a -- b --><r/>", &["<r/"]),
            ("<!-- a <r/>", &[]),
            ("<a></a <b>", &["<a", "/a ", "<b"]),
            ("<a><b c=", &["<a"]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|t| t.trim_end()).collect();
            assert_eq!(tokens(text), expected, "{text}");
        }
    }
}

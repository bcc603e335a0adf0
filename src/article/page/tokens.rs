//! A page's characters become tokens for html5ever's tree builder, after the
//! tokenization chapter of the HTML standard.
//!
//! html5ever's own tokenizer goes character by character and takes three quarters of
//! the time of a parse. This one has the whole page at hand, so it looks for the next
//! mark that matters and passes on slices of the page without copying them. It bounds
//! the attributes of a tag, and stands still between two tokens, where the caller can
//! look at the limits. It reports no errors and passes on no comments: nobody reads
//! them.

use html5ever::{
    Attribute, LocalName, QualName, ns,
    tendril::StrTendril,
    tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult, states::RawKind},
};
use memchr::{memchr, memchr2};

use super::references;

/// The most attributes of one tag, since each is compared with those before it; the
/// most seen on a real page are about sixty.
const MAX_ATTRIBUTES: usize = 256;

/// Names up to this length are stored in place.
const SHORT: usize = 7;

/// The line number serves error messages only.
const LINE: u64 = 1;

/// Line breaks as the standard has them: `\r\n` and `\r` become `\n`.
pub(super) fn normalized(text: &str) -> StrTendril {
    let mut lines = text.split('\r');
    let mut page = StrTendril::with_capacity(u32::try_from(text.len()).unwrap_or(0));
    page.push_slice(lines.next().unwrap_or(""));
    for line in lines {
        if !line.starts_with('\n') {
            page.push_char('\n');
        }
        page.push_slice(line);
    }
    page
}

/// How the characters at hand are to be read.
enum Mode {
    Data,
    /// Inside an element whose content is text up to its end tag.
    Raw(RawKind),
    Plain,
}

/// What a run of characters is.
#[derive(Clone, Copy)]
enum Text {
    /// Text between tags.
    Plain,
    /// Character data of XML, between tags but without references.
    Data,
    /// The content of a title or a text area.
    Decoded,
    /// The content of a script or a style sheet.
    Raw,
}

/// Reads `page` token by token into `sink`.
pub(super) struct Tokenizer<'p, S> {
    page: &'p StrTendril,
    sink: &'p S,
    at: usize,
    mode: Mode,
    /// The name of the last start tag, which alone ends a raw text.
    last: LocalName,
    /// How many tags there were.
    pub(super) tags: usize,
    /// How many attributes there were.
    pub(super) attributes: usize,
    /// How many names there were that HTML does not know.
    pub(super) strange: usize,
    /// Whether a tag had more attributes than are read.
    pub(super) overfull: bool,
}

impl<'p, S: TokenSink> Tokenizer<'p, S> {
    pub(super) fn new(page: &'p StrTendril, sink: &'p S) -> Self {
        Self {
            page,
            sink,
            at: 0,
            mode: Mode::Data,
            last: LocalName::from(""),
            tags: 0,
            attributes: 0,
            strange: 0,
            overfull: false,
        }
    }

    /// Reads a run of text and the mark after it; whether there is more.
    pub(super) fn step(&mut self) -> bool {
        match self.mode {
            Mode::Data => self.data(),
            Mode::Raw(kind) => self.raw(kind),
            Mode::Plain => self.emit_text(self.page.len(), Text::Raw),
        }
        self.at < self.page.len()
    }

    /// Tells the sink that nothing follows.
    pub(super) fn end(&self) {
        self.emit(Token::EOFToken);
        self.sink.end();
    }

    /// Passes on what does not change how the page is to be read.
    fn emit(&self, token: Token) {
        let _ = self.sink.process_token(token, LINE);
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.page.as_bytes().get(at).copied()
    }

    fn find(&self, from: usize, needle: u8) -> Option<usize> {
        memchr(needle, self.page.as_bytes().get(from..)?).map(|at| from + at)
    }

    fn slice(&self, start: usize, end: usize) -> StrTendril {
        match (u32::try_from(start), u32::try_from(end - start)) {
            (Ok(start), Ok(length)) => self.page.subtendril(start, length),
            _ => StrTendril::new(),
        }
    }

    /// Passes on the text up to `end` and goes there.
    fn emit_text(&mut self, end: usize, text: Text) {
        let start = std::mem::replace(&mut self.at, end);
        if start >= end {
            return;
        }
        let raw = &self.page[start..end];
        let decode = matches!(text, Text::Plain | Text::Decoded);
        if memchr(0, raw.as_bytes()).is_none() {
            let token = if decode && memchr(b'&', raw.as_bytes()).is_some() {
                references::decoded(raw, false)
            } else {
                self.slice(start, end)
            };
            self.emit(Token::CharacterTokens(token));
            return;
        }
        // Between tags it depends on the place what becomes of U+0000.
        let between = matches!(text, Text::Plain | Text::Data);
        for (index, part) in raw.split('\0').enumerate() {
            if index > 0 {
                self.emit(if between {
                    Token::NullCharacterToken
                } else {
                    Token::CharacterTokens(StrTendril::from("\u{FFFD}"))
                });
            }
            if !part.is_empty() {
                let token = if decode {
                    references::decoded(part, false)
                } else {
                    StrTendril::from(part)
                };
                self.emit(Token::CharacterTokens(token));
            }
        }
    }

    fn data(&mut self) {
        let mut from = self.at;
        let mark = loop {
            let Some(mark) = self.find(from, b'<') else {
                return self.emit_text(self.page.len(), Text::Plain);
            };
            match (self.byte(mark + 1), self.byte(mark + 2)) {
                (Some(b'!' | b'?'), _) | (Some(b'/'), Some(_)) => break mark,
                (Some(next), _) if next.is_ascii_alphabetic() => break mark,
                _ => from = mark + 1,
            }
        };
        self.emit_text(mark, Text::Plain);
        match self.byte(mark + 1) {
            Some(b'!') => self.declaration(mark),
            Some(b'?') => self.skip_past(mark, b'>'),
            Some(b'/') => match self.byte(mark + 2) {
                Some(next) if next.is_ascii_alphabetic() => self.tag(mark + 2, TagKind::EndTag),
                _ => self.skip_past(mark, b'>'),
            },
            _ => self.tag(mark + 1, TagKind::StartTag),
        }
    }

    fn skip_past(&mut self, from: usize, needle: u8) {
        self.at = self
            .find(from, needle)
            .map_or(self.page.len(), |found| found + 1);
    }

    /// What begins with `<!` at `mark`.
    fn declaration(&mut self, mark: usize) {
        let rest = &self.page.as_bytes()[mark + 2..];
        if rest.starts_with(b"--") {
            self.comment(mark);
        } else if rest
            .get(..7)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"))
        {
            let end = self.find(mark, b'>').unwrap_or(self.page.len());
            let doctype = doctype(&self.page[mark + 9..end]);
            self.at = (end + 1).min(self.page.len());
            self.emit(Token::DoctypeToken(doctype));
        } else if rest.starts_with(b"[CDATA[")
            && self
                .sink
                .adjusted_current_node_present_but_not_in_html_namespace()
        {
            let start = mark + "<![CDATA[".len();
            let end = self.page[start..].find("]]>").map(|at| start + at);
            self.at = start;
            self.emit_text(end.unwrap_or(self.page.len()), Text::Data);
            self.at = end.map_or(self.page.len(), |end| end + 3);
        } else {
            self.skip_past(mark, b'>');
        }
    }

    /// Passes over the comment at `mark`; `<!-->` and `<!--->` are whole comments.
    fn comment(&mut self, mark: usize) {
        let first = mark + 4;
        let mut from = first;
        while let Some(end) = self.find(from, b'>') {
            let before = &self.page.as_bytes()[mark + 2..end];
            if before.ends_with(b"--") || (end >= first + 3 && before.ends_with(b"--!")) {
                self.at = end + 1;
                return;
            }
            from = end + 1;
        }
        self.at = self.page.len();
    }

    /// Reads the tag whose name starts at `start`. One that the page's end cuts off
    /// is none.
    fn tag(&mut self, start: usize, kind: TagKind) {
        let Some(mut at) =
            self.ends_at(start, |byte| is_space(byte) || matches!(byte, b'/' | b'>'))
        else {
            self.at = self.page.len();
            return;
        };
        let mut tag = Tag {
            kind,
            name: self.name(start, at),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        loop {
            match self.byte(at) {
                None => {
                    self.at = self.page.len();
                    return;
                }
                Some(b'>') => break,
                Some(b'/') => {
                    tag.self_closing = self.byte(at + 1) == Some(b'>');
                    at += 1;
                }
                Some(byte) if is_space(byte) => at += 1,
                Some(_) => {
                    let Some(end) = self.attribute(at, &mut tag) else {
                        self.at = self.page.len();
                        return;
                    };
                    at = end;
                }
            }
        }
        self.at = at + 1;
        self.tags += 1;
        self.attributes += tag.attrs.len();
        if kind == TagKind::StartTag {
            self.last = tag.name.clone();
        } else {
            tag.self_closing = false;
        }
        self.mode = match self.sink.process_token(Token::TagToken(tag), LINE) {
            TokenSinkResult::Plaintext => Mode::Plain,
            TokenSinkResult::RawData(kind) => Mode::Raw(kind),
            _ => Mode::Data,
        };
    }

    /// Reads the attribute at `start` and returns where it ends, if it does.
    fn attribute(&mut self, start: usize, tag: &mut Tag) -> Option<usize> {
        // A `=` in the first place belongs to the name.
        let name_end = self.ends_at(start + 1, |byte| {
            is_space(byte) || matches!(byte, b'/' | b'>' | b'=')
        })?;
        let next = self.ends_at(name_end, |byte| !is_space(byte))?;
        let (value, end) = if self.byte(next) == Some(b'=') {
            let at = self.ends_at(next + 1, |byte| !is_space(byte))?;
            match self.byte(at)? {
                quote @ (b'"' | b'\'') => {
                    let end = self.find(at + 1, quote)?;
                    ((at + 1, end), end + 1)
                }
                b'>' => ((at, at), at),
                _ => {
                    let end = self.ends_at(at, |byte| is_space(byte) || byte == b'>')?;
                    ((at, end), end)
                }
            }
        } else {
            ((next, next), next)
        };
        if tag.kind == TagKind::EndTag {
            return Some(end);
        }
        if tag.attrs.len() >= MAX_ATTRIBUTES {
            self.overfull = true;
            return Some(end);
        }
        let name = self.name(start, name_end);
        if tag.attrs.iter().any(|known| known.name.local == name) {
            tag.had_duplicate_attributes = true;
            return Some(end);
        }
        let text = &self.page[value.0..value.1];
        let value = match memchr2(0, b'&', text.as_bytes()) {
            None => self.slice(value.0, value.1),
            Some(_) if text.contains('\0') => {
                references::decoded(&text.replace('\0', "\u{FFFD}"), true)
            }
            Some(_) => references::decoded(text, true),
        };
        tag.attrs.push(Attribute {
            name: QualName::new(None, ns!(), name),
            value,
        });
        Some(end)
    }

    /// A tag's or attribute's name, in lower case.
    fn name(&mut self, start: usize, end: usize) -> LocalName {
        let name = &self.page[start..end];
        if name.len() > SHORT {
            if let Some(known) = LocalName::try_static(name) {
                return known;
            }
            // All threads share one table of the names that are not known beforehand.
            self.strange += 1;
        }
        if name.bytes().any(|b| b.is_ascii_uppercase() || b == 0) {
            LocalName::from(name.to_ascii_lowercase().replace('\0', "\u{FFFD}"))
        } else {
            LocalName::from(name)
        }
    }

    /// Where the first byte from `from` on stands that `ends` accepts.
    fn ends_at(&self, from: usize, ends: impl Fn(u8) -> bool) -> Option<usize> {
        self.page
            .as_bytes()
            .get(from..)?
            .iter()
            .position(|&byte| ends(byte))
            .map(|at| from + at)
    }

    fn raw(&mut self, kind: RawKind) {
        let end = match kind {
            RawKind::ScriptData => self.script_end(),
            _ => self.closing(self.at, &self.last),
        };
        let text = match kind {
            RawKind::Rcdata => Text::Decoded,
            _ => Text::Raw,
        };
        self.emit_text(end.unwrap_or(self.page.len()), text);
        self.mode = Mode::Data;
    }

    /// Where `</name` stands as a tag from `from` on.
    fn closing(&self, from: usize, name: &str) -> Option<usize> {
        let mut from = from;
        loop {
            let mark = self.find(from, b'<')?;
            if self.byte(mark + 1) == Some(b'/') && self.names(mark + 2, name) {
                return Some(mark);
            }
            from = mark + 1;
        }
    }

    /// Whether `name` stands at `at` and ends as a tag's name does.
    fn names(&self, at: usize, name: &str) -> bool {
        let end = at + name.len();
        self.page
            .as_bytes()
            .get(at..end)
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && self
                .byte(end)
                .is_some_and(|byte| is_space(byte) || matches!(byte, b'/' | b'>'))
    }

    /// Where the end tag of the script stands. Inside `<!--` a `<script` and its end
    /// tag are a pair that belongs to the script.
    fn script_end(&self) -> Option<usize> {
        let mut from = self.at;
        loop {
            let mark = self.find(from, b'<')?;
            if self.byte(mark + 1) == Some(b'/') && self.names(mark + 2, "script") {
                return Some(mark);
            }
            from = mark + 1;
            if !self.page.as_bytes()[from..].starts_with(b"!--") {
                continue;
            }
            // From the second dash on, so that `<!-->` ends what it began.
            let mut inner = false;
            let mut at = mark + 2;
            from = loop {
                at = self.ends_at(at, |byte| matches!(byte, b'<' | b'-'))?;
                if self.page.as_bytes()[at..].starts_with(b"-->") {
                    break at + 3;
                }
                if self.byte(at) == Some(b'<') {
                    if self.byte(at + 1) == Some(b'/') && self.names(at + 2, "script") {
                        if !inner {
                            return Some(at);
                        }
                        inner = false;
                    } else if self.names(at + 1, "script") {
                        inner = true;
                    }
                }
                at += 1;
            };
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b' ')
}

/// Reads what stands between `<!doctype` and `>`: it decides how tables nest.
fn doctype(text: &str) -> Doctype {
    let mut doctype = Doctype::default();
    let text = text.trim_ascii_start();
    let end = text.find(|c: char| c.is_ascii_whitespace());
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    doctype.force_quirks = name.is_empty();
    doctype.name = Some(StrTendril::from(name.to_ascii_lowercase()));
    let rest = rest.trim_ascii_start();
    let keyword = rest.get(..6).unwrap_or("");
    let mut rest = rest.get(6..).unwrap_or("").trim_ascii_start();
    let mut quoted = || {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = rest[1..].split_once(quote)?;
        rest = after.trim_ascii_start();
        Some(StrTendril::from(value))
    };
    if keyword.eq_ignore_ascii_case("public") {
        doctype.public_id = quoted();
        doctype.force_quirks |= doctype.public_id.is_none();
        doctype.system_id = quoted();
    } else if keyword.eq_ignore_ascii_case("system") {
        doctype.system_id = quoted();
        doctype.force_quirks |= doctype.system_id.is_none();
    } else {
        doctype.force_quirks |= !keyword.is_empty();
    }
    doctype
}

//! Reads a feed out of XML that need not be well formed.
//!
//! It trusts neither versions nor namespaces nor nesting: an element is what its
//! name says, in any case of letters, unless a namespace says that it is something
//! else. An end tag closes what it names and all that was left open inside; a new
//! item closes the old one; a cut file gives its complete items, and the last one
//! too if its title and address are there. Open elements are kept in a bounded
//! list, so the nesting of a document costs nothing.

use base64::{Engine, engine::GeneralPurposeConfig, engine::general_purpose::GeneralPurpose};
use url::Url;

use super::{
    ENTRIES, Feed,
    draft::{Draft, Field, Head, Href, Items},
    namespace::{Names, Space},
    plain::Kind,
    scan::{Scanner, Token},
};

/// Most open elements that are kept in mind; deeper ones are text.
const DEPTH: usize = 256;

/// Reads the feed in `text`; `Err` gives the name of the first element where no
/// feed begins.
pub(super) fn read<'a>(text: &'a str, base: Option<&Url>) -> Result<Feed, Option<&'a str>> {
    let mut scanner = Scanner::new(text);
    let (root, first) = find_root(&mut scanner)?;
    let name = match first {
        Token::Start { name, .. } => Some(name),
        _ => None,
    };
    let mut reader = Reader::new(base, root);
    reader.start(&first);
    for token in scanner {
        match &token {
            Token::Start { .. } => reader.start(&token),
            Token::End(name) => reader.end(name),
            Token::Text(text) => reader.text(text, false),
            Token::Raw(text) => reader.text(text, true),
        }
        if reader.items.len() >= ENTRIES {
            break;
        }
    }
    reader.finish().ok_or(name)
}

/// The kinds of root that a feed has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    /// `<rss>`
    Rss,
    /// `<rdf:RDF>`, which need not be a feed.
    Rdf,
    /// `<channel>`: RSS 1.1, CDF, or RSS that lost its head. A feed if it has items.
    Channel,
    /// `<feed>`, or a single `<entry>`
    Atom,
}

/// The element that begins the feed. Programs print their warnings before it, as
/// HTML, so it need not be the first; but no feed stands inside a whole page.
fn find_root<'a>(scanner: &mut Scanner<'a>) -> Result<(Root, Token<'a>), Option<&'a str>> {
    /// More elements than a warning has.
    const BEFORE: usize = 32;
    let mut first = None;
    for token in scanner {
        let Token::Start { name, .. } = token else {
            continue;
        };
        let root = match local(name).to_ascii_lowercase().as_str() {
            "rss" => Root::Rss,
            "rdf" => Root::Rdf,
            "feed" => Root::Atom,
            "entry" if first.is_none() => Root::Atom,
            "channel" if first.is_none() => Root::Channel,
            "html" | "head" | "body" => return Err(Some(name)),
            _ => {
                let (seen, _) = *first.get_or_insert((0, name));
                first = first.map(|(_, name)| (seen + 1, name));
                if seen >= BEFORE {
                    break;
                }
                continue;
            }
        };
        return Ok((root, token));
    }
    Err(first.map(|(_, name)| name))
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// An element that has begun and not ended.
struct Open<'a> {
    name: &'a str,
    names: usize,
    bases: usize,
}

/// A field whose text is being collected.
struct Capture {
    field: Field,
    shape: Shape,
    text: String,
    /// Where its element stands among the open ones.
    depth: usize,
    base: Option<Url>,
}

/// How the text of a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Plain text.
    Text,
    /// Markup, escaped once more.
    Escaped,
    /// Markup as elements of the document itself.
    Inline,
    /// Base64 of markup.
    Base64,
}

struct Reader<'a> {
    base: Option<Url>,
    root: Root,
    names: Names<'a>,
    bases: Vec<Url>,
    open: Vec<Open<'a>>,
    head: Head,
    /// Whether a channel or an item was seen.
    is_feed: bool,
    /// The item being read, and where it stands among the open elements.
    item: Option<(Draft, usize)>,
    capture: Option<Capture>,
    /// Where the outermost element stands whose content says nothing of its item.
    ignored: Option<usize>,
    items: Items,
}

impl<'a> Reader<'a> {
    fn new(base: Option<&Url>, root: Root) -> Self {
        Self {
            base: base.cloned(),
            root,
            names: Names::default(),
            bases: Vec::new(),
            open: Vec::new(),
            head: Head::default(),
            is_feed: matches!(root, Root::Rss | Root::Atom),
            item: None,
            capture: None,
            ignored: None,
            items: Items::default(),
        }
    }

    fn start(&mut self, token: &Token<'a>) {
        let Token::Start {
            name,
            attributes,
            empty,
        } = token
        else {
            return;
        };
        let mark = Open {
            name,
            names: self.names.len(),
            bases: self.bases.len(),
        };
        for (attribute, value) in attributes {
            if let Some(prefix) = attribute.strip_prefix("xmlns") {
                let prefix = prefix.trim_start_matches(':');
                self.names.declare(prefix, value, self.open.is_empty());
            } else if attribute.eq_ignore_ascii_case("xml:base") {
                let outer = self.bases.last().or(self.base.as_ref());
                if let Ok(url) = Url::options().base_url(outer).parse(value.trim()) {
                    self.bases.push(url);
                }
            }
        }
        let space = self.names.space(name);
        let lower = local(name).to_ascii_lowercase();
        if self.inside_markup(space, &lower) {
            if let Some(capture) = &mut self.capture {
                capture.tag(&lower);
            }
            self.push(mark, *empty);
            return;
        }
        let begins_item = space == Space::Core && matches!(lower.as_str(), "item" | "entry");
        if begins_item {
            // Whatever is open of the item before has lost its end.
            let left_open = [self.item.as_ref().map(|(_, depth)| *depth), self.ignored];
            if let Some(depth) = left_open.into_iter().flatten().min() {
                self.close_to(depth);
            }
            let mut draft = Draft::default();
            draft.about(token.attribute("rdf:about"));
            self.is_feed = true;
            self.item = Some((draft, self.open.len()));
        } else if self.ignored.is_none() && space != Space::Foreign {
            self.begin_field(space, &lower, token);
        }
        self.push(mark, *empty);
    }

    /// Begins the field that this element is, if it is one.
    fn begin_field(&mut self, space: Space, name: &str, token: &Token<'a>) {
        let value = |wanted: &str| token.attribute(wanted);
        match (space, name) {
            (Space::Core, "channel") => self.is_feed |= self.root != Root::Channel,
            (Space::Core, "image" | "textinput" | "source") => {
                self.ignored = Some(self.open.len());
            }
            (Space::Core, "link") if value("href").is_some() => {
                let href = Href::new(value("href").unwrap_or(""), self.bases.last());
                let (rel, kind) = (value("rel"), value("type"));
                match &mut self.item {
                    Some((draft, _)) => draft.link(href, rel, kind),
                    None => self.head.link(href, rel),
                }
            }
            // A person's name; other things have names, too.
            (Space::Core, "name") if !self.inside("author") => {}
            _ => {
                let permalink =
                    value("ispermalink").is_none_or(|v| !v.eq_ignore_ascii_case("false"));
                let Some(field) = Field::of(space, name, permalink) else {
                    return;
                };
                self.capture = Some(Capture {
                    field,
                    shape: shape(self.root, field, value("type"), value("mode")),
                    text: String::new(),
                    depth: self.open.len(),
                    base: self.bases.last().cloned(),
                });
            }
        }
    }

    fn inside(&self, name: &str) -> bool {
        self.open
            .last()
            .is_some_and(|open| local(open.name).eq_ignore_ascii_case(name))
    }

    /// Whether a starting element belongs to the text of the open field. A field
    /// that begins directly inside another one shows that the other lost its end.
    fn inside_markup(&mut self, space: Space, name: &str) -> bool {
        let Some(capture) = &self.capture else {
            return false;
        };
        if capture.shape == Shape::Inline {
            return true;
        }
        if capture.field == Field::Author {
            match name {
                "name" | "email" | "uri" | "url" | "homepage" => {
                    self.capture = None;
                    return false;
                }
                _ => {}
            }
        }
        let direct = self.open.len() == capture.depth + 1;
        let field = space != Space::Foreign
            && (matches!(
                name,
                "item" | "entry" | "link" | "category" | "comments" | "enclosure"
            ) || Field::of(space, name, true).is_some_and(|f| f != capture.field));
        if direct && field {
            self.close_to(capture.depth);
            return false;
        }
        true
    }

    fn push(&mut self, open: Open<'a>, empty: bool) {
        let depth = self.open.len();
        if empty || depth < DEPTH {
            self.open.push(open);
        }
        if empty {
            self.close_to(depth);
        }
    }

    fn end(&mut self, name: &str) {
        let named = |open: &Open| open.name.eq_ignore_ascii_case(name);
        if let Some(depth) = self.open.iter().rposition(named) {
            if let Some(capture) = self.capture.as_mut().filter(|c| c.depth < depth) {
                capture.tag(&format!("/{}", local(name)));
            }
            self.close_to(depth);
        }
    }

    /// Ends all open elements from `depth` on.
    fn close_to(&mut self, depth: usize) {
        if let Some(capture) = self.capture.take_if(|c| c.depth >= depth) {
            self.field(&capture);
        }
        if let Some((draft, _)) = self.item.take_if(|(_, at)| *at >= depth) {
            self.items.push(draft, &self.head, self.base.as_ref());
        }
        self.ignored.take_if(|at| *at >= depth);
        if let Some(open) = self.open.get(depth) {
            self.names.truncate(open.names);
            self.bases.truncate(open.bases);
        }
        self.open.truncate(depth);
    }

    fn text(&mut self, text: &str, raw: bool) {
        if let Some(capture) = &mut self.capture {
            capture.push(text, raw);
        }
    }

    fn field(&mut self, capture: &Capture) {
        let (text, kind) = capture.content();
        let href = || Href::new(text.trim(), capture.base.as_ref());
        match &mut self.item {
            Some((draft, _)) => draft.set(capture.field, &text, kind, href),
            None => self.head.set(capture.field, &text, kind, href),
        }
    }

    /// The feed, or `None` for RDF or a channel that is none.
    fn finish(mut self) -> Option<Feed> {
        // A field that the file's end cut is half a truth; of a summary that will do.
        if let Some(capture) = self.capture.take_if(|c| c.field == Field::Summary) {
            self.field(&capture);
        }
        if let Some((draft, _)) = self.item.take_if(|(draft, _)| draft.is_usable()) {
            self.items.push(draft, &self.head, self.base.as_ref());
        }
        let inherits = self.root == Root::Atom;
        self.is_feed
            .then(|| self.head.feed(self.items, inherits, self.base.as_ref()))
    }
}

impl Capture {
    fn push(&mut self, text: &str, raw: bool) {
        if self.shape == Shape::Inline {
            // Its references are resolved already, and must not be once more.
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            self.text.push_str(if raw { text } else { &escaped });
        } else {
            self.text.push_str(text);
        }
    }

    fn tag(&mut self, name: &str) {
        if matches!(self.shape, Shape::Escaped | Shape::Inline) {
            self.text.extend(["<", name, ">"]);
        }
    }

    /// The whole text, and how it is to be read.
    fn content(&self) -> (String, Kind) {
        match self.shape {
            Shape::Text => (self.text.clone(), Kind::Text),
            Shape::Escaped | Shape::Inline => (self.text.clone(), Kind::Markup),
            Shape::Base64 => {
                let letters: String = self.text.split_whitespace().collect();
                let decoded = LOOSE_BASE64.decode(letters).ok();
                let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
                (text.unwrap_or_default(), Kind::Markup)
            }
        }
    }
}

/// Base64 with or without its padding.
const LOOSE_BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How a field's text is written, by the attributes `type` and `mode` (Atom 0.3).
fn shape(root: Root, field: Field, kind: Option<&str>, mode: Option<&str>) -> Shape {
    let is_xml = kind.is_some_and(|kind| kind == "xhtml" || kind.ends_with("xml"));
    match field {
        Field::Content if is_xml || mode == Some("xml") => return Shape::Inline,
        Field::Title | Field::MediaTitle | Field::Summary | Field::Author => {}
        _ => return Shape::Text,
    }
    match (mode, kind) {
        (Some("base64"), _) => Shape::Base64,
        (_, Some("xhtml")) | (Some("xml"), _) | (None, Some("application/xhtml+xml")) => {
            Shape::Inline
        }
        (_, Some("html" | "text/html" | "application/xhtml+xml")) => Shape::Escaped,
        _ if root == Root::Atom || matches!(kind, Some("text" | "text/plain")) => Shape::Text,
        _ => Shape::Escaped,
    }
}

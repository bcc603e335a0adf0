//! Which elements a reader of the page can see.
//!
//! Looks at tags, attributes, inline styles and the simple selectors of the page's
//! own `<style>` rules. It runs no scripts and loads no style sheets. What would
//! hide the better part of the page is a loading state that a script lifts, so it
//! is not believed.

use std::collections::BTreeSet;

use super::dom::{Data, Id, Tree};

/// Elements whose text is never part of what is read. Sorted.
const UNSEEN: [&str; 24] = [
    "area",
    "audio",
    "canvas",
    "datalist",
    "embed",
    "head",
    "iframe",
    "input",
    "link",
    "map",
    "math-field",
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "param",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
];

/// More style text than this is not read; inlined style sheets beyond it are frameworks.
const MAX_STYLE: usize = 400_000;

/// For each node, whether it is hidden, itself or through what holds it.
pub(crate) fn hidden(tree: &Tree<'_>) -> Vec<bool> {
    let rules = Rules::of(tree);
    let weights = text_weights(tree);
    let whole = weights.first().copied().unwrap_or(0);
    let mut hidden = vec![false; tree.len()];
    for id in 0..tree.len() {
        hidden[id] = (id > 0 && hidden[tree.node(id).parent])
            || (hides(tree, id, &rules)
                && !(weights[id] * 2 > whole && carries_the_page(tree, id)));
    }
    hidden
}

/// A headline that a script will reveal stands near the start of what it reveals.
const LOADING_NODES: usize = 2_000;

/// Characters of text inside each node.
fn text_weights(tree: &Tree<'_>) -> Vec<usize> {
    let mut weights = vec![0; tree.len()];
    for id in (0..tree.len()).rev() {
        if let Data::Text(text) = tree.node(id).data
            && !UNSEEN.contains(&tree.name(tree.node(id).parent))
        {
            weights[id] = text.trim().len();
        }
        if id > 0 && !UNSEEN.contains(&tree.name(id)) {
            weights[tree.node(id).parent] += weights[id];
        }
    }
    weights
}

/// Whether `id` is an element that a script may reveal once the page has loaded.
fn carries_the_page(tree: &Tree<'_>, id: Id) -> bool {
    match tree.name(id) {
        "html" | "body" | "main" | "article" => true,
        "template" | "textarea" | "noscript" | "details" => false,
        _ => (id..tree.node(id).end)
            .take(LOADING_NODES)
            .any(|inner| matches!(tree.name(inner), "h1" | "article" | "main")),
    }
}

fn hides(tree: &Tree<'_>, id: Id, rules: &Rules) -> bool {
    let Some(element) = tree.element(id) else {
        return false;
    };
    let name = element.name();
    if UNSEEN.binary_search(&name).is_ok() {
        return true;
    }
    // A closed `<details>` shows its summary only, a closed `<dialog>` nothing.
    let parent = tree.node(id).parent;
    if tree.name(parent) == "details" && name != "summary" && tree.attr(parent, "open").is_none() {
        return true;
    }
    let mut open = false;
    for (attribute, value) in element.attrs() {
        match attribute {
            "hidden" => return true,
            "aria-hidden" if value.eq_ignore_ascii_case("true") => return true,
            "style" if style_hides(value, false) => return true,
            "open" => open = true,
            _ => {}
        }
    }
    (name == "dialog" && !open) || rules.hide(name, element)
}

/// Simple selectors of the page's own rules that hide what they match.
#[derive(Default)]
struct Rules {
    tags: BTreeSet<String>,
    ids: BTreeSet<String>,
    classes: BTreeSet<String>,
    tagged: BTreeSet<String>,
}

impl Rules {
    fn of(tree: &Tree<'_>) -> Self {
        let mut rules = Self::default();
        let mut budget = MAX_STYLE;
        for id in tree.all("style") {
            let css = tree.raw_text(id);
            if css.len() > budget {
                break;
            }
            budget -= css.len();
            let screen = tree
                .attr(id, "media")
                .is_none_or(|m| m == "all" || m == "screen");
            if screen {
                rules.read(&css);
            }
        }
        rules
    }

    /// Reads top-level rules; blocks of at-rules are passed over, since their
    /// conditions are unknown here. A later rule that shows undoes one that hides.
    fn read(&mut self, css: &str) {
        let css = without_comments(css);
        let mut rest = css.as_str();
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].rsplit(';').next().unwrap_or("").trim();
            let after = &rest[open + 1..];
            let end = closing(after);
            let body = &after[..end];
            rest = after.get(end + 1..).unwrap_or("");
            if selectors.starts_with('@') {
                continue;
            }
            let hides = style_hides(body, true);
            if !hides && !body.contains("display") && !body.contains("visib") {
                continue;
            }
            for selector in selectors.split(',') {
                self.set(selector.trim(), hides);
            }
        }
    }

    fn set(&mut self, selector: &str, hides: bool) {
        let simple = |s: &str| {
            !s.is_empty()
                && s.chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        };
        let (set, name) = if let Some(id) = selector.strip_prefix('#').filter(|s| simple(s)) {
            (&mut self.ids, id.to_owned())
        } else if let Some(class) = selector.strip_prefix('.').filter(|s| simple(s)) {
            (&mut self.classes, class.to_owned())
        } else if simple(selector) {
            (&mut self.tags, selector.to_ascii_lowercase())
        } else if let Some((tag, class)) = selector
            .split_once('.')
            .filter(|(t, c)| simple(t) && simple(c))
        {
            (
                &mut self.tagged,
                format!("{}.{class}", tag.to_ascii_lowercase()),
            )
        } else {
            return;
        };
        if hides {
            set.insert(name);
        } else {
            set.remove(&name);
        }
    }

    fn hide(&self, name: &str, element: &scraper::node::Element) -> bool {
        (!self.tags.is_empty() && self.tags.contains(name))
            || (!self.ids.is_empty() && element.id().is_some_and(|id| self.ids.contains(id)))
            || (!(self.classes.is_empty() && self.tagged.is_empty())
                && element.classes().any(|class| {
                    self.classes.contains(class)
                        || (!self.tagged.is_empty()
                            && self.tagged.contains(&format!("{name}.{class}")))
                }))
    }
}

fn without_comments(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        text.push_str(&rest[..start]);
        rest = rest[start + 2..]
            .find("*/")
            .map_or("", |end| &rest[start + 2 + end + 2..]);
    }
    text + rest
}

/// Where the block that `css` continues is closed.
fn closing(css: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    css.len()
}

/// Whether these declarations hide an element. In a style sheet a transparent
/// element is often only waiting for its animation, so there `opacity` counts only
/// where nothing moves.
fn style_hides(style: &str, in_sheet: bool) -> bool {
    if style.len() > 4_000 {
        return false;
    }
    let style = style.to_ascii_lowercase();
    let mut seen = Declarations::default();
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_end_matches("!important").trim();
        match property.trim() {
            "display" if value == "none" => return true,
            "visibility" if matches!(value, "hidden" | "collapse") => return true,
            "content-visibility" if value == "hidden" => return true,
            "opacity" if is_below(value, 0.02) => seen.transparent = true,
            "font-size"
                if is_below(value, 1.5) && !value.ends_with("em") && !value.ends_with('%')
                    || value.starts_with('0') && is_below(value, 0.05) =>
            {
                return true;
            }
            "text-indent" if is_far(value) => seen.far = true,
            "left" | "right" | "top" | "bottom" | "margin-left" | "margin-top" | "inset"
                if is_far(value) =>
            {
                seen.far = true;
            }
            "transform"
                if value.contains("scale(0)")
                    || value.contains("translate") && value.contains("-9999") =>
            {
                return true;
            }
            "clip" if value.contains("rect(0") || value.contains("rect(1px") => return true,
            "clip-path"
                if value.contains("inset(50%")
                    || value.contains("inset(100%")
                    || value.contains("circle(0") =>
            {
                return true;
            }
            "width" | "height" | "max-height" | "max-width"
                if is_below(value, 1.5)
                    && !value.ends_with('%')
                    && !value.ends_with("em")
                    && !value.contains("vw")
                    && !value.contains("vh")
                    || value == "0%" =>
            {
                seen.tiny = true;
            }
            "overflow" | "overflow-x" | "overflow-y" if matches!(value, "hidden" | "clip") => {
                seen.clipped = true;
            }
            "animation" | "transition" | "animation-name" | "will-change" => seen.moves = true,
            "color" => seen.color = colour(value),
            "background" | "background-color" => seen.background = colour(value),
            "-webkit-text-fill-color" if value == "transparent" => return true,
            _ => {}
        }
    }
    seen.far
        || (seen.tiny && seen.clipped)
        || (seen.transparent && !(in_sheet && seen.moves))
        || (seen.color.is_some()
            && (seen.color == seen.background
                || seen.color.as_deref() == Some("transparent") && !in_sheet))
}

#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
#[derive(Default)]
struct Declarations {
    transparent: bool,
    far: bool,
    tiny: bool,
    clipped: bool,
    moves: bool,
    color: Option<String>,
    background: Option<String>,
}

fn number(value: &str) -> Option<f32> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(value.len());
    value[..end].parse().ok()
}

fn is_below(value: &str, most: f32) -> bool {
    number(value).is_some_and(|n| n.abs() < most)
}

/// Whether the offset leads out of every screen.
fn is_far(value: &str) -> bool {
    number(value).is_some_and(|n| {
        n <= -900.0
            || (n <= -90.0 && (value.ends_with("em") || value.ends_with("vw")))
            || n > 5_000.0
    })
}

/// One spelling for the colours that are used to hide.
fn colour(value: &str) -> Option<String> {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    Some(match value.as_str() {
        "" | "inherit" | "initial" | "unset" | "currentcolor" => return None,
        "#fff" | "#ffffff" | "rgb(255,255,255)" | "rgba(255,255,255,1)" => "white".to_owned(),
        "#000" | "#000000" | "rgb(0,0,0)" | "rgba(0,0,0,1)" => "black".to_owned(),
        "rgba(0,0,0,0)" | "rgba(255,255,255,0)" => "transparent".to_owned(),
        _ => value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::dom;

    fn seen(page: &str) -> String {
        let html = dom::parse(page);
        let tree = Tree::new(&html);
        let hidden = hidden(&tree);
        (0..tree.len())
            .filter(|&id| !hidden[id])
            .filter_map(|id| match tree.node(id).data {
                Data::Text(text) => Some(text.trim()),
                _ => None,
            })
            .collect::<Vec<_>>()
            .join("")
    }

    #[test]
    fn what_is_hidden_is_not_seen() {
        for hiding in [
            "<p hidden>X</p>",
            "<p aria-hidden=true>X</p>",
            "<p style='display: NONE'>X</p>",
            "<p style='visibility:hidden !important'>X</p>",
            "<p style=opacity:0>X</p>",
            "<p style=font-size:0>X</p>",
            "<p style='font-size:1px'>X</p>",
            "<p style='position:absolute;left:-9999px'>X</p>",
            "<p style='text-indent:-100em'>X</p>",
            "<p style='height:0;overflow:hidden'>X</p>",
            "<p style='color:#fff;background:white'>X</p>",
            "<p style='clip:rect(0,0,0,0)'>X</p>",
            "<template><p>X</p></template>",
            "<!-- X -->",
            "<noscript>X</noscript>",
            "<textarea>X</textarea>",
            "<details><p>X</p></details>",
            "<dialog>X</dialog>",
            "<p class=zz>X</p>",
            "<p id=gone>X</p>",
            "<i class=low>X</i>",
        ] {
            let page = format!(
                "<style>/* a{{ */ @media print {{ .ok {{display:none}} }} .zz, #gone{{display:none}} i.low{{opacity:0}}</style>\
                 <p>before</p><div><div>{hiding}</div></div><p class=ok>after</p>"
            );
            assert_eq!(seen(&page), "beforeafter", "{hiding}");
        }
    }

    #[test]
    fn what_shows_or_will_show_is_seen() {
        for (page, expected) in [
            ("<details open><summary>s</summary><p>X</p></details>", "sX"),
            ("<p style='opacity:0.5;font-size:0.9em'>X</p>", "X"),
            ("<p style='color:#fff'>X</p>", "X"),
            ("<style>body{visibility:hidden}</style><body><p>X</p>", "X"),
            ("<div style='display:none'><h1>T</h1><p>X</p></div>", "TX"),
            (
                "<style>.f{opacity:0;transition:opacity 1s}</style><p class=f>X</p>",
                "X",
            ),
            (
                "<style>.f{display:none} .f{display:block}</style><p class=f>X</p>",
                "X",
            ),
            ("<p style='width:100%;height:1px'>X</p>", "X"),
        ] {
            assert_eq!(seen(page), expected, "{page}");
        }
    }
}

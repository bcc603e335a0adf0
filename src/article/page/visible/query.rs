//! Finds the elements of a page that selectors written by a person name.
//!
//! What a page's own style rules may hold and this reader does not know is passed over
//! in silence; a person's selector is refused instead, see [`is_sound`].

use super::{MAX_STEPS, digest::Digests, reader, selector::Selector};
use crate::article::page::dom::{Id, Tree};

/// The outermost elements that a selector of `lists` matches, in document order.
pub(crate) fn find<'l>(tree: &Tree<'_>, lists: impl IntoIterator<Item = &'l str>) -> Vec<Id> {
    let digests = Digests::of(tree);
    let selectors: Vec<(u32, Selector<'_>)> = lists
        .into_iter()
        .flat_map(|list| reader::selectors(list, &digests))
        .map(|selector| (selector.key().digest(), selector))
        .collect();
    let mut steps = MAX_STEPS;
    let mut found = Vec::new();
    let mut id = 0;
    while id < tree.len() {
        let words = digests.of_node(id);
        let matches = selectors
            .iter()
            .any(|(key, one)| words.contains(key) && one.matches(tree, id, &mut steps));
        if matches {
            found.push(id);
            id = tree.node(id).end;
        } else {
            id += 1;
        }
    }
    found
}

/// Whether everything in a list of selectors can be read, and can match on a page
/// without a pointer, a focus or a script.
pub(crate) fn is_sound(list: &str) -> bool {
    reader::is_sound(list, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::dom;

    const PAGE: &str = "<main id=m><div class='a b'><p>1</p><p class=c>2</p></div>\
                        <div class=a><p>3</p><aside data-kind=box>4</aside></div></main>";

    #[test]
    fn elements_are_found_by_selectors() {
        let html = dom::parse(PAGE);
        let tree = Tree::new(&html);
        for (list, texts) in [
            ("p", "1 2 3"),
            ("#m > .a > p:first-child", "1 3"),
            ("div.a.b", "12"),
            (".a:not(.b) p", "3"),
            ("[data-kind=box], p.c", "2 4"),
            ("div, p", "12 34"),
            ("P.c + p, .none, main > p", ""),
        ] {
            assert!(is_sound(list), "{list}");
            let found: Vec<_> = find(&tree, [list])
                .into_iter()
                .map(|id| tree.raw_text(id))
                .collect();
            assert_eq!(found.join(" "), texts, "{list}");
        }
    }

    #[test]
    fn what_could_match_nothing_or_too_much_is_not_sound() {
        for list in [
            "",
            " ",
            "p,",
            "p >",
            "> p",
            "p:hover",
            "p::before",
            "p:not(:hover)",
            "p:not()",
            "p:has(a)",
            "p:is(a, :nope)",
            "p[class",
            "p:not(.a",
            "div..a",
            "p { }",
            ":is(:is(:is(:is(:is(:is(a))))))",
        ] {
            assert!(!is_sound(list), "{list}");
        }
    }
}

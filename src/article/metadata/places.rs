//! Where on the page the elements stand that metadata is read from: one walk over the
//! tree for all of them, instead of one for each name.
//!
//! Only collects places, in document order; what they say is read where it is needed.

use html5ever::local_name;
use memchr::memchr2_iter;

use crate::article::page::{
    dom::{Id, Tree},
    tag::Tag,
};

/// No honest page has more of one kind; what comes after is left out.
const MOST: usize = 4_000;

/// Places in a page's tree.
#[derive(Default)]
pub(crate) struct Places {
    /// `<h1>`.
    pub(crate) headings: Vec<Id>,
    /// `<img>`.
    pub(crate) images: Vec<Id>,
    /// `<time>`, and the element of the same use that a script fills.
    pub(crate) times: Vec<Id>,
    /// Elements with the property `datePublished`.
    pub(crate) published: Vec<Id>,
    /// Elements with the property `dateModified`.
    pub(crate) modified: Vec<Id>,
    /// Links with `rel=tag`.
    pub(crate) tags: Vec<Id>,
    /// Elements that are named a breadcrumb.
    pub(crate) crumbs: Vec<Id>,
    /// Elements with the property `articleSection`.
    pub(crate) sections: Vec<Id>,
}

impl Places {
    /// Collects the places.
    pub(crate) fn of(tree: &Tree<'_>) -> Self {
        let mut places = Self::default();
        for id in 0..tree.len() {
            let Some(element) = tree.element(id) else {
                continue;
            };
            let tag = tree.tag(id);
            match tag {
                Tag::H1 => push(&mut places.headings, id),
                Tag::Img => push(&mut places.images, id),
                Tag::Time => push(&mut places.times, id),
                Tag::Other if element.name() == "relative-time" => push(&mut places.times, id),
                _ => {}
            }
            for (attribute, value) in &element.attrs {
                match attribute.local {
                    local_name!("itemprop") => {
                        for property in value.split_ascii_whitespace() {
                            match property {
                                "datePublished" => push(&mut places.published, id),
                                "dateModified" => push(&mut places.modified, id),
                                "articleSection" => push(&mut places.sections, id),
                                _ => {}
                            }
                        }
                    }
                    local_name!("rel") if tag == Tag::A && has_word(value, "tag") => {
                        push(&mut places.tags, id);
                    }
                    local_name!("class")
                    | local_name!("id")
                    | local_name!("aria-label")
                    | local_name!("itemtype")
                        if is_crumb(value) =>
                    {
                        push(&mut places.crumbs, id);
                    }
                    _ => {}
                }
            }
        }
        places
    }
}

fn push(places: &mut Vec<Id>, id: Id) {
    if places.len() < MOST && places.last() != Some(&id) {
        places.push(id);
    }
}

fn has_word(value: &str, word: &str) -> bool {
    value.split_ascii_whitespace().any(|part| part == word)
}

/// Whether a name holds `breadcrumb`, in whatever case.
fn is_crumb(name: &str) -> bool {
    const CRUMB: &[u8] = b"breadcrumb";
    let name = name.as_bytes();
    name.len() < 200
        && memchr2_iter(b'b', b'B', name).any(|at| {
            name.get(at..at + CRUMB.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(CRUMB))
        })
}

//! Where on the page the elements stand that metadata is read from: one walk over the
//! tree for all of them, instead of one for each name.
//!
//! Only collects places, in document order; what they say is read where it is needed.

use crate::article::page::dom::{Id, Tree};

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
            let name = element.name();
            match name {
                "h1" => push(&mut places.headings, id),
                "img" => push(&mut places.images, id),
                "time" | "relative-time" => push(&mut places.times, id),
                _ => {}
            }
            for (attribute, value) in element.attrs() {
                match attribute {
                    "itemprop" => {
                        for property in value.split_ascii_whitespace() {
                            match property {
                                "datePublished" => push(&mut places.published, id),
                                "dateModified" => push(&mut places.modified, id),
                                "articleSection" => push(&mut places.sections, id),
                                _ => {}
                            }
                        }
                    }
                    "rel" if name == "a" => {
                        if value.split_ascii_whitespace().any(|rel| rel == "tag") {
                            push(&mut places.tags, id);
                        }
                    }
                    "class" | "id" | "aria-label" | "itemtype" => {
                        if is_crumb(value) {
                            push(&mut places.crumbs, id);
                        }
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

/// Whether a name holds `breadcrumb`, in whatever case.
fn is_crumb(name: &str) -> bool {
    name.len() < 200
        && name
            .as_bytes()
            .windows(10)
            .any(|part| part.eq_ignore_ascii_case(b"breadcrumb"))
}

//! The numbers that the models of `content` are trained on, for a page of known
//! content. Used by the training program only; nothing in the pipeline calls it.

use super::{Rules, context, features, names};
use crate::{
    article::{
        metadata::Stated,
        page::{
            blocks::{self, Raw},
            dom::{self, Tree},
            encoding, visible,
        },
    },
    fetch::Page,
};

/// One block of a page.
#[derive(Debug)]
pub struct Example {
    /// Its text.
    pub text: String,
    /// The numbers of the first look.
    pub first: Vec<f32>,
    /// The numbers of the second look, where the answers of the first are known.
    pub second: Vec<f32>,
    /// The words of class and id of each element around it, the innermost first.
    pub words: Vec<Vec<String>>,
}

/// All visible blocks of a page, in order. `answers` are those of the first look.
pub fn examples(page: &Page, answers: Option<&[f32]>) -> Vec<Example> {
    let text = encoding::decode(&page.body, page.content_type.as_deref());
    let html = dom::parse(&text);
    let tree = Tree::new(&html);
    let hidden = visible::hidden(&tree);
    let all = blocks::gather(&tree, &hidden);
    let stated = Stated::of(&tree, &all, page.url.as_ref());
    let rules = Rules::of(&tree, &hidden, &all, stated.title.as_deref());
    let sheet = features::describe(
        &tree,
        &all,
        &features::Hints {
            title: stated.title.as_deref(),
            description: stated.description(),
            ..features::Hints::default()
        },
        &rules,
    );
    let second = answers
        .filter(|answers| answers.len() == all.len())
        .map(|answers| context::rows(&tree, &all, &sheet.paths, answers));
    all.iter()
        .enumerate()
        .map(|(at, block)| Example {
            text: block.text.clone(),
            first: sheet.rows[at].to_vec(),
            second: second
                .as_ref()
                .map_or_else(Vec::new, |rows| rows[at].to_vec()),
            words: words(&tree, block),
        })
        .collect()
}

fn words(tree: &Tree<'_>, block: &Raw) -> Vec<Vec<String>> {
    std::iter::once(block.holder)
        .chain(tree.ancestors(block.holder))
        .filter(|&id| !matches!(tree.name(id), "html" | "body"))
        .map(|id| {
            let mut all = Vec::new();
            if let Some(element) = tree.element(id) {
                for (attribute, value) in element.attrs() {
                    if names::ATTRIBUTES.contains(&attribute) && value.len() <= 400 {
                        names::words(value, |word| all.push(word.to_owned()));
                    }
                }
            }
            all
        })
        .collect()
}

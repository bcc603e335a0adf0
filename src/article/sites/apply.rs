//! What a site's rule does to a page.
//!
//! What it drops is hidden before the page's blocks are gathered, so that no stage sees
//! it. Its body narrows the text alone: a headline, a byline or a date mostly stand
//! outside of it, and are read as on any page. A body that is not there, or says
//! nothing, is not believed, since sites change and a rule must not empty their pages.

use super::Rule;
use crate::article::{
    content::{Content, Fate, Verdict, is_prose},
    page::{
        blocks::Raw,
        dom::{Id, Tree},
        visible::query,
    },
};

/// A rule at work on one page.
pub(crate) struct Applied<'r> {
    rule: &'r Rule,
    /// How many visible elements it dropped.
    dropped: usize,
    /// For each block whether it stands in the body, if the body is believed.
    inside: Option<Vec<bool>>,
}

/// Hides what the rule drops.
pub(crate) fn apply<'r>(rule: &'r Rule, tree: &Tree<'_>, hidden: &mut [bool]) -> Applied<'r> {
    let mut dropped = 0;
    if !rule.drop.is_empty() {
        for id in query::find(tree, rule.drop.iter().map(String::as_str)) {
            dropped += usize::from(!hidden[id]);
            hidden[id..tree.node(id).end].fill(true);
        }
    }
    Applied {
        rule,
        dropped,
        inside: None,
    }
}

impl Applied<'_> {
    /// The blocks that stand in the rule's body; `None` where it does not narrow the page.
    pub(crate) fn narrow(&mut self, tree: &Tree<'_>, blocks: &[Raw]) -> Option<Vec<Raw>> {
        let body = self.rule.body.as_deref()?;
        let mut holders = query::find(tree, [body])
            .into_iter()
            .map(|id| (id, tree.node(id).end))
            .peekable();
        // Both are in the order of the page.
        let inside: Vec<bool> = blocks
            .iter()
            .map(|block| {
                let passed = |&(_, end): &(Id, Id)| end <= block.first;
                while holders.next_if(passed).is_some() {}
                holders.peek().is_some_and(|&(id, _)| id <= block.first)
            })
            .collect();
        let chosen: Vec<Raw> = blocks
            .iter()
            .zip(&inside)
            .filter(|(_, inside)| **inside)
            .map(|(block, _)| block.clone())
            .collect();
        if !chosen.iter().any(is_prose) {
            return None;
        }
        self.inside = Some(inside);
        Some(chosen)
    }

    /// Makes `content`, found among the narrowed blocks, one of all blocks of the page.
    pub(crate) fn widen(&self, content: &mut Content) {
        if self.dropped > 0 || self.inside.is_some() {
            // What the page carries for its scripts would bring back what was left out.
            content.embedded = None;
        }
        let Some(inside) = &self.inside else { return };
        let mut found = std::mem::take(&mut content.verdicts).into_iter();
        content.verdicts = inside
            .iter()
            .map(|inside| inside.then(|| found.next()).flatten())
            .map(|verdict| verdict.unwrap_or(OUTSIDE))
            .collect();
    }

    /// What the rule did, for whoever asks why a text is what it is.
    pub(crate) fn account(&self) -> String {
        let Rule {
            domain,
            reason,
            body,
            ..
        } = self.rule;
        let elements = if self.dropped == 1 {
            "element"
        } else {
            "elements"
        };
        let taken = match (body, &self.inside) {
            (None, _) => String::new(),
            (Some(body), None) => format!("; found no running text in `{body}`, which is ignored"),
            (Some(body), Some(_)) => format!("; took the text in `{body}` alone"),
        };
        format!(
            "site rule for `{domain}` ({reason}): dropped {} {elements}{taken}",
            self.dropped
        )
    }
}

const OUTSIDE: Verdict = Verdict {
    probability: 0.0,
    fate: Fate::Outside,
};

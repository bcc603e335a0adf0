//! What the summary of a run says of its items, counted as they come.

use std::collections::BTreeMap;

use super::{Counts, Item, Outcome, Spent};
use crate::settings::Attention;

/// The items of a run, added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    /// What they spent.
    pub(super) spent: Spent,
    /// What those that a dry run names would cost.
    pub(super) expected: Spent,
    /// How many there are of each outcome and reason.
    pub(super) reasons: BTreeMap<(Outcome, String), usize>,
    /// Each piece of advice once, in the order in which it came up.
    pub(super) hints: Vec<String>,
    /// What a person may want to see.
    pub(super) attention: Vec<Attention>,
}

impl Tally {
    pub(super) fn add(&mut self, item: &Item) {
        self.counts.count(item.outcome);
        self.spent.add(item.spent);
        if let Some(expected) = item.expected {
            self.expected.add(expected);
        }
        if !item.reason.is_empty() {
            let reason = (item.outcome, item.reason.clone());
            *self.reasons.entry(reason).or_default() += 1;
        }
        if let Some(hint) = &item.hint
            && !self.hints.contains(hint)
        {
            self.hints.push(hint.clone());
        }
        let by_outcome = match item.outcome {
            Outcome::Failed => Some(Attention::ItemFailed),
            Outcome::Held => Some(Attention::Held),
            _ => None,
        };
        for seen in [item.attention, by_outcome].into_iter().flatten() {
            if !self.attention.contains(&seen) {
                self.attention.push(seen);
            }
        }
    }
}

//! The figures that were reached, under which no later change may fall.
//!
//! One committed file, by set and figure, each set with the digest of the pages that its
//! floors hold for. A floor is raised by writing the file anew, and lowered only when that
//! is asked for by name.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// A figure may fall short of its floor by this much: half of the third digit, which is
/// the last that is reported. On the largest set one phrase moves F1 by 0.0002; a page
/// whose title is lost moves its figure by 0.002 and is noticed.
const EPSILON: f64 = 0.0005;

/// The figures that have floors. Precision and recall have none: a better F1 may cost one.
const GATED: [&str; 11] = [
    "articles_kept",
    "author_exact",
    "date_exact",
    "date_spurious",
    "error_precision",
    "error_recall",
    "finding_precision",
    "finding_recall",
    "phrase_f1",
    "shingle_f1",
    "title_exact",
];

/// The floors of all sets.
#[derive(Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Floors(BTreeMap<String, Set>);

/// The floors of one set.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// The digest of the pages and truths they hold for; none for our own fixtures, which
    /// stand beside them.
    corpus: Option<String>,
    floors: BTreeMap<String, f64>,
}

/// How a figure stands to its floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// At its floor or better.
    Held(f64),
    /// Worse.
    Fallen(f64),
    /// There is no floor for these pages.
    Free,
}

impl Floors {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
        serde_json::from_str(&text).with_context(|| format!("`{shown}` is no file of floors"))
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Whether a figure of a set with these pages is at its floor.
    pub(crate) fn check(&self, set: &str, corpus: Option<&str>, name: &str, value: f64) -> Verdict {
        let floor = self
            .0
            .get(set)
            .filter(|set| set.corpus.as_deref() == corpus)
            .and_then(|set| set.floors.get(name));
        match floor {
            None => Verdict::Free,
            Some(&floor) if worse(name, value, floor) > EPSILON => Verdict::Fallen(floor),
            Some(&floor) => Verdict::Held(floor),
        }
    }

    /// Takes the figures as floors. Those that would be lowered are given back and kept as
    /// they were, unless that is allowed; with other pages all floors begin anew.
    pub(crate) fn update(
        &mut self,
        set: &str,
        corpus: Option<&str>,
        figures: &[(&str, f64)],
        may_lower: bool,
    ) -> Vec<String> {
        let kept = self.0.entry(set.to_owned()).or_default();
        if kept.corpus.as_deref() != corpus {
            *kept = Set {
                corpus: corpus.map(str::to_owned),
                floors: BTreeMap::new(),
            };
        }
        let mut refused = Vec::new();
        for &(name, value) in figures {
            if !GATED.contains(&name) {
                continue;
            }
            match kept.floors.get(name) {
                Some(&floor) if worse(name, value, floor) > EPSILON && !may_lower => {
                    refused.push(format!("{set} {name}: {floor} to {value:.4}"));
                }
                // A figure that moved within the epsilon leaves its floor alone, or small
                // losses would add up.
                Some(&floor) if worse(name, value, floor) > 0.0 && !may_lower => {}
                _ => {
                    kept.floors
                        .insert(name.to_owned(), (value * 1e4).round() / 1e4);
                }
            }
        }
        refused
    }
}

/// How much worse a value is than a floor; of answers where there are none, fewer are better.
fn worse(name: &str, value: f64, floor: f64) -> f64 {
    if name.ends_with("_spurious") {
        value - floor
    } else {
        floor - value
    }
}

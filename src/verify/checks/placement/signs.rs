//! What speaks for and against a claim standing in the wrong place, and how much each
//! sign weighs. The weights are in `weights.tsv`, written by `training/placement.py`.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    context::Fit,
    mentions::{Mention, Value},
};
use crate::verify::{Kind, read::Reading};

/// The signs of one claim, each a number; see [`Signs::named`] for what they mean.
#[derive(Debug)]
pub(in crate::verify) struct Signs {
    named: [(&'static str, f64); 14],
}

/// What is known of the places of a claim besides how well they fit.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// How many places of the sources have what the claim says.
    pub(super) own: usize,
    /// The most that the surroundings of one of them cover of the sentence.
    pub(super) window: f64,
    /// Whether one of them is in a sentence next to the rival's, or the next but one.
    pub(super) near: bool,
    /// How well a "he" or "the company" fits that may stand for the claimed name.
    pub(super) pronoun: f64,
    /// How often the sources have the rival's name.
    pub(super) rival: usize,
    /// Whether the rival is in the sentence too.
    pub(super) rival_present: bool,
    /// Whether the sentence has the claimed thing twice.
    pub(super) twice: bool,
}

impl Signs {
    pub(super) fn new(own: &Fit, other: &Fit, places: &Places, ratio: f64) -> Self {
        let flag = |on: bool| f64::from(u8::from(on));
        Self {
            named: [
                // How much better the rival's place fits than the claim's best.
                ("difference", other.score() - own.score()),
                ("own_mass", own.mass),
                ("own_before", flag(own.before)),
                ("other_before", flag(other.before)),
                ("other_behind", flag(other.behind)),
                ("other_coverage", other.coverage),
                ("gap", other.window - places.window),
                ("own_places", f64::ln(places.own as f64)),
                ("rival_places", f64::ln(1.0 + places.rival as f64)),
                ("near", flag(places.near)),
                ("pronoun", places.pronoun),
                ("present", flag(places.rival_present)),
                ("twice", flag(places.twice)),
                // How far apart two numbers are.
                ("ratio", ratio),
            ],
        }
    }

    /// Every sign with its name.
    pub(super) fn named(&self) -> &[(&'static str, f64)] {
        &self.named
    }

    /// What the signs come to.
    pub(super) fn score(&self, kind: Kind) -> f64 {
        let Some(weights) = WEIGHTS.get(&kind) else {
            return f64::NEG_INFINITY;
        };
        let weight = |name: &str| weights.get(name).copied().unwrap_or(0.0);
        let sum: f64 = self
            .named
            .iter()
            .map(|(name, sign)| weight(name) * sign)
            .sum();
        sum + weight("always")
    }
}

/// How far apart two numbers are, as the logarithm of their ratio; 0 for anything else.
pub(super) fn ratio(
    ours: &Mention,
    reading: &Reading<'_>,
    theirs: &Mention,
    there: &Reading<'_>,
) -> f64 {
    // Beyond this, farther is not more wrong.
    const FAR: f64 = 8.0;
    let (Value::Number(ours), Value::Number(theirs)) = (&ours.value, &theirs.value) else {
        return 0.0;
    };
    let value = |value: f64| value.abs().max(1e-3).ln();
    let (ours, theirs) = (&reading.quantities[*ours], &there.quantities[*theirs]);
    (value(ours.value) - value(theirs.value)).abs().min(FAR)
}

/// The weights of each kind of claim, by the names of the signs.
static WEIGHTS: LazyLock<HashMap<Kind, HashMap<&'static str, f64>>> = LazyLock::new(|| {
    let mut weights: HashMap<Kind, HashMap<&'static str, f64>> = HashMap::new();
    for line in include_str!("weights.tsv").lines() {
        let mut fields = line.split('\t');
        let kind = match fields.next() {
            Some("number") => Kind::Number,
            Some("date") => Kind::Date,
            Some("name") => Kind::Name,
            _ => continue,
        };
        if let (Some(sign), Some(Ok(weight))) = (fields.next(), fields.next().map(str::parse)) {
            weights.entry(kind).or_default().insert(sign, weight);
        }
    }
    weights
});

//! A number as a text states it: its value, its unit, and how exact it claims to be.

use super::units::Measure;

/// A number in a text.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Quantity {
    /// Its first token, currency sign included.
    pub(in crate::verify) first: usize,
    /// Its last token, unit included.
    pub(in crate::verify) last: usize,
    /// Its value.
    pub(in crate::verify) value: f64,
    /// A second reading where the writing has two (`20m`: million or metres).
    pub(in crate::verify) other: Option<f64>,
    /// What it is a number of, as far as arithmetic cares.
    pub(in crate::verify) unit: Unit,
    /// How it is written.
    pub(in crate::verify) writing: Writing,
    /// Whether it is an ordinal.
    pub(in crate::verify) ordinal: bool,
    /// The value of its last significant digit.
    pub(in crate::verify) grain: f64,
    /// What stands before it.
    pub(in crate::verify) hedge: Hedge,
    /// Whether it is a part of a date with a month, or of a time of day.
    pub(in crate::verify) in_date: bool,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Writing {
    /// In digits.
    Digits,
    /// In words.
    Words,
    /// Only implied, as two is by "twins": it bears out, but states nothing.
    Implied,
    /// As an amount without a number: "dozens", "millions".
    Vague,
    /// As "first time": that it never was before.
    First,
}

/// The class of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::verify) enum Unit {
    /// A count.
    Plain,
    /// A percentage.
    Percent,
    /// Percentage points.
    Points,
    /// An amount of this currency.
    Money(&'static str),
    /// A decade, written as `1990s`.
    Decade,
    /// An amount of this measure.
    Measure(Measure),
}

/// What a writer says about how exact a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Hedge {
    /// Nothing.
    Exact,
    /// "About", "around".
    About,
    /// "Nearly", "under": the true number is lower.
    Below,
    /// "More than", "over": the true number is higher.
    Above,
}

impl Hedge {
    /// Whether a number hedged like this, with a last significant digit worth `grain`,
    /// may stand for the source's `truth`: within half a grain and a tenth for "about",
    /// within a grain and a quarter on the stated side for the others.
    pub(in crate::verify) fn allows(self, value: f64, grain: f64, truth: f64) -> bool {
        match self {
            Self::Exact => false,
            Self::About => (value - truth).abs() <= (grain / 2.0).min(value / 10.0),
            Self::Below => truth <= value && value - truth <= grain.min(value / 4.0),
            Self::Above => truth >= value && truth - value <= grain.min(value / 4.0),
        }
    }
}

impl Quantity {
    /// A number in digits or words without a unit.
    pub(in crate::verify) fn plain(first: usize, last: usize, value: f64) -> Self {
        Self {
            first,
            last,
            value,
            other: None,
            unit: Unit::Plain,
            writing: Writing::Digits,
            ordinal: false,
            grain: grain_of(value),
            hedge: Hedge::Exact,
            in_date: false,
        }
    }

    fn readings(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.value).chain(self.other)
    }

    /// Whether the bare numbers are equal.
    pub(in crate::verify) fn same_value(&self, other: &Self) -> bool {
        self.readings()
            .any(|a| other.readings().any(|b| equal(a, b)))
    }

    /// Whether the amounts are equal: of two measures, after conversion.
    pub(in crate::verify) fn same_amount(&self, other: &Self) -> bool {
        match (self.unit, other.unit) {
            (Unit::Measure(ours), Unit::Measure(theirs)) => {
                ours.same(self.value, theirs, other.value)
            }
            _ => self.same_value(other),
        }
    }

    /// The value of `theirs` in the measure of this number; a bare number has none.
    pub(in crate::verify) fn converted(&self, theirs: &Self) -> Option<f64> {
        match (self.unit, theirs.unit) {
            (Unit::Measure(ours), Unit::Measure(other)) => ours.from(theirs.value, other),
            (Unit::Measure(_), _) => None,
            _ => Some(theirs.value),
        }
    }

    /// "Half" is 50 %, and a third is 33 %.
    pub(in crate::verify) fn same_share(&self, other: &Self) -> bool {
        let share = |q: &Self| match q.unit {
            Unit::Percent => q.value / 100.0,
            _ => q.value,
        };
        (self.unit == Unit::Percent) != (other.unit == Unit::Percent)
            && share(self) < 1.0
            && (share(self) - share(other)).abs() < 0.004
    }
}

pub(in crate::verify) fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The value of the last digit that is not 0.
pub(in crate::verify) fn grain_of(value: f64) -> f64 {
    let mut grain = 1.0;
    while value > 0.0 && value % (grain * 10.0) < 0.5 && grain < 1e15 {
        grain *= 10.0;
    }
    grain
}

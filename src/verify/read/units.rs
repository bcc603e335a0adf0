//! Units and signs around numbers: measures, percent, currencies, hedges.

use serde::Deserialize;

use super::{
    quantity::Hedge,
    tokens::{Gap, Token},
    words::{Meaning, Words},
};

/// A unit of measure, by the name it has in the tables of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::verify) enum Measure {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
    Millimetre,
    Centimetre,
    Metre,
    Kilometre,
    Inch,
    Foot,
    Yard,
    Mile,
    Gram,
    Kilogram,
    Tonne,
    Ounce,
    Pound,
    Stone,
    Litre,
    Gallon,
    Barrel,
    SquareMetre,
    SquareKilometre,
    SquareFoot,
    SquareMile,
    Acre,
    Hectare,
    KilometrePerHour,
    MilePerHour,
    Celsius,
    Fahrenheit,
    Watt,
    Kilowatt,
    Megawatt,
    Gigawatt,
}

/// What a measure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum Dimension {
    Time,
    Length,
    Mass,
    Volume,
    Area,
    Speed,
    Temperature,
    Power,
}

impl Measure {
    /// What it measures, and how many of the smallest unit it is.
    fn scale(self) -> (Dimension, f64) {
        use Dimension::{Area, Length, Mass, Power, Speed, Temperature, Time, Volume};
        const DAY: f64 = 86_400.0;
        match self {
            Self::Second => (Time, 1.0),
            Self::Minute => (Time, 60.0),
            Self::Hour => (Time, 3600.0),
            Self::Day => (Time, DAY),
            Self::Week => (Time, 7.0 * DAY),
            Self::Month => (Time, 365.25 / 12.0 * DAY),
            Self::Year => (Time, 365.25 * DAY),
            Self::Decade => (Time, 3652.5 * DAY),
            Self::Century => (Time, 36_525.0 * DAY),
            Self::Millimetre => (Length, 0.001),
            Self::Centimetre => (Length, 0.01),
            Self::Metre => (Length, 1.0),
            Self::Kilometre => (Length, 1000.0),
            Self::Inch => (Length, 0.0254),
            Self::Foot => (Length, 0.3048),
            Self::Yard => (Length, 0.9144),
            Self::Mile => (Length, 1609.344),
            Self::Gram => (Mass, 0.001),
            Self::Kilogram => (Mass, 1.0),
            Self::Tonne => (Mass, 1000.0),
            Self::Ounce => (Mass, 0.028_349_5),
            Self::Pound => (Mass, 0.453_592),
            Self::Stone => (Mass, 6.350_29),
            Self::Litre => (Volume, 1.0),
            Self::Gallon => (Volume, 4.546),
            Self::Barrel => (Volume, 158.987),
            Self::SquareMetre => (Area, 1.0),
            Self::SquareKilometre => (Area, 1e6),
            Self::SquareFoot => (Area, 0.092_903),
            Self::SquareMile => (Area, 2_589_988.0),
            Self::Acre => (Area, 4046.86),
            Self::Hectare => (Area, 10_000.0),
            Self::KilometrePerHour => (Speed, 1.0),
            Self::MilePerHour => (Speed, 1.609_344),
            Self::Celsius | Self::Fahrenheit => (Temperature, 1.0),
            Self::Watt => (Power, 1.0),
            Self::Kilowatt => (Power, 1e3),
            Self::Megawatt => (Power, 1e6),
            Self::Gigawatt => (Power, 1e9),
        }
    }

    /// What it measures.
    pub(in crate::verify) fn dimension(self) -> Dimension {
        self.scale().0
    }

    /// How many of `self` are `value` of `other`, where both measure the same.
    pub(in crate::verify) fn from(self, value: f64, other: Self) -> Option<f64> {
        let ((dimension, by), (other_dimension, other_by)) = (self.scale(), other.scale());
        let same = dimension == other_dimension && dimension != Dimension::Temperature;
        (same || self == other).then(|| value * other_by / by)
    }

    /// Whether the amounts are the same: exactly, or as nearly as one converts a measure
    /// that has no whole ratio to the other.
    pub(in crate::verify) fn same(self, value: f64, other: Self, theirs: f64) -> bool {
        // Miles are written as whole kilometres, weeks as parts of a month.
        const CONVERTED: f64 = 0.03;
        if self == other {
            return super::quantity::equal(value, theirs);
        }
        let ((dimension, by), (other_dimension, other_by)) = (self.scale(), other.scale());
        if dimension != other_dimension {
            return false;
        }
        if dimension == Dimension::Temperature {
            let celsius = |measure, value: f64| match measure {
                Self::Fahrenheit => (value - 32.0) / 1.8,
                _ => value,
            };
            return (celsius(self, value) - celsius(other, theirs)).abs() < 1.0;
        }
        let (ours, theirs) = (value * by, theirs * other_by);
        let ratio = (by / other_by).max(other_by / by);
        let whole = (ratio - ratio.round()).abs() < 1e-6;
        let bound = if whole { 1e-9 } else { CONVERTED };
        (ours - theirs).abs() <= bound * ours.abs().max(theirs.abs())
    }
}

/// The currency of a sign or code.
pub(in crate::verify) fn currency_sign(mark: &str) -> Option<&'static str> {
    Some(match mark {
        "$" => "dollar",
        "£" | "GBP" => "GBP",
        "€" | "EUR" => "EUR",
        "¥" | "JPY" => "yen",
        "₹" | "Rs" | "INR" => "INR",
        "₩" | "KRW" => "KRW",
        "₽" | "RUB" => "RUB",
        "₺" => "TRY",
        "₴" => "UAH",
        "USD" => "USD",
        "CHF" => "CHF",
        _ => return None,
    })
}

/// Which dollar the letters before the sign name; the bare sign is kept apart.
pub(in crate::verify) fn dollar_prefix(letters: &str) -> Option<&'static str> {
    Some(match letters {
        "US" => "USD",
        "A" | "AU" => "AUD",
        "C" | "CA" => "CAD",
        "NZ" => "NZD",
        "HK" => "HKD",
        "S" => "SGD",
        "R" => "BRL",
        _ => return None,
    })
}

/// The hedge of the number that begins at the token `first` and ends at `last`.
pub(in crate::verify) fn hedge(
    words: &Words,
    tokens: &[Token],
    first: usize,
    last: usize,
) -> Hedge {
    let before = |end: usize| {
        // The longest phrase that ends right before the number.
        const LONGEST: usize = 4;
        (end.saturating_sub(LONGEST)..end).find_map(|at| {
            let (hedge, to) = words.read(tokens, at, |meaning| match meaning {
                Meaning::Hedge(hedge) => Some(hedge),
                _ => None,
            })?;
            let negated =
                at > 0 && words.is(tokens, at - 1, Meaning::Negation) && tokens[at].gap < Gap::Line;
            // "No more than": at most.
            let hedge = match hedge {
                Hedge::Above if negated => Hedge::Below,
                Hedge::Below if negated => Hedge::Above,
                hedge => hedge,
            };
            (to + 1 == end).then_some(hedge)
        })
    };
    let article = first.checked_sub(1).filter(|at| {
        words.is(tokens, *at, Meaning::Article) || currency_sign(&tokens[*at].text).is_some()
    });
    before(first)
        .or_else(|| before(article?))
        .or_else(|| {
            let behind = words.read_next(tokens, last + 1, |meaning| match meaning {
                Meaning::HedgeBehind(hedge) => Some(hedge),
                _ => None,
            })?;
            Some(behind.0)
        })
        .unwrap_or(Hedge::Exact)
}

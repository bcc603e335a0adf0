//! A table of words as it is written, and how it becomes [`Words`].

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::{Begins, Entry, Habit, Meaning, Words, edges};
use crate::verify::read::{
    calendar::{Direction, Period},
    quantity::Hedge,
    tokens::tokens,
    units::Measure,
};

/// A table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    decimal_mark: char,
    habits: Vec<Habit>,
    #[serde(default)]
    articles: Vec<String>,
    #[serde(default)]
    ones: Vec<String>,
    #[serde(default)]
    joins_hundreds: Vec<String>,
    #[serde(default)]
    joins_tens: Vec<String>,
    #[serde(default)]
    bare_scales: Vec<String>,
    #[serde(default)]
    percent: Vec<String>,
    #[serde(default)]
    points: Vec<String>,
    #[serde(default)]
    basis_points: Vec<String>,
    #[serde(default)]
    ago: Vec<String>,
    #[serde(default)]
    ago_before: Vec<String>,
    #[serde(default)]
    negations: Vec<String>,
    #[serde(default)]
    months: Vec<Vec<String>>,
    #[serde(default)]
    doubtful_months: Vec<String>,
    #[serde(default)]
    before_months: Vec<String>,
    #[serde(default)]
    inside_dates: Vec<String>,
    #[serde(default)]
    weekdays: Vec<Vec<String>>,
    #[serde(default)]
    seasons: Vec<Vec<String>>,
    #[serde(default)]
    last: Vec<String>,
    #[serde(default)]
    this: Vec<String>,
    #[serde(default)]
    next: Vec<String>,
    #[serde(default)]
    year_marks: Vec<String>,
    #[serde(default)]
    month_marks: Vec<String>,
    #[serde(default)]
    day_marks: Vec<String>,
    #[serde(default)]
    ranges: Vec<String>,
    #[serde(default)]
    hour_marks: Vec<String>,
    #[serde(default)]
    minute_marks: Vec<String>,
    #[serde(default)]
    morning: Vec<String>,
    #[serde(default)]
    afternoon: Vec<String>,
    #[serde(default)]
    zones: Vec<String>,
    #[serde(default)]
    ratios: Vec<String>,
    #[serde(default)]
    quarters: Vec<String>,
    #[serde(default)]
    first_time: Vec<String>,
    #[serde(default)]
    beginnings: Vec<String>,
    #[serde(default)]
    ages: Vec<String>,
    #[serde(default)]
    counters: Vec<String>,
    #[serde(default)]
    digits: BTreeMap<String, f64>,
    #[serde(default)]
    vague: BTreeMap<String, f64>,
    #[serde(default)]
    numbers: BTreeMap<String, f64>,
    #[serde(default)]
    ordinals: BTreeMap<String, f64>,
    #[serde(default)]
    parts: BTreeMap<String, f64>,
    #[serde(default)]
    fractions: BTreeMap<String, f64>,
    #[serde(default)]
    additions: BTreeMap<String, f64>,
    #[serde(default)]
    scales: BTreeMap<String, f64>,
    #[serde(default)]
    sets: BTreeMap<String, f64>,
    #[serde(default)]
    clock: BTreeMap<String, i16>,
    #[serde(default)]
    past: BTreeMap<String, i16>,
    #[serde(default)]
    lengths: BTreeMap<String, (f64, Measure)>,
    #[serde(default)]
    days: BTreeMap<String, i8>,
    #[serde(default)]
    calendar: BTreeMap<Period, Vec<String>>,
    #[serde(default)]
    periods: BTreeMap<String, (Period, i8)>,
    #[serde(default)]
    hedges: Hedges,
    #[serde(default)]
    hedges_after: Hedges,
    #[serde(default)]
    currencies: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    measures: BTreeMap<Measure, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hedges {
    about: Vec<String>,
    below: Vec<String>,
    above: Vec<String>,
}

impl Hedges {
    fn all(&self) -> impl Iterator<Item = (&String, Hedge)> {
        let about = self.about.iter().map(|word| (word, Hedge::About));
        let below = self.below.iter().map(|word| (word, Hedge::Below));
        about
            .chain(below)
            .chain(self.above.iter().map(|word| (word, Hedge::Above)))
    }
}

impl From<Table> for Words {
    fn from(table: Table) -> Self {
        let mut words = Self {
            decimal_mark: table.decimal_mark,
            habits: table.habits.clone(),
            entries: HashMap::default(),
            edges: vec![0; usize::from(u8::MAX) + 1],
            ones: table.ones.clone(),
            beginnings: table.beginnings.clone(),
            doubtful_months: table.doubtful_months.clone(),
        };
        words.add_lists(&table);
        words.add_numbers(&table);
        words.add_times(&table);
        words.add_units(&table);
        for entries in words.entries.values_mut() {
            entries
                .phrases
                .sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
            let mut meanings = entries.phrases.iter().map(|entry| entry.meaning);
            entries.begins = Begins {
                number: meanings.clone().any(Meaning::begins_number),
                date: meanings.any(Meaning::begins_date),
            };
        }
        words
    }
}

impl Words {
    /// The plain lists, each of one meaning.
    fn add_lists(&mut self, table: &Table) {
        for (list, meaning) in [
            (&table.articles, Meaning::Article),
            (&table.joins_hundreds, Meaning::Join(true)),
            (&table.joins_tens, Meaning::Join(false)),
            (&table.percent, Meaning::Percent),
            (&table.points, Meaning::Points(1.0)),
            (&table.basis_points, Meaning::Points(0.01)),
            (&table.ago, Meaning::Ago),
            (&table.ago_before, Meaning::AgoBefore),
            (&table.negations, Meaning::Negation),
            (&table.before_months, Meaning::BeforeMonth),
            (&table.inside_dates, Meaning::InsideDate),
            (&table.last, Meaning::Direction(Direction::Last)),
            (&table.this, Meaning::Direction(Direction::This)),
            (&table.next, Meaning::Direction(Direction::Next)),
            (&table.year_marks, Meaning::Mark(0)),
            (&table.month_marks, Meaning::Mark(1)),
            (&table.day_marks, Meaning::Mark(2)),
            (&table.hour_marks, Meaning::Mark(3)),
            (&table.minute_marks, Meaning::Mark(4)),
            (&table.counters, Meaning::Counter),
            (&table.ages, Meaning::Age),
            (&table.first_time, Meaning::FirstTime),
            (&table.ranges, Meaning::Range),
            (&table.ratios, Meaning::Ratio),
            (&table.quarters, Meaning::Quarter),
            (&table.morning, Meaning::HalfDay(0)),
            (&table.afternoon, Meaning::HalfDay(12)),
            (&table.zones, Meaning::Zone),
        ] {
            self.extend(list.iter().map(|word| (word, meaning)));
        }
    }

    /// Numbers, ordinals, shares and scales.
    fn add_numbers(&mut self, table: &Table) {
        for (map, meaning) in [
            (&table.numbers, Meaning::Number as fn(f64) -> Meaning),
            (&table.digits, Meaning::Digit),
            (&table.vague, Meaning::Vague),
            (&table.ordinals, Meaning::Ordinal),
            (&table.parts, Meaning::Part),
            (&table.fractions, Meaning::Fraction),
            (&table.additions, Meaning::Addition),
            (&table.sets, Meaning::Set),
        ] {
            self.extend(map.iter().map(|(word, value)| (word, meaning(*value))));
        }
        self.extend(table.scales.iter().map(|(word, value)| {
            (
                word,
                Meaning::Scale(*value, table.bare_scales.contains(word)),
            )
        }));
    }

    /// Months, weekdays, days from today and times of day.
    fn add_times(&mut self, table: &Table) {
        for (names, meaning) in [
            (&table.months, Meaning::Month as fn(i8) -> Meaning),
            (&table.weekdays, Meaning::Weekday),
        ] {
            for (names, number) in names.iter().zip(1..) {
                self.extend(names.iter().map(|word| (word, meaning(number))));
            }
        }
        for (names, number) in table.seasons.iter().zip(0..) {
            self.extend(names.iter().map(|word| (word, Meaning::Season(number))));
        }
        self.extend(
            table
                .days
                .iter()
                .map(|(word, by)| (word, Meaning::Day(*by))),
        );
        for (map, meaning) in [
            (&table.clock, Meaning::Clock as fn(i16) -> Meaning),
            (&table.past, Meaning::Past),
        ] {
            self.extend(map.iter().map(|(word, by)| (word, meaning(*by))));
        }
        self.extend(
            table
                .lengths
                .iter()
                .map(|(word, (value, measure))| (word, Meaning::Length(*value, *measure))),
        );
        self.extend(
            table
                .periods
                .iter()
                .map(|(word, (period, by))| (word, Meaning::Period(*period, *by))),
        );
    }

    /// Hedges, currencies and measures.
    fn add_units(&mut self, table: &Table) {
        self.extend(
            table
                .hedges
                .all()
                .map(|(word, hedge)| (word, Meaning::Hedge(hedge))),
        );
        self.extend(
            table
                .hedges_after
                .all()
                .map(|(word, hedge)| (word, Meaning::HedgeBehind(hedge))),
        );
        for (currency, names) in &table.currencies {
            // Parsed once for the life of the program.
            let currency: &'static str = currency.clone().leak();
            self.extend(names.iter().map(|word| (word, Meaning::Currency(currency))));
        }
        for (period, names) in &table.calendar {
            self.extend(names.iter().map(|word| (word, Meaning::Calendar(*period))));
        }
        for (measure, names) in &table.measures {
            self.extend(names.iter().map(|word| (word, Meaning::Measure(*measure))));
        }
    }
}

impl<'a> Extend<(&'a String, Meaning)> for Words {
    fn extend<T: IntoIterator<Item = (&'a String, Meaning)>>(&mut self, items: T) {
        for (phrase, meaning) in items {
            let parsed = tokens(phrase);
            let mut parts = parsed.iter().map(|token| token.folded.to_string());
            if let Some(first) = parts.next() {
                if let Some((byte, last)) = edges(&first) {
                    self.edges[byte] |= last;
                }
                self.entries.entry(first).or_default().phrases.push(Entry {
                    rest: parts.collect(),
                    meaning,
                });
            }
        }
    }
}

//! What models cost, as data with its date.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::settings::{Price, ProviderName};

/// The price of one model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPrice {
    /// Who answers.
    pub provider: ProviderName,
    /// The model's name, without a date.
    pub model: String,
    /// The day on which the vendor asked this.
    pub as_of: Date,
    input: f64,
    cached_input: f64,
    output: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    prices: Vec<ListedPrice>,
}

static PRICES: LazyLock<Vec<ListedPrice>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("prices.toml")).expect("a test reads the table");
    table.prices
});

impl ListedPrice {
    /// What `model` costs, where the table knows it: by its name, or by its name with the
    /// date of a version behind it, as in `gpt-5-mini-2025-08-07`.
    pub fn of(provider: ProviderName, model: &str) -> Option<&'static Self> {
        PRICES.iter().find(|listed| {
            let rest = model.strip_prefix(listed.model.as_str());
            let is_date = |rest: &str| {
                let digits = rest.bytes().filter(u8::is_ascii_digit).count();
                let dated = rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                rest.starts_with('-') && dated && digits >= 8
            };
            listed.provider == provider && rest.is_some_and(|rest| rest.is_empty() || is_date(rest))
        })
    }

    /// The price in the form of the settings.
    pub fn price(&self) -> Price {
        Price {
            input: self.input,
            cached_input: Some(self.cached_input),
            output: self.output,
        }
    }
}

/// Millionths of a US dollar as dollars with six decimals.
pub fn dollars(micro: u64) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_version_costs_what_its_name_costs_and_another_model_is_unknown() {
        let of = |model| ListedPrice::of(ProviderName::Openai, model).map(|l| l.price().output);
        assert_eq!(of("gpt-5-mini"), Some(2.0));
        assert_eq!(of("gpt-5-mini-2025-08-07"), Some(2.0));
        assert_eq!(of("gpt-5-mini-high"), None);
        assert_eq!(of("gpt-5"), None);
        assert!(ListedPrice::of(ProviderName::Gemini, "gpt-5-mini").is_none());
    }

    #[test]
    fn prices_are_positive_and_dated_in_the_past() {
        for listed in PRICES.iter() {
            let price = listed.price();
            assert!(
                price.output > price.input && price.input > 0.0,
                "{listed:?}"
            );
            assert!(listed.as_of > jiff::civil::date(2025, 1, 1), "{listed:?}");
        }
    }
}

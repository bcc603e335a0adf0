//! What may be spent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::{Cap, Caps};

/// What may be spent on models: nothing more is bought once a cap would be passed, and what
/// is left over is deferred. Days and months are those of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSettings {
    /// US dollars of one run.
    pub usd_per_run: Option<f64>,
    /// US dollars of one day.
    pub usd_per_day: Option<f64>,
    /// US dollars of one month.
    pub usd_per_month: Option<f64>,
    /// Tokens, of prompts and answers together, of one run.
    pub tokens_per_run: Option<u64>,
    /// Tokens of one day.
    pub tokens_per_day: Option<u64>,
    /// Tokens of one month.
    pub tokens_per_month: Option<u64>,
    /// Whether `ingest` may use a model whose price is unknown without a cap on tokens.
    pub unpriced: bool,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self {
            usd_per_run: None,
            usd_per_day: Some(5.0),
            usd_per_month: None,
            tokens_per_run: None,
            tokens_per_day: None,
            tokens_per_month: None,
            unpriced: false,
        }
    }
}

impl BudgetSettings {
    /// The caps in the units of the store.
    pub fn caps(&self) -> Caps {
        let cap = |dollars: Option<f64>, tokens| Cap {
            micro_dollars: dollars.map(micro_dollars),
            tokens,
        };
        Caps {
            run: cap(self.usd_per_run, self.tokens_per_run),
            day: cap(self.usd_per_day, self.tokens_per_day),
            month: cap(self.usd_per_month, self.tokens_per_month),
        }
    }

    /// Whether something bounds the tokens of a model whose price is unknown.
    pub fn bounds_tokens(&self) -> bool {
        let caps = [
            self.tokens_per_run,
            self.tokens_per_day,
            self.tokens_per_month,
        ];
        self.unpriced || caps.iter().any(Option::is_some)
    }
}

/// Millionths of a dollar, rounded down: a cap is never higher than it says.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and a cap below nothing is a cap of nothing"
)]
fn micro_dollars(dollars: f64) -> u64 {
    (dollars * 1_000_000.0).floor() as u64
}

//! One model call: what was bought before is found, what is bought now is kept before
//! anything else happens to it.

use super::Pipeline;
use crate::{
    fetch::{FetchError, Request},
    llm::{Completion, FinishReason, ModelError, Usage},
    pipeline::ModelEngine,
    prompt::Prompt,
    report::{Again, Spent},
    settings::{Attention, Price},
    store::{CompletionKey, StoreError, StoredCompletion, Unusable},
};

/// Attempts after which an answer that is of no use is not asked for anew.
const MOST_ATTEMPTS: u64 = 4;

/// What is asked, besides the prompt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// What the answer is for; part of its key.
    pub(super) purpose: &'static str,
    /// Tells apart calls that ask the same on purpose.
    pub(super) ordinal: u64,
    /// The ordinal of the first attempt.
    pub(super) first: u64,
    /// Whether an earlier answer that was of no use is asked for anew.
    pub(super) anew: bool,
}

impl Call {
    /// Whether a further attempt is left.
    pub(super) fn may_go_on(self) -> bool {
        self.ordinal < self.first + MOST_ATTEMPTS
    }
}

/// The answers that went into one analysis.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Their keys, in order.
    pub(super) keys: Vec<String>,
    /// Their tokens, bought now or before.
    pub(super) usage: Usage,
    /// What was bought in this run.
    pub(super) spent: Spent,
    /// The model that answered last.
    pub(super) model_answered: Option<String>,
}

impl Ledger {
    fn note(&mut self, key: &CompletionKey, usage: Usage, price: Option<Price>, bought: bool) {
        self.keys.push(key.as_str().to_owned());
        self.usage.input += usage.input;
        self.usage.cached_input += usage.cached_input;
        self.usage.output += usage.output;
        if bought {
            self.spent.add(Spent {
                calls: 1,
                usage,
                cost_micro_dollars: price.map(|price| cost(usage, price)),
            });
        }
    }
}

/// What tokens cost, in millionths of a US dollar, rounded up: a price in dollars for a
/// million tokens is one in millionths of a dollar for one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and a price below nothing costs nothing"
)]
pub(super) fn cost(usage: Usage, price: Price) -> u64 {
    let fresh = usage.input.saturating_sub(usage.cached_input) as f64;
    let cached = usage.cached_input as f64 * price.cached_input.unwrap_or(price.input);
    (fresh * price.input + cached + usage.output as f64 * price.output).ceil() as u64
}

/// What the model said.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) completion: Completion,
    /// Whether it was bought now, and not found from before.
    pub(super) bought: bool,
}

impl Pipeline {
    /// Asks the model, or finds what it said before.
    pub(super) async fn ask(
        &self,
        model: &ModelEngine,
        prompt: &Prompt,
        mut call: Call,
        ledger: &mut Ledger,
    ) -> Result<Answered, AskError> {
        let price = model.price;
        loop {
            let request = model.provider.request(prompt);
            let body = request.body.clone().unwrap_or_default();
            let name = model.provider.name();
            let key = CompletionKey::new(name, &request.url, &body, call.purpose, call.ordinal);
            if let Some(stored) = self.store.completion(&key).await? {
                if let Some(unusable) = stored.unusable {
                    if call.anew && call.may_go_on() {
                        call.ordinal += 1;
                        continue;
                    }
                    ledger.note(&key, unusable.usage, price, false);
                    return Err(AskError::Unusable(unusable));
                }
                if let Some(completion) = stored.completion {
                    ledger.note(&key, completion.usage, price, false);
                    ledger.model_answered.clone_from(&completion.model_answered);
                    return Ok(Answered {
                        completion,
                        bought: false,
                    });
                }
            }
            return self.buy_answer(model, request, key, call, ledger).await;
        }
    }

    async fn buy_answer(
        &self,
        model: &ModelEngine,
        request: Request,
        key: CompletionKey,
        call: Call,
        ledger: &mut Ledger,
    ) -> Result<Answered, AskError> {
        if let Some(reason) = self.breaker.open() {
            return Err(AskError::Stopped(format!(
                "after `{reason}` several times in a row"
            )));
        }
        if self.stop.is_set() {
            return Err(AskError::Stopped("the run was asked to end".into()));
        }
        let response = match self.client.ask(request).await {
            Ok(answer) => answer.response,
            Err(error) => {
                self.breaker.failure(&error.reason());
                return Err(error.into());
            }
        };
        let result = match model.provider.completion(&response) {
            Ok(completion) => Ok(completion),
            Err(error) => {
                let Some(usage) = error.usage() else {
                    if is_everybodys(&error) {
                        self.breaker.failure(error.reason());
                    }
                    return Err(error.into());
                };
                Err(Unusable {
                    reason: error.reason().to_owned(),
                    message: error.to_string(),
                    usage,
                })
            }
        };
        self.breaker.success();
        let usage = result
            .as_ref()
            .map_or_else(|unusable| unusable.usage, |answer| answer.usage);
        ledger.note(&key, usage, model.price, true);
        let stored = StoredCompletion {
            purpose: call.purpose.to_owned(),
            received_at: self.clock.now(),
            completion: result.as_ref().ok().cloned(),
            unusable: result.as_ref().err().cloned(),
        };
        self.store.put_completion(&key, &stored).await?;
        let completion = result.map_err(AskError::Unusable)?;
        ledger.model_answered.clone_from(&completion.model_answered);
        Ok(Answered {
            completion,
            bought: true,
        })
    }
}

/// Whether the next call would fail in the same way, whatever it asks.
fn is_everybodys(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::RefusedKey { .. }
            | ModelError::Quota { .. }
            | ModelError::RateLimit { .. }
            | ModelError::Overloaded { .. }
            | ModelError::UnknownModel { .. }
            | ModelError::Server { .. }
    )
}

/// Whether an answer was cut for want of room.
pub(super) fn was_cut(completion: &Completion) -> bool {
    completion.finish == FinishReason::Length
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// The vendor said no.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The vendor was not reached.
    #[error("the model was not reached: {0}")]
    Fetch(#[from] FetchError),
    /// What was bought is of no use.
    #[error("{}", .0.message)]
    Unusable(Unusable),
    /// Nothing more is bought in this run.
    #[error("nothing more is bought in this run: {0}")]
    Stopped(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AskError {
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Model(error) => error.reason().to_owned(),
            Self::Fetch(error) => error.reason(),
            Self::Unusable(unusable) => unusable.reason.clone(),
            Self::Stopped(_) => "buying_stopped".into(),
            Self::Store(_) => "store".into(),
        }
    }

    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Model(error) => error.hint(),
            Self::Fetch(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Unusable(_) | Self::Stopped(_) => None,
        }
    }

    pub(super) fn attention(&self) -> Option<Attention> {
        match self {
            Self::Model(ModelError::RefusedKey { .. }) => Some(Attention::RefusedKey),
            Self::Store(_) => Some(Attention::DamagedStore),
            _ => None,
        }
    }

    /// Whether the next run may have more luck.
    pub(super) fn again(&self) -> Again {
        match self {
            Self::Unusable(_) | Self::Model(ModelError::ContextTooLong { .. }) => Again::No,
            Self::Model(ModelError::NotAnAnswer { .. }) => Again::Counted,
            Self::Model(_) | Self::Fetch(_) | Self::Stopped(_) | Self::Store(_) => Again::Always,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_tokens_have_their_own_price_and_a_part_of_a_millionth_counts_whole() {
        let price = Price {
            input: 0.5,
            cached_input: Some(0.05),
            output: 2.0,
        };
        let usage = Usage {
            input: 1001,
            cached_input: 1000,
            output: 10,
        };
        assert_eq!(cost(usage, price), 71);
        assert_eq!(
            cost(
                usage,
                Price {
                    cached_input: None,
                    ..price
                }
            ),
            521
        );
    }
}

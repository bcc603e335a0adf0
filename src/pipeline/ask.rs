//! One model call: what was bought before is found, what is bought now is kept before
//! anything else happens to it.

use jiff::Timestamp;

use super::Pipeline;
use crate::{
    fetch::{FetchError, Request},
    llm::{Completion, FinishReason, ModelError, Usage},
    pipeline::ModelEngine,
    prompt::Prompt,
    report::{Again, Spent},
    settings::{Attention, Price},
    store::{CompletionKey, End, Purchase, Reserved, StoreError, StoredCompletion, Unusable},
};

/// How often a call is sent that broke off on the way back.
const MOST_SENDS: usize = 2;

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
    /// The feed that the story came from, if one did.
    feed: Option<String>,
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
    /// An empty ledger of a story that came from this feed.
    pub(super) fn of_feed(feed: Option<&str>) -> Self {
        Self {
            feed: feed.map(str::to_owned),
            ..Self::default()
        }
    }

    /// The feed that the story came from.
    pub(super) fn feed(&self) -> Option<&str> {
        self.feed.as_deref()
    }

    /// A call that may have been billed without an answer.
    fn note_lost(&mut self, purchase: &Reservation) {
        self.spent.add(Spent {
            calls: 1,
            usage: purchase.most,
            cost_micro_dollars: purchase.most_micro,
        });
    }

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

impl Pipeline {
    /// Asks the model, or finds what it said before.
    pub(super) async fn ask(
        &self,
        model: &ModelEngine,
        prompt: &Prompt,
        mut call: Call,
        ledger: &mut Ledger,
    ) -> Result<Completion, AskError> {
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
                    return Ok(completion);
                }
            }
            let asked = Asked {
                request: request.with_idempotency_key(key.as_str()),
                key,
                prompt: format!("{}.{}", prompt.id, prompt.version),
                max_output_tokens: prompt.max_output_tokens,
                purpose: call.purpose,
            };
            return self.buy_answer(model, &asked, ledger).await;
        }
    }

    /// Buys an answer, within the caps. A call that broke off on the way back may have been
    /// billed: it counts at its highest cost, and is made once more.
    async fn buy_answer(
        &self,
        model: &ModelEngine,
        asked: &Asked,
        ledger: &mut Ledger,
    ) -> Result<Completion, AskError> {
        let mut calls = 0;
        let (purchase, response, turn) = loop {
            self.still_buying()?;
            let purchase = self.reserved(model, asked, ledger).await?;
            let turn = self.calls.acquire().await.expect("it is never closed");
            // What held before the wait need not hold any more.
            if let Err(error) = self.still_buying() {
                self.store.end(&purchase.id, End::Released).await?;
                return Err(error);
            }
            calls += 1;
            match self.client.ask(asked.request.clone()).await {
                Ok(answer) => break (purchase, answer.response, turn),
                Err(error) if error.may_be_billed() => {
                    self.store.end(&purchase.id, End::Lost).await?;
                    ledger.note_lost(&purchase);
                    if calls >= MOST_SENDS {
                        self.breaker.failure(&error.reason());
                        return Err(error.into());
                    }
                }
                Err(error) => {
                    self.store.end(&purchase.id, End::Released).await?;
                    self.breaker.failure(&error.reason());
                    return Err(error.into());
                }
            }
        };
        let result = match model.provider.completion(&response) {
            Ok(completion) => Ok(completion),
            Err(error) => {
                let Some(usage) = error.usage() else {
                    // What is no answer, but came as one, may be billed all the same.
                    let end = if (200..300).contains(&response.status) {
                        ledger.note_lost(&purchase);
                        End::Lost
                    } else {
                        End::Released
                    };
                    self.store.end(&purchase.id, end).await?;
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
        let stored = StoredCompletion {
            purpose: asked.purpose.to_owned(),
            received_at: self.clock.now(),
            cost_micro_dollars: model.price.map(|price| cost(usage, price)),
            completion: result.as_ref().ok().cloned(),
            unusable: result.as_ref().err().cloned(),
        };
        self.store.put_completion(&asked.key, &stored).await?;
        // The answer is on disk: the next call may be made.
        drop(turn);
        self.store.end(&purchase.id, stored.end()).await?;
        ledger.note(&asked.key, usage, model.price, true);
        let completion = result.map_err(AskError::Unusable)?;
        ledger.model_answered.clone_from(&completion.model_answered);
        Ok(completion)
    }

    /// Whether anything may still be bought in this run.
    fn still_buying(&self) -> Result<(), AskError> {
        if let Some(reason) = self.breaker.open() {
            return Err(AskError::Stopped(stopped(&reason)));
        }
        if self.stop.is_set() {
            let message = "nothing more is bought: the run was asked to end";
            return Err(AskError::Stopped(message.into()));
        }
        Ok(())
    }

    /// Reserves the highest cost of a call. A token is at least one byte, so a request has
    /// no more tokens than bytes, and the answer is as long as it may be at most.
    async fn reserved(
        &self,
        model: &ModelEngine,
        asked: &Asked,
        ledger: &Ledger,
    ) -> Result<Reservation, AskError> {
        let most = Usage {
            input: asked
                .request
                .body
                .as_ref()
                .map_or(0, |body| body.len() as u64),
            cached_input: 0,
            output: asked.max_output_tokens as u64,
        };
        let now = self.clock.now();
        let purchase = Purchase {
            completion: asked.key.as_str().to_owned(),
            run: self.run.clone(),
            feed: ledger.feed.clone().unwrap_or_default(),
            model: model.label(),
            bytes: most.input,
            prompt: asked.prompt.clone(),
            purpose: asked.purpose.to_owned(),
            most_micro: model.price.map(|price| cost(most, price)),
            most_tokens: most.input + most.output,
            at: now,
            expires: now
                .checked_add(self.client.longest_ask(asked.request.limits.time))
                .unwrap_or(Timestamp::MAX),
        };
        let caps = self.settings.budget.caps();
        let mut reserved = self.store.reserve(&purchase, &caps).await?;
        if matches!(reserved, Reserved::No(_)) {
            // What nobody will answer any more may be what fills the cap.
            self.store.end_left_over(now).await?;
            reserved = self.store.reserve(&purchase, &caps).await?;
        }
        match reserved {
            Reserved::Yes(id) => Ok(Reservation {
                id,
                most,
                most_micro: purchase.most_micro,
            }),
            Reserved::No(cap) => Err(AskError::Cap(cap)),
        }
    }
}

/// A request that is to be bought.
struct Asked {
    request: Request,
    key: CompletionKey,
    /// The prompt with its version.
    prompt: String,
    max_output_tokens: usize,
    purpose: &'static str,
}

/// What a call may cost, while it is under way.
struct Reservation {
    id: String,
    most: Usage,
    most_micro: Option<u64>,
}

/// Why nothing more is bought, in words.
pub(super) fn stopped(reason: &str) -> String {
    format!("nothing more is bought in this run, after `{reason}` several times in a row")
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
    /// A cap would be passed.
    #[error("nothing more is bought: {0}")]
    Cap(String),
    /// Nothing more is bought in this run.
    #[error("{0}")]
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
            Self::Cap(_) => "cap_reached".into(),
            Self::Stopped(_) => "buying_stopped".into(),
            Self::Store(_) => "store".into(),
        }
    }

    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Model(error) => error.hint(),
            Self::Fetch(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Cap(_) => Some(
                "the next run takes up what was left over; `prism costs` shows what was spent, \
                 `[budget]` holds the caps"
                    .into(),
            ),
            Self::Unusable(_) | Self::Stopped(_) => None,
        }
    }

    pub(super) fn attention(&self) -> Option<Attention> {
        match self {
            Self::Model(ModelError::RefusedKey { .. }) => Some(Attention::RefusedKey),
            Self::Cap(_) => Some(Attention::CapReached),
            Self::Store(_) => Some(Attention::DamagedStore),
            _ => None,
        }
    }

    /// Whether it is left for the next run.
    pub(super) fn is_deferred(&self) -> bool {
        matches!(self, Self::Stopped(_) | Self::Cap(_))
    }

    /// Whether the next run may have more luck.
    pub(super) fn again(&self) -> Again {
        match self {
            Self::Unusable(_) | Self::Model(ModelError::ContextTooLong { .. }) => Again::No,
            Self::Model(ModelError::NotAnAnswer { .. }) => Again::Counted,
            Self::Model(_) | Self::Fetch(_) | Self::Cap(_) | Self::Stopped(_) | Self::Store(_) => {
                Again::Always
            }
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

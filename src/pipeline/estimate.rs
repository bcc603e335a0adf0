//! What an analysis may cost, before it is bought: from the very prompt that would be sent,
//! and from what calls like it have cost before.

use super::{Engine, ModelEngine, Pipeline, WriteError, ask::cost, write::fitting_prompt};
use crate::{llm::Usage, pack::Tokens, prompt::Prompt, report::Spent, story::Story};

/// Tokens of an answer for each word that the house asks for: the words, and the frame of
/// fields around them.
const OUTPUT_FOR_A_WORD: f64 = 1.6;

impl Pipeline {
    /// What the first call for this story would cost. Repairs and a judge come on top where
    /// they are needed. `None` where no model writes.
    pub(super) async fn estimate(
        &self,
        story: &Story,
        language: &str,
    ) -> Result<Option<Spent>, WriteError> {
        let Engine::Model(model) = &self.engine else {
            return Ok(None);
        };
        let brief = self.brief(model, language, None);
        let (tokens, limit) = (model.tokens, model.context_tokens);
        let (prompt, _) = fitting_prompt(&self.library, tokens, limit, story, &brief).await?;
        let usage = self.expected(model, prompt).await?;
        Ok(Some(Spent {
            calls: 1,
            usage,
            cost_micro_dollars: model.price.map(|price| cost(usage, price)),
        }))
    }

    /// The tokens of a call: as calls like it had them for each byte that was sent, or as
    /// our own tokenizer counts them where there were none.
    async fn expected(&self, model: &ModelEngine, prompt: Prompt) -> Result<Usage, WriteError> {
        let request = model.provider.request(&prompt);
        let bytes = request.body.as_ref().map_or(0, |body| body.len() as u64);
        let past = self.store.past_calls(&model.label(), "analysis").await?;
        if let Some(past) = past {
            let share = bytes as f64 / past.bytes as f64;
            return Ok(Usage {
                input: rounded(past.usage.input as f64 * share),
                cached_input: rounded(past.usage.cached_input as f64 * share),
                output: rounded(past.usage.output as f64 / past.calls as f64),
            });
        }
        let tokens = model.tokens;
        let counted = tokio::task::spawn_blocking(move || count(tokens, &prompt)).await;
        Ok(Usage {
            input: counted.expect("counting does not panic and is not cancelled"),
            cached_input: 0,
            output: rounded(self.settings.house.words as f64 * OUTPUT_FOR_A_WORD)
                .min(model.max_output_tokens as u64),
        })
    }
}

fn count(tokens: Tokens, prompt: &Prompt) -> u64 {
    let schema = prompt.schema.to_string();
    let parts = [prompt.system.as_str(), &prompt.user, &schema];
    parts.iter().map(|part| tokens.count(part) as u64).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of tokens"
)]
fn rounded(tokens: f64) -> u64 {
    tokens.round() as u64
}

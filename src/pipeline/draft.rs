//! The model's first draft of a story: asked for, asked for once more where it cannot be
//! used, with more room where it was cut.

use super::{
    ModelEngine, Pipeline, WriteError,
    ask::{Call, Ledger, was_cut},
};
use crate::{
    analysis::{
        Draft,
        answer::{self, Answer},
    },
    prompt::Prompt,
    story::Story,
};

/// The purpose of a call that an editor asked for.
pub(super) const REGENERATED: &str = "regenerated analysis";

/// Why there is no draft.
struct Undrafted {
    error: WriteError,
    /// Whether anything was bought for it now.
    bought: bool,
}

impl Pipeline {
    /// The model's draft. An answer that cannot be used is asked for once more; where a
    /// person asks, so are two of an earlier run.
    pub(super) async fn first_draft(
        &self,
        model: &ModelEngine,
        story: &Story,
        language: &str,
        prompt: &Prompt,
        mut call: Call,
        ledger: &mut Ledger,
    ) -> Result<Draft, WriteError> {
        loop {
            let first = self
                .draft(model, story, language, prompt, call, ledger)
                .await;
            let error = match first {
                Ok(draft) => return Ok(draft),
                Err(undrafted) if undrafted.error.is_of_chance() => undrafted.error,
                Err(undrafted) => return Err(undrafted.error),
            };
            let again = prompt.asked_anew(&error.reason());
            let second = Call {
                purpose: match call.purpose {
                    REGENERATED => "regenerated analysis asked for anew",
                    _ => "analysis asked for anew",
                },
                ..call
            };
            match self
                .draft(model, story, language, &again, second, ledger)
                .await
            {
                Ok(draft) => return Ok(draft),
                Err(undrafted) if call.anew && !undrafted.bought && call.may_go_on() => {
                    call.ordinal += 1;
                }
                Err(undrafted) => return Err(undrafted.error),
            }
        }
    }

    /// One attempt at a draft. A cut answer is asked for with twice the room.
    async fn draft(
        &self,
        model: &ModelEngine,
        story: &Story,
        language: &str,
        prompt: &Prompt,
        call: Call,
        ledger: &mut Ledger,
    ) -> Result<Draft, Undrafted> {
        let calls = ledger.spent.calls;
        let answered = self.uncut(model, prompt, call, ledger).await;
        let bought = ledger.spent.calls > calls;
        let categories = &self.settings.house.categories;
        let draft = answered.and_then(|text| {
            let answer = answer::parse::<Answer>(&text)?;
            let candidates = &prompt.candidates;
            Ok(answer::into_draft(
                &answer, language, categories, candidates, story,
            )?)
        });
        draft.map_err(|error| Undrafted { error, bought })
    }

    /// What the model said, whole.
    async fn uncut(
        &self,
        model: &ModelEngine,
        prompt: &Prompt,
        call: Call,
        ledger: &mut Ledger,
    ) -> Result<String, WriteError> {
        let answered = self.ask(model, prompt, call, ledger).await?;
        if !was_cut(&answered) {
            return Ok(answered.text);
        }
        let roomy = Prompt {
            max_output_tokens: prompt.max_output_tokens * 2,
            ..prompt.clone()
        };
        let more_room = Call {
            purpose: "analysis with more room",
            ..call
        };
        let answered = self.ask(model, &roomy, more_room, ledger).await?;
        if was_cut(&answered) {
            return Err(WriteError::Cut {
                tokens: roomy.max_output_tokens,
            });
        }
        Ok(answered.text)
    }
}

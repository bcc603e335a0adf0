//! Repair: what the check found to be wrong goes back to the model, and only what is
//! better than before is taken.

use super::{
    ModelEngine, Pipeline, WriteError,
    ask::{Call, Ledger, was_cut},
};
use crate::{
    analysis::answer::{self, RepairAnswer},
    pack::Excerpt,
    prompt::{self, Brief},
    story::Story,
    verify::{self, Verified},
};

/// What the first draft was written from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) story: &'a Story,
    pub(super) excerpt: &'a Excerpt,
    pub(super) brief: &'a Brief<'a>,
}

impl Pipeline {
    /// Asks for new text as long as there are errors and the settings allow it; gives the
    /// number of times it asked.
    pub(super) async fn repair(
        &self,
        model: &ModelEngine,
        sources: Sources<'_>,
        verified: &mut Verified,
        ordinal: u64,
        ledger: &mut Ledger,
    ) -> Result<usize, WriteError> {
        let mut repairs = 0;
        while repairs < self.settings.verify.max_repairs && verified.errors().next().is_some() {
            let call = Call {
                purpose: "repair",
                ordinal: ordinal + repairs as u64,
                first: ordinal,
                anew: false,
            };
            repairs += 1;
            match self.repaired(model, sources, verified, call, ledger).await {
                Ok(mended) => *verified = mended,
                // A draft that could not be mended is held with its findings; only what
                // will hit every further call as well ends the work on it.
                Err(error) if error.attention().is_some() || error.is_deferred() => {
                    return Err(error);
                }
                Err(error) => {
                    tracing::warn!(
                        reason = error.reason(),
                        "the repair brought nothing: {error}"
                    );
                    break;
                }
            }
        }
        Ok(repairs)
    }

    /// The draft with new text for the fields that have errors, where the new text has
    /// fewer of them than the old and keeps every quotation that was right.
    async fn repaired(
        &self,
        model: &ModelEngine,
        sources: Sources<'_>,
        verified: &Verified,
        call: Call,
        ledger: &mut Ledger,
    ) -> Result<Verified, WriteError> {
        let Sources {
            story,
            excerpt,
            brief,
        } = sources;
        let prompt = prompt::repair(&self.library, story, excerpt, brief, verified)?;
        let completion = self.ask(model, &prompt, call, ledger).await?;
        if was_cut(&completion) {
            return Err(WriteError::Cut {
                tokens: prompt.max_output_tokens,
            });
        }
        let answer: RepairAnswer = answer::parse(&completion.text)?;
        Ok(apply(
            verified,
            &answer,
            story,
            self.settings.verify.copy_limits(),
        ))
    }
}

/// The draft with the answer's new text for each field with errors, where that is better.
fn apply(
    verified: &Verified,
    answer: &RepairAnswer,
    story: &Story,
    copying: verify::CopyLimits,
) -> Verified {
    let mut wrong: Vec<String> = verified.errors().map(|(at, _)| at.to_owned()).collect();
    wrong.dedup();
    let all = answer::apply_repair(verified.draft().clone(), answer, &wrong);
    let mended = verify::check(all, story, copying);
    let errors =
        |checked: &Verified, field: &str| checked.errors().filter(|(at, _)| *at == field).count();
    let better: Vec<String> = wrong
        .into_iter()
        .filter(|field| errors(&mended, field) < errors(verified, field))
        .filter(|field| {
            let kept = mended.right_quotations(field);
            let before = verified.right_quotations(field);
            before.iter().all(|quotation| kept.contains(quotation))
        })
        .collect();
    let draft = answer::apply_repair(verified.draft().clone(), answer, &better);
    verify::check(draft, story, copying)
}

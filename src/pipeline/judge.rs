//! The judge: a second model that reads each sentence with its passages. What it says
//! becomes findings of its own kind and changes nothing else.

use super::{
    ModelEngine, Pipeline, WriteError,
    ask::{Call, Ledger, cost, was_cut},
};
use crate::{
    analysis::{
        answer::{self, JudgeAnswer},
        document::{JudgeUsed, PromptUsed},
    },
    prompt::{self, JudgedText},
    text::{Span, one_line},
    verify::{Finding, Kind, Reason, Severity, Verified},
};

/// Sentences of one call: with three passages each they fit into a small model's context.
const SENTENCES: usize = 10;

/// Characters of the judge's reason that a finding shows.
const REASON: usize = 200;

/// A sentence of the draft that is judged.
struct Judged {
    field: String,
    span: Span,
    text: JudgedText,
}

impl Pipeline {
    /// Adds what the judge finds to `verified`. `None` where it gave no answer that can be
    /// used: the analysis is then held, since the house wants it judged.
    pub(super) async fn judged(
        &self,
        judge: &ModelEngine,
        verified: &mut Verified,
        ordinal: u64,
        ledger: &mut Ledger,
    ) -> Result<Option<JudgeUsed>, WriteError> {
        let sentences = sentences(verified);
        let mut own = Ledger::of_feed(ledger.feed());
        let mut prompt_used = None;
        let mut findings = Vec::new();
        let mut failure = None;
        for some in sentences.chunks(SENTENCES) {
            match self.judge_some(judge, some, ordinal, &mut own).await {
                Ok((used, found)) => {
                    prompt_used.get_or_insert(used);
                    findings.extend(found);
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        ledger.spent.add(own.spent);
        match failure {
            Some(error) if error.attention().is_some() || error.is_deferred() => return Err(error),
            Some(error) => {
                tracing::warn!(reason = error.reason(), "the judge gave no answer: {error}");
                return Ok(None);
            }
            None => {}
        }
        let unsupported = findings.len();
        verified.add_judged(findings);
        Ok(Some(JudgeUsed {
            provider: judge.vendor.as_str().to_owned(),
            model_asked: judge.model.clone(),
            model_answered: own.model_answered.clone(),
            prompt: prompt_used,
            sentences: sentences.len(),
            unsupported,
            usage: own.usage,
            cost_micro_dollars: judge.price.map(|price| cost(own.usage, price)),
            calls: own.keys.len(),
            completions: own.keys,
        }))
    }

    /// Asks about some sentences; gives a finding for each that the judge does not find
    /// supported.
    async fn judge_some(
        &self,
        judge: &ModelEngine,
        sentences: &[Judged],
        ordinal: u64,
        ledger: &mut Ledger,
    ) -> Result<(PromptUsed, Vec<(String, Finding)>), WriteError> {
        let texts: Vec<JudgedText> = sentences.iter().map(|s| s.text.clone()).collect();
        let prompt = prompt::judge(&self.library, &texts, judge.max_output_tokens)?;
        let call = Call {
            purpose: "judge",
            ordinal,
            first: ordinal,
            anew: false,
        };
        let completion = self.ask(judge, &prompt, call, ledger).await?;
        if was_cut(&completion) {
            return Err(WriteError::Cut {
                tokens: prompt.max_output_tokens,
            });
        }
        let answer: JudgeAnswer = answer::parse(&completion.text)?;
        let used = PromptUsed {
            id: prompt.id.clone(),
            version: prompt.version.clone(),
            digest: prompt.digest.clone(),
        };
        Ok((used, findings(sentences, &answer)?))
    }
}

/// The sentences of running text: headings and the key phrase state nothing by themselves.
fn sentences(verified: &Verified) -> Vec<Judged> {
    let mut found = Vec::new();
    for (pointer, text, report) in verified.texts() {
        if pointer == "/keyphrase" || pointer.ends_with("/heading") {
            continue;
        }
        for sentence in &report.sentences {
            found.push(Judged {
                field: pointer.to_owned(),
                span: sentence.span,
                text: JudgedText {
                    text: sentence.span.of(text).to_owned(),
                    passages: sentence.evidence.iter().map(|e| e.text.clone()).collect(),
                },
            });
        }
    }
    found
}

/// A finding for each sentence that is not supported. Every sentence must have been judged.
fn findings(
    sentences: &[Judged],
    answer: &JudgeAnswer,
) -> Result<Vec<(String, Finding)>, WriteError> {
    let mut found = Vec::new();
    for (nth, sentence) in sentences.iter().enumerate() {
        let judged = answer.sentences.iter().find(|s| s.number == nth + 1);
        let Some(judged) = judged else {
            return Err(WriteError::NotJudged { number: nth + 1 });
        };
        if judged.supported {
            continue;
        }
        let reason: String = one_line(&judged.reason).chars().take(REASON).collect();
        let message = format!("The judging model does not find this supported: {reason}");
        let finding = Finding {
            kind: Kind::Judge,
            reason: Reason::JudgedUnsupported,
            severity: Severity::Warning,
            span: sentence.span,
            message,
            closest: None,
        };
        found.push((sentence.field.clone(), finding));
    }
    Ok(found)
}

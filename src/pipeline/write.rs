//! From a story to a stored, checked analysis: pack, prompt, ask, check, repair, store.

use std::collections::BTreeMap;

use super::{
    Engine, ModelEngine, Pipeline, WriteError,
    ask::{Call, Ledger, cost},
    draft::REGENERATED,
    repair::Sources,
};
use crate::{
    analysis::{
        Analysis,
        document::{EngineKind, PromptUsed, Provenance, Status},
    },
    article::Article,
    extractive, pack,
    pack::{Excerpt, Part, Tokens},
    prompt::{self, Brief, Library, Prompt},
    report::{Item, Outcome},
    settings::Settings,
    store::{AnalysisRow, Identity, Making, Record, new_id, slug, story_digest},
    story::{Story, aliases},
    verify::{self, CopyLimits, Verified},
};

/// What to write, and why.
#[derive(Debug)]
pub struct Order {
    /// What it is written from.
    pub story: Story,
    /// What the report calls it.
    pub input: String,
    /// The feed that named it, if one did.
    pub feed: Option<String>,
    /// The category, where the house says it of the feed.
    pub category: Option<String>,
    /// A new revision of this analysis, whatever its text; else only what is new is
    /// written.
    pub regenerate: Option<AnalysisRow>,
    /// What an editor asks for this time.
    pub note: Option<String>,
    /// Whether a person asks, so that an answer that was of no use is asked for anew.
    pub by_hand: bool,
}

/// A checked draft with how it came about.
struct Made {
    verified: Verified,
    excerpt: Excerpt,
    provenance: Provenance,
    /// Whether a second model should have judged it and did not answer.
    unjudged: bool,
}

/// An item of the report, and the analysis that it is about.
#[derive(Debug)]
pub struct Written {
    /// What became of the order.
    pub item: Item,
    /// The new revision, or the one that stands.
    pub analysis: Option<Analysis>,
}

impl Pipeline {
    /// Writes an analysis of the story, unless there is nothing new to write.
    pub async fn write(&self, order: Order) -> Written {
        let mut ledger = Ledger::of_feed(order.feed.as_deref());
        let mut item = Item::new(order.input.clone(), Outcome::Failed);
        item.feed.clone_from(&order.feed);
        item.title.clone_from(&order.story.lead().article.title);
        let result = self.write_or_fail(&order, &mut ledger, &mut item).await;
        item.spent = ledger.spent;
        let analysis = match result {
            Ok(analysis) => Some(analysis),
            Err(error) => {
                item.outcome = if error.is_deferred() {
                    Outcome::Deferred
                } else {
                    Outcome::Failed
                };
                item.reason = error.reason();
                item.message = error.to_string();
                item.hint = error.hint();
                item.attention = error.attention();
                item.again = error.again();
                None
            }
        };
        Written { item, analysis }
    }

    async fn write_or_fail(
        &self,
        order: &Order,
        ledger: &mut Ledger,
        item: &mut Item,
    ) -> Result<Analysis, WriteError> {
        let story = &order.story;
        // What was written in one language stays in it.
        let language = match &order.regenerate {
            Some(row) => row.language.clone(),
            None => output_language(&self.settings, &story.lead().article),
        };
        let aliases = aliases(story, &language);
        let known = match &order.regenerate {
            Some(row) => Some(row.clone()),
            None => self.store.find(&aliases).await?,
        };
        if let Some(row) = known
            .as_ref()
            .filter(|row| order.regenerate.is_none() && self.stands(row, story))
        {
            item.outcome = Outcome::Unchanged;
            item.id = Some(row.id.clone());
            item.revision = Some(row.revision);
            return Ok(self.store.revision(&row.id, row.revision).await?);
        }
        for source in story.sources() {
            self.store.put_article(&source.article).await?;
        }

        let made = match &self.engine {
            Engine::Model(model) => {
                let ordinal = order.regenerate.as_ref().map_or(0, |row| row.revision + 1);
                self.by_model(model, order, &language, ordinal, ledger)
                    .await?
            }
            Engine::Extractive => self.by_extraction(order),
        };

        let identity = match known {
            Some(row) => Identity {
                id: row.id,
                slug: row.slug,
                revision: row.revision + 1,
                created: row.created,
            },
            None => Identity {
                id: new_id(story, &language),
                slug: slug(&made.verified.draft().title),
                revision: 1,
                created: self.clock.now(),
            },
        };
        let extractive = made.provenance.engine == EngineKind::Extractive;
        let record = Record::new(Making {
            verified: &made.verified,
            story,
            excerpt: &made.excerpt,
            identity,
            aliases,
            provenance: made.provenance,
            unjudged: made.unjudged,
            house: &self.settings.house,
            disclaimer: if extractive {
                extractive::DISCLAIMER
            } else {
                &self.settings.house.disclaimer
            },
            digital_source_type: if extractive {
                extractive::DIGITAL_SOURCE_TYPE
            } else {
                TRAINED
            },
            publish_extractive: self.settings.extractive.publish,
            now: self.clock.now(),
        });
        let analysis = self
            .store
            .save(record, self.settings.publish.require)
            .await?;
        item.outcome = match analysis.status {
            Status::Ready => Outcome::Saved,
            Status::Held => Outcome::Held,
        };
        item.reason = analysis
            .held_for
            .iter()
            .map(|why| why.as_str())
            .collect::<Vec<_>>()
            .join("+");
        item.message = held_message(&analysis);
        item.id = Some(analysis.id.clone());
        item.revision = Some(analysis.revision);
        item.title = Some(analysis.title.clone());
        Ok(analysis)
    }

    /// Whether the latest revision is all that this engine could write of the story: its
    /// text is the same, and it was not written without a model when now there is one.
    pub(super) fn stands(&self, row: &AnalysisRow, story: &Story) -> bool {
        let better_engine =
            row.engine == EngineKind::Extractive && matches!(self.engine, Engine::Model(_));
        row.story == story_digest(story) && !better_engine
    }

    fn by_extraction(&self, order: &Order) -> Made {
        let story = &order.story;
        let mut draft = extractive::draft(story, &self.settings.house.categories);
        if let Some(category) = &order.category {
            draft.category.clone_from(category);
        }
        let parts = story
            .sources()
            .iter()
            .map(|source| Part {
                blocks: (0..source.article.blocks.len()).collect(),
                tokens: 0,
                share: 1.0,
            })
            .collect();
        let provenance = Provenance {
            engine: EngineKind::Extractive,
            provider: None,
            model_asked: None,
            model_answered: None,
            prompt: None,
            parameters: BTreeMap::new(),
            usage: crate::llm::Usage::default(),
            cost_micro_dollars: Some(0),
            calls: 0,
            repairs: 0,
            completions: Vec::new(),
            judge: None,
            program_version: env!("CARGO_PKG_VERSION").into(),
        };
        // Its sentences are the sources' own; that is what it is held for.
        let verified = verify::check(draft, story, CopyLimits::OFF);
        Made {
            verified,
            excerpt: Excerpt { parts },
            provenance,
            unjudged: false,
        }
    }

    /// What the house wants of an analysis in this language.
    pub(super) fn brief<'a>(
        &'a self,
        model: &ModelEngine,
        language: &'a str,
        note: Option<&'a str>,
    ) -> Brief<'a> {
        let house = &self.settings.house;
        Brief {
            house_style: &house.style,
            categories: &house.categories,
            language,
            note,
            words: house.words,
            max_output_tokens: model.max_output_tokens,
        }
    }

    async fn by_model(
        &self,
        model: &ModelEngine,
        order: &Order,
        language: &str,
        ordinal: u64,
        ledger: &mut Ledger,
    ) -> Result<Made, WriteError> {
        let story = &order.story;
        let brief = self.brief(model, language, order.note.as_deref());
        let limit = model.context_tokens;
        let (prompt, excerpt) =
            fitting_prompt(&self.library, model.tokens, limit, story, &brief).await?;
        let call = Call {
            purpose: match order.regenerate {
                Some(_) => REGENERATED,
                None => "analysis",
            },
            ordinal,
            first: ordinal,
            anew: order.by_hand,
        };
        let mut draft = self
            .first_draft(model, story, language, &prompt, call, ledger)
            .await?;

        if let Some(category) = &order.category {
            draft.category.clone_from(category);
        }
        let mut verified = verify::check(draft, story, self.settings.verify.copy_limits());
        let sources = Sources {
            story,
            excerpt: &excerpt,
            brief: &brief,
        };
        let repairs = self
            .repair(model, sources, &mut verified, ordinal, ledger)
            .await?;
        let judge = match &self.judge {
            Some(judge) => self.judged(judge, &mut verified, ordinal, ledger).await?,
            None => None,
        };
        let unjudged = self.judge.is_some() && judge.is_none();

        let provenance = Provenance {
            engine: EngineKind::Model,
            provider: Some(model.vendor.as_str().to_owned()),
            model_asked: Some(model.model.clone()),
            model_answered: ledger.model_answered.clone(),
            prompt: Some(PromptUsed {
                id: prompt.id.clone(),
                version: prompt.version.clone(),
                digest: prompt.digest.clone(),
            }),
            parameters: self.parameters(&prompt),
            usage: ledger.usage,
            cost_micro_dollars: model.price.map(|price| cost(ledger.usage, price)),
            calls: ledger.keys.len(),
            repairs,
            completions: ledger.keys.clone(),
            judge,
            program_version: env!("CARGO_PKG_VERSION").into(),
        };
        Ok(Made {
            verified,
            excerpt,
            provenance,
            unjudged,
        })
    }

    fn parameters(&self, prompt: &Prompt) -> BTreeMap<String, serde_json::Value> {
        let model = &self.settings.model;
        let mut parameters = BTreeMap::from([(
            "max_output_tokens".to_owned(),
            prompt.max_output_tokens.into(),
        )]);
        if let Some(temperature) = model.temperature {
            parameters.insert("temperature".into(), temperature.into());
        }
        if let Some(seed) = model.seed {
            parameters.insert("seed".into(), seed.into());
        }
        parameters
    }
}

/// The language to write in: the house's, or that of the first source.
pub fn output_language(settings: &Settings, lead: &Article) -> String {
    match settings.house.language.as_str() {
        "source" => lead.language.clone().unwrap_or_else(|| "en".into()),
        language => language.to_owned(),
    }
}

/// The prompt with as much of the story as fits into `context_tokens` beside it and the
/// answer.
pub async fn fitting_prompt(
    library: &Library,
    tokens: Tokens,
    context_tokens: usize,
    story: &Story,
    brief: &Brief<'_>,
) -> Result<(Prompt, Excerpt), WriteError> {
    let frame = prompt::overhead(library, story, brief)?;
    let to_pack = story.clone();
    let answer = brief.max_output_tokens;
    let packed = tokio::task::spawn_blocking(move || {
        let schema = frame.schema.to_string();
        let frame = [frame.system.as_str(), &frame.user, &schema];
        // A token is at least one byte: where the bytes have room, the frame need not be
        // counted, which would take longer than everything else that is done to a prompt.
        let most = tokens.most(frame.iter().map(|part| part.len()).sum()) + answer;
        let used = if most + pack::most(&to_pack, tokens) <= context_tokens {
            most
        } else {
            frame.iter().map(|part| tokens.count(part)).sum::<usize>() + answer
        };
        let budget = context_tokens.saturating_sub(used);
        (budget > 0).then(|| pack::pack(&to_pack, budget, &tokens))
    });
    let excerpt = packed
        .await
        .expect("packing does not panic and is not cancelled");
    let excerpt =
        excerpt.filter(|excerpt| excerpt.parts.iter().any(|part| !part.blocks.is_empty()));
    let excerpt = excerpt.ok_or(WriteError::NoRoom {
        limit: context_tokens,
    })?;
    let prompt = prompt::analysis(library, story, &excerpt, brief)?;
    Ok((prompt, excerpt))
}

/// What is true of a text that a language model wrote, in the words of the IPTC.
const TRAINED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

fn held_message(analysis: &Analysis) -> String {
    let errors = analysis.verification.counts.errors;
    match (analysis.status, errors) {
        (Status::Ready, _) | (Status::Held, 0) => String::new(),
        (Status::Held, 1) => "1 finding of severity error".into(),
        (Status::Held, n) => format!("{n} findings of severity error"),
    }
}

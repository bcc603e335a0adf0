//! Planning: which of the jobs are bought, in a fixed order, however the articles come in.
//! It goes in rounds, so that no page is fetched that the run has no room for, and no more
//! articles are in memory than one round has.

use std::collections::HashMap;

use super::{
    IngestOptions, Pipeline,
    articles::Gathered,
    attempts::settle,
    choice,
    end::End,
    wanted::{TakenUp, Wanted},
    write::output_language,
};
use crate::{
    article::Article,
    report::{Item, Outcome, Progress, Report},
    store::StoreError,
    story::{Story, aliases},
    text::sha256,
};

/// The place of a job that is not on the plan.
const NOT_PLANNED: usize = usize::MAX;

/// Most jobs of one round.
pub(super) const ROUND: usize = 64;

impl Pipeline {
    /// Phases 1 and 2: the jobs that are bought, in the order of `wanted`, however the
    /// articles come in.
    pub(super) async fn plan(
        &self,
        wanted: Vec<Wanted>,
        room: &mut usize,
        options: &IngestOptions,
        end: &End,
        report: &mut Report,
        progress: &Progress,
    ) -> Result<Vec<Wanted>, StoreError> {
        let mut plan = Plan {
            options,
            report: &mut *report,
            progress,
            seen: HashMap::new(),
            room,
            jobs: Vec::new(),
        };
        progress.phase("articles", wanted.len().min(*plan.room));
        let mut wanted = wanted.into_iter();
        while *plan.room > 0 {
            let most = (*plan.room).min(ROUND);
            let round: Vec<Wanted> = wanted.by_ref().take(most).collect();
            if round.is_empty() {
                break;
            }
            let round = self.taken_up(round).await?;
            let gathered = self.gathered(round, options.dry_run, end, progress).await;
            for Gathered { taken, result } in gathered {
                self.planned(taken, result, &mut plan).await?;
            }
        }
        let jobs = plan.jobs;
        let run_limit = ("run_limit", "beyond what one run takes on");
        self.put_off(wanted, run_limit, options, report, progress)
            .await?;
        Ok(jobs)
    }

    /// Puts a job onto the plan, or reports why it is not bought.
    async fn planned(
        &self,
        mut taken: TakenUp,
        result: Result<Article, Box<Item>>,
        plan: &mut Plan<'_>,
    ) -> Result<(), StoreError> {
        let item = match result {
            Err(item) => item,
            Ok(article) => match self.is_new(&mut taken, article, plan).await? {
                Ok(()) => {
                    plan.jobs.push(taken.wanted);
                    return Ok(());
                }
                Err(item) => {
                    if !plan.options.dry_run {
                        settle(&mut taken.job, &item, self.clock.now());
                        self.store
                            .put_jobs(std::slice::from_ref(&taken.job))
                            .await?;
                    }
                    item
                }
            },
        };
        plan.progress.item(&item);
        plan.report.push(&item);
        Ok(())
    }

    /// Whether there is something to buy for the article, or the item that says why not.
    async fn is_new(
        &self,
        taken: &mut TakenUp,
        article: Article,
        plan: &mut Plan<'_>,
    ) -> Result<Result<(), Box<Item>>, StoreError> {
        let feed = &taken.wanted.feed.settings;
        if let Some((reason, message)) = choice::unwanted_article(&article, feed) {
            let item = taken.item(Outcome::Skipped).because(reason, message);
            return Ok(Err(Box::new(item)));
        }
        let language = output_language(&self.settings, &article);
        let story = Story::new(vec![(article, taken.job.retrieved)]);
        let story = story.expect("a story of one article is not empty");
        let names = aliases(&story, &language);
        let known = self.store.find(&names).await?;
        // Digests, since a run may plan thousands.
        let digests: Vec<u64> = names.iter().map(|name| digest(name)).collect();
        let first = digests.iter().find_map(|name| plan.seen.get(name)).copied();
        for name in &digests {
            plan.seen.entry(*name).or_insert(NOT_PLANNED);
        }
        // Of two that are the same, the one that was published first is the original.
        if let Some(planned) = first.and_then(|nth| plan.jobs.get_mut(nth))
            && taken.wanted.published.is_some()
            && taken.wanted.published < planned.published
        {
            std::mem::swap(&mut taken.wanted, planned);
            taken.job = self.job_of(&taken.wanted).await?;
        }
        let mut item = Box::new(taken.item(Outcome::Skipped));
        if first.is_some() {
            let message = "the same article came up in this run already";
            return Ok(Err(Box::new(item.because("duplicate", message))));
        }
        if let Some(title) = &story.lead().article.title {
            item.title = Some(title.clone());
        }
        if let Some(row) = known.filter(|row| self.stands(row, &story)) {
            item.outcome = Outcome::Unchanged;
            item.id = Some(row.id);
            item.revision = Some(row.revision);
            return Ok(Err(item));
        }
        let nth = plan.jobs.len();
        plan.seen
            .extend(digests.into_iter().map(|name| (name, nth)));
        *plan.room -= 1;
        if plan.options.dry_run {
            item.outcome = Outcome::Deferred;
            return Ok(Err(Box::new(self.priced(*item, &story, &language).await)));
        }
        Ok(Ok(()))
    }

    /// The item of a story that would be written, with what that may cost.
    async fn priced(&self, item: Item, story: &Story, language: &str) -> Item {
        let expected = match self.estimate(story, language).await {
            Ok(expected) => expected,
            Err(error) => return item.because(error.reason(), error.to_string()),
        };
        let Some(expected) = expected else {
            return item.because("dry_run", "would be written");
        };
        let message = format!(
            "would be written: 1 call, about {} tokens in and {} out, {}",
            expected.usage.input,
            expected.usage.output,
            expected.cost_in_words()
        );
        let mut item = item.because("dry_run", message);
        item.expected = Some(expected);
        item
    }
}

/// The first eight bytes of a SHA-256: two of a run's names share them once in ten billion runs.
fn digest(name: &str) -> u64 {
    u64::from_str_radix(&sha256(name.as_bytes())[..16], 16).expect("hex digits")
}

/// What planning has so far.
struct Plan<'a> {
    options: &'a IngestOptions,
    report: &'a mut Report,
    progress: &'a Progress,
    /// Digests of the addresses and texts of this run, each with the place in `jobs` of the
    /// job that has it, if it is planned.
    seen: HashMap<u64, usize>,
    /// Analyses that this run may still take on.
    room: &'a mut usize,
    jobs: Vec<Wanted>,
}

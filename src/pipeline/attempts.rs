//! How often a job is tried. An attempt is counted before it begins, so that a page that ends
//! the process (it crashes, or takes all memory) is not tried by every run for ever.

use jiff::Timestamp;

use crate::{
    report::{Again, Item, Outcome},
    store::{Job, JobState},
};

/// How often an entry that failed for a passing reason is tried, or one with which every run
/// was cut off.
const MOST_TRIES: u64 = 5;

/// From so many runs on that were cut off while they worked on a job, nothing else is under
/// way with it: what else was would count as well, and be given up with it.
const SUSPECT: u64 = 2;

/// The outcome of a job while a run works on it. Where a run finds it, an earlier one was cut
/// off there.
const BEGUN: &str = "begun";

/// A run begins to work on the job. To be noted before it does.
pub(super) fn begin(job: &mut Job) {
    job.attempts += 1;
    BEGUN.clone_into(&mut job.outcome);
    job.reason.clear();
}

/// The work on the job has an end, so its attempt does not count.
pub(super) fn came_back(job: &mut Job) {
    if was_begun(job) {
        job.attempts = job.attempts.saturating_sub(1);
        job.outcome.clear();
    }
}

/// Whether a run is at work on the job, or was when it was cut off.
pub(super) fn was_begun(job: &Job) -> bool {
    job.outcome == BEGUN
}

/// Whether it may be this job that cuts runs off.
pub(super) fn is_suspect(job: &Job) -> bool {
    was_begun(job) && job.attempts >= SUSPECT
}

/// Why a job is not tried any more: the named reason and the reason in words.
pub(super) fn given_up(job: &Job) -> Option<(&'static str, String)> {
    let runs = job.attempts;
    let message = || format!("{runs} runs were cut off while they worked on it");
    (was_begun(job) && runs >= MOST_TRIES).then(|| ("cut_off", message()))
}

/// Writes the outcome into the job; one that may have more luck stays open.
pub(super) fn settle(job: &mut Job, item: &Item, now: Timestamp) {
    came_back(job);
    if item.again == Again::Counted {
        job.attempts += 1;
    }
    let done = match item.outcome {
        Outcome::Deferred => false,
        Outcome::Failed | Outcome::Skipped => match item.again {
            Again::No => true,
            Again::Counted => job.attempts >= MOST_TRIES,
            Again::Always => false,
        },
        Outcome::Saved | Outcome::Unchanged | Outcome::Held => true,
    };
    if done {
        job.state = JobState::Done;
    }
    item.outcome.as_str().clone_into(&mut job.outcome);
    job.reason.clone_from(&item.reason);
    job.seen = now;
}

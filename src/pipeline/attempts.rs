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

/// Whether the job was left for the next run, which takes it before others.
pub(super) fn was_put_off(job: &Job) -> bool {
    job.outcome == Outcome::Deferred.as_str() || (was_begun(job) && !job.reason.is_empty())
}

/// Leaves a job for the next run. One with which a run was cut off stays known as that.
pub(super) fn put_off(job: &mut Job, item: &Item, now: Timestamp) {
    if was_begun(job) {
        job.reason.clone_from(&item.reason);
        job.seen = now;
    } else {
        settle(job, item, now);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job::found("http://a.example/feed", "1", Timestamp::UNIX_EPOCH)
    }

    fn item(outcome: Outcome, again: Again) -> Item {
        let mut item = Item::new("", outcome).because("why", "");
        item.again = again;
        item
    }

    #[test]
    fn what_comes_back_counts_only_where_it_failed_for_a_reason_that_may_pass() {
        let now = Timestamp::UNIX_EPOCH;
        let mut job = job();
        for _ in 0..2 * MOST_TRIES {
            begin(&mut job);
            settle(&mut job, &item(Outcome::Failed, Again::Always), now);
        }
        assert_eq!((job.attempts, job.state), (0, JobState::Found));
        for tries in 1..=MOST_TRIES {
            assert_eq!(job.state, JobState::Found);
            begin(&mut job);
            settle(&mut job, &item(Outcome::Failed, Again::Counted), now);
            assert_eq!(job.attempts, tries);
        }
        assert_eq!(job.state, JobState::Done);
        assert!(given_up(&job).is_none());
    }

    #[test]
    fn what_never_came_back_is_known_as_that_also_where_it_was_put_off_since() {
        let mut job = job();
        begin(&mut job);
        assert!(!is_suspect(&job) && !was_put_off(&job));
        put_off(
            &mut job,
            &item(Outcome::Deferred, Again::No),
            Timestamp::UNIX_EPOCH,
        );
        assert!(was_put_off(&job));
        for _ in 1..MOST_TRIES {
            assert!(given_up(&job).is_none());
            begin(&mut job);
            assert!(is_suspect(&job) && !was_put_off(&job));
        }
        let (reason, message) = given_up(&job).unwrap_or_default();
        assert_eq!(reason, "cut_off");
        assert!(message.starts_with("5 runs"), "{message}");
        came_back(&mut job);
        assert!(given_up(&job).is_none() && !is_suspect(&job));
    }
}

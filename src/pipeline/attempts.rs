//! How often a job is tried. A run notes that it begins to work on a job before it does, so
//! that a page that ends the process (it crashes, or takes all memory) is not tried by every
//! run for ever.

use jiff::{SignedDuration, Timestamp};

use crate::{
    report::{Again, Item, Outcome},
    store::{Job, JobState},
};

/// How often an entry that failed for a passing reason is tried.
const MOST_TRIES: u64 = 5;

/// How many runs may be cut off while they work on a job, …
const MOST_CUT_OFF: u64 = 5;

/// … and for how long it is tried all the same: runs that are killed within an hour say more
/// of whoever kills them than of the page.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// From so many runs on that were cut off while they worked on a job, it comes last and alone:
/// all else is done by then, and what else was under way would be given up with it.
const SUSPECT: u64 = 2;

/// A run begins to work on the job. To be noted before it does.
pub(super) fn begin(job: &mut Job) {
    job.begun += 1;
}

/// The work on the job has come to an end, whatever it is.
pub(super) fn came_back(job: &mut Job) {
    job.begun = 0;
}

/// Whether it may be this job that cuts runs off.
pub(super) fn is_suspect(job: &Job) -> bool {
    job.begun >= SUSPECT
}

/// Why a job is not tried any more: the named reason and the reason in words.
pub(super) fn given_up(job: &Job, now: Timestamp) -> Option<(&'static str, String)> {
    let runs = job.begun;
    let is_given_up = runs >= MOST_CUT_OFF && now.duration_since(job.found) >= TRIED_FOR;
    let message = || format!("{runs} runs were cut off while they worked on it");
    is_given_up.then(|| ("cut_off", message()))
}

/// Writes the outcome of a job that was worked on; one that may have more luck stays open.
pub(super) fn settle(job: &mut Job, item: &Item, now: Timestamp) {
    came_back(job);
    note(job, item, now);
}

/// Writes an outcome into the job that came without working on it.
pub(super) fn note(job: &mut Job, item: &Item, now: Timestamp) {
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
    fn only_a_failure_that_is_its_own_and_may_pass_counts_as_a_try() {
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
        assert_eq!((job.state, job.begun), (JobState::Done, 0));
    }

    #[test]
    fn what_never_came_back_is_known_as_that_also_where_it_was_put_off_since() {
        let now = Timestamp::UNIX_EPOCH;
        let later = now + TRIED_FOR;
        let mut job = job();
        for _ in 0..MOST_CUT_OFF {
            assert!(given_up(&job, later).is_none());
            begin(&mut job);
            note(&mut job, &item(Outcome::Deferred, Again::No), now);
        }
        assert!(is_suspect(&job));
        assert!(given_up(&job, now).is_none());
        let (reason, message) = given_up(&job, later).unwrap_or_default();
        assert_eq!(reason, "cut_off");
        assert!(message.starts_with("5 runs"), "{message}");
        settle(&mut job, &item(Outcome::Deferred, Again::No), now);
        assert!(given_up(&job, later).is_none() && !is_suspect(&job));
    }
}

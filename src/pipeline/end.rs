//! When a run ends: at its deadline or when somebody asks, and how long it then still
//! waits for what is under way.

use std::{future::Future, time::Duration};

use tokio::{sync::watch, time::Instant};

/// Says that the run should end: nothing new is bought, what was bought is saved.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Asks the run to end.
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    /// Whether the run was asked to end.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the run is asked to end.
    async fn wait(&self) {
        let mut receiver = self.0.subscribe();
        // The sender is this one, so it is still there.
        let _ = receiver.wait_for(|set| *set).await;
    }
}

/// The end of a phase.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// When nothing new is begun any more.
    pub(super) at: Instant,
    /// How much longer what is under way may take.
    pub(super) grace: Duration,
    pub(super) stop: Stop,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Somebody asked.
    Interrupted,
    /// The time was over.
    Deadline,
}

impl Ended {
    /// The named reason for reports.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Deadline => "deadline",
        }
    }

    /// The reason in words.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Interrupted => "the run was asked to end",
            Self::Deadline => "the time of the run was over",
        }
    }
}

impl End {
    /// Why nothing new is begun any more, once that is so.
    pub(super) fn has_come(&self) -> Option<Ended> {
        if self.stop.is_set() {
            Some(Ended::Interrupted)
        } else if Instant::now() >= self.at {
            Some(Ended::Deadline)
        } else {
            None
        }
    }

    /// Waits until nothing under way is waited for any more.
    pub(super) async fn over(&self) -> Ended {
        tokio::select! {
            () = self.stop.wait() => {
                tokio::time::sleep(self.grace).await;
                Ended::Interrupted
            }
            () = tokio::time::sleep_until(self.at + self.grace) => Ended::Deadline,
        }
    }

    /// What `work` gives, unless the end has come before it begins or is over before it is
    /// done.
    pub(super) async fn bound<T>(&self, work: impl Future<Output = T>) -> Result<T, Ended> {
        if let Some(ended) = self.has_come() {
            return Err(ended);
        }
        tokio::select! {
            done = work => Ok(done),
            ended = self.over() => Err(ended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_gets_its_grace_and_no_more() {
        let stop = Stop::default();
        let end = End {
            at: Instant::now() + Duration::from_mins(1),
            grace: Duration::from_secs(10),
            stop: stop.clone(),
        };
        let work = |seconds| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            seconds
        };
        assert_eq!(end.bound(work(65)).await, Ok(65));
        assert_eq!(end.bound(work(1)).await, Err(Ended::Deadline));
        let end = End {
            at: Instant::now() + Duration::from_mins(1),
            ..end
        };
        assert_eq!(end.bound(work(100)).await, Err(Ended::Deadline));
        let end = End {
            at: Instant::now() + Duration::from_mins(1),
            ..end
        };
        let asked = async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            stop.set();
        };
        let (outcome, ()) = tokio::join!(end.bound(work(16)), asked);
        assert_eq!(outcome, Err(Ended::Interrupted));
        assert_eq!(end.has_come(), Some(Ended::Interrupted));
    }
}

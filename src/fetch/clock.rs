//! The two clocks: the machine's, and that of a recording.

use std::time::Duration;

use futures::future::{self, BoxFuture};
use jiff::Timestamp;

use super::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// A clock that stands still at the time of a recording and waits for nothing.
#[derive(Clone, Copy, Debug)]
pub struct ReplayClock {
    now: Timestamp,
}

impl ReplayClock {
    /// A clock that stands at `recorded_at`.
    pub fn new(recorded_at: Timestamp) -> Self {
        Self { now: recorded_at }
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(future::ready(()))
    }
}

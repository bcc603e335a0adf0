//! Stops the buying of a run after several failures in a row that the next call would
//! only repeat: a refused key, a used-up quota, a server that is down.

use std::sync::Mutex;

/// Failures in a row after which nothing more is bought.
const LIMIT: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Breaker {
    row: Mutex<Row>,
}

#[derive(Debug, Default)]
struct Row {
    failures: usize,
    reason: String,
}

impl Breaker {
    /// A call went through.
    pub(super) fn success(&self) {
        self.with(|row| row.failures = 0);
    }

    /// A call failed in a way that the next one would repeat.
    pub(super) fn failure(&self, reason: &str) {
        self.with(|row| {
            row.failures += 1;
            reason.clone_into(&mut row.reason);
        });
    }

    /// Why nothing more is bought, once that is so.
    pub(super) fn open(&self) -> Option<String> {
        self.with(|row| (row.failures >= LIMIT).then(|| row.reason.clone()))
    }

    fn with<T>(&self, f: impl FnOnce(&mut Row) -> T) -> T {
        f(&mut self.row.lock().expect("no holder of this lock can panic"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_in_a_row_stop_the_buying() {
        let breaker = Breaker::default();
        for _ in 0..5 {
            breaker.failure("quota");
            breaker.failure("quota");
            breaker.success();
        }
        assert_eq!(breaker.open(), None);
        for _ in 0..LIMIT {
            breaker.failure("refused_key");
        }
        assert_eq!(breaker.open().as_deref(), Some("refused_key"));
    }
}

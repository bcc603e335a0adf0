//! How much of the sources one check may look at: a hostile text can ask for every place
//! of a word as often as it has the word itself, which is quadratic.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Steps that a check has taken, such as places of a word or cells of an alignment. Checks
/// that run at once against the same sources share them.
#[derive(Debug, Default)]
pub(in crate::verify) struct Work(AtomicUsize);

impl Work {
    /// A check of a long analysis against ten articles takes a hundredth of it; as many
    /// steps take about a tenth of a second.
    pub(in crate::verify) const MOST: usize = if cfg!(test) {
        // So that hostile texts of the tests need not be long.
        1_000_000
    } else {
        20_000_000
    };
    /// What is looked at in one go when all steps are used up.
    const FEW: usize = 30;

    /// Begins a check.
    pub(in crate::verify) fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Takes so many steps, or none and says `false` where fewer are left.
    pub(in crate::verify) fn take(&self, steps: usize) -> bool {
        let enough = self.taken().saturating_add(steps) <= Self::MOST;
        if enough {
            self.add(steps);
        }
        enough
    }

    /// Adds steps that were taken unasked.
    pub(in crate::verify) fn add(&self, steps: usize) {
        let taken = self.taken().saturating_add(steps);
        self.0.store(taken, Ordering::Relaxed);
    }

    /// Whether all steps are taken.
    pub(in crate::verify) fn is_used_up(&self) -> bool {
        self.taken() >= Self::MOST
    }

    /// The steps taken so far.
    pub(in crate::verify) fn taken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// The same for what is not yet at hand: each is a step when it is taken.
    pub(in crate::verify) fn counted<T>(
        &self,
        all: impl Iterator<Item = T>,
    ) -> impl Iterator<Item = T> {
        let taken = all.enumerate().take_while(|(nth, _)| {
            let may = *nth < Self::FEW || !self.is_used_up();
            self.add(1);
            may
        });
        taken.map(|(_, one)| one)
    }

    /// What may be looked at of `all`: everything, or the first few when not so many steps
    /// are left.
    pub(in crate::verify) fn share<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        if self.take(all.len()) {
            return all;
        }
        let some = &all[..all.len().min(Self::FEW)];
        self.add(some.len());
        some
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_is_shown_when_all_steps_are_used_up() {
        let work = Work::default();
        let all = [0; 1_000];
        assert_eq!(work.share(&all).len(), 1_000);
        assert!(work.take(Work::MOST - 1_000));
        assert_eq!(work.share(&all).len(), Work::FEW);
        assert!(!work.take(1));
        assert!(work.taken() > Work::MOST);
        work.begin();
        assert_eq!(work.share(&all).len(), 1_000);
    }
}

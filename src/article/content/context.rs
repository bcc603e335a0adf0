//! A second look at each block, with what the first look made of all the others: of
//! its neighbours, of the elements around it, of the blocks that are marked up alike.

use foldhash::{HashMap, HashMapExt as _};

use crate::article::page::{
    blocks::Raw,
    dom::{Id, Tree},
};

/// How many numbers the second look adds.
pub(crate) const COUNT: usize = 32;

/// No block counts for more than this.
const CAP: usize = 600;
/// More blocks than this before or after the article's are all alike.
const FAR: usize = 40;
/// So many neighbours on each side are looked at together.
const NEAR: usize = 6;

/// Weight of blocks, and how much of it the first look takes for the article.
#[derive(Clone, Copy, Default)]
struct Mass {
    weight: f32,
    taken: f32,
    blocks: f32,
    probability: f32,
}

impl Mass {
    fn of(block: &Raw, probability: f32) -> Self {
        let weight = block.weight.clamp(1, CAP) as f32;
        Self {
            weight,
            taken: weight * probability,
            blocks: 1.0,
            probability,
        }
    }

    fn add(&mut self, other: Self) {
        self.weight += other.weight;
        self.taken += other.taken;
        self.blocks += other.blocks;
        self.probability += other.probability;
    }

    /// The share that is taken of what is left without `own`.
    fn share_without(self, own: Self) -> f32 {
        let weight = self.weight - own.weight;
        if weight > 0.5 {
            (self.taken - own.taken) / weight
        } else {
            -1.0
        }
    }
}

/// The numbers of the second look; `paths` says which blocks are marked up alike and
/// `first` what the first look made of each.
pub(crate) fn rows(
    tree: &Tree<'_>,
    all: &[Raw],
    paths: &[u64],
    first: &[f32],
) -> Vec<[f32; COUNT]> {
    let own: Vec<Mass> = all
        .iter()
        .zip(first)
        .map(|(block, &probability)| Mass::of(block, probability))
        .collect();
    let mut inside = vec![Mass::default(); tree.len()];
    let mut alike: HashMap<u64, Mass> = HashMap::new();
    let mut before = Vec::with_capacity(all.len() + 1);
    before.push(0.0);
    for ((block, path), mass) in all.iter().zip(paths).zip(&own) {
        inside[block.holder].add(*mass);
        alike.entry(*path).or_default().add(*mass);
        before.push(before[before.len() - 1] + mass.taken);
    }
    for id in (1..tree.len()).rev() {
        let mass = inside[id];
        if mass.blocks > 0.0 {
            inside[tree.node(id).parent].add(mass);
        }
    }
    let whole = inside.first().map_or(0.0, |mass| mass.taken).max(1e-6);
    let best = best(&inside);
    let best_end = tree.node(best).end;
    let taken = |probability: &f32| *probability > 0.5;
    let begins = first.iter().position(taken).unwrap_or(0);
    let ends = first
        .iter()
        .rposition(taken)
        .unwrap_or(all.len().saturating_sub(1));

    let mut rows = Vec::with_capacity(all.len());
    for (at, block) in all.iter().enumerate() {
        let mut row = [0.0; COUNT];
        let mut next = 0;
        let mut put = |value: f32| {
            row[next] = value;
            next += 1;
        };
        put(first[at]);
        for back in 1..=3 {
            put(at.checked_sub(back).map_or(-1.0, |at| first[at]));
        }
        for ahead in 1..=3 {
            put(first.get(at + ahead).copied().unwrap_or(-1.0));
        }
        let mut id = block.holder;
        for _ in 0..5 {
            put(inside[id].share_without(own[at]));
            put(inside[id].taken / whole);
            if tree.node(id).parent != 0 {
                id = tree.node(id).parent;
            }
        }
        let group = alike.get(&paths[at]).copied().unwrap_or_default();
        put(group.share_without(own[at]));
        put(group.taken / whole);
        put((group.blocks + 1.0).ln());
        put(if group.blocks > 1.5 {
            (group.probability - first[at]) / (group.blocks - 1.0)
        } else {
            -1.0
        });
        put(before[at] / whole);
        put((before[all.len()] - before[at + 1]) / whole);
        put(distance(at, begins));
        put(distance(ends, at));
        put(f32::from(u8::from(
            best <= block.first && block.first < best_end,
        )));
        put(whole.min(20_000.0));
        let back = &first[at.saturating_sub(NEAR)..at];
        let ahead = &first[at + 1..(at + 1 + NEAR).min(first.len())];
        put(mean(back));
        put(mean(ahead));
        put(most(back));
        put(most(ahead));
        put(inside[best].taken / whole);
        debug_assert_eq!(next, COUNT);
        rows.push(row);
    }
    rows
}

/// The element that holds most of what is taken and least else.
fn best(inside: &[Mass]) -> Id {
    let worth = |mass: &Mass| 2.0 * mass.taken - mass.weight;
    let mut best = 0;
    for (id, mass) in inside.iter().enumerate() {
        if mass.blocks > 0.0 && worth(mass) >= worth(&inside[best]) {
            best = id;
        }
    }
    best
}

/// How many blocks `to` lies before `at`, within bounds.
#[expect(clippy::cast_possible_wrap, reason = "there are far fewer blocks")]
fn distance(at: usize, to: usize) -> f32 {
    let far = FAR as i64;
    (at as i64 - to as i64).clamp(-far, far) as f32
}

fn mean(values: &[f32]) -> f32 {
    if values.is_empty() {
        return -1.0;
    }
    values.iter().sum::<f32>() / values.len() as f32
}

fn most(values: &[f32]) -> f32 {
    values.iter().copied().fold(-1.0, f32::max)
}

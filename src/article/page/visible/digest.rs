//! Tags, ids and classes as numbers, so that most rules are ruled out for most elements
//! without a comparison of names. Two names may share a number: what is found by one
//! is then compared in full.

use html5ever::local_name;

use super::super::dom::{Id, Tree};

/// What a selector's last part surely asks for, to find it by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key<'k> {
    Id(&'k str),
    Class(&'k str),
    Tag(&'k str),
    All,
}

impl Key<'_> {
    /// A number that stands for it; two may share one.
    pub(super) fn digest(self) -> u32 {
        let (kind, name) = match self {
            Key::Id(name) => (1, name),
            Key::Class(name) => (2, name),
            Key::Tag(name) => (3, name),
            Key::All => (4, ""),
        };
        // FNV-1a.
        name.bytes().fold(0x811C_9DC5 ^ kind, |digest: u32, byte| {
            (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }
}

/// What an element and those around it are, as a set of digests that may claim to hold
/// one that it does not.
#[derive(Clone, Copy, Default)]
pub(super) struct Filter([u64; 8]);

impl Filter {
    pub(super) fn add(&mut self, digest: u32) {
        self.0[digest as usize / 64 % 8] |= 1 << (digest % 64);
    }

    pub(super) fn has(&self, digest: u32) -> bool {
        self.0[digest as usize / 64 % 8] >> (digest % 64) & 1 == 1
    }
}

/// What the elements of a page are, as digests, and all of them together.
pub(super) struct Digests {
    /// The digests of all elements, in document order.
    all: Vec<u32>,
    /// Where those of each node end.
    ends: Vec<u32>,
    /// A bit for each digest.
    present: Vec<u64>,
}

/// Words of 64 bits in [`Digests::present`].
const PRESENT: usize = 512;

impl Digests {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut digests = Self {
            all: Vec::with_capacity(tree.len() * 2),
            ends: Vec::with_capacity(tree.len()),
            present: vec![0; PRESENT],
        };
        for id in 0..tree.len() {
            if let Some(element) = tree.element(id) {
                let all = &mut digests.all;
                all.push(Key::All.digest());
                all.push(Key::Tag(element.name()).digest());
                for (name, value) in &element.attrs {
                    match name.local {
                        local_name!("id") => all.push(Key::Id(value).digest()),
                        local_name!("class") => all.extend(
                            value
                                .split_ascii_whitespace()
                                .map(|class| Key::Class(class).digest()),
                        ),
                        _ => {}
                    }
                }
            }
            digests
                .ends
                .push(u32::try_from(digests.all.len()).unwrap_or(u32::MAX));
        }
        for &digest in &digests.all {
            digests.present[digest as usize / 64 % PRESENT] |= 1 << (digest % 64);
        }
        digests
    }

    /// What the element at `id` is.
    pub(super) fn of_node(&self, id: Id) -> &[u32] {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[id] as usize]
    }

    /// Whether an element of the page may be this.
    pub(super) fn has(&self, digest: u32) -> bool {
        self.present[digest as usize / 64 % PRESENT] >> (digest % 64) & 1 == 1
    }
}

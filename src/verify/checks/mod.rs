//! The checks, one file each: what a text says, held against what its sources say.

pub(in crate::verify) mod addresses;
mod align;
pub(in crate::verify) mod attribution;
mod clause;
mod clubs;
pub(in crate::verify) mod copying;
mod counted;
pub(in crate::verify) mod coverage;
pub(in crate::verify) mod dates;
pub(in crate::verify) mod denied;
pub(in crate::verify) mod echo;
mod implied;
mod matching;
pub(in crate::verify) mod names;
pub(in crate::verify) mod naming;
pub(in crate::verify) mod numbers;
pub(in crate::verify) mod outlets;
mod parts;
mod persons;
mod pieces;
pub(in crate::verify) mod placement;
pub(in crate::verify) mod polarity;
pub(in crate::verify) mod quotes;
mod stretch;

//! The checks, one file each: what a text says, held against what its sources say.

mod align;
pub(in crate::verify) mod copying;
mod counted;
pub(in crate::verify) mod dates;
pub(in crate::verify) mod names;
pub(in crate::verify) mod naming;
pub(in crate::verify) mod numbers;
pub(in crate::verify) mod quotes;

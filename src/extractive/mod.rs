//! An analysis written without a model, from the sources' own sentences.

pub(crate) mod rank;

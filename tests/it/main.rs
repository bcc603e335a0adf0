//! Prism as a whole, from outside.

mod pages;

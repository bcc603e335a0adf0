//! The program as its users run it: one module a subject.
//!
//! No test opens a socket except to a server that it started itself on loopback, and
//! none needs a key.

#![expect(clippy::unwrap_used, reason = "a failed test should panic")]

mod common;

mod checked;
mod demo;
mod doctor;
mod ends;
mod extract;
mod gate;
mod given_up;
mod init;
mod inputs;
mod judge;
mod killed;
mod models;
mod money;
mod pages;
mod prune;
mod reported;
mod sites;
mod tidy;
mod unchanged;

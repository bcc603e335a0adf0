//! `prism schema`: the JSON Schema (2020-12) of what is stored.

use super::{Exit, Failure, output};
use crate::analysis::Analysis;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<Exit, Failure> {
    let schema = Analysis::schema_document();
    output::print(&format!("{schema:#}\n"))?;
    Ok(Exit::Done)
}

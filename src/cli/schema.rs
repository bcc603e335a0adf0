//! `prism schema`: the JSON Schema (2020-12) of what is stored, and of what is reported.

use clap::ValueEnum;

use super::{Exit, Failure, output};
use crate::{analysis::Analysis, report::ReportDocument};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of which document
    #[arg(value_enum, default_value = "analysis")]
    document: Document,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Document {
    /// What is stored: `prism.analysis/1`
    Analysis,
    /// What `prism ingest --report` writes: `prism.report/1`
    Report,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let schema = match args.document {
        Document::Analysis => Analysis::schema_document(),
        Document::Report => ReportDocument::schema_document(),
    };
    output::print(&format!("{schema:#}\n"))?;
    Ok(Exit::Done)
}

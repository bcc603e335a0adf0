//! What was typed: the arguments, one file per command, and the exit codes.
//!
//! stdout is data, stderr is talk. A command turns its arguments into calls of the other
//! modules and prints what they give; it decides nothing about articles or analyses.

mod analyze;
mod context;
mod costs;
mod doctor;
mod exit;
mod extract;
pub mod feeds;
mod ingest;
mod init;
mod log;
mod output;
mod prompts;
mod prune;
mod regenerate;
mod schema;
mod stored;
mod verify;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use context::Context;
pub use exit::{Exit, Failure, no_runtime};

/// Reads news, has analyses written, and checks each claim against its sources.
#[derive(Debug, Parser)]
#[command(name = "prism", version, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// The flags that every command takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Global {
    /// The settings file [default: prism.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where documents and state are kept [default: prism-data]
    #[arg(long, global = true, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Keep every exchange in this folder
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Serve every exchange from this folder; no socket is opened
    #[arg(long, global = true, value_name = "DIR")]
    replay: Option<PathBuf>,
    /// Prompts that replace the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    prompts: Option<PathBuf>,
    /// How stderr speaks: lines for people, or one JSON object a line
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: log::LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One run over the configured feeds
    Ingest(ingest::Args),
    /// Analyses of these pages, now
    Analyze(analyze::Args),
    /// A new revision from the stored source text
    Regenerate(regenerate::Args),
    /// The article alone
    Extract(extract::Args),
    /// Checks any text against any sources
    Verify(verify::Args),
    /// The analyses of the store
    List(stored::ListArgs),
    /// One analysis of the store
    Show(stored::ShowArgs),
    /// What was spent on models
    Costs(costs::Args),
    /// The JSON Schema of what is stored, or of the report of a run
    Schema(schema::Args),
    /// Writes a commented settings file
    Init(init::Args),
    /// What is set up, what is missing, and whether the store is whole
    Doctor(doctor::Args),
    /// Forgets what is no longer needed; never an analysis
    Prune(prune::Args),
    /// The prompts
    Prompts(prompts::Args),
    /// Help around feeds
    Feeds(feeds::Args),
}

/// How an analysis is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AnalysisFormat {
    /// For reading on a terminal
    Text,
    /// Markdown
    Markdown,
    /// A page of its own
    Html,
    /// The document, one line each
    Json,
}

/// How a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For reading on a terminal
    Text,
    /// JSON Lines
    Json,
}

/// Runs the command.
pub async fn run(args: Args) -> Result<Exit, Failure> {
    let context = Context::new(args.global);
    match args.command {
        Command::Ingest(args) => ingest::run(&context, args).await,
        Command::Analyze(args) => analyze::run(&context, args).await,
        Command::Regenerate(args) => regenerate::run(&context, args).await,
        Command::Extract(args) => extract::run(&context, args).await,
        Command::Verify(args) => verify::run(&context, &args),
        Command::List(args) => stored::list(&context, args).await,
        Command::Show(args) => stored::show(&context, args).await,
        Command::Costs(args) => costs::run(&context, args).await,
        Command::Schema(args) => schema::run(&args),
        Command::Init(args) => init::run(&context, &args),
        Command::Doctor(args) => doctor::run(&context, args).await,
        Command::Prune(args) => prune::run(&context, args).await,
        Command::Prompts(args) => prompts::run(&context, args).await,
        Command::Feeds(args) => feeds::run(args),
    }
}

/// Makes the log, in the form that was asked for.
pub fn init_log(args: &Args) {
    log::init(args.global.log_format);
}

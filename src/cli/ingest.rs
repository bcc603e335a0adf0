//! `prism ingest`: one cron run over the configured feeds.

use std::path::PathBuf;

use url::Url;

use super::{Context, Exit, Failure, ListFormat, context::Unset, output};
use crate::{
    pipeline::IngestOptions,
    report::{Progress, Report},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feed to read instead of the configured ones; may be given several times
    #[arg(long = "feed", value_name = "URL")]
    feeds: Vec<Url>,
    /// Most analyses of this run
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Say what would be written, and write no analysis
    #[arg(long)]
    dry_run: bool,
    /// Write a report of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// `json` prints each item to stdout as one line
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let settings = context.settings(Vec::new())?;
    if args.feeds.is_empty() && settings.feeds.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "no feeds are configured",
            Some(
                "put `[[feeds]]` with `url = \"…\"` into prism.toml, or name one with `--feed`"
                    .into(),
            ),
        ));
    }
    let pipeline = context.pipeline(settings, Unset::Refuse).await?;
    let lock = pipeline.store.lock()?;
    if lock.was_cut_off() {
        output::say("the run before this one was cut off: going on where it was\n");
    }
    pipeline.store.repair(pipeline.clock.now()).await?;
    let options = IngestOptions {
        feeds: args.feeds,
        limit: args.limit,
        dry_run: args.dry_run,
    };
    let report = pipeline.ingest(&options, &Progress::new()).await?;

    if args.format == ListFormat::Json {
        for item in report.failed_feeds.iter().chain(&report.items) {
            output::json_line(item)?;
        }
    }
    output::say(&report.summary());
    if let Some(path) = &args.report {
        std::fs::write(path, report.to_json())
            .map_err(|error| Failure::io("write", path, &error))?;
    }
    let exit = exit(
        &report,
        pipeline.stop.is_set(),
        &pipeline.settings.run.attention,
    );
    pipeline.store.close().await;
    lock.release()?;
    Ok(exit)
}

fn exit(report: &Report, interrupted: bool, attention: &[crate::settings::Attention]) -> Exit {
    if interrupted {
        Exit::Interrupted
    } else if report.feeds_read == 0 {
        Exit::Nothing
    } else if report.needs_attention(attention) {
        Exit::Attention
    } else {
        Exit::Done
    }
}

//! `prism ingest`: one cron run over the configured feeds.

use std::path::{Path, PathBuf};

use url::Url;

use super::{Context, Exit, Failure, ListFormat, context::Unset, output};
use crate::{
    pipeline::IngestOptions,
    report::{Ended, Items, Progress, Report},
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
    if let Some(path) = &args.report {
        // Said before anything is bought, not after.
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        if path.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(Failure::new(
                Exit::Usage,
                format!("`--report {}` cannot be written", path.display()),
                Some("name a file in a folder that is there".into()),
            ));
        }
    }
    let pipeline = context.pipeline(settings, Unset::Refuse).await?;
    let lock = pipeline.store.lock()?;
    if lock.was_cut_off() {
        output::say("the run before this one was cut off: going on where it was\n");
    }
    let options = IngestOptions {
        feeds: args.feeds,
        limit: args.limit,
        dry_run: args.dry_run,
    };
    let mut report = Report::new(pipeline.clock.now(), pipeline.engine.to_string());
    if args.report.is_some() || args.format == ListFormat::Json {
        report = report.keeping(Items::new(pipeline.store.scratch()?));
    }
    let ran = match pipeline.store.repair(pipeline.clock.now()).await {
        Ok(()) => {
            pipeline
                .ingest(&options, &Progress::new(), &mut report)
                .await
        }
        Err(error) => Err(error),
    };
    let failure = ran.err().map(Failure::from);
    let mut exit = match &failure {
        Some(failure) => failure.exit(),
        None => exit(
            &report,
            pipeline.stop.is_set(),
            &pipeline.settings.run.attention,
        ),
    };
    let ended = Ended {
        at: pipeline.clock.now(),
        exit_code: exit as u8,
        error: failure.as_ref().map(Failure::run_error),
    };
    let ended_at = ended.at;
    if let Some(path) = &args.report
        && let Err(error) = output::replace_file(path, |file| report.document(ended)?.write(file))
    {
        let path = path.display();
        output::say(&format!(
            "warning: cannot write the report `{path}`: {error}\n"
        ));
        if exit == Exit::Done {
            exit = Exit::Attention;
        }
    }
    output::summary(&report, exit, ended_at);
    pipeline.store.close().await;
    lock.release()?;
    if args.format == ListFormat::Json {
        for feed in report.failed_feeds() {
            output::json_line(feed)?;
        }
        print_items(&mut report)?;
    }
    failure.map_or(Ok(exit), Err)
}

/// Prints each item as one line of JSON.
fn print_items(report: &mut Report) -> Result<(), Failure> {
    let not_read = |error: std::io::Error| {
        let message = format!("cannot read what was kept of the items: {error}");
        Failure::new(Exit::Nothing, message, None)
    };
    let Some(items) = report.items().map_err(not_read)? else {
        return Ok(());
    };
    for line in items.lines().map_err(not_read)? {
        output::print(&(line.map_err(not_read)? + "\n"))?;
    }
    Ok(())
}

fn exit(report: &Report, interrupted: bool, attention: &[crate::settings::Attention]) -> Exit {
    if interrupted {
        Exit::Interrupted
    } else if report.feeds_read() == 0 {
        Exit::Nothing
    } else if report.needs_attention(attention) {
        Exit::Attention
    } else {
        Exit::Done
    }
}

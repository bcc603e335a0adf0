//! `prism extract`: the article alone, one object for each input, in their order.

use clap::ValueEnum;
use futures::{StreamExt, stream};
use serde_json::json;

use super::{Context, Exit, Failure, context::Network, output};
use crate::{
    article::{Explanation, Reading, snapshot},
    pipeline::{
        Concurrency, gather,
        gather::{GatherError, Input},
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses, files (also `.gz`), or `-` for standard input
    #[arg(required = true, value_name = "URL|FILE|-")]
    inputs: Vec<String>,
    /// Where a single file came from
    #[arg(long, value_name = "URL")]
    url: Option<url::Url>,
    /// How the articles are printed
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Show which element won, and for each block of the page why it was taken or cut:
    /// as `explanation` in JSON, on standard error with the other formats
    #[arg(long)]
    explain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line each, with everything
    Json,
    /// The text alone
    Text,
    /// Title and text
    Markdown,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if args.url.is_some() && args.inputs.len() > 1 {
        return Err(Failure::new(
            Exit::Usage,
            "`--url` is for a single file",
            None,
        ));
    }
    let settings = context.settings(Vec::new())?;
    let sites = &context.sites(&settings)?;
    let Network { client, clock } = &context.network(&settings)?;
    let said_url = args.url.as_ref();
    let max_bytes = settings.fetch.max_bytes;
    let mut readings = stream::iter(args.inputs.iter())
        .map(|typed| async move {
            let read = async {
                let input = Input::parse(typed)?;
                let page =
                    gather::page(&input, said_url, client, clock.as_ref(), max_bytes).await?;
                let (reading, account) = if args.explain {
                    gather::explained(page, sites).await
                } else {
                    (gather::reading(page, sites).await, None)
                };
                let reading = input.whole(reading, client, sites).await;
                Ok((reading, account))
            };
            (typed, read.await)
        })
        .buffered(Concurrency::new(&settings, context.is_replay()).fetches);

    let (mut all, mut bad) = (0, 0);
    while let Some((typed, reading)) = readings.next().await {
        all += 1;
        bad += usize::from(reading.is_err());
        print(typed, reading, args.format)?;
    }
    Ok(match bad {
        0 => Exit::Done,
        _ if bad == all => Exit::Nothing,
        _ => Exit::Attention,
    })
}

fn print(
    typed: &str,
    read: Result<(Reading, Option<Explanation>), GatherError>,
    format: Format,
) -> Result<(), Failure> {
    match (read, format) {
        (Ok((reading, account)), Format::Json) => {
            let mut object = snapshot::extract_object(typed, &reading);
            if let Some(account) = account {
                object["explanation"] = json!(account);
            }
            output::json_line(&object)
        }
        (Ok((reading, account)), format) => {
            if let Some(account) = account {
                output::say(&account.to_string());
            }
            match format {
                Format::Markdown => output::print(&snapshot::to_markdown(&reading.article)),
                _ => output::print(&format!("{}\n", reading.article.text)),
            }
        }
        (Err(error), format) => {
            if format == Format::Json {
                output::json_line(&json!({ "input": typed, "error": error.to_string() }))?;
            }
            output::say(&format!("error: {error}\n"));
            if let Some(hint) = error.hint() {
                output::say(&format!("hint: {hint}\n"));
            }
            Ok(())
        }
    }
}

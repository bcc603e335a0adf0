//! `prism analyze`: analyses of these pages, now.

use std::collections::HashSet;

use futures::{StreamExt, stream};
use url::Url;

use super::{AnalysisFormat, Context, Exit, Failure, context::Unset, output, stored};
use crate::{
    analysis::document::Status,
    article::Article,
    pipeline::{Order, Pipeline, Written, gather, gather::Input},
    report::{Item, Outcome, Progress, Report},
    story::Story,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses, files, or `-` for standard input
    #[arg(required = true, value_name = "URL|FILE")]
    inputs: Vec<String>,
    /// Where a single file came from
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// One analysis of all inputs together
    #[arg(long)]
    together: bool,
    /// Exit with 4 when an analysis is held
    #[arg(long)]
    strict: bool,
    /// How the analyses are shown
    #[arg(long, value_enum, default_value = "text")]
    format: AnalysisFormat,
}

/// An article of the command line, or what became of it already.
type Gathered = Result<(String, Article, jiff::Timestamp), Box<Item>>;

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if args.url.is_some() && args.inputs.len() > 1 {
        return Err(Failure::new(
            Exit::Usage,
            "`--url` is for a single file",
            None,
        ));
    }
    let pipeline = context
        .pipeline(context.settings(Vec::new())?, Unset::LookAround)
        .await?;
    let progress = Progress::new();
    let mut report = Report::new(pipeline.clock.now(), pipeline.engine.to_string());
    progress.phase("articles", args.inputs.len());
    let gathered: Vec<Gathered> = stream::iter(args.inputs.iter())
        .map(|typed| article(&pipeline, typed, args.url.as_ref()))
        .buffered(pipeline.concurrency.fetches)
        .collect()
        .await;

    let (orders, refused) = orders(gathered, args.together);
    for item in refused {
        progress.item(&item);
        report.push(&item);
    }
    progress.phase("analyses", orders.len());
    // In the order of the inputs, since that is the order in which they are shown.
    let mut written = stream::iter(orders.into_iter().map(|order| pipeline.write(order)))
        .buffered(pipeline.concurrency.calls);
    let mut any_held = false;
    while let Some(Written { item, analysis }) = written.next().await {
        progress.item(&item);
        progress.step();
        report.push(&item);
        if let Some(analysis) = analysis {
            any_held |= analysis.status == Status::Held;
            stored::print(&analysis, args.format)?;
        }
    }
    drop(written);
    progress.finish();
    let exit = exit(&report, pipeline.stop.is_set(), args.strict && any_held);
    output::summary(&report, exit, pipeline.clock.now());
    pipeline.store.close().await;
    Ok(exit)
}

async fn article(pipeline: &Pipeline, typed: &str, url: Option<&Url>) -> Gathered {
    let failed = |error: &gather::GatherError| {
        let mut item = Item::new(typed, Outcome::Failed).because(error.reason(), error.to_string());
        item.hint = error.hint();
        Box::new(item)
    };
    let input = Input::parse(typed).map_err(|error| failed(&error))?;
    let max_bytes = pipeline.settings.fetch.max_bytes;
    let page = gather::page(
        &input,
        url,
        &pipeline.client,
        pipeline.clock.as_ref(),
        max_bytes,
    )
    .await
    .map_err(|error| failed(&error))?;
    let retrieved = page.retrieved;
    let reading = gather::reading(page, &pipeline.sites).await;
    let reading = input
        .whole(reading, &pipeline.client, &pipeline.sites)
        .await;
    let article = gather::usable(typed, reading)?;
    Ok((typed.to_owned(), article, retrieved))
}

/// What is to be written, and the items that came to nothing.
fn orders(gathered: Vec<Gathered>, together: bool) -> (Vec<Order>, Vec<Item>) {
    let mut refused = Vec::new();
    let mut articles = Vec::new();
    let mut seen = HashSet::new();
    for one in gathered {
        match one {
            // Both would be bought before either is stored.
            Ok((typed, article, _)) if !together && !seen.insert(article.text.clone()) => {
                let message = "the same text was given twice";
                refused.push(Item::new(typed, Outcome::Unchanged).because("duplicate", message));
            }
            Ok(article) => articles.push(article),
            Err(item) => refused.push(*item),
        }
    }
    let groups: Vec<Vec<_>> = if together {
        vec![articles]
    } else {
        articles.into_iter().map(|article| vec![article]).collect()
    };
    let orders = groups.into_iter().filter_map(|group| {
        let input = group
            .iter()
            .map(|(input, ..)| input.as_str())
            .collect::<Vec<_>>()
            .join(" + ");
        let articles = group
            .into_iter()
            .map(|(_, article, retrieved)| (article, retrieved))
            .collect();
        Some(Order {
            story: Story::new(articles)?,
            input,
            feed: None,
            category: None,
            regenerate: None,
            note: None,
            by_hand: true,
        })
    });
    (orders.collect(), refused)
}

/// A named input that came to no analysis is one that a person must see.
fn exit(report: &Report, interrupted: bool, held: bool) -> Exit {
    let counts = report.counts();
    let lost = counts.failed + counts.skipped;
    if interrupted {
        Exit::Interrupted
    } else if lost == counts.all() {
        Exit::Nothing
    } else if held {
        Exit::Unsupported
    } else if lost + counts.deferred > 0 {
        Exit::Attention
    } else {
        Exit::Done
    }
}

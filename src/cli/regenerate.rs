//! `prism regenerate`: a new revision from the stored source text.

use super::{AnalysisFormat, Context, Exit, Failure, context::Unset, output, stored};
use crate::{
    pipeline::{Engine, Order, Written},
    report::{Outcome, Progress, Report},
    story::Story,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id of the analysis, or its beginning
    id: String,
    /// What should be different this time
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Another model than the configured one
    #[arg(long, value_name = "M")]
    model: Option<String>,
    /// How the analysis is shown
    #[arg(long, value_enum, default_value = "text")]
    format: AnalysisFormat,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let wants_model = args.model.is_some();
    let flags = args
        .model
        .map(|model| ("model.name", toml::Value::String(model)));
    let settings = context.settings(flags.into_iter().collect())?;
    let store = context.existing_store(&settings).await?;
    let row = store.by_id(&args.id).await?;
    let latest = store.revision(&row.id, row.revision).await?;
    let mut articles = Vec::new();
    for source in &latest.sources {
        articles.push((store.article(&source.article).await?, source.retrieved));
    }
    store.close().await;
    let Some(from_store) = Story::new(articles) else {
        return Err(Failure::new(
            Exit::Attention,
            format!("`{}` names no source", row.id),
            None,
        ));
    };

    let pipeline = context.pipeline(settings, Unset::LookAround).await?;
    if wants_model && matches!(pipeline.engine, Engine::Extractive) {
        let message = "`--model` names a model, and the extractive engine writes without one";
        let hint = "set `model.provider`, or the vendor's key";
        return Err(Failure::new(Exit::Usage, message, Some(hint.into())));
    }
    let progress = Progress::new();
    let mut report = Report::new(pipeline.clock.now(), pipeline.engine.to_string());
    let order = Order {
        story: from_store,
        input: row.id.clone(),
        feed: None,
        category: None,
        regenerate: Some(row),
        note: args.note,
        by_hand: true,
    };
    let Written { item, analysis } = pipeline.write(order).await;
    progress.item(&item);
    progress.finish();
    let outcome = item.outcome;
    report.push(&item);
    if let Some(analysis) = analysis {
        stored::print(&analysis, args.format)?;
    }
    let exit = match outcome {
        _ if pipeline.stop.is_set() => Exit::Interrupted,
        Outcome::Saved | Outcome::Held | Outcome::Unchanged => Exit::Done,
        Outcome::Skipped | Outcome::Deferred | Outcome::Failed => Exit::Nothing,
    };
    output::summary(&report, exit, pipeline.clock.now());
    pipeline.store.close().await;
    Ok(exit)
}

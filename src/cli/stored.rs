//! `prism list` and `prism show`: the store, for an editor.

use clap::ValueEnum;
use serde_json::json;

use super::{AnalysisFormat, Context, Exit, Failure, ListFormat, output};
use crate::{
    analysis::{Analysis, document::Status},
    render,
    text::one_line,
};

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only analyses of this status
    #[arg(long, value_enum)]
    status: Option<StatusArg>,
    /// How the list is shown
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatusArg {
    Ready,
    Held,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The id of the analysis, or its beginning
    id: String,
    /// This revision instead of the latest
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    /// How it is shown
    #[arg(long, value_enum, default_value = "text")]
    format: AnalysisFormat,
}

pub(super) async fn list(context: &Context, args: ListArgs) -> Result<Exit, Failure> {
    let store = context
        .existing_store(&context.settings(Vec::new())?)
        .await?;
    let wanted = args.status.map(|status| match status {
        StatusArg::Ready => Status::Ready,
        StatusArg::Held => Status::Held,
    });
    for row in store
        .list()
        .await?
        .iter()
        .filter(|row| wanted.is_none_or(|status| row.status == status))
    {
        match args.format {
            ListFormat::Json => output::json_line(&json!({
                "id": row.id,
                "slug": row.slug,
                "revision": row.revision,
                "published_revision": row.published_revision,
                "status": row.status,
                "engine": row.engine,
                "title": row.title,
                "category": row.category,
                "language": row.language,
                "created_at": row.created,
                "revised_at": row.revised,
            }))?,
            ListFormat::Text => {
                let day = row.revised.strftime("%Y-%m-%d %H:%M");
                let title = one_line(&row.title);
                let (status, category) = (row.status.as_str(), one_line(&row.category));
                output::print(&format!(
                    "{}  r{:<2} {status:<5}  {day}  {category:<12} {title}\n",
                    row.id, row.revision
                ))?;
            }
        }
    }
    store.close().await;
    Ok(Exit::Done)
}

pub(super) async fn show(context: &Context, args: ShowArgs) -> Result<Exit, Failure> {
    let store = context
        .existing_store(&context.settings(Vec::new())?)
        .await?;
    let row = store.by_id(&args.id).await?;
    let analysis = store
        .revision(&row.id, args.revision.unwrap_or(row.revision))
        .await?;
    store.close().await;
    print(&analysis, args.format)?;
    Ok(Exit::Done)
}

/// Prints an analysis in the form that was asked for.
pub(super) fn print(analysis: &Analysis, format: AnalysisFormat) -> Result<(), Failure> {
    match format {
        AnalysisFormat::Text => output::print(&render::text(analysis)),
        AnalysisFormat::Markdown => output::print(&render::markdown(analysis)),
        AnalysisFormat::Html => output::print(&render::html(analysis)),
        AnalysisFormat::Json => output::json_line(analysis),
    }
}

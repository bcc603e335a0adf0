//! `prism prune`: what may be forgotten, and when; and forgets it.

use std::{collections::HashSet, time::Duration};

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde_json::{Value, json};

use super::{Context, Exit, Failure, ListFormat, output};
use crate::{
    fetch::shown,
    store::{Forgotten, Pruned},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is older than this; at least twice `ingest.max_age`
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = length)]
    older_than: SignedDuration,
    /// Say what would be forgotten, and forget nothing
    #[arg(long)]
    dry_run: bool,
    /// How the counts are shown
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

/// `90d`, `12w`, `2000h`.
fn length(text: &str) -> Result<SignedDuration, String> {
    text.parse::<Span>()
        .ok()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok())
        .filter(SignedDuration::is_positive)
        .ok_or_else(|| "no length of time; write `90d`, `12w` or `2000h`".into())
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let settings = context.settings(Vec::new())?;
    let least = settings.ingest.max_age.0.saturating_mul(2);
    if Duration::try_from(args.older_than).is_ok_and(|asked| asked < least) {
        let days = least.as_secs().div_ceil(24 * 3600);
        return Err(Failure::new(
            Exit::Usage,
            "`--older-than` is less than twice `ingest.max_age`: a feed may list again what would be forgotten",
            Some(format!("name at least `{days}d`")),
        ));
    }
    let store = context.existing_store(&settings).await?;
    let lock = store.lock()?;
    let now = Timestamp::now();
    let before = now.checked_sub(args.older_than).unwrap_or(Timestamp::MIN);
    let feeds: HashSet<String> = settings.feeds.iter().map(|one| shown(&one.url)).collect();
    // Without any, these are hardly the settings with which feeds are read.
    let feeds = Some(&feeds).filter(|feeds| !feeds.is_empty());
    let pruned = store.prune(before, feeds, args.dry_run).await?;
    store.close().await;
    drop(lock);
    match args.format {
        ListFormat::Json => output::json_line(&as_json(&pruned, &args, before))?,
        ListFormat::Text => output::print(&for_people(&pruned, &args, before))?,
    }
    Ok(Exit::Done)
}

/// The kinds with their names, and whether they are files.
fn kinds(pruned: &Pruned) -> [(&'static str, &'static str, bool, Forgotten); 4] {
    [
        ("entries", "entries of feeds", false, pruned.entries),
        ("feeds", "feeds that are not read", false, pruned.feeds),
        ("completions", "answers of models", true, pruned.completions),
        (
            "articles",
            "articles without an analysis",
            true,
            pruned.articles,
        ),
    ]
}

/// When the oldest of what stays for now will be old enough.
fn next(forgotten: &Forgotten, args: &Args) -> Option<Timestamp> {
    forgotten.next?.checked_add(args.older_than).ok()
}

fn as_json(pruned: &Pruned, args: &Args, before: Timestamp) -> Value {
    let mut object = json!({
        "dry_run": args.dry_run,
        "before": before,
    });
    for (key, _, files, forgotten) in kinds(pruned) {
        object[key] = json!({
            "count": forgotten.count,
            "kept": forgotten.kept,
            "next_at": next(&forgotten, args),
        });
        if files {
            object[key]["bytes"] = forgotten.bytes.into();
        }
    }
    object
}

fn for_people(pruned: &Pruned, args: &Args, before: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let did = if args.dry_run {
        "would be forgotten"
    } else {
        "forgotten"
    };
    let mut text = format!("older than {}:\n", day(before));
    for (_, name, files, forgotten) in kinds(pruned) {
        let size = if files {
            format!(" ({} bytes)", forgotten.bytes)
        } else {
            String::new()
        };
        let (count, kept) = (forgotten.count, forgotten.kept);
        text += &format!("  {name}: {count} {did}{size}, {kept} kept");
        if let Some(at) = next(&forgotten, args) {
            text += &format!(", the next from {} on", day(at));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_weeks_are_lengths_of_time_and_nothing_is_not() {
        assert_eq!(length("90d"), Ok(SignedDuration::from_hours(90 * 24)));
        assert_eq!(length("2w"), Ok(SignedDuration::from_hours(14 * 24)));
        assert_eq!(length("5h"), Ok(SignedDuration::from_hours(5)));
        for bad in ["0d", "-3d", "soon", "90"] {
            assert!(length(bad).is_err(), "{bad}");
        }
    }
}

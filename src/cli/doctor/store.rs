//! Whether the store is whole, and its repair.

use super::{
    Args, Context, Failure, ListFormat,
    findings::{Findings, Grade},
};
use crate::{
    settings::Settings,
    store::{
        NO_DATABASE, Store, StoreError,
        check::{self, Fault},
    },
};

/// Lines after which a person wants a number.
const MOST_LINES: usize = 20;

const RESTORE: &str = "restore the file from a backup of the store";

pub(super) async fn look(
    context: &Context,
    settings: &Settings,
    args: &Args,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let folder = context.store_folder(settings);
    let shown = folder.display();
    if !folder.exists() {
        let message = format!("there is none in `{shown}` yet; the first run makes it");
        return findings.ok("store", message);
    }
    if !folder.is_dir() {
        let hint = "name a folder with `store.dir` or `--store`";
        return findings.error("folder", format!("`{shown}` is no folder"), hint);
    }
    if let Err(error) = check::writable(&folder) {
        let hint = "give whoever runs prism the right to write there, or room on the disk";
        return findings.error("folder", error.to_string(), hint);
    }
    findings.ok("folder", format!("`{shown}` can be written"))?;
    let locked = check::is_locked(&folder);
    if locked && !args.repair {
        findings.warning(
            "lock",
            "another run holds it; what that is writing just now may show up below",
            "look again when it has ended",
        )?;
    } else if !locked {
        findings.ok("lock", "free")?;
    }
    let database = folder.join("state.db");
    // Opening the store would make a new database, which is for a repair to do.
    if !database.exists() && !args.repair {
        return if folder.join("revisions").exists() {
            let told = "there is no `state.db`, but revisions";
            findings.error("database", told, NO_DATABASE)
        } else {
            findings.ok("store", "nothing is in it yet")
        };
    }
    let store = match Store::open(&folder).await {
        Ok(store) => store,
        Err(error) => {
            let told = format!("`{}` does not open: {error}", database.display());
            return findings.error(
                "database",
                told,
                error.hint().unwrap_or_else(|| RESTORE.into()),
            );
        }
    };
    let lock = args.repair.then(|| store.lock()).transpose()?;
    let checked = documents(&store, settings, args, locked, findings).await;
    store.close().await;
    drop(lock);
    checked
}

async fn documents(
    store: &Store,
    settings: &Settings,
    args: &Args,
    locked: bool,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut faults = match store.faults().await {
        Ok(faults) => faults,
        Err(error) => return store_error(&error, findings),
    };
    if !faults.iter().any(|fault| name(fault) == "database") {
        findings.ok("database", "opens, and its own check finds nothing")?;
    }
    let mut read = String::new();
    if args.verify_store {
        match store.verify_documents().await {
            Ok((seen, more)) => {
                faults.extend(more);
                read = format!(
                    "; {} revisions, {} articles and {} answers of models read",
                    seen.revisions, seen.articles, seen.completions
                );
            }
            Err(error) => store_error(&error, findings)?,
        }
    }
    let analyses = match store.list().await {
        Ok(rows) => rows.len(),
        Err(error) => return store_error(&error, findings),
    };
    if faults.is_empty() {
        let whole = format!("{analyses} analyses, state and documents agree{read}");
        return findings.ok("store", whole);
    }
    let most = match args.format {
        ListFormat::Json => usize::MAX,
        ListFormat::Text => MOST_LINES,
    };
    let mut unlisted = 0;
    for (at, fault) in faults.iter().enumerate() {
        let mended = if args.repair && fault.can_be_mended() {
            store.mend(fault, settings.publish.require).await
        } else {
            Ok(false)
        };
        let (grade, hint) = match mended {
            Ok(true) if at < most => {
                let message = format!("mended: {}", fault.message());
                findings.ok("store", message)?;
                continue;
            }
            Ok(true) => {
                unlisted += 1;
                continue;
            }
            Ok(false) => (grade(fault, locked), hint(fault)),
            // Of one fault; the others may still be mended.
            Err(error) => {
                store_error(&error, findings)?;
                continue;
            }
        };
        if at < most || grade == Grade::Error {
            findings.note(name(fault), grade, &fault.message(), Some(hint))?;
        } else {
            unlisted += 1;
        }
    }
    if unlisted > 0 {
        let more = format!("{unlisted} more like these; `--format json` lists all");
        findings.ok("store", more)?;
    }
    if args.verify_store {
        findings.ok("store", format!("{analyses} analyses{read}"))?;
    }
    Ok(())
}

fn store_error(error: &StoreError, findings: &mut Findings) -> Result<(), Failure> {
    let hint = error.hint().unwrap_or_else(|| RESTORE.into());
    findings.error("store", error.to_string(), hint)
}

/// Of what a fault is one.
fn name(fault: &Fault) -> &'static str {
    match fault {
        Fault::Database { .. } => "database",
        _ => "store",
    }
}

fn grade(fault: &Fault, locked: bool) -> Grade {
    match fault {
        Fault::Temporary { .. } | Fault::Unknown { next: true, .. } => Grade::Warning,
        // A run may be between the row and the projection.
        Fault::Projection { .. } if locked => Grade::Warning,
        _ => Grade::Error,
    }
}

fn hint(fault: &Fault) -> &'static str {
    match fault {
        fault if fault.can_be_mended() => "`prism doctor --repair` mends it",
        Fault::Unknown { .. } => "a revision before it is missing: restore it from a backup",
        Fault::Database { .. } => NO_DATABASE,
        _ => RESTORE,
    }
}

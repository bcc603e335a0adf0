//! What can be wrong with the store.

use std::path::PathBuf;

/// What is wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the lock cannot be made.
    #[error("cannot use `{}`: {error}", path.display())]
    Folder {
        /// Which folder or file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another `prism ingest` is running.
    #[error("another run holds `{}`", path.display())]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// A document cannot be read or written.
    #[error("cannot read or write `{path}` in the store: {error}")]
    Document {
        /// Which one.
        path: String,
        /// Why.
        error: object_store::Error,
    },
    /// A document that the state names is not there.
    #[error("the store lacks `{path}`")]
    Missing {
        /// Which one.
        path: String,
    },
    /// A document is not what it should be.
    #[error("`{path}` in the store is damaged: {problem}")]
    Damaged {
        /// Which one.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The database does not answer.
    #[error("the state database failed: {0}")]
    State(#[from] sqlx::Error),
    /// The database was made by a newer prism.
    #[error(
        "the state database was made by a newer prism: it has form {form}, and this one knows up to {ours}"
    )]
    Newer {
        /// The form of its tables.
        form: i64,
        /// The newest that is known here.
        ours: i64,
    },
    /// No analysis has this id.
    #[error("no analysis has the id `{id}`")]
    NoAnalysis {
        /// The id that was asked for.
        id: String,
    },
    /// Several ids begin like this.
    #[error("{n} analyses have ids that begin with `{id}`")]
    Ambiguous {
        /// The beginning that was asked for.
        id: String,
        /// How many.
        n: usize,
    },
}

impl StoreError {
    pub(super) fn missing(path: &str) -> Self {
        Self::Missing {
            path: path.to_owned(),
        }
    }

    /// The state has no row of a job that it had before.
    pub(crate) fn missing_job() -> Self {
        Self::missing("the row of a job")
    }

    pub(super) fn damaged(path: &str, problem: impl std::fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            problem: problem.to_string(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Newer { .. } => Some("use the prism that made it, or a newer one".into()),
            Self::NoAnalysis { .. } => Some("`prism list` shows the ids".into()),
            Self::Locked { .. } => {
                Some("wait for it to end; the lock dies with its process".into())
            }
            Self::Missing { .. } | Self::Damaged { .. } => {
                Some("restore the file from a backup of the store".into())
            }
            Self::State(failed) => Some(
                match Trouble::of(failed) {
                    Trouble::Held => {
                        "another program holds the database: try again when it has ended"
                    }
                    Trouble::Damaged => NO_DATABASE,
                    Trouble::Other => WRITABLE,
                }
                .into(),
            ),
            Self::Folder { .. } | Self::Document { .. } => Some(WRITABLE.into()),
            Self::Ambiguous { .. } => None,
        }
    }

    /// Whether something that was kept is lost or spoilt, which a person must see.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Missing { .. } | Self::Damaged { .. } => true,
            Self::State(failed) => Trouble::of(failed) == Trouble::Damaged,
            _ => false,
        }
    }
}

/// What to do about a database that is lost.
pub const NO_DATABASE: &str = "restore `state.db` from a backup; where there is none, move it away: \
     `prism doctor --repair` makes its rows anew from the revisions, and only what is known of the \
     entries of feeds and of money is lost";

const WRITABLE: &str = "see that prism may write to the folder, and that the disk has room";

/// What ails a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// Somebody else holds it.
    Held,
    /// It is no database any more.
    Damaged,
    Other,
}

impl Trouble {
    fn of(failed: &sqlx::Error) -> Self {
        let code = failed
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        let code: Option<u32> = code.and_then(|code| code.parse().ok());
        match code.map(|extended| extended & 0xff) {
            // SQLITE_BUSY and SQLITE_LOCKED.
            Some(5 | 6) => Self::Held,
            // SQLITE_CORRUPT and SQLITE_NOTADB.
            Some(11 | 26) => Self::Damaged,
            _ => Self::Other,
        }
    }
}

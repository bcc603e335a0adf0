//! What can be wrong with the settings.

use std::path::{Path, PathBuf};

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A named file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("`{}`, line {line}: {problem}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A key that nobody knows.
    #[error("unknown setting `{key}`{}", in_file(file.as_deref()))]
    UnknownKey {
        /// The dotted key.
        key: String,
        /// The known key that comes nearest.
        nearest: Option<String>,
        /// Which file has it.
        file: Option<PathBuf>,
    },
    /// A value of the wrong kind.
    #[error("setting `{key}`{}: {problem}", in_file(file.as_deref()))]
    Value {
        /// The dotted key.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// Which file was read.
        file: Option<PathBuf>,
    },
    /// The settings name a variable for the key, and it is not set.
    #[error(
        "the environment variable {} that should hold the model's key is not set",
        shown(name)
    )]
    NoKey {
        /// The variable.
        name: String,
    },
}

impl SettingsError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            } => Some(format!("did you mean `{nearest}`?")),
            Self::NoKey { name } => Some(format!(
                "set {}, or name a file that holds the key with `model.api_key_file`",
                shown(name)
            )),
            _ => None,
        }
    }
}

fn in_file(file: Option<&Path>) -> String {
    file.map(|path| format!(" in `{}`", path.display()))
        .unwrap_or_default()
}

/// A variable's name; what is none may be a key that was put in its place.
fn shown(name: &str) -> String {
    let is_name = name
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if is_name {
        format!("`{name}`")
    } else {
        "in `model.api_key_env`".to_owned()
    }
}

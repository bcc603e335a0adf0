//! Runs the program in a folder of its own, without the environment of whoever tests.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// The root of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project.
pub(crate) fn fixture(path: &str) -> PathBuf {
    let path = root().join("fixtures").join(path);
    assert!(path.exists(), "there is no `{}`", path.display());
    path
}

/// The program in an empty folder.
pub(crate) struct Prism {
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// What one run gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Prism {
    /// With no settings at all but that no model writes, so that nothing is looked for.
    pub(crate) fn new() -> Self {
        let env = vec![("PRISM_MODEL_PROVIDER".to_owned(), "extractive".to_owned())];
        Self {
            folder: tempfile::tempdir().unwrap(),
            env,
        }
    }

    /// With this `prism.toml`.
    pub(crate) fn with_settings(toml: &str) -> Self {
        let prism = Self {
            folder: tempfile::tempdir().unwrap(),
            env: Vec::new(),
        };
        fs::write(prism.path("prism.toml"), toml).unwrap();
        prism
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn run<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(&self, args: I) -> Ran {
        Ran::of(self.command(args))
    }

    /// The program with these arguments, not yet started.
    pub(crate) fn command<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(
        &self,
        args: I,
    ) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("prism"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The JSON documents in a folder of the store, by file name.
    pub(crate) fn documents(&self, folder: &str) -> Vec<(String, Value)> {
        let mut found: Vec<_> = files(&self.path("prism-data").join(folder))
            .into_iter()
            .map(|path| {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name, serde_json::from_str(&text).unwrap())
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// Every file of the store with its bytes, by path.
    pub(crate) fn store_bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let store = self.path("prism-data");
        let mut all: Vec<_> = files(&store)
            .into_iter()
            .map(|path| {
                (
                    path.strip_prefix(&store).unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                )
            })
            .collect();
        all.sort();
        all
    }
}

impl Ran {
    /// Runs a command to its end.
    pub(crate) fn of(mut command: Command) -> Self {
        let output: Output = command.output().unwrap();
        Self {
            code: output.status.code().expect("no signal ends the program"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The lines of stdout as JSON.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Fails with everything that was printed, unless the exit code is this one.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Fails unless stderr has these words.
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(
            self.stderr.contains(words),
            "no `{words}` in stderr:\n{}",
            self.stderr
        );
        self
    }
}

/// Every file below a folder; none where there is no folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What was built is nobody's writing.
                if !path.join("CACHEDIR.TAG").exists() {
                    open.push(path);
                }
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// Changes what `state.db` knows.
pub(super) async fn change_state(prism: &Prism, sql: &'static str) {
    sqlx::any::install_default_drivers();
    let state = format!("sqlite://{}", prism.path("prism-data/state.db").display());
    let pool = sqlx::AnyPool::connect(&state).await.unwrap();
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

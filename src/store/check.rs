//! Whether the store is whole, and what can be mended of it from the truth: the revisions
//! and their state rows. Nothing here removes or changes a revision.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

use super::{
    AnalysisRow, Store, StoreError, StoredCompletion, revision_path, story_digest,
    unfinished::{FOLDERS, unfinished},
};
use crate::{
    analysis::document::Status,
    article::{Article, snapshot},
    settings::PublishRequires,
    story::{Story, aliases},
    text::{Points, sha256},
    verify::SourceField,
};

/// A document is written in far less: what is older was left behind by a process that died.
const LEFT_BEHIND: Duration = Duration::from_mins(10);

/// Something that is wrong with the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What readers of the folder see of an analysis is not what its row says.
    Projection {
        /// Which document.
        path: String,
        /// The analysis.
        id: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A revision that no row knows.
    Unknown {
        /// The analysis.
        id: String,
        /// Its number.
        revision: u64,
        /// Whether it is the next one, so that it can be adopted.
        next: bool,
    },
    /// A document that the state names is not there.
    Missing {
        /// Which one.
        path: String,
    },
    /// A document that is not what it should be.
    Damaged {
        /// Which one.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A temporary file that nobody will finish.
    Temporary {
        /// Which one.
        path: String,
    },
    /// The database has a flaw.
    Database {
        /// In its own words.
        problem: String,
    },
}

impl Fault {
    /// What is wrong, on one line.
    pub fn message(&self) -> String {
        match self {
            Self::Projection { path, problem, .. } => format!("`{path}` {problem}"),
            Self::Unknown { id, revision, .. } => {
                format!("`{}` has no row in the state", revision_path(id, *revision))
            }
            Self::Missing { path } => format!("`{path}` is missing"),
            Self::Damaged { path, problem } => format!("`{path}` is damaged: {problem}"),
            Self::Temporary { path } => format!("`{path}` was left behind"),
            Self::Database { problem } => format!("the database is damaged: {problem}"),
        }
    }

    /// Whether [`Store::mend`] can put it right.
    pub fn can_be_mended(&self) -> bool {
        match self {
            Self::Projection { .. } | Self::Temporary { .. } => true,
            Self::Unknown { next, .. } => *next,
            Self::Missing { .. } | Self::Damaged { .. } | Self::Database { .. } => false,
        }
    }
}

/// How many documents were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Revisions.
    pub revisions: usize,
    /// Article snapshots.
    pub articles: usize,
    /// Answers of models.
    pub completions: usize,
}

/// Whether documents and state can be written in this folder, and in those below it.
pub fn writable(folder: &Path) -> Result<(), StoreError> {
    let below = FOLDERS.iter().map(|name| folder.join(name));
    for folder in [folder.to_owned()].into_iter().chain(below) {
        if !folder.exists() {
            continue;
        }
        let probe = folder.join(format!(".probe-{}", std::process::id()));
        fs::write(&probe, b"prism")
            .and_then(|()| fs::remove_file(&probe))
            .map_err(|error| StoreError::Folder {
                path: folder,
                error,
            })?;
    }
    Ok(())
}

/// Whether another process holds the lock of this folder. Makes no file.
pub fn is_locked(folder: &Path) -> bool {
    fs::File::open(folder.join("lock"))
        .is_ok_and(|file| matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

impl Store {
    /// What is wrong between state and documents, and with the database itself.
    pub async fn faults(&self) -> Result<Vec<Fault>, StoreError> {
        let problems = self.state.integrity().await;
        let mut faults: Vec<Fault> = problems
            .into_iter()
            .map(|problem| Fault::Database { problem })
            .collect();
        let rows: BTreeMap<String, AnalysisRow> = self
            .state
            .list()
            .await?
            .into_iter()
            .map(|row| (row.id.clone(), row))
            .collect();
        let revisions = self.revisions()?;
        for (id, numbers) in &revisions {
            let mut known = rows.get(id).map_or(0, |row| row.revision);
            let first = known + 1;
            for &revision in numbers.range(first..) {
                let next = revision == known + 1;
                if next {
                    known += 1;
                }
                let id = id.clone();
                faults.push(Fault::Unknown { id, revision, next });
            }
        }
        // After the revisions without a row: whoever mends in this order writes projections
        // that are never older than those that are there.
        for row in rows.values() {
            self.check_row(row, &mut faults).await?;
        }
        for folder in ["analyses", "held"] {
            for name in self.names(folder)? {
                let Some(id) = name.strip_suffix(".json") else {
                    continue;
                };
                if !rows.contains_key(id) && !revisions.contains_key(id) {
                    faults.push(Fault::Damaged {
                        path: format!("{folder}/{name}"),
                        problem: "neither a row nor a revision knows it".into(),
                    });
                }
            }
        }
        for path in self.temporary()? {
            faults.push(Fault::Temporary { path });
        }
        Ok(faults)
    }

    async fn check_row(
        &self,
        row: &AnalysisRow,
        faults: &mut Vec<Fault>,
    ) -> Result<(), StoreError> {
        let id = &row.id;
        for revision in 1..=row.revision {
            let path = revision_path(id, revision);
            if !self.folder.join(&path).exists() {
                faults.push(Fault::Missing { path });
            }
        }
        let held = (row.status == Status::Held).then_some(row.revision);
        for (folder, wanted) in [("analyses", row.published_revision), ("held", held)] {
            let path = format!("{folder}/{id}.json");
            let there = self.documents.get(&path).await;
            let problem = match (wanted, there) {
                (None, Ok(None)) => continue,
                (None, _) => "should not be there",
                (Some(_), Ok(None)) => "is missing",
                (Some(revision), there) => {
                    match self.documents.get(&revision_path(id, revision)).await {
                        // Reported above: there is nothing to compare with.
                        Ok(None) => continue,
                        Ok(truth) if there.is_ok_and(|there| there == truth) => continue,
                        _ => "is not the revision that the state names",
                    }
                }
            };
            let id = id.clone();
            faults.push(Fault::Projection { path, id, problem });
        }
        Ok(())
    }

    /// Reads every document of the store and checks what it says of others.
    pub async fn verify_documents(&self) -> Result<(Seen, Vec<Fault>), StoreError> {
        let mut faults = Vec::new();
        let mut seen = Seen::default();
        for name in self.names("articles")? {
            let Some(key) = name.strip_suffix(".json") else {
                continue;
            };
            seen.articles += 1;
            let problem = match self.article(key).await {
                Ok(article) if snapshot::digest(&article) == key => continue,
                Ok(_) => "its name is not the digest of what it holds".into(),
                Err(error) => problem_of(&error),
            };
            let path = format!("articles/{name}");
            faults.push(Fault::Damaged { path, problem });
        }
        for name in self.names("completions")?.iter().filter(|n| is_json(n)) {
            seen.completions += 1;
            let path = format!("completions/{name}");
            let problem = match self.documents.get(&path).await {
                Ok(Some(text)) => match serde_json::from_str::<StoredCompletion>(&text) {
                    Ok(_) => continue,
                    Err(error) => error.to_string(),
                },
                Ok(None) => continue,
                Err(error) => problem_of(&error),
            };
            faults.push(Fault::Damaged { path, problem });
        }
        for (id, numbers) in self.revisions()? {
            for revision in numbers {
                seen.revisions += 1;
                if let Err(problem) = self.check_revision(&id, revision).await {
                    let path = revision_path(&id, revision);
                    faults.push(Fault::Damaged { path, problem });
                }
            }
        }
        Ok((seen, faults))
    }

    /// The words of each claim and of its evidence stand where the revision says.
    async fn check_revision(&self, id: &str, revision: u64) -> Result<(), String> {
        let analysis = self
            .revision(id, revision)
            .await
            .map_err(|error| problem_of(&error))?;
        if analysis.id != id || analysis.revision != revision {
            return Err("it says that it is another revision".into());
        }
        let document = serde_json::to_value(&analysis).map_err(|error| error.to_string())?;
        let mut articles: BTreeMap<&str, Article> = BTreeMap::new();
        for source in &analysis.sources {
            let article = self
                .article(&source.article)
                .await
                .map_err(|error| problem_of(&error))?;
            if sha256(article.text.as_bytes()) != source.text_sha256 {
                return Err(format!("the text of its source `{}` is another", source.id));
            }
            articles.insert(&source.id, article);
        }
        let text_of = |source: &str| articles.get(source).map(|article| article.text.as_str());
        for claim in &analysis.verification.claims {
            let field = document.pointer(&claim.field).and_then(|v| v.as_str());
            if !holds(field, claim.span, &claim.text) {
                return Err(format!("a claim in `{}` is not where it says", claim.field));
            }
            let evidence = claim.evidence.as_ref();
            if let Some(evidence) = evidence.filter(|e| e.field == SourceField::Text)
                && !holds(text_of(&evidence.source), evidence.span, &evidence.text)
            {
                return Err(format!(
                    "the evidence of a claim in `{}` is not in its source",
                    claim.field
                ));
            }
        }
        let quote = analysis.pull_quote.as_ref();
        if let Some(quote) = quote
            && !holds(text_of(&quote.source), quote.span, &quote.text)
        {
            return Err("its pull quote is not in its source".into());
        }
        Ok(())
    }

    /// Puts a fault right, where the truth is known; says whether it did. For the holder of
    /// the lock.
    pub async fn mend(&self, fault: &Fault, require: PublishRequires) -> Result<bool, StoreError> {
        match fault {
            Fault::Projection { id, .. } => {
                let row = self.by_id(id).await?;
                self.project_row(&row).await?;
                Ok(true)
            }
            Fault::Unknown {
                id,
                revision,
                next: true,
            } => self.adopt(id, *revision, require).await,
            Fault::Temporary { path } => {
                let path = self.folder.join(path);
                fs::remove_file(&path).map_err(|error| StoreError::Folder { path, error })?;
                Ok(true)
            }
            Fault::Unknown { .. }
            | Fault::Missing { .. }
            | Fault::Damaged { .. }
            | Fault::Database { .. } => Ok(false),
        }
    }

    /// Writes both projections of a row from its revisions.
    async fn project_row(&self, row: &AnalysisRow) -> Result<(), StoreError> {
        let analyses = format!("analyses/{}.json", row.id);
        match row.published_revision {
            Some(revision) => {
                let published = self.revision(&row.id, revision).await?;
                self.documents
                    .replace(&analyses, published.to_json())
                    .await?;
            }
            None => self.documents.remove(&analyses).await?,
        }
        let latest = self.revision(&row.id, row.revision).await?;
        self.project(&latest, row.published_revision == Some(row.revision))
            .await
    }

    /// Gives a revision that a cut-off run left behind its row, as that run would have.
    async fn adopt(
        &self,
        id: &str,
        revision: u64,
        require: PublishRequires,
    ) -> Result<bool, StoreError> {
        let analysis = self.revision(id, revision).await?;
        if analysis.id != id || analysis.revision != revision {
            return Ok(false);
        }
        let mut articles = Vec::new();
        for source in &analysis.sources {
            articles.push((self.article(&source.article).await?, source.retrieved));
        }
        let Some(story) = Story::new(articles) else {
            return Ok(false);
        };
        let publish = analysis.status == Status::Ready && require == PublishRequires::Ready;
        let names = aliases(&story, &analysis.language);
        self.state
            .put_analysis(&analysis, &story_digest(&story), &names, publish)
            .await?;
        self.project(&analysis, publish).await?;
        Ok(true)
    }

    /// The numbers of the stored revisions of each analysis.
    pub(super) fn revisions(&self) -> Result<BTreeMap<String, BTreeSet<u64>>, StoreError> {
        let mut found = BTreeMap::new();
        for id in self.names("revisions")? {
            let names = self.names(&format!("revisions/{id}"))?;
            let numbers: BTreeSet<u64> = names
                .iter()
                .filter_map(|name| name.strip_suffix(".json")?.parse().ok())
                .collect();
            if !numbers.is_empty() {
                found.insert(id, numbers);
            }
        }
        Ok(found)
    }

    /// What stands in a folder of the store, sorted; nothing where there is no folder.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let path = self.folder.join(folder);
        let failed = |error| StoreError::Folder {
            path: path.clone(),
            error,
        };
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            // A file among the folders of revisions is nobody's revision.
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            names.extend(name.into_string().ok());
        }
        names.sort();
        Ok(names)
    }

    /// Files that a process left behind that died while it wrote them.
    fn temporary(&self) -> Result<Vec<String>, StoreError> {
        let found = unfinished(&self.folder).map_err(|error| StoreError::Folder {
            path: self.folder.clone(),
            error,
        })?;
        let left = found.into_iter().filter(|file| file.age > LEFT_BEHIND);
        let below = left.filter_map(|file| {
            let path = file.path.strip_prefix(&self.folder).ok()?;
            Some(path.display().to_string())
        });
        Ok(below.collect())
    }
}

fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "json")
}

/// Whether `text` has these words at this place.
fn holds(text: Option<&str>, span: Points, words: &str) -> bool {
    text.and_then(|text| Some(span.to_span(text)?.of(text)))
        .is_some_and(|found| found == words)
}

/// What is wrong, without the path, which the fault names.
fn problem_of(error: &StoreError) -> String {
    match error {
        StoreError::Damaged { problem, .. } => problem.clone(),
        other => other.to_string(),
    }
}

//! Our own verdicts on pages of the data sets, against those of the program.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use prism::{article::Quality, text::sha256};

/// The labels, and the table of verdicts by what they should be.
pub(crate) struct Labels {
    /// SHA-256 of the file.
    pub(crate) digest: String,
    /// By set and page.
    by_page: BTreeMap<(String, String), usize>,
    /// Label, verdict.
    table: [[usize; Quality::ALL.len()]; Quality::ALL.len()],
    /// Pages whose verdict is another than their label.
    wrong: Vec<String>,
}

impl Labels {
    /// Reads lines of set, page, verdict and reason, parted by tabs, under one of headings.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut by_page = BTreeMap::new();
        for (at, line) in text.lines().enumerate().skip(1) {
            let parts: Vec<&str> = line.split('\t').collect();
            let [set, page, verdict, _] = parts[..] else {
                bail!("line {} has {} fields instead of 4", at + 1, parts.len());
            };
            let place = Quality::ALL
                .iter()
                .position(|known| known.as_str() == verdict)
                .with_context(|| format!("line {}: no verdict: `{verdict}`", at + 1))?;
            let before = by_page.insert((set.to_owned(), page.to_owned()), place);
            ensure!(before.is_none(), "line {}: `{page}` has two labels", at + 1);
        }
        Ok(Self {
            digest: sha256(text.as_bytes()),
            by_page,
            table: [[0; Quality::ALL.len()]; Quality::ALL.len()],
            wrong: Vec::new(),
        })
    }

    /// Counts the verdict on a page, if it has a label.
    pub(crate) fn compare(&mut self, set: &str, page: &str, verdict: Quality) {
        let key = (set.to_owned(), page.to_owned());
        let found = Quality::ALL.iter().position(|&known| known == verdict);
        if let (Some(&label), Some(found)) = (self.by_page.get(&key), found) {
            self.table[label][found] += 1;
            if label != found {
                self.wrong.push(format!(
                    "  {set} {page}: {}, not {}",
                    verdict.as_str(),
                    Quality::ALL[label].as_str()
                ));
            }
        }
    }

    /// The share of the articles that are not refused.
    pub(crate) fn articles_kept(&self) -> f64 {
        let articles: usize = self.table[0].iter().sum();
        self.table[0][0] as f64 / articles.max(1) as f64
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:12}", "label")?;
        for verdict in Quality::ALL {
            write!(f, " {:>11}", verdict.as_str())?;
        }
        writeln!(f, " {:>9} {:>9}", "precision", "recall")?;
        for (label, row) in self.table.iter().enumerate() {
            write!(f, "{:12}", Quality::ALL[label].as_str())?;
            for count in row {
                write!(f, " {count:>11}")?;
            }
            let right = row[label];
            let given: usize = self.table.iter().map(|row| row[label]).sum();
            let share = |of: usize| match of {
                0 => "–".to_owned(),
                of => format!("{:.3}", right as f64 / of as f64),
            };
            writeln!(f, " {:>9} {:>9}", share(given), share(row.iter().sum()))?;
        }
        f.write_str(&self.wrong.join("\n"))
    }
}

//! Site rules: what no general rule can know of a single site, as data with reasons.
//!
//! A rule names elements by selectors: those that hold the article, and those whose
//! text never counts. It does not name a title, an author or a date: what a page says
//! of itself is read everywhere alike. A page without a rule pays for nothing here.

mod apply;
mod read;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use url::Url;

pub(crate) use self::apply::apply;
use super::metadata::site;

/// Rules by domain. A copy shares the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sites {
    /// Sorted by domain, each once.
    rules: Arc<[Rule]>,
}

/// What is known of one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The registrable domain, or one host.
    pub(crate) domain: String,
    /// What goes wrong without the rule.
    pub(crate) reason: String,
    /// Selectors of the elements that hold the article.
    pub(crate) body: Option<String>,
    /// Selectors of the elements whose text never counts.
    pub(crate) drop: Vec<String>,
}

const BUILTIN: &str = include_str!("sites.toml");

impl Sites {
    /// The rules that prism brings along.
    pub fn builtin() -> &'static Self {
        static SITES: LazyLock<Sites> = LazyLock::new(|| Sites {
            rules: read::rules(BUILTIN).expect("a test reads them").into(),
        });
        &SITES
    }

    /// The built-in rules and those of a house's file, which win for the same domain.
    pub fn with_file(path: &Path) -> Result<Self, SitesError> {
        let text = std::fs::read_to_string(path).map_err(|error| SitesError::Read {
            path: path.to_owned(),
            error,
        })?;
        let own = read::rules(&text).map_err(|problem| problem.in_file(path))?;
        Ok(Self::builtin().and(own))
    }

    fn and(&self, own: Vec<Rule>) -> Self {
        let mut rules = own;
        for rule in self.rules.iter() {
            if let Err(at) = place(&rules, &rule.domain) {
                rules.insert(at, rule.clone());
            }
        }
        Self {
            rules: rules.into(),
        }
    }

    /// The rule for a page: that of its host, else that of its registrable domain.
    pub(crate) fn rule(&self, url: &Url) -> Option<&Rule> {
        if self.rules.is_empty() {
            return None;
        }
        let of = |domain| place(&self.rules, domain).ok();
        let at = of(url.host_str()?).or_else(|| of(site(url)?))?;
        Some(&self.rules[at])
    }
}

fn place(rules: &[Rule], domain: &str) -> Result<usize, usize> {
    rules.binary_search_by(|rule| rule.domain.as_str().cmp(domain))
}

/// Why a file of site rules is not used.
#[derive(Debug, thiserror::Error)]
pub enum SitesError {
    /// It cannot be read.
    #[error("cannot read the site rules `{}`: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not TOML.
    #[error("`{}`, line {line}: {problem}", path.display())]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// An entry that says something wrong, or too little.
    #[error("`{}`, {site}, `{key}`: {problem}", path.display())]
    Entry {
        /// Which file.
        path: PathBuf,
        /// Which entry: its domain, or its place where it has none.
        site: String,
        /// Which key.
        key: String,
        /// What is wrong there.
        problem: String,
        /// What to do about it.
        hint: String,
    },
}

impl SitesError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some(
                "the setting `article.sites` names the file, seen from the working folder".into(),
            ),
            Self::Syntax { .. } => None,
            Self::Entry { hint, .. } => Some(hint.clone()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::{
        article::{Origin, explain_with, extract_with},
        fetch::Page,
    };

    fn table(domains: &[(&str, &str)]) -> Vec<Rule> {
        let entries: Vec<_> = domains
            .iter()
            .map(|(domain, reason)| {
                format!("[[site]]\ndomain = '{domain}'\nreason = '{reason}'\nbody = 'main'")
            })
            .collect();
        read::rules(&entries.join("\n")).unwrap()
    }

    /// What a rule makes of a page, as text.
    fn text(rule: &str, page: &str) -> String {
        let rule = format!("[[site]]\ndomain = 'post.example'\nreason = 'x'\n{rule}");
        let sites = Sites {
            rules: read::rules(&rule).unwrap().into(),
        };
        let page = Page {
            url: Some("https://www.post.example/a".parse().unwrap()),
            status: 200,
            content_type: None,
            body: page.to_owned().into(),
            retrieved: "2026-06-01T00:00:00Z".parse().unwrap(),
        };
        let (reading, account) = explain_with(&page, &sites);
        let account = account.unwrap();
        let taken = account.blocks.iter().filter(|block| block.taken).count();
        assert_eq!(extract_with(&page, &sites).article, reading.article);
        assert!(account.rule.is_some());
        // The account is of what the page shows.
        if reading.article.origins.text == Some(Origin::Visible) {
            assert_eq!(taken, reading.article.blocks.len());
        }
        reading.article.text
    }

    #[test]
    fn a_rule_chooses_the_text() {
        let one = "The ferry to the northern islands will not sail on Friday because of the gale that is forecast.";
        let two = "Passengers who have booked a cabin may change their tickets at the harbour office without a fee.";
        let box_ = "The office of the harbour is open on working days from eight until the last boat has come in.";
        let plain =
            format!("<main><p>{one}</p><div class=box><p>{box_}</p></div><p>{two}</p></main>");
        let aside = format!(
            "<h1>No ferry</h1><aside class='sidebar related'><p>{one}</p><p>{two}</p></aside><article><p>{box_}</p></article>"
        );
        let parts = format!(
            "<p>{box_}</p><div class=part><p>{one}</p></div><p>{box_}</p><div class=part><p>{two}</p></div>"
        );
        let whole = [one, box_, two].join("\\n\\n").repeat(3);
        let script = format!(
            "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"articleBody\":\"{whole}\"}}</script>{plain}"
        );
        let both = format!("{one}\n\n{two}");
        for (rule, page, expected) in [
            ("drop = ['.box']", &plain, &both),
            ("drop = ['.none', 'nav, .box > p']", &plain, &both),
            // Running text that the rule calls the article, whatever speaks against it.
            ("body = 'aside'", &aside, &both),
            ("body = '.part'", &parts, &both),
            ("body = 'main'\ndrop = ['.box']", &plain, &both),
            // A body that is not there, or holds no text.
            ("body = '.gone'\ndrop = ['.box']", &plain, &both),
            ("body = 'h1, .box'\ndrop = ['.box']", &plain, &both),
            // What the page carries for its scripts would bring the box back.
            ("drop = ['.box']", &script, &both),
        ] {
            assert_eq!(&text(rule, page), expected, "{rule} {page}");
        }
    }

    #[test]
    fn the_built_in_table_is_sorted_and_gives_reasons() {
        let table: toml::Table = BUILTIN.parse().unwrap();
        let empty = Vec::new();
        let entries = table
            .get("site")
            .map_or(&empty, |all| all.as_array().unwrap());
        let written: Vec<_> = entries
            .iter()
            .map(|entry| entry["domain"].as_str().unwrap())
            .collect();
        let read = Sites::builtin();
        let domains: Vec<_> = read.rules.iter().map(|rule| rule.domain.as_str()).collect();
        assert_eq!(written, domains, "the file is sorted");
        assert!(read.rules.iter().all(|rule| rule.reason.len() > 20));
    }

    #[test]
    fn a_rule_is_found_by_host_and_by_registrable_domain() {
        let rules = table(&[
            ("post.example", "all"),
            ("live.post.example", "live"),
            ("herald.co.uk", "herald"),
            ("10.0.0.7", "a machine"),
            ("Küste.example", "umlaut"),
        ]);
        let sites = Sites {
            rules: rules.into(),
        };
        for (url, reason) in [
            ("https://post.example/a", Some("all")),
            ("https://www.post.example/a", Some("all")),
            ("https://live.post.example/a", Some("live")),
            ("https://m.live.post.example/a", Some("all")),
            ("http://news.herald.co.uk:8080/", Some("herald")),
            ("http://10.0.0.7/a", Some("a machine")),
            ("https://küste.example/a", Some("umlaut")),
            ("https://notpost.example/a", None),
            ("https://post.example.org/a", None),
            ("https://co.uk/", None),
            ("data:text/html,x", None),
        ] {
            let rule = sites.rule(&url.parse().unwrap());
            assert_eq!(rule.map(|rule| rule.reason.as_str()), reason, "{url}");
        }
    }

    #[test]
    fn a_house_wins_for_the_same_domain() {
        let builtin = Sites {
            rules: table(&[("a.example", "built in"), ("c.example", "built in")]).into(),
        };
        let both = builtin.and(table(&[("b.example", "own"), ("c.example", "own")]));
        let found: Vec<_> = both
            .rules
            .iter()
            .map(|rule| (rule.domain.as_str(), rule.reason.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("a.example", "built in"),
                ("b.example", "own"),
                ("c.example", "own")
            ]
        );
    }
}

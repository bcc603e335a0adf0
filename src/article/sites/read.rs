//! Reads a table of site rules from TOML. Whatever is wrong with it is said of one key
//! of one entry: a rule that is silently left out would only be missed in print.

use std::path::Path;

use toml::Value;

use super::{Rule, SitesError};
use crate::article::page::visible::query;

/// What an entry may have. Sorted.
const KEYS: [&str; 4] = ["body", "domain", "drop", "reason"];

/// The rules of a text, sorted by domain.
pub(super) fn rules(text: &str) -> Result<Vec<Rule>, Problem> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        Problem::Syntax {
            line: text[..start].matches('\n').count() + 1,
            problem: error.message().to_owned(),
        }
    })?;
    let mut rules = Vec::new();
    for (key, value) in &table {
        let entries = value.as_array().filter(|_| key == "site");
        let Some(entries) = entries else {
            let problem = "a table of site rules holds `[[site]]` and nothing else";
            return Err(Problem::of("outside of all sites", key, problem));
        };
        for (at, entry) in entries.iter().enumerate() {
            rules.push(rule(entry, at + 1)?);
        }
    }
    rules.sort_by(|a, b| a.domain.cmp(&b.domain));
    if let Some(twice) = rules.windows(2).find(|two| two[0].domain == two[1].domain) {
        let site = format!("site `{}`", twice[0].domain);
        return Err(Problem::of(&site, "domain", "has two entries"));
    }
    Ok(rules)
}

fn rule(entry: &Value, number: usize) -> Result<Rule, Problem> {
    let stated = entry.get("domain").and_then(Value::as_str).unwrap_or("");
    let site = if stated.trim().is_empty() {
        format!("site {number}")
    } else {
        format!("site `{stated}`")
    };
    let wrong = |key: &str, problem: &str| Problem::of(&site, key, problem);
    let unknown = entry
        .as_table()
        .and_then(|entry| entry.keys().find(|key| !KEYS.contains(&key.as_str())));
    if let Some(key) = unknown {
        return Err(wrong(key, "a site has no such key"));
    }
    let text = |key: &str| match entry.get(key) {
        None => Ok(None),
        Some(value) => match value.as_str().map(str::trim) {
            None => Err(wrong(key, "must be a string")),
            Some("") => Err(wrong(key, "is empty")),
            Some(text) => Ok(Some(text.to_owned())),
        },
    };
    let needed = |key: &str| text(key)?.ok_or_else(|| wrong(key, "is missing"));
    let selector = |key: &str, list: String| {
        if query::is_sound(&list) {
            return Ok(list);
        }
        let problem = format!("`{list}` is no selector that prism can match");
        Err(wrong(key, &problem))
    };

    // As an address has it: small letters, other scripts encoded.
    let domain = url::Host::parse(&needed("domain")?)
        .map_err(|_| wrong("domain", "must be a host, such as `example.com`"))?
        .to_string();
    let reason = needed("reason")?;
    let body = text("body")?
        .map(|list| selector("body", list))
        .transpose()?;
    let drop = match entry.get("drop") {
        None => Vec::new(),
        Some(value) => value
            .as_array()
            .ok_or_else(|| wrong("drop", "must be a list of selectors"))?
            .iter()
            .map(|one| {
                let list = one
                    .as_str()
                    .ok_or_else(|| wrong("drop", "must be a list of strings"))?;
                selector("drop", list.to_owned())
            })
            .collect::<Result<_, _>>()?,
    };
    if body.is_none() && drop.is_empty() {
        return Err(wrong("body", "is missing, and so is `drop`"));
    }
    Ok(Rule {
        domain,
        reason,
        body,
        drop,
    })
}

/// What is wrong with a text.
#[derive(Debug)]
pub(super) enum Problem {
    Syntax {
        line: usize,
        problem: String,
    },
    Entry {
        site: String,
        key: String,
        problem: String,
    },
}

impl Problem {
    fn of(site: &str, key: &str, problem: &str) -> Self {
        Self::Entry {
            site: site.to_owned(),
            key: key.to_owned(),
            problem: problem.to_owned(),
        }
    }

    pub(super) fn in_file(self, path: &Path) -> SitesError {
        let path = path.to_owned();
        match self {
            Self::Syntax { line, problem } => SitesError::Syntax {
                path,
                line,
                problem,
            },
            Self::Entry { site, key, problem } => {
                let hint = hint(&key);
                SitesError::Entry {
                    path,
                    site,
                    key,
                    problem,
                    hint,
                }
            }
        }
    }
}

fn hint(key: &str) -> String {
    let hint = match key {
        "body" => "`body` names the elements that hold the article, such as `div.story`",
        "domain" => "each site has one entry, with its registrable domain or one exact host",
        "drop" => {
            "`drop` lists elements that never count, such as [\"div.box\", \"#related > ul\"]"
        }
        "reason" => "say what goes wrong without the entry, for whoever asks next year",
        _ => "an entry is `[[site]]` with `domain`, `reason`, and `body` or `drop`",
    };
    hint.to_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let text = "[[site]]\ndomain = 'Post.Example'\nreason = ' A box. '\ndrop = ['.a, .b', '#c']\n\
                    [[site]]\ndomain = 'a.example'\nreason = 'Two columns.'\nbody = 'div.story'\n";
        let expected = [
            Rule {
                domain: "a.example".into(),
                reason: "Two columns.".into(),
                body: Some("div.story".into()),
                drop: Vec::new(),
            },
            Rule {
                domain: "post.example".into(),
                reason: "A box.".into(),
                body: None,
                drop: vec![".a, .b".into(), "#c".into()],
            },
        ];
        assert_eq!(rules(text).unwrap(), expected);
        assert!(rules("# nothing yet").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_of_file_domain_and_key() {
        const SITE: &str = "[[site]]\ndomain = 'post.example'\n";
        const REASON: &str = "[[site]]\ndomain = 'post.example'\nreason = 'x'\n";
        let site = |rest: &str| format!("{SITE}{rest}");
        let reason = |rest: &str| format!("{REASON}{rest}");
        for (text, message) in [
            ("[[site]]\nx = = 1".to_owned(), "line 2: "),
            (
                "[[sites]]\ndomain = 'a.example'".to_owned(),
                "outside of all sites, `sites`: a table of site rules holds",
            ),
            ("site = 1".to_owned(), "outside of all sites, `site`: "),
            ("site = [1]".to_owned(), "site 1, `domain`: is missing"),
            (
                "[[site]]\nreason = 'x'".to_owned(),
                "site 1, `domain`: is missing",
            ),
            (
                "[[site]]\ndomain = 'https://a.example/'".to_owned(),
                "site `https://a.example/`, `domain`: must be a host",
            ),
            (
                site("drop = ['p']"),
                "site `post.example`, `reason`: is missing",
            ),
            (
                site("reason = ' '\nbody = 'p'"),
                "site `post.example`, `reason`: is empty",
            ),
            (
                reason("bdoy = 'p'"),
                "site `post.example`, `bdoy`: a site has no such key",
            ),
            (
                reason(""),
                "site `post.example`, `body`: is missing, and so is `drop`",
            ),
            (
                reason("body = 1"),
                "site `post.example`, `body`: must be a string",
            ),
            (
                reason("body = 'p:hover'"),
                "site `post.example`, `body`: `p:hover` is no selector",
            ),
            (
                reason("drop = 'p'"),
                "site `post.example`, `drop`: must be a list of selectors",
            ),
            (
                reason("drop = [1]"),
                "site `post.example`, `drop`: must be a list of strings",
            ),
            (
                reason("drop = ['p', 'div..a']"),
                "site `post.example`, `drop`: `div..a` is no selector",
            ),
            (
                reason("body = 'p'\n") + &reason("body = 'p'"),
                "site `post.example`, `domain`: has two entries",
            ),
        ] {
            let error = rules(&text).unwrap_err().in_file(Path::new("own.toml"));
            let (start, said) = ("`own.toml`, ", error.to_string());
            assert!(said.starts_with(&format!("{start}{message}")), "{said}");
        }
    }
}

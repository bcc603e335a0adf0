//! Brings articles in: from an address, a file or standard input, to a reading.

use std::{
    fmt,
    io::Read,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use url::Url;

use crate::{
    article::{self, Article, Explanation, Quality, Reading, Sites, pages::MAX_PAGES},
    fetch::{Client, Clock, FetchError, Page, Purpose},
    report::{Again, Item, Outcome},
};

/// Where an article is to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// An address.
    Url(Url),
    /// A file; one that ends in `.gz` is decompressed.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// Reads on where the input is an address: a file's further pages are not asked for.
    pub async fn whole(&self, reading: Reading, client: &Client, sites: &Sites) -> Reading {
        match self {
            Self::Url(_) => whole(reading, client, sites).await,
            Self::File(_) | Self::Stdin => reading,
        }
    }

    /// Reads what was typed: `-`, an address with its scheme, or a path.
    pub fn parse(typed: &str) -> Result<Self, GatherError> {
        if typed == "-" {
            return Ok(Self::Stdin);
        }
        let scheme = typed
            .split_once(':')
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        let is_scheme = |scheme: &String| {
            scheme.len() > 1
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        };
        match scheme.filter(is_scheme) {
            Some(_) if Path::new(typed).exists() => Ok(Self::File(typed.into())),
            Some(scheme) if scheme == "http" || scheme == "https" => match typed.parse() {
                Ok(url) => Ok(Self::Url(url)),
                Err(error) => Err(GatherError::Address {
                    typed: typed.to_owned(),
                    problem: error.to_string(),
                }),
            },
            Some(scheme) => Err(GatherError::Scheme {
                typed: typed.to_owned(),
                scheme,
            }),
            None => Ok(Self::File(typed.into())),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => write!(f, "{url}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stdin => write!(f, "-"),
        }
    }
}

/// Receives the page of an input; `said_url` says where a file came from.
pub async fn page(
    input: &Input,
    said_url: Option<&Url>,
    client: &Client,
    clock: &dyn Clock,
    max_bytes: usize,
) -> Result<Page, GatherError> {
    let body = match input {
        Input::Url(url) => return Ok(client.get(url, Purpose::Page).await?),
        Input::File(path) => read_file(path.clone(), max_bytes).await?,
        Input::Stdin => {
            let read = move || bounded(std::io::stdin().lock(), max_bytes);
            blocking(read).await.map_err(|error| GatherError::Read {
                input: "-".into(),
                error,
            })?
        }
    };
    if body.len() > max_bytes {
        return Err(GatherError::TooLarge {
            input: input.to_string(),
            limit: max_bytes,
        });
    }
    if body.is_empty() {
        return Err(GatherError::Empty {
            input: input.to_string(),
        });
    }
    Ok(Page {
        url: said_url.cloned(),
        status: 200,
        content_type: None,
        body: Bytes::from(body),
        retrieved: clock.now(),
    })
}

/// Extracts the article of a page, away from the threads that wait for the network.
pub async fn reading(page: Page, sites: &Sites) -> Reading {
    let sites = sites.clone();
    blocking(move || article::extract_with(&page, &sites)).await
}

/// Extracts the article of a page and accounts for what was taken and what was cut.
pub async fn explained(page: Page, sites: &Sites) -> (Reading, Option<Explanation>) {
    let sites = sites.clone();
    blocking(move || article::explain_with(&page, &sites)).await
}

/// Reads on: the further pages of an article that goes over several are fetched and
/// their text is joined. A page that cannot be had, or has nothing new, ends it.
pub async fn whole(mut reading: Reading, client: &Client, sites: &Sites) -> Reading {
    for _ in 1..MAX_PAGES {
        let Some(url) = reading.next_page.take() else {
            break;
        };
        let Ok(page) = client.get(&url, Purpose::Page).await else {
            // The text is not whole: whoever asks is told where it goes on.
            reading.next_page = Some(url);
            break;
        };
        let next = self::reading(page, sites).await;
        // A wall, an error or another article is not the rest of this one.
        let goes_on = matches!(next.quality, Quality::Ok | Quality::Thin)
            && next.article.title == reading.article.title;
        if !goes_on {
            reading.next_page = Some(url);
            break;
        }
        if !reading.article.append(&next.article) {
            break;
        }
        reading.next_page = next.next_page;
    }
    reading
}

/// The article of a reading, or the item that says why there is none.
pub fn usable(input: &str, reading: Reading) -> Result<Article, Box<Item>> {
    let title = reading.article.title.clone();
    reading.usable().map_err(|refusal| {
        let mut item = Item::new(input, Outcome::Skipped)
            .because(refusal.quality.as_str(), refusal.evidence.clone());
        item.title = title;
        // A wall or an error page may be gone with the next run; a paywall stays.
        if matches!(refusal.quality, Quality::BotWall | Quality::ErrorPage) {
            item.again = Again::Counted;
        }
        Box::new(item)
    })
}

async fn read_file(path: PathBuf, max_bytes: usize) -> Result<Vec<u8>, GatherError> {
    let input = path.display().to_string();
    let read = move || {
        if path.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
        }
        let file = std::fs::File::open(&path)?;
        if path.extension().is_some_and(|extension| extension == "gz") {
            bounded(MultiGzDecoder::new(file), max_bytes)
        } else {
            bounded(file, max_bytes)
        }
    };
    blocking(read)
        .await
        .map_err(|error| GatherError::Read { input, error })
}

/// At most one byte more than `max_bytes`, so that the caller sees that it is too much.
fn bounded(reader: impl Read, max_bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    reader.take(max_bytes as u64 + 1).read_to_end(&mut body)?;
    Ok(body)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .expect("blocking work does not panic and is not cancelled")
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// An address that cannot be read as one.
    #[error("`{typed}` is no address: {problem}")]
    Address {
        /// What was typed.
        typed: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An address that is not of the web.
    #[error("`{typed}` is refused: prism fetches `http` and `https`, not `{scheme}`")]
    Scheme {
        /// What was typed.
        typed: String,
        /// Its scheme.
        scheme: String,
    },
    /// A file that cannot be read.
    #[error("cannot read `{input}`: {error}")]
    Read {
        /// Which one.
        input: String,
        /// Why.
        error: std::io::Error,
    },
    /// Nothing in it.
    #[error("`{input}` is empty")]
    Empty {
        /// Which one.
        input: String,
    },
    /// Too much in it.
    #[error("`{input}` has more than {limit} bytes")]
    TooLarge {
        /// Which one.
        input: String,
        /// `fetch.max_bytes`.
        limit: usize,
    },
    /// The fetch failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl GatherError {
    /// The named reason for reports.
    pub fn reason(&self) -> String {
        match self {
            Self::Address { .. } => "bad_address".into(),
            Self::Scheme { .. } => "refused_scheme".into(),
            Self::Read { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                "no_such_file".into()
            }
            Self::Read { .. } => "unreadable".into(),
            Self::Empty { .. } => "empty".into(),
            Self::TooLarge { .. } => "too_large".into(),
            Self::Fetch(error) => error.reason(),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Scheme { scheme, .. } if scheme == "file" => {
                Some("name the file by its path".into())
            }
            Self::TooLarge { .. } => Some("raise `fetch.max_bytes`".into()),
            Self::Fetch(error) => error.hint(),
            _ => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_told_apart() {
        assert_eq!(Input::parse("-").unwrap(), Input::Stdin);
        assert_eq!(
            Input::parse("a/b.html").unwrap(),
            Input::File("a/b.html".into())
        );
        assert!(matches!(
            Input::parse("HTTPS://a.example/x").unwrap(),
            Input::Url(_)
        ));
        let refused = Input::parse("file:///etc/passwd").unwrap_err();
        assert_eq!(refused.reason(), "refused_scheme");
        assert_eq!(refused.hint().as_deref(), Some("name the file by its path"));
        assert_eq!(
            Input::parse("gopher://a").unwrap_err().reason(),
            "refused_scheme"
        );
        assert_eq!(Input::parse("http://").unwrap_err().reason(), "bad_address");
    }
}

//! Recordings: a folder with one JSON file for each exchange.
//!
//! [`Recorder`] writes what passes through another transport; [`Replay`] serves it
//! again and opens no socket: what was not recorded is an error. Both give the same
//! response to the same request, so a run that records and its replay come out alike.
//!
//! An exchange is found by its method, its address without secrets, and the digest of
//! its body. The answers to one key are served in the order in which they came, the
//! last one again and again. Request headers are not kept, and only a few response
//! headers are; validators and the time an answer took play no part.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures::future::{self, BoxFuture};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{
    FetchError, Method, Request, Response, SharedTransport, Transport,
    redact::{self, REDACTED},
};
use crate::text::sha256;

/// Passes requests on, and writes down what comes back.
pub struct Recorder {
    inner: SharedTransport,
    folder: PathBuf,
    /// Exchanges written so far for each stem of a file name.
    written: Mutex<BTreeMap<String, u32>>,
}

impl Recorder {
    /// Begins a recording in `folder` at the time `now`. Exchanges that it holds
    /// already are removed; other files, such as `prism.toml`, stay.
    pub fn create(
        folder: &Path,
        inner: SharedTransport,
        now: Timestamp,
    ) -> Result<Self, FetchError> {
        fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
        for path in exchange_files(folder)? {
            fs::remove_file(&path).map_err(|error| unusable(&path, &error))?;
        }
        let path = folder.join(RECORDED_AT);
        fs::write(&path, format!("{now}\n")).map_err(|error| unusable(&path, &error))?;
        Ok(Self {
            inner,
            folder: folder.to_owned(),
            written: Mutex::default(),
        })
    }

    /// Writes `exchange` under the next free name. Small files, written only while a
    /// demo is recorded: nothing is gained by making this asynchronous.
    fn write(&self, exchange: &Exchange) -> Result<(), FetchError> {
        let stem = exchange.stem();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let number = written.entry(stem.clone()).or_default();
        *number += 1;
        let path = self.folder.join(format!("{stem}-{number}.json"));
        let mut json =
            serde_json::to_string_pretty(exchange).map_err(|error| unusable(&path, &error))?;
        json.push('\n');
        fs::write(&path, json).map_err(|error| unusable(&path, &error))
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, FetchError>> {
        Box::pin(async move {
            let outcome = self.inner.send(request.clone()).await;
            if let Err(
                FetchError::BadHeader { .. }
                | FetchError::Setup { .. }
                | FetchError::Cassette { .. }
                | FetchError::NotRecorded { .. },
            ) = outcome
            {
                // Ours, not the server's: a replay has nothing to learn from it.
                return outcome;
            }
            let exchange = Exchange::new(&request, outcome);
            self.write(&exchange)?;
            exchange.outcome().map_err(|detail| FetchError::Cassette {
                path: self.folder.display().to_string(),
                detail,
            })?
        })
    }
}

/// Serves a recording.
#[derive(Debug)]
pub struct Replay {
    folder: String,
    recorded_at: Timestamp,
    answers: BTreeMap<Key, Vec<Result<Response, FetchError>>>,
    /// Answers served so far for each key.
    served: Mutex<BTreeMap<Key, usize>>,
}

impl Replay {
    /// Reads the recording in `folder`.
    pub fn open(folder: &Path) -> Result<Self, FetchError> {
        let path = folder.join(RECORDED_AT);
        let recorded_at = fs::read_to_string(&path)
            .map_err(|error| unusable(&path, &error))?
            .trim()
            .parse()
            .map_err(|error| unusable(&path, &error))?;
        let mut answers: BTreeMap<Key, Vec<_>> = BTreeMap::new();
        for path in exchange_files(folder)? {
            let json = fs::read(&path).map_err(|error| unusable(&path, &error))?;
            let exchange: Exchange =
                serde_json::from_slice(&json).map_err(|error| unusable(&path, &error))?;
            let outcome = exchange
                .outcome()
                .map_err(|error| unusable(&path, &error))?;
            answers.entry(exchange.key).or_default().push(outcome);
        }
        Ok(Self {
            folder: folder.display().to_string(),
            recorded_at,
            answers,
            served: Mutex::default(),
        })
    }

    /// When the recording was begun.
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    fn answer(&self, request: &Request) -> Result<Response, FetchError> {
        let key = Key::new(request);
        let Some(answers) = self.answers.get(&key) else {
            let other_body = self
                .answers
                .keys()
                .any(|known| known.method == key.method && known.url == key.url);
            return Err(FetchError::NotRecorded {
                method: key.method,
                url: key.url,
                body_sha256: key.body_sha256,
                folder: self.folder.clone(),
                other_body,
            });
        };
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = served.entry(key).or_default();
        let answer = answers[(*turn).min(answers.len() - 1)].clone();
        *turn += 1;
        answer
    }
}

impl Transport for Replay {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, FetchError>> {
        Box::pin(future::ready(self.answer(&request)))
    }
}

/// Holds the moment at which a recording was begun.
const RECORDED_AT: &str = "recorded_at";

/// Response headers that are kept, sorted. None of them names a person or a session.
const KEPT_HEADERS: &[&str] = &[
    "cache-control",
    "content-language",
    "content-type",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "retry-after-ms",
    "tdm-reservation",
    "x-robots-tag",
    "x-should-retry",
];

/// By what an exchange is found again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Key {
    method: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    body_sha256: Option<String>,
}

impl Key {
    fn new(request: &Request) -> Self {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        Self {
            method: method.to_owned(),
            url: redact::shown(&request.url),
            body_sha256: request.body.as_ref().map(|body| body_digest(body)),
        }
    }
}

/// One file of a recording.
#[derive(Debug, Serialize, Deserialize)]
struct Exchange {
    #[serde(flatten)]
    key: Key,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    headers: Vec<(String, String)>,
    /// The decoded body where it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    body: Option<String>,
    /// The decoded body where it is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    body_base64: Option<String>,
    /// Why there is no response.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    error: Option<FetchError>,
}

impl Exchange {
    fn new(request: &Request, outcome: Result<Response, FetchError>) -> Self {
        let mut exchange = Self {
            key: Key::new(request),
            status: None,
            headers: Vec::new(),
            body: None,
            body_base64: None,
            error: None,
        };
        let response = match outcome {
            Ok(response) => response,
            Err(error) => {
                exchange.error = Some(error);
                return exchange;
            }
        };
        let secrets = secrets_of(request);
        exchange.status = Some(response.status);
        exchange.headers = response
            .headers
            .iter()
            .filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()))
            .map(|(name, value)| {
                let value = if name == "location" {
                    location_without_secrets(request, value)
                } else {
                    value.clone()
                };
                (
                    name.clone(),
                    String::from_utf8_lossy(&scrubbed(value.as_bytes(), &secrets)).into_owned(),
                )
            })
            .collect();
        match String::from_utf8(scrubbed(&response.body, &secrets)) {
            Ok(text) => exchange.body = Some(text),
            Err(error) => {
                exchange.body_base64 = Some(BASE64_STANDARD.encode(error.as_bytes()));
            }
        }
        exchange
    }

    /// What a replay serves for it; an error when the file contradicts itself.
    fn outcome(&self) -> Result<Result<Response, FetchError>, String> {
        let status = match (self.status, &self.error) {
            (Some(status), None) => status,
            (None, Some(error)) => return Ok(Err(error.clone())),
            _ => return Err("it must have either a `status` or an `error`".to_owned()),
        };
        let body = match (&self.body, &self.body_base64) {
            (Some(text), None) => Bytes::copy_from_slice(text.as_bytes()),
            (None, Some(coded)) => BASE64_STANDARD
                .decode(coded)
                .map_err(|error| format!("`body_base64`: {error}"))?
                .into(),
            _ => return Err("it must have either a `body` or a `body_base64`".to_owned()),
        };
        Ok(Ok(Response {
            status,
            headers: self.headers.clone(),
            body,
        }))
    }

    /// `get-news.example-1a2b3c4d`: a name for people, and enough of the key's digest
    /// to keep files apart. Where it does not, the number at the end does.
    fn stem(&self) -> String {
        let host: String = url::Url::parse(&self.key.url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            .take(60)
            .collect();
        let body = self.key.body_sha256.as_deref().unwrap_or_default();
        let key = format!("{}\n{}\n{body}", self.key.method, self.key.url);
        let digest = sha256(key.as_bytes());
        format!("{}-{host}-{}", self.key.method.to_lowercase(), &digest[..8])
    }
}

/// The digest of a request's body; JSON counts with its keys sorted and without white
/// space, so that the order in which a struct is written plays no part.
fn body_digest(body: &[u8]) -> String {
    match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(mut json) => {
            json.sort_all_objects();
            sha256(json.to_string().as_bytes())
        }
        Err(_) => sha256(body),
    }
}

/// A redirect's target as it may be kept. Where nothing in it is secret it stays as
/// received, relative or not.
fn location_without_secrets(request: &Request, location: &str) -> String {
    match redact::without_secrets(&request.url).join(location) {
        Ok(target) => {
            let clean = redact::without_secrets(&target);
            let mut plain = target;
            plain.set_fragment(None);
            if plain == clean {
                location.to_owned()
            } else if plain.username() == clean.username() && plain.password() == clean.password() {
                clean.into()
            } else {
                // A target with a user is refused; it must be refused in replay, too.
                let mut marked = clean;
                let _ = marked.set_username(REDACTED);
                marked.into()
            }
        }
        Err(_) => location.to_owned(),
    }
}

/// The values of the secret headers, with and without the scheme before them.
fn secrets_of(request: &Request) -> Vec<String> {
    let mut secrets: Vec<String> = request
        .secret_headers
        .iter()
        .flat_map(|(_, value)| {
            let value = value.expose_secret().trim();
            [Some(value), value.split_whitespace().last()]
        })
        .flatten()
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
        .map(str::to_owned)
        .collect();
    // The longest first: the key inside `Bearer key` must not break up the whole.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.dedup();
    secrets
}

/// Shorter values, such as the `none` that a local server is given for a key, are no
/// secrets, and taking them out would tear words apart.
const SHORTEST_SECRET: usize = 6;

fn scrubbed(bytes: &[u8], secrets: &[String]) -> Vec<u8> {
    let mut clean = bytes.to_vec();
    for secret in secrets {
        let secret = secret.as_bytes();
        let mut rest = clean.as_slice();
        let mut next = Vec::with_capacity(clean.len());
        while let Some(at) = rest
            .windows(secret.len())
            .position(|window| window == secret)
        {
            next.extend_from_slice(&rest[..at]);
            next.extend_from_slice(REDACTED.as_bytes());
            rest = &rest[at + secret.len()..];
        }
        next.extend_from_slice(rest);
        clean = next;
    }
    clean
}

/// The exchanges in `folder` by stem and number, in the order in which they were
/// written for each stem.
fn exchange_files(folder: &Path) -> Result<Vec<PathBuf>, FetchError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unusable(folder, &error))? {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        if let Some(place) = path
            .file_name()
            .and_then(|name| exchange_place(name.to_str()?))
        {
            files.push((place, path));
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The stem and number of the name of an exchange's file; `None` for other files.
fn exchange_place(name: &str) -> Option<(String, u32)> {
    let (stem, number) = name.strip_suffix(".json")?.rsplit_once('-')?;
    let (method_and_host, digest) = stem.rsplit_once('-')?;
    let ours = ["get-", "post-"]
        .iter()
        .any(|method| method_and_host.starts_with(method))
        && digest.len() == 8
        && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    ours.then(|| Some((stem.to_owned(), number.parse().ok()?)))?
}

fn unusable(path: &Path, error: &impl ToString) -> FetchError {
    FetchError::Cassette {
        path: path.display().to_string(),
        detail: error.to_string(),
    }
}

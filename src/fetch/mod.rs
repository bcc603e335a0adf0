//! The only way bytes enter or leave the process: feeds, pages and model calls all
//! pass through one [`Transport`], so one recording covers all three.
//!
//! Stages call [`Client`], which follows redirects, retries and asks the [`Guard`]
//! about every address. Below it stands [`Live`], which does one exchange, or
//! [`Recorder`] and [`Replay`], which keep exchanges and serve them again. Nothing
//! here reads what a body says, knows robots.txt, or keeps a pace between requests.

mod client;
mod guard;
mod live;

mod cassette;
mod clock;
mod decode;
mod error;
mod redact;
mod retry;
mod validators;

pub use cassette::{Recorder, Replay};
pub use client::{Answer, Changed, Client, Policy};
pub use clock::{ReplayClock, SystemClock};
pub use error::FetchError;
pub use guard::{BadEntry, Guard};
pub use live::{Live, LiveOptions};
pub use redact::shown;
pub use retry::Retry;
pub use validators::Validators;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

/// Sends one request and gives its response: one hop, no retry, the body decoded
/// and bounded. Redirects, retries and the address check are above it.
///
/// For a page or a feed, the body of an answer that is no success is left unread
/// (nobody reads it, and it may be endless), and so is one that is no text.
pub trait Transport: Send + Sync {
    /// Sends `request`.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, FetchError>>;
}

/// What is asked, and within which limits.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// What it is for; it chooses the client and the checks.
    pub purpose: Purpose,
    /// Headers that may be seen and recorded.
    pub headers: Vec<(&'static str, String)>,
    /// Headers that are never logged, stored or recorded.
    pub secret_headers: Vec<(&'static str, SecretString)>,
    /// The body of a `POST`: JSON.
    pub body: Option<Bytes>,
    /// When to give up.
    pub limits: Limits,
}

impl Request {
    /// The same request, named by `key` for servers that answer a repetition of it from
    /// what they have: the `Idempotency-Key` of the IETF draft of that name. A server
    /// that does not know the header passes it over.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: &str) -> Self {
        self.headers.push(("idempotency-key", key.to_owned()));
        self
    }
}

/// The methods that prism uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads a page or a feed.
    Get,
    /// Asks a model.
    Post,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An article's page: its address comes from content and is checked.
    Page,
    /// A feed: its address comes from the settings or the command line and is checked.
    Feed,
    /// A model: its address comes from the settings, is not checked, and no redirect
    /// is followed.
    Model,
}

/// Bounds on one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the body, after decompression.
    pub bytes: usize,
    /// Most time from the request to the last byte of the body.
    pub time: Duration,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case with their values, in the order received.
    pub headers: Vec<(String, String)>,
    /// The decoded body.
    pub body: Bytes,
}

impl Response {
    /// The first value of the header `name` (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The bytes of a page as received, before anyone has read them.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it came from, after redirects; `None` for a file of unknown origin.
    pub url: Option<Url>,
    /// The HTTP status; 200 for a file.
    pub status: u16,
    /// The `Content-Type` as received.
    pub content_type: Option<String>,
    /// The decoded body.
    pub body: Bytes,
    /// When it was received.
    pub retrieved: Timestamp,
}

/// The time, and how to wait. Under replay, `now` is the time of the recording and
/// `sleep` returns at once, so that a replay gives the same bytes every time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;
}

/// A [`Transport`] that several stages share.
pub type SharedTransport = Arc<dyn Transport>;

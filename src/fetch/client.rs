//! What stages call: a page or a feed by its address, and a question to a model.
//!
//! Follows redirects in its own loop, so that each hop passes the [`Guard`] and is
//! recorded; repeats what failed transiently. It does not keep a pace between
//! requests and does not read robots.txt.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use url::Url;

use super::{
    Clock, FetchError, Guard, Limits, Method, Page, Purpose, Request, Response, Retry,
    SharedTransport, Validators, redact, retry::Tries, validators::freshness,
};

/// Fetches pages and feeds, and asks models.
#[derive(Clone)]
pub struct Client {
    transport: SharedTransport,
    clock: Arc<dyn Clock>,
    guard: Guard,
    policy: Policy,
}

/// The bounds within which a [`Client`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Bounds on one exchange for a page.
    pub page: Limits,
    /// Bounds on one exchange for a feed.
    pub feed: Limits,
    /// Most time for one page or feed, with its redirects, repetitions and waits.
    pub total: Duration,
    /// Redirects followed at most.
    pub redirects: usize,
    /// Repetitions for pages and feeds.
    pub pages: Retry,
    /// Repetitions for models.
    pub models: Retry,
    /// Whether feeds are asked only for what has changed. Not so where a run is recorded,
    /// since a recording must have the whole feeds, nor where one is replayed.
    pub conditional: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            page: Limits {
                bytes: 10 << 20,
                time: Duration::from_secs(20),
            },
            // Feeds that carry whole articles, and sitemaps, are longer than pages.
            feed: Limits {
                bytes: 20 << 20,
                time: Duration::from_secs(30),
            },
            total: Duration::from_mins(2),
            redirects: 10,
            pages: Retry::PAGES,
            models: Retry::MODELS,
            conditional: true,
        }
    }
}

/// What became of a feed since it was last fetched.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Its bytes; `None` where they are the same as before.
    pub page: Option<Page>,
    /// What to ask with the next time.
    pub validators: Validators,
    /// How long its server says that it need not be asked.
    pub fresh_for: Duration,
}

/// What a model's server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The last response.
    pub response: Response,
    /// Requests that were sent for it; all but the last failed and cost nothing.
    pub attempts: u32,
}

impl Client {
    /// A client on `transport`, which asks only addresses that `guard` lets pass.
    pub fn new(
        transport: SharedTransport,
        clock: Arc<dyn Clock>,
        guard: Guard,
        policy: Policy,
    ) -> Self {
        Self {
            transport,
            clock,
            guard,
            policy,
        }
    }

    /// The page or feed at `url`. Everything that is no complete, successful answer
    /// with a body is an error.
    pub async fn get(&self, url: &Url, purpose: Purpose) -> Result<Page, FetchError> {
        let none = Validators::default();
        let (at, response, tries) = self.ask_for(url, purpose, &none).await?;
        self.page(at, &response, &tries)
            .map_err(|error| after(&tries, error))
    }

    /// The feed at `url`, if it has changed since a server gave these validators. A server
    /// that says so without having been asked is in error, as with [`Self::get`].
    pub async fn get_changed(
        &self,
        url: &Url,
        validators: &Validators,
    ) -> Result<Changed, FetchError> {
        let asked_with = if self.policy.conditional {
            validators
        } else {
            &Validators::default()
        };
        let (at, response, tries) = self.ask_for(url, Purpose::Feed, asked_with).await?;
        let same = response.status == NOT_MODIFIED && !asked_with.headers(&at).is_empty();
        let (validators, page) = if same {
            (validators.clone(), None)
        } else {
            let validators = Validators::of(&response, &at);
            let page = self.page(at, &response, &tries);
            (
                validators,
                Some(page.map_err(|error| after(&tries, error))?),
            )
        };
        Ok(Changed {
            page,
            validators,
            fresh_for: freshness(&response),
        })
    }

    /// Whether what is known of a feed may save a request, or its answer.
    pub fn is_conditional(&self) -> bool {
        self.policy.conditional
    }

    /// The last response for `url`, and the address that it came from.
    async fn ask_for(
        &self,
        url: &Url,
        purpose: Purpose,
        validators: &Validators,
    ) -> Result<(Url, Response, Tries), FetchError> {
        let mut tries = Tries::new(self.policy.pages);
        let total = self.policy.total;
        let followed = self.follow(url, purpose, validators, &mut tries);
        let outcome = match tokio::time::timeout(total, followed).await {
            Ok(outcome) => outcome,
            Err(_) => Err(FetchError::Timeout {
                url: redact::shown(url),
                after: total,
            }),
        };
        match outcome {
            Ok((at, response)) => Ok((at, response, tries)),
            Err(error) => Err(after(&tries, error)),
        }
    }

    /// What a model's server answers to `request`, asked a single time: whether one is
    /// there at all.
    pub async fn once(&self, request: Request) -> Result<Response, FetchError> {
        self.transport.send(request).await
    }

    /// What a model's server answers to `request`, whatever its status: the vendor's
    /// adapter reads errors, too. The address is not checked and no redirect is
    /// followed.
    pub async fn ask(&self, mut request: Request) -> Result<Answer, FetchError> {
        request.purpose = Purpose::Model;
        let mut tries = Tries::new(self.policy.models);
        let outcome = self.persist(&request, &mut tries).await;
        let attempts = tries.attempts();
        outcome
            .map(|response| Answer { response, attempts })
            .map_err(|error| after(&tries, error))
    }

    /// The longest time that [`Self::ask`] takes when one exchange may take `exchange`.
    pub fn longest_ask(&self, exchange: Duration) -> Duration {
        let rule = self.policy.models;
        (exchange + rule.longest_wait) * (rule.times + 1)
    }

    async fn follow(
        &self,
        url: &Url,
        purpose: Purpose,
        validators: &Validators,
        tries: &mut Tries,
    ) -> Result<(Url, Response), FetchError> {
        let mut seen: Vec<Url> = Vec::new();
        let mut at = url.clone();
        loop {
            at.set_fragment(None);
            self.guard.check(&at)?;
            if seen.contains(&at) {
                return Err(FetchError::RedirectLoop {
                    url: redact::shown(&at),
                });
            }
            if seen.len() > self.policy.redirects {
                return Err(FetchError::TooManyRedirects {
                    url: redact::shown(&at),
                    limit: self.policy.redirects,
                });
            }
            let mut request = self.request(&at, purpose);
            request.headers.extend(validators.headers(&at));
            let response = self.persist(&request, tries).await?;
            seen.push(at.clone());
            match response.status {
                301 | 302 | 303 | 307 | 308 => at = redirect_target(&at, &response)?,
                _ => return Ok((at, response)),
            }
        }
    }

    fn request(&self, url: &Url, purpose: Purpose) -> Request {
        // Never as a model: those addresses are not checked.
        let (purpose, limits, accept) = match purpose {
            Purpose::Feed => (purpose, self.policy.feed, ACCEPT_FEED),
            Purpose::Page | Purpose::Model => (Purpose::Page, self.policy.page, ACCEPT_PAGE),
        };
        Request {
            method: Method::Get,
            url: url.clone(),
            purpose,
            headers: vec![("accept", accept.to_owned())],
            secret_headers: Vec::new(),
            body: None,
            limits,
        }
    }

    /// Sends `request` until its outcome is final.
    async fn persist(&self, request: &Request, tries: &mut Tries) -> Result<Response, FetchError> {
        loop {
            let outcome = self.transport.send(request.clone()).await;
            match tries.next(&outcome, self.clock.now()) {
                Some(wait) => {
                    tracing::debug!(
                        host = request.url.host_str(),
                        attempt = tries.attempts(),
                        wait_ms = wait.as_millis(),
                        "asking again"
                    );
                    self.clock.sleep(wait).await;
                }
                None => return outcome,
            }
        }
    }

    fn page(&self, url: Url, response: &Response, tries: &Tries) -> Result<Page, FetchError> {
        let now = self.clock.now();
        let status = response.status;
        // 204 and 205 have no body, 206 has a part that nobody asked for.
        if !(200..=299).contains(&status) || matches!(status, 204..=206) {
            let url = redact::shown(&url);
            return Err(match tries.too_long(response, now) {
                Some(wait) => FetchError::RetryLater {
                    url,
                    status,
                    wait,
                    most: self.policy.pages.longest_wait,
                },
                None => FetchError::Status { url, status },
            });
        }
        if response.body.is_empty() {
            return Err(FetchError::Empty {
                url: redact::shown(&url),
            });
        }
        Ok(Page {
            url: Some(url),
            status,
            content_type: response.header("content-type").map(str::to_owned),
            body: Bytes::clone(&response.body),
            retrieved: now,
        })
    }
}

/// The status that says that nothing has changed.
const NOT_MODIFIED: u16 = 304;

const ACCEPT_PAGE: &str = "text/html, application/xhtml+xml, */*;q=0.5";

const ACCEPT_FEED: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
                           application/xml, text/xml, */*;q=0.5";

fn redirect_target(from: &Url, response: &Response) -> Result<Url, FetchError> {
    let bad = |detail: String| FetchError::BadRedirect {
        url: redact::shown(from),
        detail,
    };
    let location = response.header("location").map_or("", str::trim);
    if location.is_empty() {
        return Err(bad("it has no target".to_owned()));
    }
    from.join(location).map_err(|error| bad(error.to_string()))
}

/// `error` with the number of attempts, where there was more than one.
fn after(tries: &Tries, error: FetchError) -> FetchError {
    match tries.attempts() {
        1 => error,
        attempts => FetchError::GaveUp {
            attempts,
            last: Box::new(error),
        },
    }
}

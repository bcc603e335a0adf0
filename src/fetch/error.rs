//! Why there is no response, in a form that a report can count, a person can read
//! and a recording can keep.
//!
//! Addresses in errors have their secrets taken out. The cause is in the text, so no
//! error has a `source`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum FetchError {
    /// The address must not be asked.
    #[error("refused to fetch `{url}`: {why}")]
    BlockedAddress {
        /// The address.
        url: String,
        /// What speaks against it.
        why: String,
        /// Whether a setting could open it.
        can_open: bool,
    },
    /// The host's name has no address.
    #[error("no address found for the host of `{url}`: {detail}")]
    Dns {
        /// The address.
        url: String,
        /// What the resolver said.
        detail: String,
        /// Whether the resolver failed, rather than the name.
        temporary: bool,
    },
    /// No connection came about; nothing was sent.
    #[error("cannot connect to the server of `{url}`: {detail}")]
    Connect {
        /// The address.
        url: String,
        /// What the system said.
        detail: String,
    },
    /// The server could not prove who it is; nothing was sent.
    #[error("no trusted connection to the server of `{url}`: {detail}")]
    Tls {
        /// The address.
        url: String,
        /// What is wrong with the certificate or the handshake.
        detail: String,
    },
    /// No complete answer in the time allowed.
    #[error("no complete answer from `{url}` within {after:?}")]
    Timeout {
        /// The address.
        url: String,
        /// The time allowed.
        after: Duration,
    },
    /// The connection ended before the answer did.
    #[error("the connection to `{url}` ended before the answer did: {detail}")]
    Closed {
        /// The address.
        url: String,
        /// What the system said.
        detail: String,
    },
    /// The answer breaks the rules of HTTP.
    #[error("the answer from `{url}` is not valid HTTP: {detail}")]
    BadResponse {
        /// The address.
        url: String,
        /// The rule it breaks.
        detail: String,
    },
    /// The body is larger than allowed, as announced, received or decoded.
    #[error("the answer from `{url}` is larger than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// Most bytes allowed.
        limit: usize,
    },
    /// The content type is none that holds text.
    #[error("`{url}` is `{content_type}`, not a text")]
    ContentType {
        /// The address.
        url: String,
        /// The content type as received.
        content_type: String,
    },
    /// The body does not decode.
    #[error("the body of `{url}` does not decode: {detail}")]
    Decode {
        /// The address.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The final status is not one that brings a page.
    #[error("`{url}` answered with status {status}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The body is empty.
    #[error("`{url}` answered with an empty body")]
    Empty {
        /// The address.
        url: String,
    },
    /// The redirects lead back to an address already seen.
    #[error("the redirects lead back to `{url}`")]
    RedirectLoop {
        /// The address seen twice.
        url: String,
    },
    /// There are more redirects than are followed.
    #[error("`{url}` is only the last of {limit} redirects that were followed")]
    TooManyRedirects {
        /// Where it was given up.
        url: String,
        /// Redirects followed at most.
        limit: usize,
    },
    /// A redirect names no address that can be read.
    #[error("the redirect of `{url}` leads nowhere: {detail}")]
    BadRedirect {
        /// The address that redirects.
        url: String,
        /// What is wrong with its target.
        detail: String,
    },
    /// The server asks for a wait that is longer than this run waits.
    #[error(
        "`{url}` answered with status {status} and asks to wait {wait:?}, longer than the {most:?} that are waited for"
    )]
    RetryLater {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// The wait asked for.
        wait: Duration,
        /// The longest wait of this run.
        most: Duration,
    },
    /// It failed more than once.
    #[error("{last} (attempt {attempts})")]
    GaveUp {
        /// Requests sent, those for further hops aside.
        attempts: u32,
        /// Why the last of them failed.
        last: Box<FetchError>,
    },
    /// A replay was asked for something that was not recorded.
    #[error("`{method} {url}`{} is not in the recording `{folder}`", body_digest(body_sha256.as_ref()))]
    NotRecorded {
        /// The method.
        method: String,
        /// The address.
        url: String,
        /// The digest of the request's body, in hexadecimal.
        body_sha256: Option<String>,
        /// The recording.
        folder: String,
        /// Whether it has the same address with another body.
        other_body: bool,
    },
    /// A recording cannot be read or written.
    #[error("the recording `{path}` cannot be used: {detail}")]
    Cassette {
        /// The file or folder.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A header, such as the one with the key, holds what no header may hold.
    #[error("the header `{name}` holds a line break or another character that cannot be sent")]
    BadHeader {
        /// The header's name; its value may be a secret.
        name: String,
    },
    /// The HTTP client cannot be made.
    #[error("cannot set up the HTTP client: {detail}")]
    Setup {
        /// What is wrong.
        detail: String,
    },
}

fn body_digest(digest: Option<&String>) -> String {
    digest.map_or_else(String::new, |digest| format!(" with the body `{digest}`"))
}

impl FetchError {
    /// One word for reports, such as `timeout` or `status_404`.
    pub fn reason(&self) -> String {
        let word = match self {
            Self::BlockedAddress { .. } => "blocked_address",
            Self::Dns { .. } => "dns",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::Closed { .. } => "closed",
            Self::BadResponse { .. } => "bad_response",
            Self::TooLarge { .. } => "too_large",
            Self::ContentType { .. } => "content_type",
            Self::Decode { .. } => "decode",
            Self::Status { status, .. } => return format!("status_{status}"),
            Self::Empty { .. } => "empty",
            Self::RedirectLoop { .. } => "redirect_loop",
            Self::TooManyRedirects { .. } => "too_many_redirects",
            Self::BadRedirect { .. } => "bad_redirect",
            Self::RetryLater { .. } => "retry_later",
            Self::GaveUp { last, .. } => return last.reason(),
            Self::NotRecorded { .. } => "not_recorded",
            Self::Cassette { .. } => "cassette",
            Self::BadHeader { .. } => "bad_header",
            Self::Setup { .. } => "setup",
        };
        word.to_owned()
    }

    /// Whether the same request may well succeed later, without anyone changing
    /// anything. What is not transient is permanent.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Closed { .. }
            | Self::RetryLater { .. } => true,
            Self::Dns { temporary, .. } => *temporary,
            Self::Status { status, .. } => transient_status(*status),
            Self::GaveUp { last, .. } => last.is_transient(),
            _ => false,
        }
    }

    /// Whether the request may have been answered, and so billed, though no answer came.
    pub fn may_be_billed(&self) -> bool {
        match self {
            Self::Timeout { .. }
            | Self::Closed { .. }
            | Self::BadResponse { .. }
            | Self::TooLarge { .. }
            | Self::ContentType { .. }
            | Self::Decode { .. } => true,
            Self::GaveUp { last, .. } => last.may_be_billed(),
            _ => false,
        }
    }

    /// The final status, where there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::RetryLater { status, .. } => Some(*status),
            Self::GaveUp { last, .. } => last.status(),
            _ => None,
        }
    }

    /// How often it was tried.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::GaveUp { attempts, .. } => *attempts,
            _ => 1,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::BlockedAddress { can_open: true, .. } => Some(
                "a private address that is meant can be opened in the settings, for example \
                 `fetch.allow_private = [\"127.0.0.0/8:8970\"]`"
                    .to_owned(),
            ),
            Self::Dns {
                temporary: true, ..
            } => Some("check this machine's network and its name server".to_owned()),
            Self::Dns { .. } => Some("check the spelling of the host".to_owned()),
            Self::Connect { .. } => {
                Some("check that the server runs and that host and port are right".to_owned())
            }
            Self::Tls { .. } => Some(
                "certificates are checked against this machine's roots: check its clock, and that \
                 `ca-certificates` is installed"
                    .to_owned(),
            ),
            Self::RetryLater { .. } => Some("a later run asks again".to_owned()),
            Self::GaveUp { last, .. } => last.hint(),
            Self::NotRecorded {
                folder, other_body, ..
            } => {
                let why = if *other_body {
                    "the same address is recorded with another body, so the prompt, the model or a \
                     setting has changed since; "
                } else {
                    ""
                };
                Some(format!(
                    "{why}to record anew, run the same command with `--record {folder}` in place \
                     of `--replay {folder}`"
                ))
            }
            Self::BadHeader { .. } => {
                Some("check where the key is set, and how it was copied".to_owned())
            }
            Self::Setup { .. } => {
                Some("a slim container needs the package `ca-certificates`".to_owned())
            }
            _ => None,
        }
    }
}

/// Statuses that may well be another one later. 529 is what model vendors answer
/// when they are overloaded.
pub(super) fn transient_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504 | 529)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_reason_is_the_reported_one_and_reads_back() {
        let url = || "https://news.example/a".to_owned();
        let errors = [
            FetchError::BlockedAddress {
                url: url(),
                why: "loopback".to_owned(),
                can_open: true,
            },
            FetchError::Timeout {
                url: url(),
                after: Duration::from_millis(1500),
            },
            FetchError::TooManyRedirects {
                url: url(),
                limit: 10,
            },
            FetchError::BadResponse {
                url: url(),
                detail: "no status".to_owned(),
            },
        ];
        for error in errors {
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["reason"], error.reason());
            assert_eq!(serde_json::from_value::<FetchError>(json).unwrap(), error);
        }
    }

    #[test]
    fn giving_up_keeps_the_reason_and_the_count() {
        let error = FetchError::GaveUp {
            attempts: 4,
            last: Box::new(FetchError::Status {
                url: "https://news.example/a".to_owned(),
                status: 503,
            }),
        };
        assert_eq!(error.reason(), "status_503");
        assert_eq!(
            error.to_string(),
            "`https://news.example/a` answered with status 503 (attempt 4)"
        );
        assert!(error.is_transient());
        assert_eq!((error.status(), error.attempts()), (Some(503), 4));
    }

    #[test]
    fn only_what_may_pass_by_itself_is_transient() {
        for (status, expected) in [
            (404, false),
            (403, false),
            (429, true),
            (500, true),
            (501, false),
            (999, false),
        ] {
            let error = FetchError::Status {
                url: "https://news.example/a".to_owned(),
                status,
            };
            assert_eq!(error.is_transient(), expected, "{status}");
        }
    }
}

//! Whether something has changed since it was last fetched: validators and freshness, as
//! RFC 9110, sections 8.8 and 13, and RFC 9111, section 4.2, have them.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use url::Url;

use super::{Response, shown};

/// Longer ones are some server's mistake.
const LONGEST: usize = 1_000;

/// What a server gave with a body, to ask with the next time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag` as received, weak ones too: equal enough for a list of entries.
    pub etag: Option<String>,
    /// `Last-Modified` as received.
    pub last_modified: Option<String>,
    /// The address that gave the body, after redirects and without secrets: nothing else is
    /// asked with them.
    pub address: String,
}

impl Validators {
    /// Those of the response that came from `at`.
    pub(super) fn of(response: &Response, at: &Url) -> Self {
        let header = |name| {
            let value = response.header(name)?.trim();
            let plain = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            (plain && !value.is_empty() && value.len() <= LONGEST).then(|| value.to_owned())
        };
        Self {
            etag: header("etag"),
            last_modified: header("last-modified"),
            address: shown(at),
        }
    }

    /// The headers that ask `at` for a body only if it has changed; none where there is
    /// nothing to ask this address with.
    pub(super) fn headers(&self, at: &Url) -> Vec<(&'static str, String)> {
        if self.address != shown(at) {
            return Vec::new();
        }
        let etag = self.etag.clone().map(|value| ("if-none-match", value));
        let modified = self.last_modified.clone();
        etag.into_iter()
            .chain(modified.map(|value| ("if-modified-since", value)))
            .collect()
    }
}

/// How long a response may be used without asking again: `max-age`, else `Expires` against
/// the server's own `Date`. None at all where the server wants to be asked.
pub(super) fn freshness(response: &Response) -> Duration {
    let directives = response.header("cache-control").unwrap_or_default();
    let mut max_age = None;
    for directive in directives.split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.split_once('=') {
            None if matches!(
                directive.as_str(),
                "no-cache" | "no-store" | "must-revalidate"
            ) =>
            {
                return Duration::ZERO;
            }
            Some(("max-age", seconds)) => {
                max_age = seconds.trim_matches('"').parse().ok().or(Some(0));
            }
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        // What a cache on the way has used up of it.
        let age = response
            .header("age")
            .and_then(|age| age.trim().parse().ok());
        return Duration::from_secs(u64::saturating_sub(seconds, age.unwrap_or(0)));
    }
    let date = |name| -> Option<Timestamp> {
        let parser = rfc2822::DateTimeParser::new();
        parser.parse_timestamp(response.header(name)?.trim()).ok()
    };
    let until = date("expires").zip(date("date"));
    until
        .and_then(|(expires, now)| Duration::try_from(expires.duration_since(now)).ok())
        .unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn response(headers: &[(&str, &str)]) -> Response {
        Response {
            status: 200,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Bytes::new(),
        }
    }

    #[test]
    fn validators_are_taken_as_they_are_and_nonsense_is_not() {
        let at: Url = "https://a.example/feed?token=0123456789".parse().unwrap();
        let kept = Validators::of(
            &response(&[
                ("etag", " W/\"a-1\" "),
                ("last-modified", "Tue, 24 Nov 2026 12:00:00 GMT"),
            ]),
            &at,
        );
        assert_eq!(
            kept.headers(&at),
            [
                ("if-none-match", "W/\"a-1\"".to_owned()),
                (
                    "if-modified-since",
                    "Tue, 24 Nov 2026 12:00:00 GMT".to_owned()
                )
            ]
        );
        let long = "x".repeat(5_000);
        for bad in ["", "a\r\nb", "é", long.as_str()] {
            let kept = Validators::of(&response(&[("etag", bad)]), &at);
            assert!(kept.headers(&at).is_empty(), "{bad}");
        }
        assert!(!kept.address.contains("0123456789"), "{}", kept.address);
        let moved = "https://b.example/feed?token=0123456789".parse().unwrap();
        assert!(kept.headers(&moved).is_empty());
    }

    #[test]
    fn freshness_is_what_the_server_grants() {
        let date = ("date", "Tue, 24 Nov 2026 12:00:00 GMT");
        let expires = ("expires", "Tue, 24 Nov 2026 12:05:00 GMT");
        for (headers, seconds) in [
            (vec![("cache-control", "public, max-age=300")], 300),
            (vec![("cache-control", "Max-Age=\"60\"")], 60),
            (vec![("cache-control", "max-age=300"), ("age", "100")], 200),
            (vec![("cache-control", "max-age=300"), ("age", "900")], 0),
            (vec![("cache-control", "max-age=300, no-cache")], 0),
            (vec![("cache-control", "must-revalidate, max-age=9")], 0),
            (vec![("cache-control", "max-age=soon"), date, expires], 0),
            (vec![("cache-control", "max-age=-5")], 0),
            (vec![date, expires], 300),
            (vec![expires], 0),
            (vec![date, ("expires", "0")], 0),
            (vec![], 0),
        ] {
            assert_eq!(
                freshness(&response(&headers)),
                Duration::from_secs(seconds),
                "{headers:?}"
            );
        }
    }
}

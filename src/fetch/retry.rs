//! When the same request is sent again, and after what wait.
//!
//! Only what is transient is tried again. A request that may have reached its server
//! is repeated sparingly, since a model's answer costs money each time.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use jiff::{Timestamp, civil::DateTime, fmt::rfc2822, tz::TimeZone};

use super::{FetchError, Response, error::transient_status};

/// How often and how patiently a request is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Repetitions at most.
    pub times: u32,
    /// Repetitions at most of a request that broke off on the way back.
    pub resends: u32,
    /// The wait before the first repetition; it doubles each time.
    pub backoff: Duration,
    /// The longest wait that a `Retry-After` may ask for.
    pub longest_wait: Duration,
}

impl Retry {
    /// For pages and feeds.
    pub const PAGES: Self = Self {
        times: 3,
        resends: 3,
        backoff: Duration::from_millis(500),
        longest_wait: Duration::from_mins(1),
    };

    /// For models: their limits are counted by the minute. What broke off on the way back
    /// may be billed, so whoever keeps the budget decides on another attempt.
    pub const MODELS: Self = Self {
        times: 4,
        resends: 0,
        backoff: Duration::from_secs(1),
        longest_wait: Duration::from_mins(3),
    };
}

/// A timeout has cost the whole time allowed and is rarely cured by another.
const TIMEOUT_RESENDS: u32 = 1;

/// Backoff stops doubling here.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// What has been tried so far, over all hops of one fetch.
#[derive(Debug)]
pub(super) struct Tries {
    rule: Retry,
    repetitions: u32,
    resends: u32,
}

impl Tries {
    pub(super) fn new(rule: Retry) -> Self {
        Self {
            rule,
            repetitions: 0,
            resends: 0,
        }
    }

    /// Requests sent so far, those for further hops aside.
    pub(super) fn attempts(&self) -> u32 {
        self.repetitions + 1
    }

    /// The wait before the request that ended in `outcome` is sent again; `None` when
    /// the outcome is final.
    pub(super) fn next(
        &mut self,
        outcome: &Result<Response, FetchError>,
        now: Timestamp,
    ) -> Option<Duration> {
        if self.repetitions >= self.rule.times {
            return None;
        }
        let asked = match outcome {
            Ok(response) if transient_status(response.status) => {
                // Vendors of models say so when a repetition is useless, as over an
                // empty account.
                if response.header("x-should-retry") == Some("false") {
                    return None;
                }
                wait_asked(response, now)
            }
            Err(error) if error.is_transient() => {
                let most = match error {
                    FetchError::Timeout { .. } => self.rule.resends.min(TIMEOUT_RESENDS),
                    FetchError::Closed { .. } => self.rule.resends,
                    _ => u32::MAX,
                };
                if self.resends >= most {
                    return None;
                }
                self.resends += u32::from(most < u32::MAX);
                None
            }
            _ => return None,
        };
        if asked > Some(self.rule.longest_wait) {
            return None;
        }
        let backoff = self
            .rule
            .backoff
            .saturating_mul(2_u32.saturating_pow(self.repetitions))
            .min(LONGEST_BACKOFF);
        self.repetitions += 1;
        // Half of it at least, so that many clients that failed together do not
        // come back together.
        let jittered = backoff.mul_f64(0.5 + 0.5 * random_share());
        Some(asked.unwrap_or_default().max(jittered))
    }

    /// The wait after which `response` may become another, where that is longer than
    /// is waited for.
    pub(super) fn too_long(&self, response: &Response, now: Timestamp) -> Option<Duration> {
        wait_asked(response, now)
            .filter(|wait| transient_status(response.status) && *wait > self.rule.longest_wait)
    }
}

/// The wait that a response asks for in `Retry-After`, in seconds or as a date, or in
/// `retry-after-ms`, which vendors of models send. Nonsense, and what lies in the
/// past, ask for none.
fn wait_asked(response: &Response, now: Timestamp) -> Option<Duration> {
    if let Some(millis) = response.header("retry-after-ms").and_then(whole_number) {
        return Some(Duration::from_millis(millis));
    }
    let value = response.header("retry-after")?.trim();
    if let Some(seconds) = whole_number(value) {
        return Some(Duration::from_secs(seconds));
    }
    let wait = http_date(value)?.duration_since(now);
    Duration::try_from(wait).ok()
}

/// A number of digits only; one too large to hold is the largest there is.
fn whole_number(value: &str) -> Option<u64> {
    let digits = value.trim();
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// A date in one of the three forms of RFC 9110, section 5.6.7.
fn http_date(value: &str) -> Option<Timestamp> {
    if let Ok(date) = rfc2822::DateTimeParser::new().parse_timestamp(value) {
        return Some(date);
    }
    let date = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| DateTime::strptime(form, value).ok())?;
    TimeZone::UTC.to_timestamp(date).ok()
}

/// A number from 0 to 1. It only ever moves a wait, which a replay does not do.
fn random_share() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
        Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Bytes::new(),
        }
    }

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_nonsense_is_not() {
        for (value, expected) in [
            ("2", Some(2)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("Tue, 24 Nov 2026 12:01:30 GMT", Some(90)),
            ("Tuesday, 24-Nov-26 12:01:30 GMT", Some(90)),
            ("Tue Nov 24 12:01:30 2026", Some(90)),
            ("Tue Nov  3 12:00:00 2026", None),
            ("Tue, 24 Nov 2026 11:59:00 GMT", None),
            ("-5", None),
            ("1.5", None),
            ("banana", None),
            ("", None),
            ("Tue, 99 Nov 2026 12:01:30 GMT", None),
        ] {
            assert_eq!(
                wait_asked(&answer(503, &[("retry-after", value)]), now()),
                expected.map(Duration::from_secs),
                "{value}"
            );
        }
        let huge = wait_asked(
            &answer(503, &[("retry-after", "99999999999999999999")]),
            now(),
        );
        assert!(huge > Some(Duration::from_secs(1 << 40)));
        assert_eq!(
            wait_asked(
                &answer(429, &[("retry-after", "9"), ("retry-after-ms", "250")]),
                now()
            ),
            Some(Duration::from_millis(250))
        );
    }

    #[test]
    fn waits_double_are_jittered_and_end() {
        let mut tries = Tries::new(Retry::PAGES);
        for most in [500, 1000, 2000] {
            let wait = tries.next(&Ok(answer(500, &[])), now()).unwrap();
            let most = Duration::from_millis(most);
            assert!(most / 2 <= wait && wait <= most, "{wait:?}");
        }
        assert_eq!(tries.next(&Ok(answer(500, &[])), now()), None);
        assert_eq!(tries.attempts(), 4);
    }

    #[test]
    fn a_wait_asked_for_is_kept_and_one_too_long_is_final() {
        let mut tries = Tries::new(Retry::PAGES);
        let wait = tries.next(&Ok(answer(429, &[("retry-after", "7")])), now());
        assert_eq!(wait, Some(Duration::from_secs(7)));
        let long = answer(429, &[("retry-after", "61")]);
        assert_eq!(tries.next(&Ok(long.clone()), now()), None);
        assert_eq!(tries.too_long(&long, now()), Some(Duration::from_secs(61)));
    }

    #[test]
    fn what_is_final_is_not_repeated() {
        for status in [200, 301, 304, 400, 401, 403, 404, 410, 501, 999] {
            assert_eq!(
                Tries::new(Retry::PAGES).next(&Ok(answer(status, &[])), now()),
                None
            );
        }
        let refused = answer(429, &[("x-should-retry", "false")]);
        assert_eq!(Tries::new(Retry::MODELS).next(&Ok(refused), now()), None);
    }

    #[test]
    fn a_model_that_may_have_answered_is_not_asked_again_here() {
        let url = || "http://model.example/".to_owned();
        let timeout = || {
            Err(FetchError::Timeout {
                url: url(),
                after: Duration::from_secs(1),
            })
        };
        let closed = || {
            Err(FetchError::Closed {
                url: url(),
                detail: String::new(),
            })
        };
        let refused = || {
            Err(FetchError::Connect {
                url: url(),
                detail: String::new(),
            })
        };
        for (rule, outcomes, repeated) in [
            (Retry::MODELS, [timeout(), timeout(), timeout()], 0),
            (Retry::MODELS, [closed(), timeout(), closed()], 0),
            (Retry::MODELS, [refused(), refused(), refused()], 3),
            (Retry::PAGES, [timeout(), timeout(), timeout()], 1),
            (Retry::PAGES, [closed(), closed(), closed()], 3),
        ] {
            let mut tries = Tries::new(rule);
            let waits = outcomes
                .iter()
                .take_while(|outcome| tries.next(outcome, now()).is_some())
                .count();
            assert_eq!(waits, repeated, "{rule:?} {outcomes:?}");
        }
    }
}

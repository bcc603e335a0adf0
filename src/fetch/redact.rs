//! Addresses without their secrets, for errors, logs and recordings.

use url::{Url, form_urlencoded};

/// What stands in place of a secret.
pub(super) const REDACTED: &str = "REDACTED";

/// `url` as it may be shown and recorded: no fragment, no user or password, and
/// `REDACTED` for the value of each query parameter that looks like a secret. All
/// else is unchanged, byte for byte.
pub(super) fn without_secrets(url: &Url) -> Url {
    let mut clean = url.clone();
    clean.set_fragment(None);
    // These two fail only for addresses that can have no user.
    let _ = clean.set_username("");
    let _ = clean.set_password(None);
    if let Some(query) = url.query() {
        let pairs: Vec<_> = query.split('&').map(clean_pair).collect();
        let joined = pairs.join("&");
        if joined != query {
            clean.set_query(Some(&joined));
        }
    }
    clean
}

/// [`without_secrets`] as text.
pub fn shown(url: &Url) -> String {
    without_secrets(url).into()
}

fn clean_pair(pair: &str) -> String {
    let secret = form_urlencoded::parse(pair.as_bytes())
        .next()
        .is_some_and(|(name, value)| value.len() >= SHORTEST_SECRET && is_secret_name(&name));
    match pair.split_once('=') {
        Some((name, _)) if secret => format!("{name}={REDACTED}"),
        _ => pair.to_owned(),
    }
}

/// A shorter value (`?key=12`) is no secret, and two pages that differ only in it
/// must stay two pages in a recording.
const SHORTEST_SECRET: usize = 8;

/// Last words of the names of parameters that hold secrets: `api_key`,
/// `X-Amz-Signature`, `access_token`.
const SECRET_WORDS: &[&str] = &[
    "auth",
    "authorization",
    "credential",
    "credentials",
    "jwt",
    "key",
    "passwd",
    "password",
    "pwd",
    "secret",
    "session",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "token",
];

/// Endings of names that are written as one word: `apikey`, `accessToken`.
const SECRET_ENDINGS: &[&str] = &[
    "accesskey",
    "apikey",
    "authkey",
    "keyid",
    "password",
    "secret",
    "secretkey",
    "signature",
    "token",
];

fn is_secret_name(name: &str) -> bool {
    let name = name.to_lowercase();
    let last = name
        .rsplit(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    SECRET_WORDS.contains(&last) || SECRET_ENDINGS.iter().any(|end| last.ends_with(end))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_everything_else_stays() {
        for (url, expected) in [
            (
                "https://a.example/p?q=x%20y&b=1#top",
                "https://a.example/p?q=x%20y&b=1",
            ),
            ("https://u:pw@a.example/p", "https://a.example/p"),
            (
                "https://a.example/p?api_key=sk-12345678&id=4",
                "https://a.example/p?api_key=REDACTED&id=4",
            ),
            (
                "https://a.example/p?X-Amz-Signature=0123456789abcdef",
                "https://a.example/p?X-Amz-Signature=REDACTED",
            ),
            (
                "https://a.example/p?accessToken=0123456789",
                "https://a.example/p?accessToken=REDACTED",
            ),
            (
                "https://a.example/p?%6Bey=0123456789",
                "https://a.example/p?%6Bey=REDACTED",
            ),
            (
                "https://a.example/p?key=12&keyword=0123456789",
                "https://a.example/p?key=12&keyword=0123456789",
            ),
            (
                "https://a.example/p?token&monkey=0123456789",
                "https://a.example/p?token&monkey=0123456789",
            ),
            ("https://a.example/p?", "https://a.example/p?"),
        ] {
            assert_eq!(shown(&Url::parse(url).unwrap()), expected);
        }
    }
}

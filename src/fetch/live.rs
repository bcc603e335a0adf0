//! The transport that opens sockets: one exchange, bounded in time, in bytes on the
//! wire and in decoded bytes.
//!
//! Pages and feeds go through a client whose resolver drops every address that the
//! [`Guard`] does not let pass, so the address that was judged is the one connected
//! to. Models go through another client, which connects to whatever the settings
//! name. Neither follows a redirect, decodes, keeps cookies, or asks the environment
//! for a proxy: a proxy would resolve names where nobody checks them.

use std::{
    error::Error as StdError,
    io::{self, ErrorKind},
    net::SocketAddr,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::ExposeSecret;

use super::{
    FetchError, Guard, Method, Purpose, Request, Response, Transport,
    decode::{self, Undecodable},
    redact,
};

/// The real network.
#[derive(Debug)]
pub struct Live {
    pages: reqwest::Client,
    models: reqwest::Client,
    guard: Guard,
}

/// How [`Live`] presents itself and whom it may ask.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// Who asks, and where its owner is found.
    pub user_agent: String,
    /// Most time for a connection to come about.
    pub connect_time: Duration,
    /// Which addresses pages and feeds may come from.
    pub guard: Guard,
}

impl Live {
    /// A transport on this machine's network.
    pub fn new(options: LiveOptions) -> Result<Self, FetchError> {
        // Fails only when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resolver = GuardedResolver {
            guard: options.guard.clone(),
        };
        let client = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .retry(reqwest::retry::never())
                .user_agent(options.user_agent.as_str())
                .connect_timeout(options.connect_time)
        };
        let setup = |error: reqwest::Error| FetchError::Setup {
            detail: cause(&error),
        };
        let pages = client()
            .dns_resolver(resolver)
            // Servers of the news are old and of every make.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .build()
            .map_err(setup)?;
        Ok(Self {
            pages,
            models: client().build().map_err(setup)?,
            guard: options.guard,
        })
    }

    async fn exchange(&self, request: Request) -> Result<Response, FetchError> {
        let url = request.url.clone();
        let for_text = request.purpose != Purpose::Model;
        let limit = request.limits.bytes;
        if for_text {
            // A literal address never reaches the resolver.
            self.guard.check(&url)?;
        }
        let client = if for_text { &self.pages } else { &self.models };
        let port = url.port_or_known_default().unwrap_or_default();
        let mut answer = PORT
            .scope(port, client.execute(outgoing(request)?))
            .await
            .map_err(|error| failure(&url, &error))?;
        let status = answer.status();
        let mut response = Response {
            status: status.as_u16(),
            headers: readable(answer.headers()),
            body: Bytes::new(),
        };
        if for_text {
            if !status.is_success() {
                return Ok(response);
            }
            if let Some(content_type) = response
                .header(CONTENT_TYPE.as_str())
                .filter(|t| !may_hold_text(t))
            {
                return Err(FetchError::ContentType {
                    url: redact::shown(&url),
                    content_type: content_type.to_owned(),
                });
            }
        }
        let too_large = || FetchError::TooLarge {
            url: redact::shown(&url),
            limit,
        };
        if answer
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large());
        }
        let mut raw = BytesMut::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| failure(&url, &error))?
        {
            if raw.len() + chunk.len() > limit {
                return Err(too_large());
            }
            raw.extend_from_slice(&chunk);
        }
        let encodings = decode::encodings(
            response
                .headers
                .iter()
                .filter(|(name, _)| name == CONTENT_ENCODING.as_str())
                .map(|(_, value)| value.as_str()),
        );
        response.body =
            decode::decode(&encodings, raw.freeze(), limit).map_err(|error| match error {
                Undecodable::TooLarge => too_large(),
                Undecodable::Broken(detail) => FetchError::Decode {
                    url: redact::shown(&url),
                    detail,
                },
            })?;
        Ok(response)
    }
}

impl Transport for Live {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, FetchError>> {
        Box::pin(async move {
            let url = redact::shown(&request.url);
            let after = request.limits.time;
            tokio::time::timeout(after, self.exchange(request))
                .await
                .unwrap_or(Err(FetchError::Timeout { url, after }))
        })
    }
}

tokio::task_local! {
    /// The port of the URL that is being asked: the resolver is told only the name,
    /// but what the settings open may be a single port. Where it is not set, only
    /// what is open on every port passes.
    static PORT: u16;
}

/// Resolves names as the system does, and drops what must not be asked.
struct GuardedResolver {
    guard: Guard,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let port = PORT.try_with(|port| *port).unwrap_or_default();
        let guard = self.guard.clone();
        Box::pin(async move {
            if let Some(address) = guard.host(name.as_str()) {
                return Ok(Box::new([address].into_iter()) as Addrs);
            }
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<_> = found
                .iter()
                .copied()
                .filter(|address| guard.addr_allowed(address.ip(), port))
                .collect();
            match found.first() {
                Some(first) if allowed.is_empty() => {
                    Err(Box::new(Refused(first.ip().to_string()))
                        as Box<dyn StdError + Send + Sync>)
                }
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// A name leads only to addresses that must not be asked, such as this one.
#[derive(Debug, thiserror::Error)]
#[error("its name leads to `{0}`, which is no address of the public internet")]
struct Refused(String);

fn outgoing(request: Request) -> Result<reqwest::Request, FetchError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
    };
    let mut outgoing = reqwest::Request::new(method, request.url);
    let headers = outgoing.headers_mut();
    headers.insert(
        "accept-encoding",
        HeaderValue::from_static("gzip, br, deflate"),
    );
    for (name, value) in &request.headers {
        put(headers, name, value, false)?;
    }
    for (name, value) in &request.secret_headers {
        put(headers, name, value.expose_secret(), true)?;
    }
    if let Some(body) = request.body {
        headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
        *outgoing.body_mut() = Some(body.into());
    }
    Ok(outgoing)
}

fn put(headers: &mut HeaderMap, name: &str, value: &str, secret: bool) -> Result<(), FetchError> {
    let (Ok(known), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
    else {
        return Err(FetchError::BadHeader {
            name: name.to_owned(),
        });
    };
    value.set_sensitive(secret);
    headers.insert(known, value);
    Ok(())
}

/// Header values are bytes; those that are not UTF-8 are read as Latin-1.
fn readable(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = std::str::from_utf8(value.as_bytes()).map_or_else(
                |_| {
                    value
                        .as_bytes()
                        .iter()
                        .map(|byte| char::from(*byte))
                        .collect()
                },
                str::to_owned,
            );
            (name.as_str().to_owned(), value)
        })
        .collect()
}

/// Whether a body of this content type may be a page or a feed. Unknown kinds pass:
/// servers invent names for feeds, and a wrong guess here loses an article.
fn may_hold_text(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else {
        return true;
    };
    if NO_TEXT_KINDS.contains(&kind) {
        return false;
    }
    let is_text = subtype.ends_with("+xml") || subtype.ends_with("+json");
    kind != "application"
        || is_text
        || !NO_TEXT_SUBTYPES
            .iter()
            .any(|known| match known.strip_suffix('*') {
                Some(start) => subtype.starts_with(start),
                None => subtype == *known,
            })
}

/// Kinds of content that are never a page or a feed, sorted. `multipart` is the
/// stream of pictures of a camera.
const NO_TEXT_KINDS: &[&str] = &["audio", "font", "image", "model", "multipart", "video"];

/// Subtypes of `application` that are never a page or a feed, sorted; `*` stands for
/// any ending.
const NO_TEXT_SUBTYPES: &[&str] = &[
    "dash*",
    "epub*",
    "gzip",
    "java-archive",
    "msword",
    "ogg",
    "pdf",
    "postscript",
    "rtf",
    "vnd.*",
    "wasm",
    "x-7z-compressed",
    "x-bzip*",
    "x-gzip",
    "x-iso9660-image",
    "x-mpegurl",
    "x-msdownload",
    "x-pdf",
    "x-rar*",
    "x-shockwave-flash",
    "x-tar",
    "x-xz",
    "x-zip*",
    "zip",
    "zstd",
];

/// Names what went wrong below us.
fn failure(url: &url::Url, error: &reqwest::Error) -> FetchError {
    let url = redact::shown(url);
    let detail = cause(error);
    if let Some(refused) = find::<Refused>(error) {
        return FetchError::BlockedAddress {
            url,
            why: refused.to_string(),
            can_open: true,
        };
    }
    if error.is_dns() {
        let temporary = ["emporary failure", "ry again"]
            .iter()
            .any(|said| detail.contains(said));
        return FetchError::Dns {
            url,
            detail,
            temporary,
        };
    }
    if find::<rustls::Error>(error).is_some() {
        return FetchError::Tls { url, detail };
    }
    if error.is_connect() {
        return FetchError::Connect { url, detail };
    }
    if error.is_builder() {
        // Such as one that is too long for any server.
        return FetchError::BlockedAddress {
            url,
            why: detail,
            can_open: false,
        };
    }
    let broken = match find::<hyper::Error>(error) {
        Some(error) if error.is_parse() => true,
        // Broken framing of the body, such as a chunk without a size.
        _ => find::<io::Error>(error).is_some_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::InvalidData | ErrorKind::InvalidInput
            )
        }),
    };
    if broken {
        FetchError::BadResponse { url, detail }
    } else {
        FetchError::Closed { url, detail }
    }
}

/// The first error of type `E` in the chain that ends in `error`.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|link| link.downcast_ref::<E>())
}

/// What the innermost error says: the outer ones repeat the address.
fn cause(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// `error` and what caused it, outermost first.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| inner(*error)).take(16)
}

/// What caused `error`. An I/O error names as its source the source of what it
/// wraps, so the wrapped error itself has to be asked for.
fn inner<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
        Some(Some(wrapped)) => Some(wrapped),
        _ => error.source(),
    }
}

//! What a file is that is no page, seen from its first bytes and its declared type: before
//! anything is decoded or parsed.

use super::signs;
use crate::article::Quality;

/// What the bytes are when they are not HTML; `None` when they may be.
pub(crate) fn not_html(body: &[u8], content_type: Option<&str>) -> Option<(Quality, String)> {
    let head = body[..body.len().min(1_024)].trim_ascii_start();
    if head.is_empty() && body.trim_ascii().is_empty() {
        return Some((Quality::Thin, "the page is empty".to_owned()));
    }
    if let Some((_, kind)) = signs::MAGIC
        .iter()
        .find(|(magic, _)| body.starts_with(magic))
    {
        return Some((Quality::NotArticle, format!("{kind}, not a page")));
    }
    let wide = body.starts_with(&[0xFF, 0xFE]) || body.starts_with(&[0xFE, 0xFF]);
    let lower = head.to_ascii_lowercase();
    if !wide && head.iter().filter(|&&byte| byte == 0).nth(2).is_some() {
        return Some((Quality::NotArticle, "binary data, not a page".to_owned()));
    }
    // Text of any encoding has hardly a control character; random bytes have one in nine.
    let controls = head
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1B))
        .count();
    if !wide && controls > 2 && controls * 50 > head.len() {
        return Some((Quality::NotArticle, "binary data, not a page".to_owned()));
    }
    let holds = |needle: &[u8]| lower.windows(needle.len()).any(|window| window == needle);
    if (holds(b"<rss")
        || holds(b"<feed")
        || holds(b"<rdf:rdf")
        || holds(b"<urlset")
        || holds(b"<sitemapindex"))
        && !holds(b"<html")
    {
        return Some((
            Quality::NotArticle,
            "a feed or a sitemap, not a page".to_owned(),
        ));
    }
    if matches!(lower.first(), Some(b'{' | b'['))
        && serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
    {
        return Some((Quality::NotArticle, "JSON, not a page".to_owned()));
    }
    let media = content_type
        .map(|t| {
            t.split(';')
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        })
        .unwrap_or_default();
    let foreign = [
        "image/",
        "audio/",
        "video/",
        "font/",
        "application/pdf",
        "application/zip",
        "application/json",
        "text/css",
        "text/javascript",
        "application/javascript",
    ];
    if foreign.iter().any(|kind| media.starts_with(kind))
        && !holds(b"<html")
        && !holds(b"<!doctype html")
    {
        return Some((Quality::NotArticle, format!("`{media}`, not a page")));
    }
    None
}

//! Pages as a whole: each `fixtures/extract/NAME.html` against what
//! `NAME.expected.json` says of it, and pages made here that are meant to hurt.

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{BlockKind, Quality, Reading, extract, snapshot};
use crate::fetch::Page;

/// What is expected of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    url: Option<String>,
    content_type: Option<String>,
    status: Option<u16>,
    /// Fields of the answer of `prism extract`, as they must be.
    expect: BTreeMap<String, Value>,
    /// All blocks: their kind and how they begin.
    blocks: Option<Vec<(BlockKind, String)>>,
    /// What must not come out, neither in the text nor in the title.
    #[serde(default)]
    without: Vec<String>,
}

fn page(body: impl Into<Vec<u8>>) -> Page {
    Page {
        url: None,
        status: 200,
        content_type: None,
        body: body.into().into(),
        retrieved: "2026-06-01T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn pages_become_the_articles_that_are_expected() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/extract");
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "html"))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "the fixtures are there");
    for path in names {
        let name = path.display();
        let expected = fs::read_to_string(path.with_extension("expected.json")).unwrap();
        let expected: Expected = serde_json::from_str(&expected).unwrap();
        let reading = extract(&Page {
            url: expected.url.as_deref().map(|url| url.parse().unwrap()),
            status: expected.status.unwrap_or(200),
            content_type: expected.content_type,
            ..page(fs::read(&path).unwrap())
        });
        let answer = snapshot::extract_object("x", &reading);
        for (field, value) in &expected.expect {
            assert_eq!(
                &answer[field], value,
                "{name}: {field}; {}",
                reading.evidence
            );
        }
        let article = &reading.article;
        let found: Vec<_> = article
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&article.text)))
            .collect();
        if let Some(blocks) = &expected.blocks {
            assert_eq!(found.len(), blocks.len(), "{name}: {found:#?}");
            for ((kind, text), (wanted, start)) in found.iter().zip(blocks) {
                assert!(
                    kind == wanted && text.starts_with(start.as_str()),
                    "{name}: {kind:?} `{text}`"
                );
            }
        }
        for piece in &expected.without {
            assert!(!article.text.contains(piece), "{name}: `{piece}` came out");
            assert!(
                !article
                    .title
                    .as_ref()
                    .is_some_and(|title| title.contains(piece)),
                "{name}: `{piece}`"
            );
        }
        check(&reading);
    }
}

/// What holds for every reading.
fn check(reading: &Reading) {
    let article = &reading.article;
    let parts: Vec<&str> = article
        .blocks
        .iter()
        .map(|block| block.span.of(&article.text))
        .collect();
    assert_eq!(
        parts.join("\n\n"),
        article.text,
        "the text is its blocks and nothing else"
    );
    assert!(parts.iter().all(|part| !part.trim().is_empty()));
    assert_eq!(reading.quality == Quality::Ok, reading.evidence.is_empty());
    assert_eq!(
        &snapshot::from_json(&snapshot::to_json(article)).unwrap(),
        article
    );
    assert_eq!(
        reading.clone().usable().is_ok(),
        reading.quality == Quality::Ok
    );
}

#[test]
fn what_is_no_page_is_refused_without_text() {
    for (body, content_type, quality) in [
        (
            &b"%PDF-1.7\n%\xE2\xE3"[..],
            Some("application/pdf"),
            Quality::NotArticle,
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0", None, Quality::NotArticle),
        (b"\0\x01\x02\0\x03\0\0text", None, Quality::NotArticle),
        (
            b"{\"title\": \"x\"}",
            Some("text/html"),
            Quality::NotArticle,
        ),
        (
            b"<?xml version='1.0'?><rss version='2.0'></rss>",
            None,
            Quality::NotArticle,
        ),
        (
            b"body { color: red }",
            Some("text/css"),
            Quality::NotArticle,
        ),
        (b"", None, Quality::Thin),
        (b" \n ", Some("text/html"), Quality::Thin),
    ] {
        let reading = extract(&Page {
            content_type: content_type.map(str::to_owned),
            ..page(body)
        });
        assert_eq!(reading.quality, quality, "{body:?}");
        assert_eq!(reading.article.text, "");
        let refusal = reading.usable().unwrap_err().to_string();
        assert!(refusal.contains(": "), "{refusal}");
    }
}

#[test]
fn plain_text_has_paragraphs_too() {
    let text = "The harbour office counted 240 people on the first ferry & sold out four more.\n\n\
                A bridge is off the table for now, said the county, which had asked 900 islanders < 30 km away.";
    let reading = extract(&Page {
        content_type: Some("text/plain".to_owned()),
        ..page(text)
    });
    assert_eq!(reading.article.text, text);
}

fn numbered(count: usize, before: &str, after: &str) -> String {
    (0..count)
        .flat_map(|n| [before.to_owned(), n.to_string(), after.to_owned()])
        .collect()
}

#[test]
fn hostile_pages_end_soon_and_say_where_they_were_cut() {
    use super::Limit::{Attributes, Bytes, Depth, Nodes, Work};
    let pages = [
        ("<div>".repeat(100_000) + "text", Some(Depth)),
        ("<b id=i><p>".repeat(100_000), Some(Nodes)),
        (numbered(9_000, "<b id=i", "><p>"), Some(Nodes)),
        ("<table><tr><td>".repeat(2_000), Some(Depth)),
        (
            format!("<p {}>text", numbered(50_000, "a", "=1 ")),
            Some(Attributes),
        ),
        (
            "<p>Some words to read, and more of them.".repeat(200_000),
            Some(Nodes),
        ),
        (
            "<figure>".repeat(1_400) + &"<b>x</b>".repeat(50_000),
            Some(Work),
        ),
        (
            "<div style='display:none'>".repeat(1_000) + &"<p>x".repeat(20_000),
            None,
        ),
        (
            format!("<p title='{}'>", "x ".repeat(5_000_000)),
            Some(Bytes),
        ),
        ("<p>".to_owned() + &"&amp;".repeat(200_000), None),
        ("<p>before<!-- ".to_owned() + &"x -- ".repeat(500_000), None),
        (
            "<style>".to_owned()
                + &".a .b .c:nth-child(2n) p~p{display:none}".repeat(5_000)
                + "</style><div class=a>"
                + &"<p class=b>x".repeat(20_000),
            None,
        ),
    ];
    for (body, limit) in pages {
        let start = body[..20].to_owned();
        let began = Instant::now();
        let reading = extract(&page(body));
        check(&reading);
        assert_eq!(reading.limit, limit, "{start}");
        let cut = snapshot::extract_object("x", &reading)["cut_at"].take();
        assert_eq!(cut.is_null(), limit.is_none(), "{start}: {cut}");
        // An optimised build takes at most a second; this one is neither optimised nor alone.
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "{start}: {:?}",
            began.elapsed()
        );
    }
}

/// Pieces of pages, to be put together at random.
const PIECES: [&str; 24] = [
    "<p>",
    "</p>",
    "<div class='related'>",
    "</div>",
    "<article>",
    "<h1>Title é</h1>",
    "<br><br>",
    "<table><tr><td>",
    "</table>",
    "A sentence of some length stands here, with a comma, and it ends at last. ",
    "日本の新聞は毎朝、多くの家庭に配達されている。",
    "<a href=/x>link</a>",
    "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"T\",\"author\":",
    "</script>",
    "<!--",
    "-->",
    "\u{202E}\u{200B}👩\u{200D}🚀",
    "<style>.a{display:none}",
    "</style>",
    "<meta property=og:title content='",
    "'>",
    "<time datetime=2026-01-05T09:30:00+09:00>",
    "&amp;&#x200B;&#0;",
    "<ul><li>x",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        check(&extract(&page(body)));
    }

    #[test]
    fn pages_of_pieces_keep_the_promises(picks in proptest::collection::vec((0..PIECES.len(), any::<u8>()), 0..80)) {
        let mut body = String::from("<html><body>");
        for (piece, cut) in picks {
            let text = PIECES[piece];
            // One piece in eight is torn, at a place that need not be a character's border.
            let end = if cut < 32 { usize::from(cut).min(text.len()) } else { text.len() };
            body.push_str(&String::from_utf8_lossy(&text.as_bytes()[..end]));
        }
        let first = extract(&page(body.clone()));
        check(&first);
        let second = extract(&page(body));
        prop_assert_eq!(first.article, second.article);
        prop_assert_eq!(first.quality, second.quality);
    }
}

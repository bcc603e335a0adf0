//! Any bytes as a page. The first byte chooses what the server says of them, so that
//! the fixtures, which begin with `<`, are read as HTML of no declared encoding.

#![no_main]

use libfuzzer_sys::fuzz_target;
use prism::{article, fetch::Page};

const CONTENT_TYPES: [Option<&str>; 4] = [
    None,
    Some("text/html; charset=utf-8"),
    Some("text/html; charset=windows-1252"),
    Some("text/plain; charset=shift_jis"),
];

fuzz_target!(|data: &[u8]| {
    let choice = data.first().map_or(0, |first| usize::from(*first) / 64);
    let page = Page {
        url: None,
        status: 200,
        content_type: CONTENT_TYPES[choice].map(str::to_owned),
        body: data.to_vec().into(),
        retrieved: "2026-06-01T00:00:00Z".parse().expect("a time"),
    };
    let reading = article::extract(&page);
    let text = &reading.article.text;
    let mut end = 0;
    for block in &reading.article.blocks {
        let (start, stop) = (block.span.start, block.span.end);
        assert!(end <= start && start < stop, "blocks are in order");
        assert!(!text[start..stop].trim().is_empty(), "a block says something");
        end = stop;
    }
    assert!(end <= text.len());
    let again = article::extract(&page);
    assert_eq!(reading.article, again.article, "the same page, the same article");
});

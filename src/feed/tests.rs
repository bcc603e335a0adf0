//! Whole feeds: the folder `fixtures/feeds`, and what no input may do.

use std::{fs, path::PathBuf, time::Instant};

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::cli::feeds::parse_to_json;

/// The feeds of the folder with their expectations, by name.
fn fixtures() -> Vec<(String, Vec<u8>, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let mut found: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".expected.json") && name != "README.md")
        .map(|name| {
            let body = fs::read(folder.join(&name)).unwrap();
            let stem = name.rsplit_once('.').unwrap().0;
            let expected = fs::read(folder.join(format!("{stem}.expected.json"))).unwrap();
            (name, body, serde_json::from_slice(&expected).unwrap())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn every_fixture_is_read_as_expected() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 20, "the folder is gone");
    for (name, body, mut expected) in fixtures {
        let fields = expected.as_object_mut().unwrap();
        let base = fields
            .shift_remove("base")
            .map(|base| base.as_str().unwrap().parse::<Url>().unwrap());
        let content_type = fields.shift_remove("content_type");
        let content_type = content_type.as_ref().and_then(Value::as_str);
        let found = match parse_to_json(&name, &body, content_type, base.as_ref()) {
            Ok(mut value) => {
                assert_eq!(
                    value.as_object_mut().unwrap().shift_remove("input"),
                    Some(json!(name))
                );
                value
            }
            Err(error) => json!({ "error": error.to_string(), "hint": error.hint() }),
        };
        assert_eq!(found, expected, "{name}: {found:#}");
    }
}

#[test]
fn a_cut_anywhere_keeps_all_items_before_it() {
    for (name, body, _) in fixtures() {
        let whole = parse(&body, None, None).map_or(0, |feed| feed.entries.len());
        let mut before = 0;
        for end in 0..=body.len() {
            let found = parse(&body[..end], None, None).map_or(0, |feed| feed.entries.len());
            assert!(found <= whole, "{name} cut at {end}: {found} entries");
            // JSON cannot be read in part.
            if name.ends_with("20.xml") {
                assert!(
                    found >= before,
                    "{name} cut at {end}: {found} after {before}"
                );
            }
            before = found;
        }
    }
}

/// An independent reader agrees on what is well formed.
#[test]
fn feed_rs_reads_the_same_titles() {
    for name in ["rss20.xml", "atom10.xml", "mislabelled.xml", "relative.xml"] {
        let (_, body, _) = fixtures().into_iter().find(|f| f.0 == name).unwrap();
        let ours = parse(&body, None, None).unwrap();
        let text = decode::to_text(&body, None);
        let theirs = feed_rs::parser::parse(text.as_bytes()).unwrap();
        let titles: Vec<_> = theirs
            .entries
            .iter()
            .map(|entry| plain::plain(&entry.title.as_ref()?.content, plain::Kind::Markup))
            .collect();
        let found: Vec<_> = ours
            .entries
            .iter()
            .map(|entry| entry.title.clone())
            .collect();
        assert_eq!(found, titles, "{name}");
    }
}

#[test]
fn openings_without_an_end_cost_no_more_than_their_length() {
    let begin = "<rss version='2.0'><channel><item><title>t</title><description>";
    for part in [
        "<a",
        "<a ",
        "<a b=\"",
        "<a b='>",
        "<![CDATA[",
        "<![CDATA[</item",
        "<!--",
        "<!",
        "<!x '[",
        "<?",
        "</",
        "</a ",
        "<div>",
        "<item>",
        "&#",
        "&a",
        "<script>",
        "&lt;a \"&gt;",
        "<x:a xmlns:x='u'>",
        "<title>",
        "<a xml:base='b/'>",
        "<",
    ] {
        let document = begin.to_owned() + &part.repeat(1_000_000 / part.len());
        let started = Instant::now();
        let entries = parse(document.as_bytes(), None, None).unwrap().entries;
        // A quadratic reader needs minutes; a slow machine does not.
        assert!(
            started.elapsed().as_secs() < 10,
            "{part}: {:?}",
            started.elapsed()
        );
        assert!(entries.len() <= ENTRIES, "{part}");
        // The same before the feed, where document types are looked for.
        let _ = parse(part.repeat(1_000_000 / part.len()).as_bytes(), None, None);
        assert!(
            started.elapsed().as_secs() < 20,
            "{part}: {:?}",
            started.elapsed()
        );
    }
}

proptest! {
    /// No panic, no address but of the web, and no markup or control character left.
    #[test]
    fn nothing_breaks_the_reader(parts in prop::collection::vec(part(), 0..60)) {
        let document = parts.concat();
        if let Ok(feed) = parse(document.as_bytes(), None, None) {
            for entry in feed.entries {
                prop_assert!(!entry.id.is_empty());
                let web = entry.url.is_none_or(|url| matches!(url.scheme(), "http" | "https"));
                prop_assert!(web);
                let texts = entry.title.iter().chain(&entry.summary).chain(&entry.authors);
                for text in texts {
                    prop_assert!(!text.is_empty() && !text.chars().any(char::is_control));
                }
            }
        }
    }

    #[test]
    fn no_bytes_break_the_decoding(body: Vec<u8>, content_type: Option<String>) {
        let _ = parse(&body, content_type.as_deref(), None);
    }

    #[test]
    fn no_text_breaks_the_dates(text in "[0-9TZ:.+ /年月é-]{0,24}|(?s).{0,40}") {
        let _ = date::parse(&text);
    }
}

/// Pieces that broken feeds are made of.
fn part() -> impl Strategy<Value = String> {
    let known = [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<feed>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<link href='",
        "/>",
        "'",
        "\"",
        "<guid>",
        "</guid>",
        "<pubDate>",
        "</pubDate>",
        "<description>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE [",
        "]>",
        "&amp;",
        "&#x0;",
        "&#55296;",
        "&lt;b&gt;",
        "<author>",
        "<name>",
        "javascript:x",
        "https://a.example/",
        "//b",
        "Mon, 05 Jan 2026 09:00:00 +9999",
        "xml:base='",
        "é",
        "\u{feff}",
        "{\"items\":[",
        "<content type='xhtml'>",
        "</",
        "<",
        ">",
        "\n",
    ];
    prop_oneof![4 => prop::sample::select(known.map(str::to_owned).to_vec()), 1 => ".{0,6}"]
}

//! JSON Feed, version 1 and 1.1.
//!
//! Read from the JSON itself rather than into a fixed shape, so that a number for an
//! id or a missing title costs that field and not the feed.

use serde_json::Value;
use url::Url;

use super::{
    ENTRIES, Feed,
    draft::{Draft, Field, Head, Href, Items},
    plain::Kind,
};

/// Reads the feed in `text`, or says why it is none.
pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Feed, String> {
    // Only the first value: some servers append a comment or a second document.
    let document = serde_json::Deserializer::from_str(text)
        .into_iter::<Value>()
        .next()
        .ok_or("it is empty")?
        .map_err(|error| error.to_string())?;
    let items = document["items"].as_array().map_or(&[][..], Vec::as_slice);
    let versioned = document["version"]
        .as_str()
        .is_some_and(|version| version.contains("jsonfeed.org/version/"));
    if !versioned && !items.iter().any(is_item) {
        return Err("it has no `version` of JSON Feed and no `items` like one's".to_owned());
    }
    let mut head = Head::default();
    let text_of = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let href = |text: &str| Href::new(text, None);
    for (key, field) in [("title", Field::Title), ("home_page_url", Field::Link)] {
        if let Some(text) = text_of(&document[key]) {
            head.set(field, &text, Kind::Text, || href(&text));
        }
    }
    for name in authors(&document) {
        head.set(Field::Author, name, Kind::Text, || href(""));
    }
    let mut drafts = Items::default();
    for item in items.iter().filter(|item| item.is_object()).take(ENTRIES) {
        let mut draft = Draft::default();
        for (key, field) in FIELDS {
            if let Some(text) = text_of(&item[key]) {
                draft.set(field, &text, Kind::Text, || href(&text));
            }
        }
        for name in authors(item) {
            draft.set(Field::Author, name, Kind::Text, || href(""));
        }
        drafts.push(draft, &head, base);
    }
    Ok(head.feed(drafts, true, base))
}

/// The keys of an item, in the order in which they are tried for a field.
const FIELDS: [(&str, Field); 7] = [
    ("id", Field::Id),
    ("title", Field::Title),
    ("url", Field::Link),
    ("external_url", Field::Link),
    ("date_published", Field::Published),
    ("date_modified", Field::Updated),
    ("summary", Field::Summary),
];

/// Whether something in a list of `items` looks like an item of JSON Feed.
fn is_item(item: &Value) -> bool {
    let has = |key: &str| item.get(key).is_some();
    (has("id") || has("url")) && (has("content_html") || has("content_text"))
}

/// The names under `authors` and, of version 1, under `author`.
fn authors(object: &Value) -> impl Iterator<Item = &str> {
    let many = object["authors"].as_array().map_or(&[][..], Vec::as_slice);
    many.iter()
        .chain(object.get("author"))
        .filter_map(|author| author["name"].as_str())
}

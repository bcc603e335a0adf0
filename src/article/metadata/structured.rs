//! The page's JSON-LD, reduced to what it says about the one article.
//!
//! Reads lists, `@graph`, nested objects and references by `@id`. Broken scripts
//! are skipped. Nothing is believed here; `articleBody` is not read at all, since
//! a reader does not see it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::article::metadata::head;
use crate::article::{content::words::plain, page::dom::Tree};

/// More structured data than this is not read.
const MAX_BYTES: usize = 1_000_000;
/// More objects than this are not looked at.
const MAX_OBJECTS: usize = 5_000;
/// The most authors that are taken.
const MAX_AUTHORS: usize = 20;

/// What JSON-LD says about the article.
#[derive(Clone, Debug, Default)]
pub(crate) struct Structured {
    /// Its headline.
    pub(crate) headline: Option<String>,
    /// The names of the people among its authors, as written.
    pub(crate) authors: Vec<String>,
    /// The names of its authors that are called organisations.
    pub(crate) bodies: Vec<String>,
    /// `datePublished`.
    pub(crate) published: Option<String>,
    /// `datePublished` of the page itself, which also timeless pages have.
    pub(crate) page_published: Option<String>,
    /// `dateModified`.
    pub(crate) modified: Option<String>,
    /// `articleSection`.
    pub(crate) section: Option<String>,
    /// `keywords`.
    pub(crate) keywords: Vec<String>,
    /// The names in the page's breadcrumb, outermost first.
    pub(crate) crumbs: Vec<String>,
    /// The publisher's name.
    pub(crate) publisher: Option<String>,
    /// `inLanguage`.
    pub(crate) language: Option<String>,
    /// The address of its image.
    pub(crate) image: Option<String>,
    /// `isAccessibleForFree`.
    pub(crate) free: Option<bool>,
    /// Whether there was an article object.
    pub(crate) is_article: bool,
    /// Whether the page calls itself a collection, a search result or the like.
    pub(crate) is_listing: bool,
}

impl Structured {
    /// Reads the scripts of the page. Where several articles are described, the one
    /// whose headline is among `titles` is taken, else the first.
    pub(crate) fn of(tree: &Tree<'_>, titles: &[String]) -> Self {
        let roots = scripts(tree);
        let objects = objects(&roots);
        let by_id: BTreeMap<&str, &Map<String, Value>> = objects
            .iter()
            .filter(|object| object.len() > 1)
            .filter_map(|object| Some((object.get("@id")?.as_str()?, *object)))
            .collect();
        let articles: Vec<_> = objects
            .iter()
            .filter(|object| has_type(object, is_article_type))
            .collect();
        let titles: Vec<String> = titles.iter().map(|title| plain(title)).collect();
        let chosen = articles
            .iter()
            .find(|object| {
                text(object, "headline").is_some_and(|headline| titles.contains(&plain(&headline)))
            })
            .or_else(|| articles.first());
        let mut found = Self {
            is_article: !articles.is_empty(),
            is_listing: objects
                .iter()
                .any(|object| has_type(object, is_listing_type)),
            ..Self::default()
        };
        if let Some(article) = chosen {
            found.headline = text(article, "headline").or_else(|| text(article, "name"));
            found.published = text(article, "datePublished");
            found.modified = text(article, "dateModified");
            found.section = text(article, "articleSection");
            found.keywords = keywords(article.get("keywords"));
            found.language = text(article, "inLanguage");
            found.publisher = names(article.get("publisher"), &by_id).into_iter().next();
            (found.bodies, found.authors) = authors(article, &by_id);
            found.image =
                image(article.get("image"), &by_id).or_else(|| text(article, "thumbnailUrl"));
            found.free = article.get("isAccessibleForFree").and_then(truth);
        }
        for object in &objects {
            if has_type(object, |t| t == "WebPage") {
                if found.authors.is_empty() && found.bodies.is_empty() {
                    (found.bodies, found.authors) = authors(object, &by_id);
                }
                found.page_published = found
                    .page_published
                    .or_else(|| text(object, "datePublished"));
                found.modified = found.modified.or_else(|| text(object, "dateModified"));
                found.free = found
                    .free
                    .or_else(|| object.get("isAccessibleForFree").and_then(truth));
            } else if has_type(object, |t| t == "WebPageElement") {
                // A part that must be paid for.
                let part = object.get("isAccessibleForFree").and_then(truth);
                found.free = found.free.or(part.filter(|free| !free));
            } else if found.crumbs.is_empty() && has_type(object, |t| t == "BreadcrumbList") {
                found.crumbs = crumbs(object);
            } else if has_type(object, |t| t == "WebSite" || t == "NewsMediaOrganization") {
                found.publisher = found.publisher.or_else(|| text(object, "name"));
            }
        }
        found
    }
}

/// The single words of `keywords`: a list, or one text with commas.
fn keywords(value: Option<&Value>) -> Vec<String> {
    const MOST: usize = 60;
    match value {
        Some(Value::String(text)) => text.split(',').take(MOST).map(str::to_owned).collect(),
        Some(Value::Array(items)) => {
            let words = items.iter().take(MOST).filter_map(|item| {
                let name = item.get("name").unwrap_or(item);
                name.as_str().map(str::to_owned)
            });
            words.collect()
        }
        _ => Vec::new(),
    }
}

/// The names of a breadcrumb's steps.
fn crumbs(list: &Map<String, Value>) -> Vec<String> {
    const MOST: usize = 12;
    let Some(Value::Array(items)) = list.get("itemListElement") else {
        return Vec::new();
    };
    items
        .iter()
        .take(MOST)
        .filter_map(|item| {
            let inner = item.get("item").and_then(|item| item.get("name"));
            let name = item.get("name").or(inner)?.as_str()?;
            head::plain_text(name, 200)
        })
        .collect()
}

/// The parsed scripts.
fn scripts(tree: &Tree<'_>) -> Vec<Value> {
    let mut roots = Vec::new();
    let mut budget = MAX_BYTES;
    for id in tree.all("script") {
        let json = tree.attr(id, "type").is_some_and(|t| {
            t.trim()
                .to_ascii_lowercase()
                .starts_with("application/ld+json")
        });
        if !json {
            continue;
        }
        let raw = tree.raw_text(id);
        if raw.len() > budget {
            break;
        }
        budget -= raw.len();
        // Line breaks inside strings, comments around the whole and a stray semicolon
        // are the common faults.
        let cleaned: String = raw
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let cleaned = cleaned
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_start_matches("<![CDATA[")
            .trim_end_matches("-->")
            .trim_end_matches("]]>")
            .trim_end_matches("//")
            .trim()
            .trim_end_matches(';');
        if let Ok(value) = serde_json::from_str(cleaned) {
            roots.push(value);
        }
    }
    roots
}

/// All objects inside the values, outer ones first, without recursion.
fn objects(roots: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Value> = roots.iter().rev().collect();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(object) => {
                found.push(object);
                if found.len() >= MAX_OBJECTS {
                    break;
                }
                waiting.extend(
                    object
                        .values()
                        .rev()
                        .filter(|v| v.is_object() || v.is_array()),
                );
            }
            _ => {}
        }
    }
    found
}

fn has_type(object: &Map<String, Value>, is: impl Fn(&str) -> bool) -> bool {
    let is = |name: &str| is(name.rsplit(['/', ':']).next().unwrap_or(name));
    match object.get("@type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

fn is_article_type(name: &str) -> bool {
    name.ends_with("Article")
        || matches!(
            name,
            "BlogPosting" | "LiveBlogPosting" | "Report" | "Review"
        )
}

fn is_listing_type(name: &str) -> bool {
    matches!(
        name,
        "CollectionPage" | "SearchResultsPage" | "ProfilePage" | "ImageGallery"
    )
}

/// A property as plain text; of a list the first.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    let value = match object.get(key)? {
        Value::Array(items) => items.first()?,
        value => value,
    };
    let raw = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(inner) => inner
            .get("name")
            .or_else(|| inner.get("@value"))?
            .as_str()?
            .to_owned(),
        _ => return None,
    };
    head::plain_text(&raw, 500)
}

/// The author's names: organisations, and people or what is not called either.
fn authors(
    article: &Map<String, Value>,
    by_id: &BTreeMap<&str, &Map<String, Value>>,
) -> (Vec<String>, Vec<String>) {
    let stated = article.get("author").or_else(|| article.get("creator"));
    let items = match stated {
        Some(Value::Array(items)) => items.iter().collect(),
        stated => Vec::from_iter(stated),
    };
    let is_body = |item: &&Value| {
        item.as_object().is_some_and(|object| {
            let target = object
                .get("@id")
                .and_then(Value::as_str)
                .and_then(|id| by_id.get(id).copied())
                .unwrap_or(object);
            has_type(target, |t| {
                t.ends_with("Organization") || matches!(t, "Corporation" | "WebSite" | "Brand")
            })
        })
    };
    let (bodies, people): (Vec<&Value>, Vec<&Value>) =
        items.into_iter().take(MAX_AUTHORS).partition(is_body);
    let names = |items: Vec<&Value>| {
        items
            .into_iter()
            .flat_map(|item| names(Some(item), by_id))
            .collect()
    };
    (names(bodies), names(people))
}

/// The names of people or organisations, in order; references are followed once.
fn names(value: Option<&Value>, by_id: &BTreeMap<&str, &Map<String, Value>>) -> Vec<String> {
    let items = match value {
        None => return Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
    };
    let mut people = Vec::new();
    for item in items.into_iter().take(MAX_AUTHORS) {
        match item {
            Value::String(name) => people.extend(head::plain_text(name, 200)),
            Value::Object(object) => {
                let target = match object.get("@id").and_then(Value::as_str) {
                    Some(id) if !object.contains_key("name") => {
                        by_id.get(id).copied().unwrap_or(object)
                    }
                    _ => object,
                };
                match target.get("name") {
                    Some(Value::Array(several)) => people.extend(
                        several
                            .iter()
                            .take(MAX_AUTHORS)
                            .filter_map(Value::as_str)
                            .filter_map(|name| head::plain_text(name, 200)),
                    ),
                    _ => people.extend(text(target, "name")),
                }
            }
            _ => {}
        }
    }
    people
}

fn image(value: Option<&Value>, by_id: &BTreeMap<&str, &Map<String, Value>>) -> Option<String> {
    match value? {
        Value::String(url) => Some(url.clone()),
        Value::Array(items) => match items.first()? {
            Value::String(url) => Some(url.clone()),
            Value::Object(object) => text(object, "url").or_else(|| text(object, "contentUrl")),
            _ => None,
        },
        Value::Object(object) => {
            let object = object
                .get("@id")
                .and_then(Value::as_str)
                .filter(|_| !object.contains_key("url"))
                .and_then(|id| by_id.get(id).copied())
                .unwrap_or(object);
            text(object, "url").or_else(|| text(object, "contentUrl"))
        }
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => match text.trim().to_lowercase().rsplit('/').next()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::dom;

    fn read(json: &str, titles: &[&str]) -> Structured {
        let html = dom::parse(&format!("<script type=application/ld+json>{json}</script>"));
        let titles: Vec<String> = titles.iter().map(|&t| t.to_owned()).collect();
        Structured::of(&Tree::new(&html), &titles)
    }

    #[test]
    fn a_graph_with_references_is_followed() {
        let found = read(
            r##"{"@graph":[{"@type":"WebSite","name":"The Harbour Post"},
                {"@type":["NewsArticle"],"headline":"Tide &amp; time","author":[{"@id":"#p"},{"@type":"Person","name":"Bo Lind"}],
                 "isAccessibleForFree":"False","image":{"@id":"#i"}},
                {"@type":"Person","@id":"#p","name":"Ada Moss"},{"@type":"ImageObject","@id":"#i","url":"https://a.example/i.jpg"}]};"##,
            &[],
        );
        assert_eq!(found.headline.as_deref(), Some("Tide & time"));
        assert_eq!(found.authors, ["Ada Moss", "Bo Lind"]);
        assert_eq!(found.publisher.as_deref(), Some("The Harbour Post"));
        assert_eq!(found.image.as_deref(), Some("https://a.example/i.jpg"));
        assert_eq!(found.free, Some(false));
    }

    #[test]
    fn organisations_are_no_people() {
        let found = read(
            r##"[{"@type":"WebPage","author":{"@id":"#p"}},
                {"@type":"Person","@id":"#p","name":"Ada Moss"},{"@type":"Organization","name":"X"}]"##,
            &[],
        );
        assert_eq!(found.authors, ["Ada Moss"]);
        let found = read(
            r#"{"@type":"Article","author":[{"@type":"NewsMediaOrganization","name":"Harbour Post"},
                {"@type":"Person","name":["Ada Moss","Bo Lind"]},"Cy Roe"]}"#,
            &[],
        );
        assert_eq!(found.authors, ["Ada Moss", "Bo Lind", "Cy Roe"]);
        assert_eq!(found.bodies, ["Harbour Post"]);
    }

    #[test]
    fn of_several_articles_the_one_with_the_title_is_taken() {
        let list = r#"[{"@type":"Article","headline":"Other"},{"@type":"BlogPosting","headline":"Mine!","author":"X Y"}]"#;
        assert_eq!(read(list, &["mine"]).authors, ["X Y"]);
        assert_eq!(read(list, &["neither"]).headline.as_deref(), Some("Other"));
    }

    #[test]
    fn broken_scripts_are_skipped() {
        assert!(!read("{\"@type\":\"Article\"", &[]).is_article);
        assert!(read("{\"@type\":\"Article\",\"headline\":\"a\nb\"}", &[]).is_article);
        assert!(!read(&"[".repeat(100_000), &[]).is_article);
    }
}

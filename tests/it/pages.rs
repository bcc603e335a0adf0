//! The extractor against pages whose author wrote down what they say: each
//! `fixtures/pages/HOST/PATH.html` against `PATH.expected.json`, and the inputs that
//! are to be refused. Reports all disagreements at once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use prism::{
    article::{Quality, extract},
    fetch::Page,
};
use serde::Deserialize;

/// What a page's author says of it; see `fixtures/README.md`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    title: Option<String>,
    byline: Vec<String>,
    published: Option<String>,
    outlet: Option<String>,
    language: Option<String>,
    quality: Quality,
    starts_with: Option<String>,
    ends_with: Option<String>,
    must_contain: Vec<String>,
    must_not_contain: Vec<String>,
}

/// The inputs that are no articles, and the verdicts of which each must get one.
const REFUSED: [(&str, &[Quality]); 7] = [
    ("bot-check.html", &[Quality::BotWall]),
    ("empty.html", &[Quality::NotArticle, Quality::Thin]),
    ("listing.html", &[Quality::Listing]),
    ("not-found.html", &[Quality::ErrorPage]),
    ("page.bin", &[Quality::NotArticle, Quality::Thin]),
    ("picture.png", &[Quality::NotArticle, Quality::Thin]),
    ("report.pdf", &[Quality::NotArticle, Quality::Thin]),
];

#[test]
fn pages_are_read_as_their_author_wrote_them() {
    let root = fixtures("pages");
    let golds = files_ending(&root, ".expected.json");
    assert!(golds.len() >= 10, "the fixtures are there");
    let mut wrong = Vec::new();
    for path in golds {
        let gold = fs::read_to_string(&path).expect("a fixture can be read");
        let gold: Gold = serde_json::from_str(&gold).expect("a gold file has these fields");
        let name = path.strip_prefix(&root).expect("it was found there");
        let name = name.to_str().expect("our names are ASCII");
        let name = name.replace('\\', "/").replace(".expected.json", ".html");
        let page = Page {
            url: Some(format!("http://{name}").parse().expect("an address")),
            ..page(&root.join(&name))
        };
        wrong.extend(
            disagreements(&gold, &page)
                .into_iter()
                .map(|what| format!("{name}: {what}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_article_is_refused() {
    let root = fixtures("inputs");
    let mut wrong = Vec::new();
    for (name, wanted) in REFUSED {
        let reading = extract(&page(&root.join(name)));
        if !wanted.contains(&reading.quality) {
            wrong.push(format!("{name}: {:?}", reading.quality));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn disagreements(gold: &Gold, page: &Page) -> Vec<String> {
    let reading = extract(page);
    let article = &reading.article;
    let mut wrong = Vec::new();
    let mut compare = |field: &str, found: String, wanted: String| {
        if found != wanted {
            wrong.push(format!("{field} is {found}, not {wanted}"));
        }
    };
    let published = article.published.map(|moment| moment.to_string());
    compare(
        "title",
        loose_of(article.title.as_ref()),
        loose_of(gold.title.as_ref()),
    );
    compare(
        "byline",
        format!("{:?}", article.byline),
        format!("{:?}", gold.byline),
    );
    compare(
        "published",
        loose_of(published.as_ref()),
        loose_of(gold.published.as_ref()),
    );
    compare(
        "outlet",
        loose_of(article.outlet.as_ref()),
        loose_of(gold.outlet.as_ref()),
    );
    compare(
        "language",
        loose_of(article.language.as_ref()),
        loose_of(gold.language.as_ref()),
    );
    compare(
        "quality",
        format!("{:?} {}", reading.quality, reading.evidence)
            .trim_end()
            .to_owned(),
        if reading.quality == gold.quality {
            format!("{:?} {}", gold.quality, reading.evidence)
                .trim_end()
                .to_owned()
        } else {
            format!("{:?}", gold.quality)
        },
    );
    let text = loose(&article.text);
    // The gold leaves a standfirst out, the extractor keeps it: one block may stand before.
    let starts: Vec<String> = article
        .blocks
        .iter()
        .take(2)
        .map(|block| loose(&article.text[block.span.start..]))
        .collect();
    if let Some(start) = &gold.starts_with
        && !starts.iter().any(|text| text.starts_with(&loose(start)))
    {
        let found: String = text.chars().take(90).collect();
        wrong.push(format!("the text starts with `{found}`, not `{start}`"));
    }
    if let Some(end) = &gold.ends_with
        && !text.ends_with(&loose(end))
    {
        let from = text.char_indices().rev().nth(89).map_or(0, |(at, _)| at);
        wrong.push(format!(
            "the text ends with `{}`, not `{end}`",
            &text[from..]
        ));
    }
    for phrase in &gold.must_contain {
        if !text.contains(&loose(phrase)) {
            wrong.push(format!("`{phrase}` is missing"));
        }
    }
    for phrase in &gold.must_not_contain {
        if text.contains(&loose(phrase)) {
            wrong.push(format!("`{phrase}` is in the text"));
        }
    }
    wrong
}

/// White space folded; a reader sees no difference.
fn loose(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn loose_of(text: Option<&String>) -> String {
    text.map_or_else(|| "nothing".to_owned(), |text| format!("`{}`", loose(text)))
}

fn page(path: &Path) -> Page {
    Page {
        url: None,
        status: 200,
        content_type: None,
        body: fs::read(path).expect("a fixture can be read").into(),
        retrieved: "2026-11-25T00:00:00Z".parse().expect("a time"),
    }
}

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(folder)
}

/// The files below `root` whose names end so, in the order of their paths.
fn files_ending(root: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("its entries can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().is_some_and(|name| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

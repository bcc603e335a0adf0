//! The verdicts on pages that we wrote: `fixtures/quality/VERDICT/NAME.html`.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    article::{Quality, extract},
    fetch::Page,
};

fn page(body: Vec<u8>, status: u16) -> Page {
    Page {
        url: None,
        status,
        content_type: None,
        body: body.into(),
        retrieved: "2026-06-01T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn pages_get_the_verdict_of_their_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/quality");
    let mut wrong = Vec::new();
    for verdict in Quality::ALL {
        let folder = root.join(verdict.as_str());
        let pages: BTreeMap<_, _> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        assert!(pages.len() >= 2, "{verdict:?} has pages");
        for (path, body) in pages {
            let reading = extract(&page(body, 200));
            if reading.quality != verdict {
                let found = (reading.quality, reading.evidence);
                wrong.push(format!("{}: {found:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_servers_status_is_believed_unless_an_article_is_there() {
    let brief = "<article><h1>Ferry stops</h1><p>The ferry to Lindholm stops on Sunday, \
                 the harbour office said, because a chain has to be replaced.</p></article>";
    let reading = extract(&page(brief.into(), 404));
    assert_eq!(reading.quality, Quality::ErrorPage);
    let story: Vec<String> = (1..20)
        .map(|n| {
            format!(
                "<p>On day {n} the ferry to Lindholm stayed in port, the harbour office said, and \
                 {n} letters of complaint lay on the mayor's desk by the evening.</p>"
            )
        })
        .collect();
    let stated = format!(
        "<script type=application/ld+json>{{\"@type\":\"NewsArticle\"}}</script><article>{}",
        story.concat()
    );
    let reading = extract(&page(stated.into(), 410));
    assert_eq!(reading.quality, Quality::Ok, "{}", reading.evidence);
}

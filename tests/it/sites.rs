//! A house's own site rules, from the settings to the text.

use std::fs;

use serde_json::Value;

use super::common::Prism;

const URL: &str = "https://www.harbour-post.example/news/quay";

/// Nothing in its markup tells the report from the almanac beside it, nor the standing
/// text inside the report from the report.
const PAGE: &str = "<!doctype html><html lang=en><title>Quay wall of Merrow to be rebuilt</title><body>
<h1>Quay wall of Merrow to be rebuilt</h1>
<div class=q1>
<p>The harbour board of Merrow voted on Tuesday to rebuild the eastern quay wall before the winter storms arrive.</p>
<p>Divers found that forty metres of the wall had lost their footing in the soft clay of the old river bed.</p>
<div class=q7><p>The board of the harbour has met on the first Tuesday of each month since the fire of the year 1911.</p></div>
<p>The work will close the ferry berth for nine weeks, and passengers will be carried from the fish market instead.</p>
</div>
<div class=q2>
<p>A century ago this week the steamer Ardent brought the first motor car to the island, to the delight of many children.</p>
<p>Its owner, a doctor, drove it twice around the church before the petrol that came with it had been used up.</p>
</div></body></html>";

const SETTINGS: &str = "[model]\nprovider = \"extractive\"\n[article]\nsites = \"own.toml\"\n";

const RULE: &str = "[[site]]\ndomain = \"harbour-post.example\"\nreason = \"An almanac and a standing text have the report's markup.\"\n";

fn prism(settings: &str, rules: &str) -> Prism {
    let prism = Prism::with_settings(settings);
    fs::write(prism.path("own.toml"), rules).unwrap();
    fs::write(prism.path("page.html"), PAGE).unwrap();
    prism
}

fn object(prism: &Prism, args: &[&str]) -> Value {
    let ran = prism.run([&["extract", "page.html"], args].concat());
    ran.expect(0).json_lines().remove(0)
}

#[test]
fn a_rule_drops_a_box_and_takes_a_body() {
    let rules = format!("{RULE}body = \"div.q1\"\ndrop = [\"div.q7\"]\n");
    let prism = prism(SETTINGS, &rules);

    let read = object(&prism, &["--url", URL, "--explain"]);
    let text = read["text"].as_str().unwrap();
    assert!(text.starts_with("The harbour board of Merrow"), "{text}");
    assert!(text.ends_with("from the fish market instead."), "{text}");
    assert_eq!(text.matches("\n\n").count(), 2, "{text}");
    // The headline stands outside of the body and is the headline all the same.
    assert_eq!(read["title"], "Quay wall of Merrow to be rebuilt");
    assert_eq!(
        read["explanation"]["rule"],
        "site rule for `harbour-post.example` (An almanac and a standing text have the \
         report's markup.): dropped 1 element; took the text in `div.q1` alone"
    );
    let blocks = read["explanation"]["blocks"].as_array().unwrap();
    let outside = "stands outside of the site rule's body";
    let outside = blocks.iter().filter(|block| block["why"] == outside);
    assert_eq!(outside.count(), 3, "{blocks:#?}");

    // Without an address, or at another one, there is no rule.
    for args in [
        &[][..],
        &["--url", "https://harbour-post.example.org/news/quay"],
    ] {
        let text = object(&prism, args)["text"].to_string();
        assert!(text.contains("since the fire"), "{text}");
    }
}

#[test]
fn a_body_that_is_not_there_is_ignored_and_the_account_says_so() {
    let rules = format!("{RULE}body = \"div.moved\"\ndrop = [\"div.q2\"]\n");
    let read = object(&prism(SETTINGS, &rules), &["--url", URL, "--explain"]);
    let text = read["text"].as_str().unwrap();
    assert!(text.contains("forty metres"), "{text}");
    assert!(!text.contains("motor car"), "{text}");
    let account = read["explanation"]["rule"].as_str().unwrap();
    assert!(
        account.ends_with("found no running text in `div.moved`, which is ignored"),
        "{account}"
    );
}

#[test]
fn the_environment_names_the_file_too() {
    let rules = format!("{RULE}drop = [\"div.q7\"]\n");
    let prism = prism("", &rules).env("PRISM_ARTICLE_SITES", "own.toml");
    let text = object(&prism, &["--url", URL])["text"].to_string();
    assert!(!text.contains("since the fire"), "{text}");
}

#[test]
fn a_broken_file_is_an_error_that_names_file_domain_and_key() {
    let broken = format!("{RULE}drop = [\"div.q7\", \"a:hover\"]\n");
    for command in [&["extract"][..], &["analyze"], &["prompts", "render"]] {
        prism(SETTINGS, &broken)
            .run([command, &["page.html"]].concat())
            .expect(2)
            .says("`own.toml`, site `harbour-post.example`, `drop`: `a:hover` is no selector")
            .says("hint: `drop` lists elements that never count");
    }
    let missing = SETTINGS.replace("own", "other");
    prism(&missing, "")
        .run(["extract", "page.html"])
        .expect(2)
        .says("cannot read the site rules `other.toml`")
        .says("hint: the setting `article.sites` names the file");
}

#[test]
fn a_recording_keeps_the_rules_for_its_replay() {
    let prism = prism(SETTINGS, &format!("{RULE}drop = [\"div.q7\"]\n"));
    let file = ["extract", "page.html", "--url", URL];
    let recorded = prism.run([&file[..], &["--record", "rec"]].concat());
    let recorded = recorded.expect(0).stdout;
    assert!(!recorded.contains("since the fire"), "{recorded}");

    // Gone, and named by nobody but the recording's own settings.
    fs::remove_file(prism.path("own.toml")).unwrap();
    let replayed = prism.run([&file[..], &["--replay", "rec"]].concat());
    assert_eq!(replayed.expect(0).stdout, recorded);
}

//! The gate over our own cases of the check: `fixtures/verify` and what it cannot do yet,
//! `fixtures/verify-todo`, against committed floors. Each case of the first also holds
//! exactly; that is a test of the check itself. `UPDATE_FLOORS=1 cargo test gate` raises
//! the floors; none is lowered here.

use std::{collections::BTreeSet, fs};

use prism::{
    analysis::Analysis,
    verify::{Checker, Severity, SourceText},
};
use serde_json::Value;

use super::{
    common::{files, root},
    gate::floors::{Floors, Verdict},
};

const FLOORS: &str = "fixtures/corpus-floors.json";

/// The cases of both folders, each with its file's name.
fn cases() -> Vec<(String, Value)> {
    let mut cases = Vec::new();
    for folder in ["verify", "verify-todo"] {
        for path in files(&root().join("fixtures").join(folder)) {
            let case = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            cases.push((path.display().to_string(), case));
        }
    }
    cases
}

/// A finding: kind, reason, words; and whether it is an error.
type Found = ((String, String, String), bool);

fn expected(case: &Value) -> Vec<Found> {
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = case["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let what = (
                word(finding, "kind"),
                word(finding, "reason"),
                word(finding, "text"),
            );
            (what, finding["severity"] == "error")
        })
        .collect()
}

fn found(case: &Value) -> Vec<Found> {
    let text = |key: &str| case[key].as_str();
    let language = text("language").unwrap_or("en");
    let names: Vec<String> = case["names"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let more = case["more"].as_array().into_iter().flatten();
    let texts = text("source")
        .into_iter()
        .chain(more.map(|t| t.as_str().unwrap()));
    let ids = ["s1", "s2", "s3", "s4"];
    let sources: Vec<SourceText<'_>> = texts
        .zip(ids)
        .enumerate()
        .map(|(nth, (source, id))| SourceText {
            id,
            text: source,
            title: text("title").filter(|_| nth == 0),
            names: if nth == 0 { &names } else { &[] },
            published: text("published").map(|day| day.parse().unwrap()),
            language: Some(language),
        })
        .collect();
    let checked = text("text").unwrap();
    let report =
        Checker::new(&sources).check(checked, Some(text("text_language").unwrap_or(language)));
    let findings = report.findings.iter();
    findings
        .map(|finding| {
            let word = |value: Value| value.as_str().unwrap().to_owned();
            let what = (
                word(serde_json::to_value(finding.kind).unwrap()),
                word(serde_json::to_value(finding.reason).unwrap()),
                finding.span.of(checked).to_owned(),
            );
            (what, finding.severity == Severity::Error)
        })
        .collect()
}

#[test]
fn our_own_cases_are_checked_as_well_as_before() {
    let path = root().join(FLOORS);
    let mut floors = Floors::read(&path).unwrap();
    // [right, wanted, found]: errors, then all findings.
    let mut counts = [[0_usize; 3]; 2];
    for (_, case) in cases() {
        for (count, errors_only) in counts.iter_mut().zip([true, false]) {
            let of = |all: Vec<Found>| -> Vec<_> {
                let kept = all.into_iter().filter(|(_, error)| *error || !errors_only);
                kept.map(|(what, _)| what).collect()
            };
            let (wanted, found) = (of(expected(&case)), of(found(&case)));
            count[0] += found.iter().filter(|what| wanted.contains(what)).count();
            count[1] += wanted.len();
            count[2] += found.len();
        }
    }
    let [errors, findings] = counts;
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let figures = vec![
        ("error_precision", share(errors[0], errors[2])),
        ("error_recall", share(errors[0], errors[1])),
        ("finding_precision", share(findings[0], findings[2])),
        ("finding_recall", share(findings[0], findings[1])),
    ];
    let set = "fixtures/verify";
    let mut fallen = Vec::new();
    if std::env::var_os("UPDATE_FLOORS").is_some() {
        fallen.extend(floors.update(set, None, &figures, false));
        floors.write(&path).unwrap();
    }
    for (name, value) in figures {
        match floors.check(set, None, name, value) {
            Verdict::Held(_) => {}
            Verdict::Fallen(floor) => fallen.push(format!("{name}: {value:.4}, was {floor}")),
            Verdict::Free => fallen.push(format!("{name} has no floor")),
        }
    }
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

#[test]
fn every_reason_that_the_check_can_give_has_a_case() {
    let schema = Analysis::schema_document();
    let reasons = schema["$defs"]["Reason"]["oneOf"].as_array().unwrap();
    let mut without: BTreeSet<String> = reasons
        .iter()
        .map(|reason| reason["const"].as_str().unwrap().to_owned())
        .collect();
    assert!(without.len() > 20, "{without:?}");
    // What a second model says is no finding of the check.
    without.remove("judged_unsupported");
    for (_, case) in cases() {
        for ((_, reason, _), _) in expected(&case) {
            without.remove(&reason);
        }
    }
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn the_reasons_are_documented() {
    let docs = fs::read_to_string(root().join("docs/verification.md")).unwrap();
    let schema = Analysis::schema_document();
    for reason in schema["$defs"]["Reason"]["oneOf"].as_array().unwrap() {
        let name = reason["const"].as_str().unwrap();
        assert!(
            docs.contains(&format!("`{name}`")),
            "`{name}` is not in docs/verification.md"
        );
    }
}

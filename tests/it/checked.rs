//! The gate over our own cases of the check: `fixtures/verify` and what it cannot do yet,
//! `fixtures/verify-todo`, against committed floors. Each case of the first also holds
//! exactly. `UPDATE_FLOORS=1 cargo test gate` raises
//! the floors; none is lowered here.

use std::{collections::BTreeSet, fs, path::PathBuf};

use prism::{
    analysis::Analysis,
    verify::{Checker, Kind, Reason, Report, Severity, SourceText, Support},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    common::{files, root},
    gate::floors::{Floors, Verdict},
};

const FLOORS: &str = "fixtures/corpus-floors.json";

/// A case: sources, a text, and everything the check must say of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the case is there.
    why: String,
    source: String,
    #[serde(default)]
    more: Vec<String>,
    title: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    published: Option<String>,
    #[serde(default = "english")]
    language: String,
    /// Where the text is in another language than its sources.
    text_language: Option<String>,
    text: String,
    /// All findings, in order.
    findings: Vec<Expected>,
    /// Claims that must be supported, each with the words of its evidence.
    supported: Vec<(Kind, String, String)>,
    /// No claim may be made about these words.
    #[serde(default)]
    silent: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    kind: Kind,
    reason: Reason,
    severity: Severity,
    text: String,
}

fn english() -> String {
    "en".to_owned()
}

/// The cases of a folder of `fixtures`, each with its file's name.
fn cases(folder: &str) -> Vec<(String, Case)> {
    let mut paths = files(&root().join("fixtures").join(folder));
    paths.sort();
    let case = |path: PathBuf| {
        let case = serde_json::from_slice(&fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, case)
    };
    paths.into_iter().map(case).collect()
}

fn all_cases() -> impl Iterator<Item = (String, Case)> {
    // What cannot be done yet is one set with what can, so that a case may move.
    ["verify", "verify-todo"].into_iter().flat_map(cases)
}

impl Case {
    /// What the check says of the text.
    fn report(&self) -> Report {
        let ids: Vec<String> = (1..=1 + self.more.len()).map(|n| format!("s{n}")).collect();
        let sources: Vec<SourceText<'_>> = std::iter::once(&self.source)
            .chain(&self.more)
            .zip(&ids)
            .enumerate()
            .map(|(nth, (text, id))| SourceText {
                title: self.title.as_deref().filter(|_| nth == 0),
                names: if nth == 0 { &self.names } else { &[] },
                published: self.published.as_deref().map(|day| day.parse().unwrap()),
                language: Some(&self.language),
                ..SourceText::new(id, text)
            })
            .collect();
        let language = self.text_language.as_ref().unwrap_or(&self.language);
        Checker::new(&sources).check(&self.text, Some(language))
    }

    /// The findings of a report in the form in which cases have them.
    fn found(&self, report: &Report) -> Vec<Expected> {
        let findings = report.findings.iter();
        findings
            .map(|finding| Expected {
                kind: finding.kind,
                reason: finding.reason,
                severity: finding.severity,
                text: finding.span.of(&self.text).to_owned(),
            })
            .collect()
    }
}

#[test]
fn every_case_of_the_folder_holds() {
    let cases = cases("verify");
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let mut wrong = String::new();
    for (name, case) in cases {
        for complaint in complaints(&case) {
            wrong.extend(["\n", &name, " (", &case.why, "): ", &complaint]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn complaints(case: &Case) -> Vec<String> {
    let report = case.report();
    let mut complaints = Vec::new();
    let found = case.found(&report);
    if found != case.findings {
        complaints.push(format!("findings are {found:#?}"));
    }
    for (kind, text, evidence) in &case.supported {
        let claim = report
            .claims
            .iter()
            .find(|claim| claim.kind == *kind && claim.span.of(&case.text) == text);
        match claim {
            None => complaints.push(format!("no claim `{text}` among {:#?}", report.claims)),
            Some(claim) if claim.support != Support::Supported => {
                complaints.push(format!("`{text}` is {:?}", claim.support));
            }
            Some(claim) => {
                let theirs = &claim.evidence.as_ref().unwrap().text;
                if theirs != evidence {
                    complaints.push(format!("`{text}` rests on `{theirs}`"));
                }
            }
        }
    }
    for words in &case.silent {
        let at = case.text.find(words.as_str()).unwrap();
        let loud = report
            .claims
            .iter()
            .find(|claim| claim.span.start < at + words.len() && at < claim.span.end);
        if let Some(claim) = loud {
            complaints.push(format!("a claim about `{words}`: {claim:?}"));
        }
    }
    complaints
}

#[test]
fn our_own_cases_are_checked_as_well_as_before() {
    let path = root().join(FLOORS);
    let mut floors = Floors::read(&path).unwrap();
    // [right, wanted, found]: errors, then all findings.
    let mut counts = [[0_usize; 3]; 2];
    for (_, case) in all_cases() {
        let found = case.found(&case.report());
        for (count, errors_only) in counts.iter_mut().zip([true, false]) {
            let of = |all: &[Expected]| -> Vec<_> {
                all.iter()
                    .filter(|one| one.severity == Severity::Error || !errors_only)
                    .map(|one| (one.kind, one.reason, one.text.clone()))
                    .collect()
            };
            let (wanted, found) = (of(&case.findings), of(&found));
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

/// The names of all reasons.
fn reasons() -> Vec<String> {
    let schema = Analysis::schema_document();
    let reasons = schema["$defs"]["Reason"]["oneOf"].as_array().unwrap();
    let name = |reason: &Value| reason["const"].as_str().unwrap().to_owned();
    reasons.iter().map(name).collect()
}

#[test]
fn every_reason_that_the_check_can_give_has_a_case() {
    let mut without: BTreeSet<String> = reasons().into_iter().collect();
    assert!(without.len() > 20, "{without:?}");
    // What a second model says is no finding of the check.
    without.remove("judged_unsupported");
    for (_, case) in all_cases() {
        for finding in &case.findings {
            let reason = serde_json::to_value(finding.reason).unwrap();
            without.remove(reason.as_str().unwrap());
        }
    }
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn the_reasons_are_documented() {
    let docs = fs::read_to_string(root().join("docs/verification.md")).unwrap();
    for name in reasons() {
        assert!(
            docs.contains(&format!("`{name}`")),
            "`{name}` is not in docs/verification.md"
        );
    }
}

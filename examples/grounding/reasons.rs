//! On how many rows each reason is found, of those that people call right and wrong.

use std::collections::BTreeMap;

use prism::verify::{Severity, external::Answer};

use super::rows::{Row, is_of_fact};

/// Prints a line for each reason and severity: its share of the right and of the wrong
/// rows, and which share of the rows with it is wrong. Perturbed rows are left out, since
/// each has the one error that was made.
pub(crate) fn print(all: &[(String, Vec<Row>, Vec<Answer>)]) {
    let mut found: BTreeMap<(String, Severity), [u32; 2]> = BTreeMap::new();
    let mut rows = [0_u32, 0];
    let files = all.iter().filter(|(name, ..)| name != "pert");
    for (row, answer) in files.flat_map(|(_, rows, answers)| rows.iter().zip(answers)) {
        let side = match row.label.as_str() {
            "supported" => 0,
            "unsupported" => 1,
            _ => continue,
        };
        rows[side] += 1;
        let findings = answer.findings.iter().filter(|finding| is_of_fact(finding));
        let mut reasons: Vec<(String, Severity)> = findings
            .map(|finding| (word(finding.reason), finding.severity))
            .collect();
        reasons.sort();
        reasons.dedup();
        for reason in reasons {
            found.entry(reason).or_default()[side] += 1;
        }
    }
    let [right, wrong] = rows;
    println!(
        "reason                          right   wrong  precision   of {right} and {wrong} rows"
    );
    for ((reason, severity), [alarms, hits]) in found {
        println!(
            "{reason:22} {:8}  {:.4}  {:.4}  {:.3}",
            word(severity),
            f64::from(alarms) / f64::from(right),
            f64::from(hits) / f64::from(wrong),
            f64::from(hits) / f64::from(alarms + hits)
        );
    }
}

/// The word that stands for a value in JSON.
fn word(value: impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap().to_owned()
}

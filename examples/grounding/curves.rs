//! What would be found at which share of false alarms, had the findings that rest on a
//! score another bound.

use prism::verify::{
    Kind, Reason,
    external::Answer,
    training::{Margin, margins},
};

use crate::{
    composed::File,
    rows::{Row, Tally, errors},
};

/// The shares of right texts with a false alarm that a line is printed for.
const SHARES: &[f64] = &[0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1];

/// A row's scores of one reason: each with the words it is about.
type Scores = Vec<(f64, String)>;

/// Prints the curves of negation, of names in another place, and of sentences that are not
/// covered.
pub(crate) fn print(files: &[File]) {
    let right = files
        .iter()
        .filter(|(name, ..)| name != "pert")
        .flat_map(|(_, rows, _)| rows)
        .filter(|row| row.cased && row.label == "supported");
    let right: Vec<(&Row, Vec<Margin>)> = right.map(read).collect();
    let changed = files.iter().find(|(name, ..)| name == "pert");
    let changed: Vec<(&Row, Vec<Margin>)> = changed
        .into_iter()
        .flat_map(|(_, rows, _)| rows)
        .map(read)
        .collect();
    changes(
        Reason::NegationDiffers,
        &["negate_insert", "negate_remove"],
        &right,
        &changed,
    );
    changes(
        Reason::NameMisplaced,
        &[
            "name_same_article_person",
            "name_same_article_place",
            "name_same_article_org",
        ],
        &right,
        &changed,
    );
    for name in ["bump", "cliff_cnndm", "cliff_xsum"] {
        if let Some(file) = files.iter().find(|(file, ..)| file == name) {
            uncovered(file);
        }
    }
}

fn read(row: &Row) -> (&Row, Vec<Margin>) {
    (row, margins(&row.source, &row.summary))
}

fn scores(row: &Row, all: &[Margin], reason: Reason) -> Scores {
    let words = |from: usize, to: usize| row.summary.chars().skip(from).take(to - from).collect();
    all.iter()
        .filter(|found| found.reason == reason)
        .map(|found| (found.margin, words(found.points.start, found.points.end)))
        .collect()
}

fn best(scores: &Scores) -> f64 {
    let scores = scores.iter().map(|(score, _)| *score);
    scores.fold(f64::NEG_INFINITY, f64::max)
}

/// The share of the rows of each change that a finding of one reason is made of at each
/// bound, beside those that the unchanged row has.
fn changes(
    reason: Reason,
    kinds: &[&str],
    right: &[(&Row, Vec<Margin>)],
    changed: &[(&Row, Vec<Margin>)],
) {
    let mut alarms: Vec<f64> = right
        .iter()
        .map(|(row, all)| best(&scores(row, all, reason)))
        .collect();
    alarms.sort_by(|a, b| b.total_cmp(a));
    println!("{reason:?}: of {} right rows, of {kinds:?}", alarms.len());
    let wrong: Vec<Vec<(Scores, Scores)>> = kinds
        .iter()
        .map(|kind| {
            let is_of = |row: &Row| row.error_types.first().is_some_and(|own| own == kind);
            let rows = changed.iter().filter(|(row, _)| is_of(row));
            let control = |row: &Row| {
                let pair = changed.iter().find(|(other, _)| {
                    other.label == "supported" && other.meta.pair == row.meta.pair
                });
                pair.map_or(Vec::new(), |(other, all)| scores(other, all, reason))
            };
            rows.map(|(row, all)| (scores(row, all, reason), control(row)))
                .collect()
        })
        .collect();
    let line = |bound: f64| {
        let alarms = alarms.iter().filter(|score| **score >= bound).count();
        let share = alarms as f64 / right.len() as f64;
        let found = wrong.iter().map(|rows| {
            let is_new = |(own, control): &&(Scores, Scores)| {
                own.iter().any(|(score, words)| {
                    *score >= bound
                        && !control
                            .iter()
                            .any(|(score, known)| *score >= bound && known == words)
                })
            };
            let hits = rows.iter().filter(is_new).count();
            format!("{:.3}", hits as f64 / rows.len() as f64)
        });
        let found: Vec<String> = found.collect();
        println!(
            "  {:5.2} %  bound {bound:5.2}  {}",
            100.0 * share,
            found.join("  ")
        );
    };
    for share in SHARES {
        let most = share * right.len() as f64;
        let bound = alarms
            .iter()
            .zip(0_u32..)
            .find(|(_, nth)| f64::from(*nth) >= most);
        if let Some((bound, _)) = bound.filter(|(bound, _)| bound.is_finite()) {
            line(bound + 1e-9);
        }
    }
    println!("  as it is:");
    line(0.0);
}

/// What a file comes to with errors only, with warnings about sentences that are not
/// covered from each bound on, and with all warnings.
fn uncovered((name, rows, answers): &File) {
    const BOUNDS: &[f64] = &[0.7, 0.35, 0.0, -0.35, -0.7, -1.0];
    println!("{name}: rows, precision, recall, false alarms, balanced accuracy");
    let judged = rows.iter().zip(answers);
    let judged = judged.filter(|(row, _)| row.label != "ambiguous");
    // Each with how far the score of its least covered sentence lies above the bound.
    let judged: Vec<(&Row, &Answer, f64)> = judged
        .map(|(row, answer)| {
            let (row, margins) = read(row);
            let uncovered = best(&scores(row, &margins, Reason::SentenceNotCovered));
            (row, answer, uncovered)
        })
        .collect();
    let tally = |found: &dyn Fn(&Answer, f64) -> bool| {
        let mut tally = Tally::default();
        for (row, answer, uncovered) in &judged {
            tally.add(row.label == "unsupported", found(answer, *uncovered));
        }
        tally
    };
    println!(
        "  errors only          {}",
        tally(&|answer, _| !errors(answer).is_empty())
    );
    for bound in BOUNDS {
        let found = tally(&|answer, uncovered| !errors(answer).is_empty() || uncovered >= *bound);
        println!("  uncovered from {bound:5.2} {found}");
    }
    let any = tally(&|answer, _| answer.findings.iter().any(|f| f.kind != Kind::Copying));
    println!("  any but copying      {any}");
}

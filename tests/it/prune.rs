//! `prism prune`: what is forgotten, and what never is.

use std::{fs, path::PathBuf};

use super::{
    common::{Prism, files, fixture},
    doctor::{doctor, make_old, with_an_analysis},
};

#[test]
fn prune_forgets_what_is_old_and_refers_to_nothing_and_keeps_the_rest() {
    let demo = fixture("exchanges/demo").display().to_string();
    let prism = Prism::new();
    prism.run(["ingest", "--replay", &demo]).expect(0);
    let stays: Vec<(PathBuf, Vec<u8>)> = prism
        .store_bytes()
        .into_iter()
        .filter(|(path, _)| {
            ["revisions", "analyses", "held", "articles"]
                .iter()
                .any(|folder| path.starts_with(folder))
        })
        .collect();
    let orphan = prism.path("prism-data/articles/0123.json");
    fs::write(&orphan, "{}").unwrap();
    let young = prism.path("prism-data/articles/4567.json");
    fs::write(&young, "{}").unwrap();
    make_old(&orphan);
    let bought = prism.documents("completions").len() as u64;

    prism
        .run(["prune", "--older-than", "3d"])
        .expect(2)
        .says("less than twice `ingest.max_age`")
        .says("hint: name at least `4d`");
    prism
        .run(["prune", "--older-than", "soon"])
        .expect(2)
        .says("write `90d`");

    let prune = |prism: &Prism, args: &[&str]| {
        let args = [&["prune", "--format", "json"], args].concat();
        prism.run(args).expect(0).json_lines().remove(0)
    };
    let would = prune(&prism, &["--older-than", "1000w", "--dry-run"]);
    assert_eq!(would["completions"]["count"], 0, "{would}");
    assert_eq!(would["articles"]["count"], 0, "{would}");
    assert!(would["completions"]["next_at"].is_string(), "{would}");
    let would = prune(&prism, &["--older-than", "20w", "--dry-run"]);
    assert_eq!(would["articles"]["count"], 1, "{would}");
    assert_eq!(would["articles"]["bytes"], 2, "{would}");
    assert!(orphan.exists());
    let did = prune(&prism, &["--older-than", "20w"]);
    assert_eq!(did["articles"], would["articles"]);
    assert!(!orphan.exists() && young.exists());
    fs::remove_file(&young).unwrap();

    // Everything is older than a moment; what no analysis was made of stays all the same.
    let prism = prism.env("PRISM_INGEST_MAX_AGE", "0s");
    let did = prune(&prism, &["--older-than", "1ms"]);
    let gone = did["completions"]["count"].as_u64().unwrap();
    let kept = did["completions"]["kept"].as_u64().unwrap();
    assert!(gone > 0 && gone + kept == bought, "{did}");
    assert_eq!(prism.documents("completions").len() as u64, kept);
    assert_eq!(did["entries"]["count"], 0, "a feed became new: {did}");
    for (path, bytes) in &stays {
        let now = fs::read(prism.path("prism-data").join(path)).unwrap();
        assert!(&now == bytes, "`{}` changed", path.display());
    }
    doctor(&prism, &["--verify-store", "--offline"]).expect(0);
    // Nothing of it is bought again, and no analysis is written twice.
    prism
        .run(["ingest", "--replay", &demo])
        .expect(0)
        .says("nothing was bought");
}

#[test]
fn prune_touches_nothing_where_a_revision_cannot_be_read() {
    let (prism, id) = with_an_analysis();
    let path = prism.path(&format!("prism-data/revisions/{id}/1.json"));
    fs::write(&path, "{").unwrap();
    for article in files(&prism.path("prism-data/articles")) {
        make_old(&article);
    }
    prism.run(["prune"]).expect(3).says("is damaged");
    assert_eq!(files(&prism.path("prism-data/articles")).len(), 1);
}

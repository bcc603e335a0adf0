//! `prism init`: a settings file to begin with.

use std::fs;

use super::common::Prism;

#[test]
fn init_writes_a_file_that_loads_and_never_over_another() {
    let prism = Prism::with_settings("");
    fs::remove_file(prism.path("prism.toml")).unwrap();
    prism.run(["init"]).expect(0).says("wrote `prism.toml`");
    let written = fs::read_to_string(prism.path("prism.toml")).unwrap();
    assert!(written.contains("#provider = \"openai\""), "{written}");
    // It loads, decides nothing, and says what is to be chosen.
    prism
        .run(["ingest"])
        .expect(2)
        .says("no feeds are configured");
    prism
        .run(["ingest", "--feed", "http://127.0.0.1:9/feed"])
        .expect(2)
        .says("do not say which engine writes");

    fs::write(prism.path("prism.toml"), "# mine\n").unwrap();
    prism
        .run(["init"])
        .expect(2)
        .says("`prism.toml` is there already")
        .says("hint: `--force`");
    let kept = fs::read_to_string(prism.path("prism.toml")).unwrap();
    assert_eq!(kept, "# mine\n");
    prism.run(["init", "--force"]).expect(0);
    assert_eq!(
        fs::read_to_string(prism.path("prism.toml")).unwrap(),
        written
    );
    prism.run(["init", "--config", "other.toml"]).expect(0);
    assert_eq!(
        fs::read_to_string(prism.path("other.toml")).unwrap(),
        written
    );
    prism
        .run(["init", "--config", "nowhere/prism.toml"])
        .expect(1)
        .says("cannot write `nowhere/prism.toml`");
}

//! The tree itself: format, lints, fixtures, docs, secrets. `cargo test` is the gate.

use std::{fs, path::Path, process::Command};

use super::common::{Prism, files, root};

/// Lines after which a source file wants to be two.
const MOST_LINES: usize = 520;

fn cargo(args: &[&str]) {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let ran = Command::new(cargo)
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    assert!(
        ran.status.success(),
        "`cargo {}` failed:\n{out}\n{err}",
        args.join(" ")
    );
}

#[test]
fn the_code_is_formatted() {
    cargo(&["fmt", "--check"]);
}

#[test]
fn clippy_has_nothing_to_say() {
    cargo(&[
        "clippy",
        "--all-targets",
        "--quiet",
        "--offline",
        "--",
        "-D",
        "warnings",
    ]);
}

/// The files of the project that people wrote, by path from its root.
fn written() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in [
        "src", "tests", "benches", "examples", "prompts", "docs", "fixtures", ".ci",
    ] {
        found.extend(files(&root().join(part)));
    }
    found.extend(["README.md", "CHANGELOG.md", "Cargo.toml"].map(|name| root().join(name)));
    let mut read: Vec<_> = found
        .into_iter()
        .filter_map(|path| {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            Some((name, fs::read_to_string(path).ok()?))
        })
        .collect();
    read.sort();
    read
}

#[test]
fn no_file_holds_a_secret_or_a_path_of_somebodys_machine() {
    let home = |name: &str| format!("/{name}/");
    let paths = [home("work"), home("root"), home("home")];
    for (name, text) in written() {
        for path in &paths {
            assert!(!text.contains(path), "`{name}` names `{path}`");
        }
    }
}

#[test]
fn no_recording_holds_a_secret() {
    let suspicious = regex::Regex::new(
        r"(?i)(sk-[a-z0-9_-]{16,}|AIza[0-9a-z_-]{20,}|bearer\s+[a-z0-9._-]{8,}|authorization|x-api-key|x-goog-api-key|set-cookie|api[_-]?key)",
    )
    .unwrap();
    // A pattern that finds nothing guards nothing.
    let key = format!("sk-{}", "k".repeat(24));
    for secret in [
        key.as_str(),
        "Authorization: Basic",
        "\"x-api-key\"",
        "Set-Cookie: id=1",
    ] {
        assert!(suspicious.is_match(secret), "{secret}");
    }
    let exchanges = files(&root().join("fixtures/exchanges"));
    assert!(
        exchanges.len() > 15,
        "only {} files of recordings",
        exchanges.len()
    );
    for path in exchanges {
        let text = fs::read_to_string(&path).unwrap();
        let found = suspicious.find(&text).map(|found| found.as_str());
        assert_eq!(found, None, "in `{}`", path.display());
    }
}

#[test]
fn every_fixture_has_a_line_that_names_its_origin() {
    let readme = fs::read_to_string(root().join("fixtures/README.md")).unwrap();
    for entry in fs::read_dir(root().join("fixtures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            name == "README.md" || readme.contains(&format!("`{name}")),
            "`fixtures/README.md` says nothing of `{name}`"
        );
    }
    for entry in fs::read_dir(root().join("fixtures/pages")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            readme.contains(name.trim_end_matches(".example")),
            "`fixtures/README.md` says nothing of `{name}`"
        );
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#\s]+)(#[^)]*)?\)").unwrap();
    for (name, text) in written() {
        let is_doc = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "md");
        if !is_doc || name.starts_with("prompts/") {
            continue;
        }
        let folder = root().join(&name).parent().unwrap().to_owned();
        for found in link.captures_iter(&text) {
            let target = &found[1];
            assert!(
                target.contains("://") || folder.join(target).exists(),
                "`{name}` links to `{target}`"
            );
        }
    }
}

#[test]
fn source_files_are_not_two_rooms_in_one() {
    for (name, text) in written() {
        let lines = text.lines().count();
        let is_code = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "rs");
        assert!(
            !is_code || lines <= MOST_LINES,
            "`{name}` has {lines} lines"
        );
    }
}

#[test]
fn the_changelog_names_this_version_or_what_is_unreleased() {
    let log = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(log.contains("Unreleased") || log.contains(env!("CARGO_PKG_VERSION")));
}

/// `docs/command-line.md` is made of the help texts: `UPDATE_DOCS=1 cargo test` writes it anew.
#[test]
fn the_command_line_in_the_docs_is_the_programs_own() {
    let prism = Prism::new();
    let mut page = String::from(
        "# The command line\n\nMade of the program's own help texts by a test: `UPDATE_DOCS=1 cargo test command_line`.\n",
    );
    for command in [
        "",
        "ingest",
        "analyze",
        "regenerate",
        "extract",
        "verify",
        "list",
        "show",
        "schema",
        "prompts list",
        "prompts show",
        "prompts render",
        "feeds parse",
        "init",
        "doctor",
        "prune",
    ] {
        let words: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let help = prism.run(words).expect(0).stdout;
        let title = format!("prism {command}");
        page += &format!(
            "\n## `{}`\n\n```text\n{}\n```\n",
            title.trim(),
            help.trim_end()
        );
    }
    let path = root().join("docs/command-line.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == kept,
        "`docs/command-line.md` is old: run `UPDATE_DOCS=1 cargo test command_line`"
    );
}

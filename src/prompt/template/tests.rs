use std::fs;

use super::{super::PromptError, *};

const GOOD: &str = "+++\nid = \"x\"\nversion = \"1\"\nvariables = [\"sources\"]\nanswer = \"analysis/1\"\n+++\n\n## system\nhi\n## user\n{{ sources }}\n";

#[test]
fn the_file_names_of_the_built_in_ones_say_id_and_version() {
    for template in Library::builtin().list() {
        let file = format!("prompts/{}.v{}.md", template.id, template.version);
        let text = fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR")));
        assert_eq!(text.unwrap(), template.source_text, "{file}");
        assert_eq!(template.digest.len(), 64);
    }
}

#[test]
fn a_fault_names_file_and_line() {
    assert!(Template::parse("x.md", GOOD).is_ok());
    assert!(Template::parse("x.md", &GOOD.replace('\n', "\r\n")).is_ok());
    for (from, to, expected) in [
        (
            "+++\nid",
            "id",
            "line 1: a prompt starts with a front matter between two lines `+++`",
        ),
        (
            "+++\n\n##",
            "\n\n##",
            "line 1: the front matter has no closing line `+++`",
        ),
        ("id = \"x\"", "id = \"x", "line 2: invalid basic string"),
        (
            "id = \"x\"",
            "id = \"X y\"",
            "line 2: the id `X y` may have lower-case letters",
        ),
        (
            "version = \"1\"",
            "version = 1",
            "line 3: invalid type: integer `1`, expected a string",
        ),
        (
            "version = \"1\"",
            "version = \"one\"",
            "line 3: the version `one` is not a whole number",
        ),
        ("version = \"1\"\n", "", "missing field `version`"),
        ("answer =", "anwser =", "line 5: unknown field `anwser`"),
        (
            "analysis/1",
            "analysis/2",
            "line 5: there is no answer `analysis/2`; there are: analysis/1, repair/1",
        ),
        (
            "[\"sources\"]",
            "[\"source\"]",
            "line 11: the variable `sources` is used but not declared",
        ),
        (
            "[\"sources\"]",
            "[\"sources\", \"note\"]",
            "line 4: the variable `note` is declared but not used",
        ),
        (
            "{{ sources }}",
            "{{ sources }}{{ wrds }}",
            "line 11: the variable `wrds` is used but not declared",
        ),
        (
            "{{ sources }}",
            "none",
            "line 4: the variable `sources` is declared but not used",
        ),
        (
            "hi\n",
            "hi\n{% if %}\n",
            "line 10: syntax error: unexpected end of block",
        ),
        ("## user\n", "", "line 7: the section `## user` is missing"),
        (
            "## system\nhi\n",
            "",
            "line 7: the section `## system` is missing",
        ),
        (
            "## user",
            "## user\n## user",
            "line 11: `## user` stands twice",
        ),
        (
            "\n## system",
            "stray\n## system",
            "line 7: only the sections `## system` and `## user`",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let error = Template::parse("x.md", &GOOD.replacen(from, to, 1)).unwrap_err();
        assert!(error.hint().is_some());
        let error = error.to_string();
        assert!(
            error.starts_with("`x.md`, line ") && error.contains(expected),
            "{from} → {to}: {error}"
        );
    }
}

#[test]
fn unknown_and_missing_variables_are_named() {
    let unknown = GOOD
        .replace("[\"sources\"]", "[\"sorces\", \"sources\"]")
        .replace("hi", "{{ sorces }}");
    let error = Template::parse("x.md", &unknown).unwrap_err().to_string();
    assert_eq!(
        error,
        "`x.md`, line 4: there is no variable `sorces` for `analysis/1`; the nearest is `sources`"
    );
    let missing = GOOD
        .replace("[\"sources\"]", "[]")
        .replace("{{ sources }}", "");
    let error = Template::parse("x.md", &missing).unwrap_err().to_string();
    assert_eq!(
        error,
        "`x.md`, line 4: the variable `sources` is missing: `analysis/1` needs it"
    );
}

#[test]
fn a_misspelt_attribute_is_an_error_of_its_line() {
    let text = GOOD.replace("{{ sources }}", "\n{{ sources.titel }}");
    let template = Template::parse("x.md", &text).unwrap();
    let error = template
        .render(&serde_json::json!({"sources": {}}))
        .unwrap_err();
    assert_eq!(error.to_string(), "`x.md`, line 12: undefined value");
}

#[test]
fn a_folder_replaces_and_adds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(matches!(
        Library::with_folder(path),
        Err(PromptError::EmptyFolder { .. })
    ));
    fs::write(path.join("README.md"), "not a prompt").unwrap();
    fs::write(path.join("mine.md"), GOOD.replace("\"x\"", "\"analysis\"")).unwrap();
    fs::write(path.join("extra.md"), GOOD).unwrap();
    let library = Library::with_folder(path).unwrap();
    let ids: Vec<_> = library.list().iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, ["analysis", "judge", "repair", "x"]);
    assert!(
        library
            .get("analysis")
            .unwrap()
            .source_text
            .contains("\nhi\n")
    );
    fs::write(path.join("other.md"), GOOD).unwrap();
    let error = Library::with_folder(path).unwrap_err().to_string();
    assert!(
        error.ends_with("another file of this folder has the id `x`"),
        "{error}"
    );
    let missing = Library::with_folder(&path.join("nowhere")).unwrap_err();
    assert!(matches!(missing, PromptError::Unreadable { .. }));
    let unknown = library.get("analisys").unwrap_err();
    assert_eq!(
        unknown.hint().unwrap(),
        "there are: analysis, judge, repair, x"
    );
}

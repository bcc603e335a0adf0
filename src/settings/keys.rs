//! The names of all settings, taken from the schema of [`Settings`] itself, so that a
//! new field is known at once to the check, to the hint and to the environment.

use std::{collections::BTreeMap, path::Path};

use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use super::{Settings, SettingsError};

/// A key that no setting has.
#[derive(Debug)]
pub(super) struct UnknownKey {
    key: String,
    nearest: Option<String>,
}

impl UnknownKey {
    pub(super) fn into_error(self, file: Option<&Path>) -> SettingsError {
        SettingsError::UnknownKey {
            key: self.key,
            nearest: self.nearest,
            file: file.map(Path::to_owned),
        }
    }
}

/// Refuses the first key of `table` that is not known.
pub(super) fn check(table: &toml::Table) -> Result<(), UnknownKey> {
    let schema = schema();
    check_at(table, &schema, "", &all_keys(&schema))
}

fn check_at(
    table: &toml::Table,
    schema: &Json,
    path: &str,
    known: &[String],
) -> Result<(), UnknownKey> {
    for (name, value) in table {
        let key = join(path, name);
        let Some(below) = child(schema, name) else {
            return Err(UnknownKey {
                nearest: nearest(&key, known),
                key,
            });
        };
        match value {
            toml::Value::Table(inner) => check_at(inner, below, &key, known)?,
            toml::Value::Array(items) => {
                for inner in items.iter().filter_map(toml::Value::as_table) {
                    check_at(inner, below.get("items").unwrap_or(below), &key, known)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The settings that `PRISM_…` variables name: `PRISM_FETCH_MAX_BYTES` is
/// `fetch.max_bytes`. A value is read as TOML where it is some, else as a string.
/// Variables that name no setting are left alone: container hosts set `PRISM_PORT`
/// and the like on their own.
pub(super) fn from_env(env: &BTreeMap<String, String>) -> Vec<(String, toml::Value)> {
    all_keys(&schema())
        .into_iter()
        .filter_map(|key| {
            let raw = env.get(&format!("PRISM_{}", key.replace('.', "_").to_uppercase()))?;
            let value = format!("v = {raw}")
                .parse::<toml::Table>()
                .ok()
                .and_then(|mut table| table.remove("v"))
                .unwrap_or_else(|| toml::Value::String(raw.clone()));
            Some((key, value))
        })
        .collect()
}

/// Puts `value` at the dotted `key`, over whatever stands there.
pub(super) fn insert(table: &mut toml::Table, key: &str, value: toml::Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((name, rest)) => {
            let inner = table
                .entry(name)
                .or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn schema() -> Json {
    let inline = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    inline
        .into_generator()
        .into_root_schema_for::<Settings>()
        .to_value()
}

fn all_keys(schema: &Json) -> Vec<String> {
    let mut keys = Vec::new();
    let mut open = vec![(String::new(), schema)];
    while let Some((path, schema)) = open.pop() {
        let inner = schema.get("items").unwrap_or(schema);
        match properties(inner) {
            Some(properties) => {
                open.extend(
                    properties
                        .iter()
                        .map(|(name, below)| (join(&path, name), below)),
                );
            }
            None => keys.push(path),
        }
    }
    keys.sort();
    keys
}

fn properties(schema: &Json) -> Option<&serde_json::Map<String, Json>> {
    let own = schema.get("properties").and_then(Json::as_object);
    let optional = || schema.get("anyOf")?.as_array()?.iter().find_map(properties);
    own.or_else(optional)
}

/// What the schema says below `name`: a named property, or that of any name in a map.
fn child<'a>(schema: &'a Json, name: &str) -> Option<&'a Json> {
    let named = properties(schema).and_then(|properties| properties.get(name));
    named.or_else(|| {
        schema
            .get("additionalProperties")
            .filter(|any| any.is_object())
    })
}

fn nearest(key: &str, known: &[String]) -> Option<String> {
    let likeness = |candidate: &String| strsim::jaro_winkler(key, candidate);
    known
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .cloned()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_name_every_key_and_no_other() {
        let page = include_str!("../../docs/settings.md");
        let example = page
            .split("```")
            .find_map(|block| block.strip_prefix("toml\n"));
        let example: toml::Table = example
            .and_then(|toml| toml.parse().ok())
            .expect("the docs hold an example");
        check(&example).expect("the example has known keys only");
        for key in all_keys(&schema()) {
            let found = key
                .split('.')
                .try_fold(toml::Value::Table(example.clone()), |at, name| {
                    let at = at.get(0).cloned().unwrap_or(at);
                    at.get(name).cloned()
                });
            assert!(found.is_some(), "`docs/settings.md` does not show `{key}`");
        }
    }
}

//! The report for programs.

use std::fmt;

use serde::Deserialize;
use serde_json_wasm::de::Error;

use super::super::report::{Report, SCHEMA};

pub(crate) fn json(report: &Report) -> String {
    // Nothing in a report is what JSON cannot say: its only keys are field names.
    serde_json_wasm::to_string(report).unwrap_or_default()
}

pub(super) fn from_json(text: &str) -> Result<Report, ReadError> {
    if text.trim().is_empty() {
        return Err(ReadError(Reason::Empty));
    }
    let head: Head = serde_json_wasm::from_str(text).map_err(|error| ReadError(Reason::Broken(error)))?;
    match head.schema {
        None | Some(0) => Err(ReadError(Reason::NoReport)),
        Some(schema) if schema > u64::from(SCHEMA) => Err(ReadError(Reason::Newer(schema))),
        Some(_) => serde_json_wasm::from_str(text).map_err(|error| ReadError(Reason::Broken(error))),
    }
}

/// What has to be known before the rest can be read.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Option<u64>,
}

/// Why a report could not be read.
#[derive(Debug)]
pub struct ReadError(Reason);

#[derive(Debug)]
enum Reason {
    Empty,
    Broken(Error),
    NoReport,
    Newer(u64),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Empty => f.write_str("the crash report is empty: read another copy of it"),
            Reason::Broken(error) if is_cut_off(error) => {
                write!(f, "the crash report is cut off ({error}): read the whole file, or another copy of it")
            }
            Reason::Broken(error) => {
                write!(
                    f,
                    "this is no crash report as this release knows it ({error}): give it what `to_json` wrote"
                )
            }
            Reason::NoReport => {
                write!(
                    f,
                    "this is no crash report, it does not say which `schema` it has: give it what `to_json` wrote"
                )
            }
            Reason::Newer(schema) => write!(
                f,
                "the crash report has schema {schema}, and this release reads those up to {SCHEMA}: update retry-core"
            ),
        }
    }
}

fn is_cut_off(error: &Error) -> bool {
    matches!(
        error,
        Error::EofWhileParsingList
            | Error::EofWhileParsingObject
            | Error::EofWhileParsingString
            | Error::EofWhileParsingValue
    )
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Reason::Broken(error) => Some(error),
            Reason::Empty | Reason::NoReport | Reason::Newer(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::report::Report;
    use super::super::tests::{full_report, small_report};
    use super::{from_json, json};

    const PAGE: &str = include_str!("../../../docs/report.md");

    fn example() -> &'static str {
        let start = PAGE.find("```json\n").map(|start| start + 8).expect("the page has an example");
        let end = PAGE[start..].find("```").expect("it has an end");
        PAGE[start..start + end].trim_end()
    }

    #[test]
    fn the_example_of_the_page_is_what_is_written_and_read() {
        assert_eq!(Report::from_json(example()).expect("the example is read"), full_report());
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
        assert_eq!(value(&full_report().to_json()), value(example()));
    }

    #[test]
    fn the_page_describes_every_field() {
        fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
            match value {
                serde_json::Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                    found.push(key.clone());
                    keys(value, found);
                }),
                serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        keys(&serde_json::to_value(full_report()).expect("a report is JSON"), &mut found);
        let (description, _) = PAGE.split_once("```json").expect("the page has an example");
        for key in found {
            assert!(description.contains(&format!("| `{key}` |")), "`{key}` is not described");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for report in [full_report(), small_report()] {
            assert_eq!(from_json(&json(&report)).expect("it is read"), report);
        }
    }

    #[test]
    fn fields_of_later_releases_are_skipped() {
        let text = json(&small_report()).replacen('{', "{ \"mood\": [1, {\"a\": null}],", 1);
        assert_eq!(from_json(&text).expect("it is read"), small_report());
    }

    #[test]
    fn what_is_no_report_is_said_so() {
        let newer = json(&small_report()).replacen("\"schema\":1", "\"schema\":2", 1);
        let cut = json(&small_report());
        let table = [
            (
                newer.as_str(),
                "the crash report has schema 2, and this release reads those up to 1: update retry-core",
            ),
            (&cut[..cut.len() / 2], "the crash report is cut off ("),
            ("", "the crash report is empty: read another copy of it"),
            (
                "{}",
                "this is no crash report, it does not say which `schema` it has: give it what `to_json` wrote",
            ),
            ("[]", "this is no crash report as this release knows it ("),
            ("\"a\"", "this is no crash report as this release knows it ("),
            ("{\"schema\": 1}", "this is no crash report as this release knows it (missing field `id`"),
            ("hello", "this is no crash report as this release knows it ("),
        ];
        for (text, expected) in table {
            let error = from_json(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}

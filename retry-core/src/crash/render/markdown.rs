//! The report for an issue tracker: what happened in a few lines, the whole text below a fold.

use std::fmt::Write as _;

use super::super::report::{Kind, Report};
use super::words::in_line;

/// Some trackers take no more than 65,536 characters.
const LONGEST_TEXT: usize = 50_000;
/// Of a text before it, such as the message.
const LONGEST_FACT: usize = 500;

/// `text` is the whole report.
pub(super) fn markdown(report: &Report, text: &str) -> String {
    let kind = match report.kind {
        Kind::Panic => "Panic",
        Kind::Error => "Error",
    };
    let mut out = format!("**{kind}:** {}\n\n", code(report.message.lines().next().unwrap_or_default()));
    let mut fact = |name: &str, value: &str| _ = writeln!(out, "- {name}: {}", code(value));
    if let Some(place) = &report.place {
        fact("at", &format!("{}:{}", place.file, place.line));
    }
    if let Some(app) = &report.app {
        fact("in", &format!("{} {}", app.name, app.version));
    }
    let process = &report.process;
    let build = if process.debug { "debug" } else { "release" };
    fact("on", &format!("{} {}, {build} build", process.os, process.arch));
    fact("time", &report.time);
    if report.occurrences > 1 {
        fact("seen", &format!("{} times", report.occurrences));
    }
    fact("report", &report.id);
    fact("fingerprint", &report.fingerprint);

    let whole = match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}\n... cut off here\n", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    let fence = "`".repeat(longest_run(&whole).max(2) + 1);
    _ = write!(
        out,
        "\n<details>\n<summary>The whole report</summary>\n\n{fence}text\n{}\n{fence}\n\n</details>\n",
        whole.trim_end()
    );
    out
}

/// In a line, as it is, whatever it is; of a long one the beginning.
fn code(text: &str) -> String {
    let text = in_line(text.trim());
    let text = match text.char_indices().nth(LONGEST_FACT) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    };
    let text = text.trim();
    let fence = "`".repeat(longest_run(text) + 1);
    match text {
        "" => String::new(),
        text if text.starts_with('`') || text.ends_with('`') => format!("{fence} {text} {fence}"),
        text => format!("{fence}{text}{fence}"),
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or(0)
}

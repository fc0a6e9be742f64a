//! Pages of `retry-core/docs` that show what programs print.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The page with this in the block behind the comment of that name.
pub(crate) fn with_block(page: &str, name: &str, language: &str, content: &str) -> String {
    let comment = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&comment).unwrap_or_else(|| panic!("no {comment}"));
    let (_, after) = rest.strip_prefix("```").unwrap().split_once("\n```\n").unwrap();
    format!("{before}{comment}```{language}\n{}\n```\n{after}", content.trim())
}

/// Without colours, and without what is another on each machine and in each run.
pub(crate) fn normal(printed: &str) -> String {
    let root = format!("{}/", root().display());
    let mut normal = String::new();
    for line in without_colors(printed).replace(&root, "").lines() {
        let line = match line.split_once("/rustc/") {
            Some((before, rest)) => format!("{before}/rustc/../{}", rest.split_once('/').unwrap().1),
            None => line.to_owned(),
        };
        writeln!(normal, "{}", without_numbers(&line).trim_end()).unwrap();
    }
    normal
}

fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').unwrap().1)
}

/// `(123)` behind a thread, `[..]` and `::h..` of compiled names.
fn without_numbers(line: &str) -> String {
    let mut line = line.to_owned();
    let is_digit = |char: char| char.is_ascii_hexdigit();
    for (open, close) in [("' (", ") "), ("[", "]"), ("::h", "")] {
        let mut from = 0;
        while let Some(start) = line[from..].find(open).map(|at| from + at) {
            let inner = start + open.len();
            let end = line[inner..].find(|char| !is_digit(char)).map_or(line.len(), |at| inner + at);
            let enough = if open == "' (" { 1 } else { 13 };
            if end - inner >= enough && line[end..].starts_with(close) {
                let keep = if open == "' (" { "' " } else { "" };
                line.replace_range(start..end + close.len(), keep);
            }
            from = (start + 1).min(line.len());
        }
    }
    line
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

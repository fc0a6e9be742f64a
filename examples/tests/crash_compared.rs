//! The page `retry-core/docs/crash_compared.md` shows what the programs print. Made anew, all of it:
//!
//! ```text
//! WRITE_PAGE=1 cargo test -p retry-examples --features color-eyre --test crash_compared
//! ```
//!
//! Without `WRITE_PAGE` our own part of it is checked. The page shows debug builds.
#![cfg(all(unix, debug_assertions))]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Part {
    /// As it stands in a comment on the page.
    name: &'static str,
    program: &'static str,
    backtrace: bool,
}

const PARTS: &[Part] = &[
    Part { name: "std", program: env!("CARGO_BIN_EXE_crash-std"), backtrace: false },
    Part { name: "std, RUST_BACKTRACE=1", program: env!("CARGO_BIN_EXE_crash-std"), backtrace: true },
    #[cfg(feature = "color-eyre")]
    Part { name: "color-eyre", program: env!("CARGO_BIN_EXE_crash-color-eyre"), backtrace: false },
    #[cfg(feature = "color-eyre")]
    Part {
        name: "color-eyre, RUST_BACKTRACE=1",
        program: env!("CARGO_BIN_EXE_crash-color-eyre"),
        backtrace: true,
    },
    Part { name: "retry-core", program: env!("CARGO_BIN_EXE_crash-context"), backtrace: false },
];

#[test]
fn the_page_shows_what_the_programs_print() {
    let path = root().join("retry-core/docs/crash_compared.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let program = std::fs::read_to_string(root().join("examples/src/bin/crash-context.rs")).unwrap();
    let program = program.split_once("\n\n").unwrap().1;
    let mut made = with_block(&page, "program", "should_panic", program);
    for part in PARTS {
        // The others' frames depend on their releases: they are made anew by hand.
        if part.name == "retry-core" || std::env::var_os("WRITE_PAGE").is_some() {
            made = with_block(&made, part.name, "text", &printed(part));
        }
    }
    if std::env::var_os("WRITE_PAGE").is_some() {
        std::fs::write(path, made).unwrap();
    } else {
        assert_eq!(made, page, "make the page anew as it is told where this test begins");
    }
}

/// The page with this in the block behind the comment of that name.
fn with_block(page: &str, name: &str, language: &str, content: &str) -> String {
    let comment = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&comment).unwrap_or_else(|| panic!("no {comment}"));
    let (_, after) = rest.strip_prefix("```").unwrap().split_once("\n```\n").unwrap();
    format!("{before}{comment}```{language}\n{}\n```\n{after}", content.trim())
}

fn printed(part: &Part) -> String {
    let mut command = Command::new(part.program);
    command.current_dir(root()).env("NO_COLOR", "1");
    match part.backtrace {
        true => command.env("RUST_BACKTRACE", "1"),
        false => command.env_remove("RUST_BACKTRACE"),
    };
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    normal(&String::from_utf8(output.stderr).unwrap())
}

/// Without colours, and without what is another on each machine and in each run.
fn normal(printed: &str) -> String {
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

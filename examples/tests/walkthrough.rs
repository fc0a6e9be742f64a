//! The page `retry-core/docs/walkthrough.md` shows what the programs print, and pieces of their source. What they print is
//! made anew by:
//!
//! ```text
//! WRITE_PAGE=1 cargo test -p retry-examples --test walkthrough
//! ```
//!
//! The page shows debug builds.
#![cfg(all(unix, debug_assertions))]

mod page;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use page::{normal, root, with_block};

const PAGE: &str = "retry-core/docs/walkthrough.md";

#[test]
fn the_page_shows_what_the_programs_print() {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let home = Home::new();
    let mut made = page.clone();
    for (name, program) in [
        ("ten lines", env!("CARGO_BIN_EXE_ten-lines")),
        ("annotated", env!("CARGO_BIN_EXE_ten-lines-annotated")),
    ] {
        let printed = home.run(program);
        made = with_block(&made, &format!("{name}: what it prints"), "text", &printed.stderr);
    }
    let desktop = env!("CARGO_BIN_EXE_desktop");
    let (first, second) = (home.run(desktop), home.run(desktop));
    made = with_block(&made, "desktop: the report", "text", &first.stderr);
    made = with_block(&made, "desktop: what it says", "text", &first.stdout);
    let at_start = second.stdout.split_once("\n\n").unwrap().0;
    made = with_block(&made, "desktop: the next start", "text", at_start);
    if env::var_os("WRITE_PAGE").is_some() {
        fs::write(path, made).unwrap();
    } else {
        assert_eq!(made, page, "make the page anew as it is told where this test begins");
    }
}

#[test]
fn the_pieces_of_source_are_those_of_the_programs() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let pieces: Vec<_> = page.split("<!-- from ").skip(1).collect();
    for piece in &pieces {
        let (file, rest) = piece.split_once(" -->\n```").unwrap();
        let (code, _) = rest.split_once('\n').unwrap().1.split_once("\n```\n").unwrap();
        let source = fs::read_to_string(root().join("examples/src/bin").join(file)).unwrap();
        assert!(has(&source, code), "{file} has not:\n{code}");
    }
    assert!(pieces.len() > 8, "{}", pieces.len());
}

/// Whether these lines stand there, one after the other and equally far to the right.
fn has(source: &str, code: &str) -> bool {
    let code: Vec<_> = code.lines().collect();
    let lines: Vec<_> = source.lines().collect();
    let indented = |line: &str| line.len() - line.trim_start().len();
    lines.windows(code.len()).any(|window| {
        let by = indented(window[0]);
        window.iter().zip(&code).all(|(line, wanted)| line.get(by..).unwrap_or_default() == *wanted)
    })
}

#[test]
fn a_piece_that_was_changed_is_not_there() {
    let source = "fn main() {\n    let a = 1;\n\n    if a == 1 {\n        a();\n    }\n}\n";
    assert!(has(source, "let a = 1;\n\nif a == 1 {\n    a();\n}"));
    assert!(!has(source, "let a = 1;\nif a == 1 {\n    a();\n}"));
    assert!(!has(source, "let a = 1;\n\nif a == 1 {\n    b();\n}"));
}

/// A home folder in which reports are saved.
struct Home(PathBuf);

struct Printed {
    stdout: String,
    stderr: String,
}

impl Home {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("retry-examples-walkthrough-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn run(&self, program: &str) -> Printed {
        let mut command = Command::new(program);
        command
            .current_dir(root())
            .env("XDG_DATA_HOME", self.0.join("data"))
            .env("HOME", &self.0)
            .env("NO_COLOR", "1");
        command.env_remove("RUST_BACKTRACE").env_remove("RETRY_CRASH_DEBUGGER").stdin(Stdio::null());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(101));
        let text = |bytes| self.as_adas(&normal(&String::from_utf8(bytes).unwrap()));
        Printed { stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// As in a home that everybody knows, and at a time that does not pass.
    fn as_adas(&self, text: &str) -> String {
        let data = self.0.join("data");
        let text = text.replace(&*data.to_string_lossy(), "/home/ada/.local/share");
        let names =
            text.split("/crashes/").skip(1).filter_map(|rest| rest.split_once(".json")).map(|(name, _)| name);
        let mut made = text.clone();
        for name in names {
            made =
                made.replace(name, "20260415T101112.123Z-36af060f3228763c-8a22cf078ff9f6059ad5450176daaac5");
        }
        if let Some((_, time)) = text.split_once(", at 20")
            && let Some((time, _)) = time.split_once('Z')
        {
            made = made.replace(&format!("20{time}Z"), "2026-04-15T10:11:12.123Z");
        }
        boxed_anew(&made)
    }
}

/// Boxes fit what is in them.
fn boxed_anew(text: &str) -> String {
    let content =
        |line: &str| line.strip_prefix('│').map(|rest| rest.trim_end_matches('│').trim_end().to_owned());
    let width = text.lines().filter_map(content).map(|line| line.chars().count()).max().unwrap_or_default();
    let lines = text.lines().map(|line| match (content(line), line.chars().collect::<Vec<_>>().as_slice()) {
        (Some(content), _) => format!("│{content:width$} │"),
        (None, [left @ ('┌' | '├' | '└'), middle, .., right]) => {
            format!("{left}{}{right}", middle.to_string().repeat(width + 1))
        }
        _ => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

//! The page `retry-core/docs/crash_compared.md` shows what the programs print. Made anew, all of it:
//!
//! ```text
//! WRITE_PAGE=1 cargo test -p retry-examples --features color-eyre --test crash_compared
//! ```
//!
//! Without `WRITE_PAGE` our own part of it is checked. The page shows debug builds.
#![cfg(all(unix, debug_assertions))]

mod page;

use std::process::Command;

use page::{normal, root, with_block};

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

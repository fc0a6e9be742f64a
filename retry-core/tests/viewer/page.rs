//! The page `viewer` of the guide, beside what is so.
#![cfg(target_os = "linux")]

use crate::support::{Folder, program, run, stem, three};

const PAGE: &str = include_str!("../../docs/viewer.md");

/// A command of the page, and what it says comes of it.
fn examples() -> Vec<(Vec<&'static str>, &'static str)> {
    let blocks = PAGE.split("```text\n$ crash-reports ").skip(1);
    let example = |block: &'static str| {
        let (example, _) = block.split_once("```").expect("an end");
        let (command, output) = example.split_once('\n').expect("an output");
        (command.split(' ').collect(), output)
    };
    blocks.map(example).collect()
}

#[test]
fn the_commands_of_the_page_say_what_it_shows() {
    let data = Folder::of_app("shop", &three());
    let [oldest, ..] = three();
    std::fs::create_dir(data.path().join("shop/crashes/sentry")).expect("a folder");
    data.write(&format!("shop/crashes/sentry/{}.unsent", stem(&oldest)), format!("{{}}\n{oldest}"));
    let examples = examples();
    assert_eq!(examples.len(), 6);
    for (command, expected) in examples {
        if command.contains(&"serve") {
            continue;
        }
        let ran = run(program(&command).env("XDG_DATA_HOME", data.path()));
        assert_eq!(ran.well(), expected, "{command:?}");
    }
}

#[test]
fn every_command_and_option_is_on_the_page() {
    for command in ["list", "show", "open", "mail", "send", "prune", "serve"] {
        let help = run(&mut program(&[command, "--help"])).well();
        let options = help.split_whitespace().filter(|word| word.starts_with("--") && *word != "--help");
        for named in options.chain([command]) {
            assert!(PAGE.contains(named.trim_end_matches(',')), "{command}: {named}");
        }
    }
}

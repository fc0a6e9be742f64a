//! `#[crash_context]` on real code: puts the attribute on every function of well-known crates and runs their own tests,
//! as they are and annotated. The same tests have to pass, and the compiler has to warn of the same.
//!
//! ```text
//! cargo run -p retry-tests --features real-crates --bin real-crates                          # those in crates.rs
//! cargo run -p retry-tests --features real-crates --bin real-crates -- log nom@8.0.0         # others
//! cargo run -p retry-tests --features real-crates --bin real-crates -- --in /tmp/f hex       # copies and logs stay there
//! cargo run -p retry-tests --features real-crates --bin real-crates -- --clippy log          # clippy's lints as well
//! ```
//!
//! Behind a crate: `--features F`, `--skip-test NAME`, `--leave-macro NAME` where a macro's calls take functions without
//! attributes only, `--leave-file tests/quick.rs`.
//!
//! The sources come from the registry, into a temporary folder. A test that fails as it is does not count.

mod annotate;
mod copies;
mod crates;
mod runs;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs, io, process};

use crates::Crate;

/// The most differences of one crate that are printed.
const SHOWN: usize = 20;

fn main() -> ExitCode {
    let mut words: Vec<String> = env::args().skip(1).collect();
    let kept = words.iter().position(|word| word == "--in").filter(|at| at + 1 < words.len()).map(|at| {
        words.remove(at);
        PathBuf::from(words.remove(at))
    });
    let clippy = words.iter().position(|word| word == "--clippy").map(|at| words.remove(at)).is_some();
    let crates = match crates::parse(words.into_iter()) {
        Ok(crates) if crates.is_empty() => crates::all(),
        Ok(crates) => crates,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let temporary = env::temp_dir().join(format!("real-crates-{}", process::id()));
    let folder = kept.as_deref().unwrap_or(&temporary);
    let outcome = compare(&crates, folder, clippy);
    if kept.is_none() {
        let _ = fs::remove_dir_all(folder);
    }
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// The table; whether nothing differs.
fn compare(crates: &[Crate], folder: &Path, clippy: bool) -> io::Result<bool> {
    copies::fetch(crates, folder)?;
    let mut is_same = true;
    println!(
        "{:<20} {:<10} {:>9} {:>7} {:>9} {:>7}",
        "crate", "version", "functions", "bare", "annotated", "seconds"
    );
    for of in crates {
        let begun = Instant::now();
        let copies = copies::copy(of, folder)?;
        let target = folder.join("target");
        let bare = runs::run(of, &copies.bare, &target, &["test"])?;
        let annotated = runs::run(of, &copies.annotated, &target, &["test"])?;
        let mut differences = runs::differences(&bare, &annotated);
        if clippy {
            let [bare, annotated] =
                [&copies.bare, &copies.annotated].map(|copy| runs::run(of, copy, &target, &["clippy"]));
            differences.extend(runs::differences(&bare?, &annotated?));
        }
        if bare.passed() == 0 {
            differences.push("no test passes as it is".to_owned());
            differences.extend(bare.errors.iter().take(5).cloned());
        }
        let (name, version, functions) = (&of.name, &copies.version, copies.functions);
        let (bare, annotated, seconds) = (bare.passed(), annotated.passed(), begun.elapsed().as_secs());
        println!("{name:<20} {version:<10} {functions:>9} {bare:>7} {annotated:>9} {seconds:>7}");
        for difference in differences.iter().take(SHOWN) {
            println!("    {difference}");
        }
        if let Some(more @ 1..) = differences.len().checked_sub(SHOWN) {
            println!("    .. and {more} more");
        }
        is_same &= differences.is_empty();
    }
    Ok(is_same)
}

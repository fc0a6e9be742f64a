//! What the attributes cost while the compiler runs, and in the binary.

mod package;
mod sources;

use std::io;
use std::path::{Path, PathBuf};

use package::{Binary, Package, Took};
use sources::{COUNT, Retried};

use crate::report::Report;
use crate::spread::Spread;

/// How often each package takes its turn.
const COLD_TURNS: usize = 5;
const CHECK_TURNS: usize = 7;
/// How many times the cold build of `thiserror` that of the macros may take.
const COLD_RATIO: f64 = 1.3;
/// What checking one annotated function may cost.
const CHECK_MILLISECONDS: f64 = 3.0;

const MACROS: &str = "`retry-core`, macros only";
const THISERROR: &str = "`thiserror`";

pub(crate) fn write(report: &mut Report) -> Result<(), String> {
    let mut written = || {
        let folder = folder()?;
        cold(report, &folder)?;
        checking(report, &folder)?;
        size(report, &folder)
    };
    written().map_err(|error: io::Error| error.to_string())
}

/// Beside this program, so that what the packages depend on is built once.
fn folder() -> io::Result<PathBuf> {
    let folder = std::env::current_exe()?.with_file_name("benchmarks-packages");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The dependency on the runtime, with these features.
fn core(features: &str) -> String {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("retry-core");
    format!("retry-core = {{ path = {core:?}, default-features = false, features = [{features}] }}")
}

fn cold(report: &mut Report, folder: &Path) -> io::Result<()> {
    let tracing =
        r#"tracing = { version = "0.1", default-features = false, features = ["attributes", "std"] }"#;
    let (macros, default) = (core(r#""macros""#), core(r#""default""#));
    let users = [
        (THISERROR, "thiserror-user", r#"thiserror = "2""#),
        ("`tracing` with attributes", "tracing-user", tracing),
        (MACROS, "macros-user", &macros),
        ("`retry-core`, default features", "default-user", &default),
    ];
    let mut builds = Vec::new();
    for (what, name, dependencies) in users {
        builds.push((what, Package::lay(folder, name, dependencies, "fn main() {}\n")?.alone(), Vec::new()));
    }
    for _ in 0..COLD_TURNS {
        for (_, package, took) in &mut builds {
            took.push(package.cold()?);
        }
    }
    report.heading("Building");
    report.paragraph(
        "A program that depends on one crate and does nothing, built in the dev profile by two jobs, nothing built before \
         and nothing to fetch; in seconds. The packages take turns, and each is compared with `thiserror` in its own turn. \
         Processor time is that of both cores together. A program that uses crates on both `syn` 2 and `syn` 3 builds both.",
    );
    let thiserror: Vec<Took> =
        builds.iter().filter(|(what, ..)| *what == THISERROR).flat_map(|(.., took)| took.clone()).collect();
    let ratio = |took: &[Took], of: fn(&Took) -> f64| -> Spread {
        took.iter().zip(&thiserror).map(|(took, thiserror)| of(took) / of(thiserror)).collect()
    };
    let row = |(what, _, took): &(&str, Package, Vec<Took>)| {
        let spread = |of: fn(&Took) -> f64| took.iter().map(of).collect::<Spread>();
        vec![
            (*what).to_owned(),
            spread(|took| took.processor).to_string(),
            spread(|took| took.wall).to_string(),
            format!("{:.2}", ratio(took, |took| took.processor)),
            format!("{:.2}", ratio(took, |took| took.wall)),
        ]
    };
    let head =
        ["a cold build", "processor", "wall", "processor, times `thiserror`", "wall, times `thiserror`"];
    report.table(1, &head, &builds.iter().map(row).collect::<Vec<_>>());
    for (what, _, took) in builds.iter().filter(|(what, ..)| *what == MACROS) {
        let ratio = ratio(took, |took| took.processor).median();
        report.at_most(COLD_RATIO, format!("{what}: a cold build, processor time, times `thiserror`"), ratio);
    }
    Ok(())
}

/// Two packages of the same functions, bare and annotated.
struct Pair {
    what: &'static str,
    bare: (Package, Spread),
    annotated: (Package, Spread),
}

fn checking(report: &mut Report, folder: &Path) -> io::Result<()> {
    let (sync, asynchronous) = (false, true);
    let dependencies = dependencies();
    let pair = |what, names: [&'static str; 2], sources: [String; 2]| {
        let lay = |index: usize| Package::lay(folder, names[index], &dependencies, &sources[index]);
        io::Result::Ok(Pair {
            what,
            bare: (lay(0)?, Spread::default()),
            annotated: (lay(1)?, Spread::default()),
        })
    };
    let mut pairs = [
        pair(
            "`#[retry]`, sync",
            ["sync-bare", "sync-retry"],
            [Retried::Not, Retried::ByAttribute].map(|retried| sources::fallible(retried, sync)),
        )?,
        pair(
            "`#[retry]`, async",
            ["async-bare", "async-retry"],
            [Retried::Not, Retried::ByAttribute].map(|retried| sources::fallible(retried, asynchronous)),
        )?,
        pair(
            "`#[crash_context]`, 2 arguments, 5 locals",
            ["locals-bare", "locals-kept"],
            ["", "#[retry_core::crash_context]"].map(sources::with_locals),
        )?,
        pair(
            "`#[derive(RetryClassify)]`, 4 variants",
            ["enums-bare", "enums-derived"],
            [false, true].map(sources::enums),
        )?,
    ];
    for pair in &pairs {
        // What they depend on.
        pair.bare.0.cargo(&["check"])?;
        pair.annotated.0.cargo(&["check"])?;
    }
    for _ in 0..CHECK_TURNS {
        for pair in &mut pairs {
            for (package, spread) in [&mut pair.bare, &mut pair.annotated] {
                spread.extend([package.checked()?.processor * 1e3]);
            }
        }
    }
    report.paragraph(&format!(
        "`cargo check` of {COUNT} functions or enums, bare and annotated in turn, what they depend on being built: \
         processor time in milliseconds, `cargo` and the start of the compiler included. What each costs is the difference \
         of the least of both, which the neighbours on the machine disturbed least, and in parentheses that of the medians."
    ));
    let each = |bare: f64, annotated: f64| (annotated - bare) / f64::from(COUNT);
    let mut rows = Vec::new();
    for Pair { what, bare: (_, bare), annotated: (_, annotated) } in &pairs {
        let least = each(bare.least(), annotated.least());
        let median = each(bare.median(), annotated.median());
        rows.push(vec![
            (*what).to_owned(),
            format!("{bare:.0}"),
            format!("{annotated:.0}"),
            format!("{least:.2} ({median:.2})"),
        ]);
        report.at_most(CHECK_MILLISECONDS, format!("{what}: ms of checking for each"), least);
    }
    report.table(1, &["", "bare", "annotated", "more for each"], &rows);
    Ok(())
}

/// The same for all of them, so that they are built once.
fn dependencies() -> String {
    let tokio = r#"tokio = { version = "1", default-features = false, features = ["rt", "time"] }"#;
    format!("{}\n{tokio}\nfastrand = \"2\"", core(r#""default""#))
}

fn size(report: &mut Report, folder: &Path) -> io::Result<()> {
    report.paragraph(&format!(
        "A release binary of {COUNT} functions, stripped, in bytes; what each function has more than the bare one, in code \
         and in the whole file. The loops by hand share what decides; so do those of the attribute."
    ));
    let dependencies = dependencies();
    let sizes = |names: &[&'static str], sources: &[String]| {
        let lay = |(name, source): (&&'static str, &String)| {
            Package::lay(folder, name, &dependencies, source)?.binary()
        };
        names.iter().zip(sources).map(lay).collect::<io::Result<Vec<Binary>>>()
    };
    let fallible = |is_async| Retried::ALL.map(|retried| sources::fallible(retried, is_async));
    let kinds = [
        ("sync", &["sync-bare", "sync-by-hand", "sync-retry"][..], &fallible(false)[..]),
        ("async", &["async-bare", "async-by-hand", "async-retry"], &fallible(true)),
        (
            "2 arguments, 5 locals",
            &["locals-bare", "locals-kept"],
            &["", "#[retry_core::crash_context]"].map(sources::with_locals),
        ),
    ];
    let mut rows = Vec::new();
    for (kind, names, sources) in kinds {
        let sizes = sizes(names, sources)?;
        for (index, (size, name)) in sizes.iter().zip(names).enumerate() {
            let form = match name.rsplit_once('-') {
                Some((_, "bare")) => "bare",
                Some((_, "retry")) => "`#[retry]`",
                Some((_, "kept")) => "`#[crash_context]`",
                _ => "by hand",
            };
            let more =
                |of: fn(&Binary) -> f64| format!("{:.0}", (of(size) - of(&sizes[0])) / f64::from(COUNT));
            rows.push(vec![
                if index == 0 { kind.to_owned() } else { String::new() },
                form.to_owned(),
                format!("{:.0}", size.code),
                format!("{:.0}", size.whole),
                more(|size| size.code),
                more(|size| size.whole),
            ]);
        }
    }
    report.table(2, &["functions", "", "code", "whole", "more code for each", "more in all for each"], &rows);
    Ok(())
}

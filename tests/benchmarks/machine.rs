//! Where and with what it was measured.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use crate::report::Report;

/// What is compared, as `Cargo.lock` has it.
const PACKAGES: [&str; 13] = [
    "retry-core",
    "retry-macros",
    "backon",
    "tryhard",
    "tokio-retry2",
    "tokio",
    "unwind-context",
    "tracing",
    "tracing-attributes",
    "tracing-error",
    "tracing-subscriber",
    "thiserror",
    "syn",
];

/// How busy the machine is: the tasks that ran or wanted to, in the last minute.
pub(crate) fn load() -> String {
    let loads = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    loads.split_whitespace().next().unwrap_or("unknown").to_owned()
}

pub(crate) fn describe(report: &mut Report) {
    let rows = [
        ("date", humantime::format_rfc3339_seconds(SystemTime::now()).to_string()),
        ("processor", processor()),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("compiler", first_line("rustc", "--version")),
        ("valgrind", first_line("valgrind", "--version")),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    report.table(2, &["", ""], &rows);
    let lock = include_str!("../../Cargo.lock");
    let rows: Vec<_> = PACKAGES
        .iter()
        .map(|package| vec![format!("`{package}`"), versions(lock, package).join(", ")])
        .collect();
    report.table(2, &["package", "version"], &rows);
}

/// All the versions of a package that a lock file names.
fn versions<'l>(lock: &'l str, package: &str) -> Vec<&'l str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while lines.any(|line| line == name) {
        let version = lines.next().and_then(|line| line.strip_prefix("version = \""));
        found.extend(version.map(|version| version.trim_end_matches('"')));
    }
    found
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.unwrap_or("unknown"))
}

fn first_line(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let output = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    output.ok().and_then(|output| output.lines().next().map(str::to_owned)).unwrap_or("unknown".to_owned())
}

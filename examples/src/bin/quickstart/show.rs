//! What the program prints: a line for each attempt and each wait, a countdown, and a table at the end.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use reqwest::Url;
use retry_core::{Cause, Event};
use tokio::time::{Instant, sleep};

use crate::ApiError;

/// The rows of the table.
static WAITS: Mutex<Vec<[String; 4]>> = Mutex::new(Vec::new());

pub(crate) fn start(url: &Url) {
    print(format_args!("GET {url}\n"));
}

/// An attempt has failed, and there will be another one.
pub(crate) fn failed(event: Event<'_, ApiError>) {
    attempt(event);
    let Some(error) = event.error() else { return };
    let row = [event.attempt().to_string(), text(error), seconds(event.delay()), why(event)];
    WAITS.lock().unwrap_or_else(PoisonError::into_inner).push(row);
}

/// An attempt has failed, and there will be no other.
pub(crate) fn gave_up(event: Event<'_, ApiError>) {
    attempt(event);
    if let Some(reason) = event.reason() {
        print(format_args!("  gave up: {reason}\n"));
    }
}

/// An attempt has succeeded.
pub(crate) fn answered(event: Event<'_, ApiError>) {
    attempt(event);
    print(format_args!("  done in {}\n", seconds(event.elapsed())));
}

fn attempt(event: Event<'_, ApiError>) {
    let max = event.max().map(|max| format!(" of {max}")).unwrap_or_default();
    let outcome = event.error().map_or("answered".into(), |error| text(error));
    print(format_args!("  attempt {}{max}: {outcome}\n", event.attempt()));
}

/// Waits, and counts down meanwhile where somebody is watching.
pub(crate) async fn countdown(wait: Duration) {
    let waiting = format!("    waiting {}", seconds(wait));
    if !io::stdout().is_terminal() {
        print(format_args!("{waiting}\n"));
        return sleep(wait).await;
    }
    let start = Instant::now();
    while start.elapsed() < wait {
        let left = wait.saturating_sub(start.elapsed());
        print(format_args!("\r{waiting}, {:.1} s left ", left.as_secs_f64()));
        sleep(left.min(Duration::from_millis(100))).await;
    }
    print(format_args!("\r    waited {:<24}\n", seconds(wait)));
}

/// What was waited, and why.
pub(crate) fn table() {
    let rows = WAITS.lock().unwrap_or_else(PoisonError::into_inner);
    if rows.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["attempt", "what went wrong", "waited", "why that long"]).add_rows(rows.iter());
    for column in [0, 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    print(format_args!(
        "\n{table}\n\
         Each wait is up to 10 % longer than what was asked for, so that callers that failed together\n\
         do not all come back at the same moment. `jitter = none` would switch that off.\n"
    ));
}

pub(crate) fn result(body: &str) {
    print(format_args!("\nResult: {}\n", body.trim_end()));
}

pub(crate) fn crash_begins() {
    print("\nAnd a crash, two annotated functions deep, which is caught:\n");
}

pub(crate) fn crash_ended(crashed: bool, report: Option<&Path>) {
    if !crashed {
        print("\nThere was nothing to crash on.\n");
        return;
    }
    match report {
        Some(report) => print(format_args!(
            "\nThe program goes on. The report is in {}\nas above in {}\nand as a page for the browser in {}\n",
            report.display(),
            report.with_extension("txt").display(),
            report.with_extension("html").display()
        )),
        None => print("\nThe program goes on. The report could not be saved; it says why.\n"),
    }
}

/// Says why the program fails.
pub(crate) fn error(error: &dyn Error) {
    // Where even this cannot be written, the exit code has to do.
    let _ = writeln!(io::stderr(), "\nerror: {}", text(error));
}

/// Where the length of a wait comes from.
fn why(event: Event<'_, ApiError>) -> String {
    let asked = seconds(event.asked());
    match event.cause() {
        Some(Cause::Told) => format!("the error asks for {asked}"),
        Some(Cause::Rule) => format!("the function's rule says {asked}"),
        _ => format!("the backoff says {asked}"),
    }
}

/// An error, and what lies at the bottom of it.
fn text(error: &dyn Error) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.to_string() {
        cause if error.source().is_none() => cause,
        cause => format!("{error}: {cause}"),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

/// Unlike `print!` it ends the program quietly when nobody reads on, as in `quickstart | head -1`.
fn print(what: impl Display) {
    let mut stdout = io::stdout();
    if write!(stdout, "{what}").and_then(|()| stdout.flush()).is_err() {
        std::process::exit(1);
    }
}

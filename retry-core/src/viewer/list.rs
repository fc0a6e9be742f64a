//! `list`: which reports there are.

use crate::arguments::{Folder, List};
use crate::listing::{Head, Listing};
use crate::output::{Failure, complain, print};
use comfy_table::{Row, Table, presets};
use console::{Term, truncate_str};
use retry_core::crash::terminal::in_line;
use retry_core::crash::{Group, Kind, Place, Report, group};
use serde::Serialize;
use std::borrow::Cow;
use std::io::IsTerminal;

/// Enough of an id to tell reports apart, and to name one.
const SHORT_ID: usize = 8;
/// A message is cut to the terminal's width, but not to less.
const SHORTEST_MESSAGE: usize = 20;
/// Nothing is shown longer, whoever wrote it.
const LONGEST_MESSAGE: usize = 500;
const LONGEST_NAME: usize = 80;

pub(crate) fn run(folder: &Folder, wanted: &List) -> Result<(), Failure> {
    let listing = Listing::read(&folder.reports()?, |_| true)?;
    for (number, error) in &listing.unreadable {
        complain(&format!("{number}: {error}"));
    }
    let written = match (wanted.json, wanted.group) {
        (true, false) => json(listing.heads.iter().map(JsonReport::of).collect(), &listing),
        (true, true) => {
            json(group(listing.heads.iter().cloned()).iter().map(JsonCrash::of).collect(), &listing)
        }
        (false, false) => table(&REPORT_COLUMNS, listing.heads.iter().map(report_row)),
        (false, true) => table(&CRASH_COLUMNS, group(listing.heads).iter().map(crash_row)),
    };
    print(&written)
}

const REPORT_COLUMNS: [&str; 7] = ["#", "id", "when (UTC)", "seen", "app", "where", "message"];
const CRASH_COLUMNS: [&str; 8] =
    ["#", "id", "last seen (UTC)", "first seen", "seen", "app", "where", "message"];

/// A row's cells, the message last.
type Cells<const N: usize> = [String; N];

fn report_row(head: &Head) -> Cells<7> {
    let report = &head.report;
    [
        head.number.to_string(),
        short_id(head),
        moment(&report.time),
        times(report.occurrences),
        app(report),
        place(report),
        message(report),
    ]
}

fn crash_row(crash: &Group<Head>) -> Cells<8> {
    let report = &crash.newest.report;
    [
        crash.newest.number.to_string(),
        short_id(&crash.newest),
        moment(&crash.last_seen),
        moment(&crash.first_seen),
        times(crash.count),
        app(report),
        place(report),
        message(report),
    ]
}

fn short_id(head: &Head) -> String {
    head.saved.id().chars().take(SHORT_ID).collect()
}

/// `2026-04-15T10:11:12.123Z` to the second, for people.
pub(crate) fn moment(time: &str) -> String {
    let to_the_second = time.split('.').next().unwrap_or_default();
    in_line(&to_the_second.replacen('T', " ", 1)).into_owned()
}

fn times(count: u64) -> String {
    format!("{count}x")
}

pub(crate) fn app(report: &Report) -> String {
    let app = report.app.as_ref().map(|app| format!("{} {}", app.name, app.version));
    app.map_or_else(|| "-".to_owned(), |app| cut(app.trim(), LONGEST_NAME))
}

pub(crate) fn place(report: &Report) -> String {
    let place = report.place.as_ref();
    place.map_or_else(|| "-".to_owned(), |place| format!("{}:{}", cut(&place.file, LONGEST_NAME), place.line))
}

fn message(report: &Report) -> String {
    cut(report.message.trim(), LONGEST_MESSAGE)
}

fn cut(text: &str, width: usize) -> String {
    truncate_str(&in_line(text), width, "...").into_owned()
}

fn table<const N: usize>(columns: &[&str; N], rows: impl Iterator<Item = Cells<N>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.iter());
    for row in rows {
        // What the columns of comfy_table would take for several lines is one already.
        table.add_row(Row::from(row));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let width = std::io::stdout().is_terminal().then(|| usize::from(Term::stdout().size().1));
    let before_message: usize =
        table.column_max_content_widths().iter().rev().skip(1).map(|width| usize::from(*width) + 2).sum();
    let width = width.map(|width| width.max(before_message + SHORTEST_MESSAGE));
    let mut written = String::new();
    for line in table.lines() {
        let line = line.trim_end();
        let shown = width.map_or(Cow::Borrowed(line), |width| truncate_str(line, width, "..."));
        written.push_str(&shown);
        written.push('\n');
    }
    written
}

#[derive(Serialize)]
struct Json<'a, T> {
    reports: Vec<T>,
    unreadable: Vec<JsonUnreadable<'a>>,
}

#[derive(Serialize)]
struct JsonUnreadable<'a> {
    number: usize,
    path: Cow<'a, str>,
    error: String,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    number: usize,
    id: &'a str,
    path: String,
    time: &'a str,
    occurrences: u64,
    first_seen: Option<&'a str>,
    fingerprint: &'a str,
    kind: Kind,
    app: Option<JsonApp<'a>>,
    place: Option<&'a Place>,
    function: Option<&'a str>,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonApp<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct JsonCrash<'a> {
    fingerprint: &'a str,
    count: u64,
    reports: usize,
    first_seen: &'a str,
    last_seen: &'a str,
    newest: JsonReport<'a>,
}

impl<'a> JsonReport<'a> {
    fn of(head: &'a Head) -> Self {
        let report = &head.report;
        Self {
            number: head.number,
            id: head.saved.id(),
            path: head.saved.path().to_string_lossy().into_owned(),
            time: &report.time,
            occurrences: report.occurrences,
            first_seen: report.first_seen.as_deref(),
            fingerprint: head.saved.fingerprint(),
            kind: report.kind,
            app: report.app.as_ref().map(|app| JsonApp { name: &app.name, version: &app.version }),
            place: report.place.as_ref(),
            function: head.function.as_deref(),
            message: &report.message,
        }
    }
}

impl<'a> JsonCrash<'a> {
    fn of(crash: &'a Group<Head>) -> Self {
        Self {
            fingerprint: crash.newest.saved.fingerprint(),
            count: crash.count,
            reports: crash.reports,
            first_seen: &crash.first_seen,
            last_seen: &crash.last_seen,
            newest: JsonReport::of(&crash.newest),
        }
    }
}

fn json<T: Serialize>(reports: Vec<T>, listing: &Listing) -> String {
    let unreadable = listing.unreadable.iter().map(|(number, error)| JsonUnreadable {
        number: *number,
        path: error.path().to_string_lossy(),
        error: error.to_string(),
    });
    let json = Json { reports, unreadable: unreadable.collect() };
    // Nothing in it is what JSON cannot say: its only keys are field names.
    serde_json_wasm::to_string(&json).unwrap_or_default() + "\n"
}

//! What the run before left behind.

use std::fs;

use retry_core::crash::{Report, Reports, SavedReport};

/// The name of the last report that was spoken of; reports' names are different.
const SEEN: &str = "seen";

/// Says how the last run crashed, if it did and it was not said before.
pub(crate) fn show(reports: &Reports) {
    let Some(saved) = newest(reports) else { return };
    match saved.read() {
        Ok(report) => println!("{}\n", text(&report, &saved)),
        Err(error) => println!("The last run crashed, and its report cannot be read: {error}\n"),
    }
    // Where this cannot be written, it is said again.
    let _ = fs::write(reports.folder().join(SEEN), saved.name());
}

/// The one that was not spoken of yet. Without a folder there was no crash.
fn newest(reports: &Reports) -> Option<SavedReport> {
    let newest = reports.list().ok()?.into_iter().next()?;
    let seen = fs::read_to_string(reports.folder().join(SEEN)).unwrap_or_default();
    (seen != newest.name()).then_some(newest)
}

fn text(report: &Report, saved: &SavedReport) -> String {
    let function = report.frame_at_fault().map_or("?", |frame| &frame.function);
    let times =
        if report.occurrences > 1 { format!(" ({} times)", report.occurrences) } else { String::new() };
    format!(
        "The last run crashed{times}: {}, in {function}, at {}.\nIts report: {}",
        report.message,
        report.time,
        saved.path().display()
    )
}

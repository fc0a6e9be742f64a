//! All reports of a folder, read.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retry_core::crash::{LoadError, Report, Reports, SavedReport};
use std::borrow::Borrow;

/// So many reports are read before anybody begins to wonder.
const SOON_READ: usize = 500;

/// What lists say of a report: its stack and its values are let go, so that many fit into memory.
#[derive(Clone)]
pub(crate) struct Head {
    /// The newest report of the folder is number one.
    pub(crate) number: usize,
    pub(crate) saved: SavedReport,
    pub(crate) report: Report,
    /// The application's own function that was running.
    pub(crate) function: Option<String>,
}

impl Head {
    fn new(number: usize, saved: SavedReport, mut report: Report) -> Self {
        let own = report.frame_at_fault().filter(|frame| frame.is_own());
        let function = own.map(|frame| frame.function.clone());
        report.frames = Vec::new();
        report.context = Vec::new();
        // What the file says may be anything; its name is one of ours.
        saved.id().clone_into(&mut report.id);
        saved.fingerprint().clone_into(&mut report.fingerprint);
        Self { number, saved, report, function }
    }
}

impl Borrow<Report> for Head {
    fn borrow(&self) -> &Report {
        &self.report
    }
}

/// The newest report is the first.
pub(crate) struct Listing {
    pub(crate) heads: Vec<Head>,
    /// With their numbers.
    pub(crate) unreadable: Vec<(usize, LoadError)>,
}

impl Listing {
    /// Of the readable reports, those that `wanted` says.
    pub(crate) fn read(reports: &Reports, wanted: impl Fn(&Report) -> bool) -> Result<Self, LoadError> {
        let saved = reports.list()?;
        let mut listing = Self { heads: Vec::new(), unreadable: Vec::new() };
        let progress = progress(saved.len());
        for (number, saved) in (1..).zip(saved) {
            match saved.read() {
                Ok(report) if wanted(&report) => listing.heads.push(Head::new(number, saved, report)),
                Ok(_) => {}
                // Somebody removes reports while we read.
                Err(error) if error.is_missing() => {}
                Err(error) => listing.unreadable.push((number, error)),
            }
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok(listing)
    }
}

/// On the standard error output, where that is a terminal.
fn progress(reports: usize) -> ProgressBar {
    let target = match reports > SOON_READ {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("reading {human_pos} of {human_len} reports {wide_bar}");
    let bar = ProgressBar::with_draw_target(Some(reports as u64), target);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

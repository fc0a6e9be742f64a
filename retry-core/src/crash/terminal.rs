//! What the program `crash-reports` needs for its terminal, and nobody else.

use super::render::{self, Style};
use super::report::Report;
use std::borrow::Cow;

/// Text in one line, without what a terminal would obey.
#[must_use]
pub fn in_line(text: &str) -> Cow<'_, str> {
    render::in_line(text)
}

/// The same of text that may have several lines.
#[must_use]
pub fn in_lines(text: &str) -> String {
    render::in_lines(text)
}

/// The report as the standard output can show it, and its user wants to see it.
#[must_use]
pub fn text_for_stdout(report: &Report) -> String {
    render::text(report, Style::of_stdout())
}

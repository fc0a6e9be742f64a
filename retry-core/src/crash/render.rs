//! Renderings of one report.

mod code;
mod html;
mod json;
mod markdown;
mod rows;
mod style;
mod text;
mod words;

pub(crate) use self::code::{Lexer, mentioned};
pub(crate) use self::html::html;
pub use self::json::ReadError;
pub(crate) use self::json::json;
pub(crate) use self::style::Style;
pub(crate) use self::text::{block, body, headline, text};
#[cfg(feature = "viewer")]
pub(crate) use self::words::in_lines;
pub(crate) use self::words::{attempt, in_line, short_function};
#[cfg(feature = "sentry")]
pub(crate) use self::words::{short_type, without_modules};
use super::report::Report;

impl Report {
    /// The report for a terminal, or with `colors: false` for a file: the frames, oldest first, with their values under
    /// them. No value can bring escape sequences into it.
    ///
    /// ```
    /// # fn show(report: &retry_core::crash::Report) {
    /// eprint!("{}", report.to_text(false));
    /// # }
    /// ```
    #[must_use]
    pub fn to_text(&self, colors: bool) -> String {
        text(self, Style { colors, hyperlinks: false })
    }

    /// The report for programs: its fields are described in the [guide](crate::guide::report).
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }

    /// The report as one page of HTML, with nothing beside it: no file, no script and no picture from elsewhere.
    ///
    /// The frames open and close, the most recent one first, each with the lines around it and the values beside them.
    /// Where scripts run, the page can be searched and copied, and links to the reader's editor. Whatever the values
    /// are, they are shown as text.
    ///
    /// ```
    /// use retry_core::crash::report;
    ///
    /// let page = report(&std::fmt::Error).report.to_html();
    /// assert!(page.starts_with("<!doctype html>"));
    /// ```
    #[must_use]
    pub fn to_html(&self) -> String {
        html(self)
    }

    /// The report for an issue tracker: what happened in a few lines, and the text of [`to_text`](Self::to_text) below a
    /// fold, at most 50,000 characters of it.
    ///
    /// ```
    /// # fn show(report: &retry_core::crash::Report) {
    /// print!("{}", report.to_markdown());
    /// # }
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::markdown(self, &self.to_text(false))
    }

    /// Reads what [`to_json`](Self::to_json) wrote, by this release or an older one. Fields that it does not know are
    /// skipped.
    ///
    /// ```
    /// use retry_core::crash::{Report, report};
    ///
    /// let json = report(&std::fmt::Error).report.to_json();
    /// let read = Report::from_json(&json).expect("it is a report");
    /// assert_eq!(read.message, std::fmt::Error.to_string());
    /// ```
    ///
    /// # Errors
    /// Where the text is no report, or one of a newer schema than [`SCHEMA`](super::SCHEMA).
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        json::from_json(text)
    }
}

#[cfg(test)]
pub(super) mod tests;

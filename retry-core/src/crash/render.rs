//! Renderings of one report.

mod json;
mod style;
mod text;

pub use self::json::ReadError;
pub(crate) use self::json::json;
pub(crate) use self::style::Style;
#[cfg(feature = "viewer")]
pub(crate) use self::text::block;
pub(crate) use self::text::{body, headline, in_line, text};
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

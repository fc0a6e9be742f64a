//! A report as the draft of a mail, which its user looks at and sends.

mod address;
mod mailto;
mod message;
mod summary;

pub use address::AddressError;
pub(crate) use address::Addresses;
pub(super) use summary::{beginning, program, verb};

use super::report::Report;
use std::path::PathBuf;
use summary::Room;

/// The draft of a mail with a report: for the user to complete, to look at, and to send. Nothing is ever sent by us.
///
/// ```
/// use retry_core::crash::{Draft, report};
///
/// let reported = report(&std::fmt::Error);
/// let draft = Draft::new(&reported.report, "crashes@example.org")?;
///
/// assert!(draft.subject().ends_with(&reported.report.message));
/// assert!(draft.body().starts_with("What were you doing when it happened?\n"));
/// assert!(draft.mailto().starts_with("mailto:crashes@example.org?subject="));
/// let file = std::env::temp_dir().join(format!("doc-of-draft-{}.eml", std::process::id()));
/// std::fs::write(&file, draft.eml())?; // a mail program opens it
/// # std::fs::remove_file(file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What the report says may come from anywhere: no text in it can add a header, an address or an attachment.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    report: &'a Report,
    to: Addresses,
    file: Option<PathBuf>,
}

impl<'a> Draft<'a> {
    /// A mail with this report to this address, or to several with commas between them.
    ///
    /// # Errors
    /// Where one of them is no address of a mailbox.
    pub fn new(report: &'a Report, to: &str) -> Result<Self, AddressError> {
        Ok(Self::to(report, Addresses::parse(to)?))
    }

    pub(super) fn to(report: &'a Report, to: Addresses) -> Self {
        Self { report, to, file: None }
    }

    /// Says where the report's file is, for links: a link cannot bring an attachment, so that the user has to attach it.
    #[must_use]
    pub fn report_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// What crashed and how, in one line.
    #[must_use]
    pub fn subject(&self) -> String {
        summary::subject(self.report)
    }

    /// The text: a question to the user, what happened, where and with which values, and what is attached. It is a
    /// summary, so that it stays short whatever the report's length.
    #[must_use]
    pub fn body(&self) -> String {
        let [json, page] = message::attachments(self.report).map(|attachment| attachment.name);
        format!(
            "{}\n{}",
            summary::summary(self.report, Room::MAIL),
            summary::attached(self.report, &json, &page)
        )
    }

    /// The mail with the report attached as JSON and as a page: a file for mail programs (RFC 5322, extension `eml`), without a
    /// sender. Programs that heed `X-Unsent`, such as Outlook on Windows, open it as a draft; others as a mail, to be
    /// edited as a new one or forwarded.
    #[must_use]
    pub fn eml(&self) -> Vec<u8> {
        message::eml(self)
    }

    /// The mail as a link (RFC 6068) of at most 2000 characters, which every desktop opens, with the most important lines
    /// of the [`body`](Self::body). In place of attachments it ends with where the report is, if that is
    /// [said](Self::report_file).
    #[must_use]
    pub fn mailto(&self) -> String {
        mailto::link(self)
    }
}

#[cfg(test)]
mod tests;

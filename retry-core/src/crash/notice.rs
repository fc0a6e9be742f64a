//! What the user of the application is told of a crash.

mod open;

pub use open::OpenError;

use super::delivery::Delivery;
use super::files::SavedReport;
use super::mail::{Draft, beginning, program, verb};
use super::report::Report;
use super::reporter::Reported;
use std::fmt;
use std::path::PathBuf;

/// The most bytes of the message.
const MESSAGE: usize = 300;

/// What the user of the application is to know of a crash: what happened, where the report is, and how to send it.
///
/// Its fields are for an application that has words of its own, or another language; its methods say the same in English,
/// piece by piece, and its `Display` all of it:
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("doc-of-notice-{}", std::process::id()));
/// use retry_core::crash;
///
/// let reporter = crash::reporter().app("Shop", "1.2.3").mail("crashes@example.org").save_to(&folder);
/// let _crash = reporter.tell_user(|_| ()).quiet().install();
/// let notice = crash::report(&std::io::Error::other("no more apples")).notice();
///
/// let (page, draft) = (notice.page.as_ref().unwrap().display(), notice.draft.as_ref().unwrap().display());
/// assert_eq!(
///     notice.to_string(),
///     format!(
///         "\
/// Shop 1.2.3 reports an error: no more apples
///
/// A report of it was saved on this computer. To look at it, open this page in a browser:
///   {page}
///
/// Nothing was sent. To help to get this fixed, please open this draft of a mail,
/// say what you were doing, look at what is attached, and send it:
///   {draft}
/// It goes to crashes@example.org.
/// "
///     )
/// );
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The application's name and version, or the name of the program's file: `Shop 1.2.3`.
    pub program: String,
    /// The beginning of what the panic or the error says, in one line.
    pub message: String,
    /// The JSON file of the report, if it was saved.
    pub report: Option<PathBuf>,
    /// The report as a page for the browser, if it was saved.
    pub page: Option<PathBuf>,
    /// The draft of a mail with the report attached, if it was saved.
    pub draft: Option<PathBuf>,
    /// What became of sending it, if it was to be sent.
    pub delivery: Option<Delivery>,
    /// Where reports are to be mailed to.
    pub addresses: Vec<String>,
    /// A link for the user's mail program, where there is an address: see [`Draft::mailto`](super::Draft::mailto).
    pub mailto: Option<String>,
    verb: &'static str,
}

impl Notice {
    pub(super) fn of(reported: &Reported) -> Self {
        let Reported { report, path, page, draft, delivery, addresses } = reported;
        let mailto = || {
            let draft = Draft::to(report, addresses.clone());
            match path {
                Some(path) => draft.report_file(path).mailto(),
                None => draft.mailto(),
            }
        };
        Self {
            program: program(report),
            message: beginning(report.message.trim(), MESSAGE),
            report: path.clone(),
            page: page.clone(),
            draft: draft.clone(),
            delivery: delivery.clone(),
            addresses: addresses.iter().map(str::to_owned).collect(),
            mailto: (!addresses.is_empty()).then(mailto),
            verb: verb(report),
        }
    }

    pub(super) fn of_saved(saved: &SavedReport, report: &Report) -> Self {
        let file = |extension: &str| {
            saved.files().into_iter().find(|file| file.extension().is_some_and(|its| its == extension))
        };
        Self {
            program: program(report),
            message: beginning(report.message.trim(), MESSAGE),
            report: Some(saved.path()),
            page: file("html"),
            draft: file("eml"),
            delivery: None,
            addresses: Vec::new(),
            mailto: None,
            verb: verb(report),
        }
    }

    /// What happened, in one line without an end: fit for the title of a dialog.
    #[must_use]
    pub fn what_happened(&self) -> String {
        format!("{} {}: {}", self.program, self.verb, self.message)
    }

    /// Where the report is, in some lines.
    #[must_use]
    pub fn where_it_is(&self) -> String {
        match (&self.page, &self.report) {
            (Some(page), _) => format!(
                "A report of it was saved on this computer. To look at it, open this page in a browser:\n  {}\n",
                page.display()
            ),
            (None, Some(report)) => {
                format!("A report of it was saved on this computer:\n  {}\n", report.display())
            }
            (None, None) => "No report of it could be saved on this computer.\n".to_owned(),
        }
    }

    /// Whether it was sent, and what the user can do with it, in some lines.
    #[must_use]
    pub fn how_to_send(&self) -> String {
        let sent = match &self.delivery {
            Some(Delivery::Sent { event_id } | Delivery::HandedOver { event_id }) => {
                return self.after_it_was_sent(event_id);
            }
            Some(Delivery::Kept { .. }) => {
                "It could not be sent to those who can fix it; that is tried again at the next start.\n"
            }
            Some(Delivery::Refused { .. } | Delivery::Lost { .. } | Delivery::Dropped) => {
                "It could not be sent to those who can fix it.\n"
            }
            None => "Nothing was sent. ",
        };
        let to = self.addresses.join(", ");
        match (&self.draft, &self.report) {
            (Some(draft), _) => {
                let goes_to = if to.is_empty() { String::new() } else { format!("It goes to {to}.\n") };
                format!(
                    "{sent}To help to get this fixed, please open this draft of a mail,\n\
                     say what you were doing, look at what is attached, and send it:\n  {}\n{goes_to}",
                    draft.display()
                )
            }
            (None, Some(report)) if to.is_empty() => format!(
                "{sent}Whoever is to help you with it needs this file, and what you were doing:\n  {}\n",
                report.display()
            ),
            (None, Some(report)) => format!(
                "{sent}To help to get this fixed, please look at the report, and mail this file,\n\
                 with what you were doing, to {to}:\n  {}\n",
                report.display()
            ),
            (None, None) if to.is_empty() => format!("{}\n", sent.trim_end()),
            (None, None) => format!(
                "{sent}To help to get this fixed, please mail what happened and what you were\n\
                 doing to {to}.\n"
            ),
        }
    }

    fn after_it_was_sent(&self, event_id: &str) -> String {
        let to = self.addresses.join(", ");
        let more = match &self.draft {
            Some(draft) => format!(
                "If you can say what you were doing, please open this draft of a mail to\n{to}, say it, and send it:\n  {}\n",
                draft.display()
            ),
            None if to.is_empty() => String::new(),
            None => format!("If you can say what you were doing, please mail it to {to}.\n"),
        };
        format!("It was sent to those who can fix it, as number {event_id}.\n{more}")
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}\n{}", self.what_happened(), self.where_it_is(), self.how_to_send())
    }
}

#[cfg(test)]
mod tests;

//! Opens what the user wants to see with the desktop's own programs, where the application says so.

use super::Notice;
use std::ffi::OsStr;
use std::path::Path;
use std::{fmt, io};

impl Notice {
    /// Opens the draft with the program that the desktop has for mails, for the user to complete and send.
    ///
    /// It starts the desktop's opener (`xdg-open`, `gio`, ...) in a session of its own, so that it stays when this process
    /// ends, and comes back within 250 ms for each opener that has to be tried, whether or not a window is there by then. Call
    /// it in [`Reporter::tell_user`](super::super::Reporter::tell_user) if mails are to open at a crash, or after a
    /// question to the user.
    ///
    /// # Errors
    /// Where there is no draft, and where the desktop has no opener or it says at once that it cannot.
    pub fn open_draft(&self) -> Result<(), OpenError> {
        open_file(self.draft.as_deref().ok_or(OpenError(Why::NoDraft))?)
    }

    /// Opens the [page](Self::page) in the browser, as [`open_draft`](Self::open_draft) opens the draft.
    ///
    /// # Errors
    /// Where there is no page, and where the desktop has no opener or it says at once that it cannot.
    pub fn open_page(&self) -> Result<(), OpenError> {
        open_file(self.page.as_deref().ok_or(OpenError(Why::NoPage))?)
    }

    /// Opens a new mail to the [addresses](Self::addresses), with a summary of the report but without the report itself:
    /// [`mailto`](Self::mailto) as [`open_draft`](Self::open_draft) opens the draft. Every desktop's mail program takes it,
    /// where some show a draft's file as a mail that has come.
    ///
    /// # Errors
    /// Where there is no address, and where the desktop has no opener or it says at once that it cannot.
    pub fn open_mailto(&self) -> Result<(), OpenError> {
        let link = self.mailto.as_ref().ok_or(OpenError(Why::NoAddress))?;
        let what = || format!("a mail to {}", self.addresses.join(", "));
        open(link.as_ref()).map_err(|error| OpenError(Why::Failed { what: what(), error }))
    }
}

fn open_file(path: &Path) -> Result<(), OpenError> {
    let what = || path.display().to_string();
    open(path.as_os_str()).map_err(|error| OpenError(Why::Failed { what: what(), error }))
}

#[cfg(any(unix, windows))]
fn open(what: &OsStr) -> io::Result<()> {
    ::open::that_detached(what)
}

#[cfg(not(any(unix, windows)))]
fn open(_: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What the user wants to see was not opened.
#[derive(Debug)]
pub struct OpenError(Why);

#[derive(Debug)]
enum Why {
    NoDraft,
    NoPage,
    NoAddress,
    Failed { what: String, error: io::Error },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::NoDraft => f.write_str(
                "there is no mail draft to open; give the reporter an address by `mail`, and a folder by `save_to`",
            ),
            Why::NoPage => {
                f.write_str("there is no page to open; give the reporter a folder by `save_to`")
            }
            Why::NoAddress => {
                f.write_str("there is no address to write a mail to; give the reporter one by `mail`")
            }
            Why::Failed { what, error } if error.kind() == io::ErrorKind::NotFound => write!(
                f,
                "{what} cannot be opened: the desktop has no program that opens things, such as `xdg-open`; \
                 install `xdg-utils`, or open it by hand"
            ),
            Why::Failed { what, error } => {
                write!(f, "{what} cannot be opened: {error}; open it by hand")
            }
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Why::Failed { error, .. } => Some(error),
            Why::NoDraft | Why::NoPage | Why::NoAddress => None,
        }
    }
}

//! Reading a report from a file, whatever somebody put in its place.

use crate::crash::render::{ReadError, in_line};
use crate::crash::report::Report;
use std::fmt;
use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// No report that we wrote is larger.
const LARGEST: u64 = 16 << 20;

/// What becomes of a symbolic link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// The user named it.
    Follow,
    /// We found it.
    Refuse,
}

impl Report {
    /// Reads a report from a file that [`to_json`](Self::to_json) filled, under whatever name.
    ///
    /// ```no_run
    /// match retry_core::crash::Report::from_file("downloads/report.json") {
    ///     Ok(report) => print!("{}", report.to_text(true)),
    ///     Err(error) => eprintln!("error: {error}"),
    /// }
    /// ```
    ///
    /// # Errors
    /// Where it cannot be read, is larger than 16 MiB, no regular file, no report, or one of a newer schema than
    /// [`SCHEMA`](crate::crash::SCHEMA). The error says which file it was.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        load(path.as_ref(), Links::Follow)
    }
}

pub(super) fn load(path: &Path, links: Links) -> Result<Report, LoadError> {
    let report = || Report::from_json(&text(path, links)?).map_err(Reason::NoReport);
    report().map_err(|reason| LoadError { path: path.to_owned(), reason })
}

/// The same with a line before it that says what is done with the report.
#[cfg(feature = "sentry")]
pub(super) fn load_headed<H: serde::de::DeserializeOwned>(
    path: &Path,
    links: Links,
) -> Result<(H, Report), LoadError> {
    let both = || {
        let text = text(path, links)?;
        let (head, report) = text.split_once('\n').unwrap_or((&text, ""));
        let head = serde_json_wasm::from_str(head).map_err(Reason::NoHead)?;
        Report::from_json(report).map(|report| (head, report)).map_err(Reason::NoReport)
    };
    both().map_err(|reason| LoadError { path: path.to_owned(), reason })
}

/// What is in a file of our own that is no report; `None` where that cannot be told, or is no text.
#[cfg(feature = "sentry")]
pub(crate) fn ours(path: &Path) -> Option<String> {
    text(path, Links::Refuse).ok()
}

fn text(path: &Path, links: Links) -> Result<String, Reason> {
    // Opening is not harmless for all that a name can stand for, and what it stands for may change in between.
    let before = if links == Links::Follow { fs::metadata(path) } else { fs::symlink_metadata(path) };
    regular(&before?)?;
    let file = open(path, links)?;
    regular(&file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Reason::TooLarge);
    }
    String::from_utf8(bytes).map_err(|_| Reason::NoText)
}

fn regular(data: &fs::Metadata) -> Result<(), Reason> {
    if !data.is_file() {
        return Err(Reason::NoFile(data.file_type()));
    }
    if data.len() > LARGEST {
        return Err(Reason::TooLarge);
    }
    Ok(())
}

fn open(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

        // A pipe would be waited for until somebody writes to it.
        let follow = if links == Links::Follow { 0 } else { O_NOFOLLOW };
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, O_NONBLOCK | follow);
    }
    #[cfg(not(unix))]
    let _ = links;
    options.open(path)
}

/// Why a saved report, or a folder of them, could not be read. It says which one.
#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    NoFolder(io::Error),
    NotRead(io::Error),
    NoFile(FileType),
    TooLarge,
    NoText,
    NoReport(ReadError),
    #[cfg(feature = "sentry")]
    NoHead(serde_json_wasm::de::Error),
    #[cfg(feature = "sentry")]
    NotLocked(io::Error),
}

impl LoadError {
    pub(super) fn of_folder(path: &Path, error: io::Error) -> Self {
        Self { path: path.to_owned(), reason: Reason::NoFolder(error) }
    }

    #[cfg(feature = "sentry")]
    pub(super) fn of_lock(path: PathBuf, error: io::Error) -> Self {
        Self { path, reason: Reason::NotLocked(error) }
    }

    /// The file or the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is not there: a folder in which nothing was saved yet, or a report that was removed.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        let (Reason::NoFolder(error) | Reason::NotRead(error)) = &self.reason else { return false };
        error.kind() == io::ErrorKind::NotFound
    }
}

impl From<io::Error> for Reason {
    fn from(error: io::Error) -> Self {
        Self::NotRead(error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever made the name may have made it for the terminal that it is shown in.
        write!(f, "{}: ", in_line(&self.path.to_string_lossy()))?;
        match &self.reason {
            Reason::NoFolder(error) => match error.kind() {
                io::ErrorKind::NotFound => f.write_str(
                    "there is no such folder; nothing was saved there yet, or it has another name",
                ),
                io::ErrorKind::NotADirectory => {
                    f.write_str("this is no folder; name the one with the reports")
                }
                _ => write!(f, "the folder cannot be read: {error}; read it as the user who owns it"),
            },
            Reason::NotRead(error) => match error.kind() {
                io::ErrorKind::NotFound => f.write_str("there is no such file; list the reports anew"),
                _ => write!(f, "the crash report cannot be read: {error}; read it as the user who owns it"),
            },
            Reason::NoFile(kind) => {
                write!(f, "this is {}, not a file; name the crash report's own file", what_it_is(*kind))
            }
            Reason::TooLarge => write!(
                f,
                "this is no crash report, it is larger than {LARGEST} bytes, which none is; name another file"
            ),
            Reason::NoText => {
                f.write_str("this is no crash report, it is not even text; give it what `to_json` wrote")
            }
            Reason::NoReport(error) => f.write_str(&in_line(&error.to_string())),
            #[cfg(feature = "sentry")]
            Reason::NoHead(error) => write!(
                f,
                "its first line does not say where the report goes ({}); remove the file, or send the report that was saved with it",
                in_line(&error.to_string())
            ),
            #[cfg(feature = "sentry")]
            Reason::NotLocked(error) => write!(
                f,
                "the crash report cannot be locked, so that nobody else sends it: {error}; send it as the user who owns it, from a folder that can be written to"
            ),
        }
    }
}

fn what_it_is(kind: FileType) -> &'static str {
    match kind {
        kind if kind.is_symlink() => "a link",
        kind if kind.is_dir() => "a folder",
        _ => "a pipe or a device",
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::NoFolder(error) | Reason::NotRead(error) => Some(error),
            Reason::NoReport(error) => Some(error),
            #[cfg(feature = "sentry")]
            Reason::NoHead(error) => Some(error),
            #[cfg(feature = "sentry")]
            Reason::NotLocked(error) => Some(error),
            Reason::NoFile(_) | Reason::TooLarge | Reason::NoText => None,
        }
    }
}

//! What is in a folder of reports, for those who want to read it.

use super::folder::default_folder;
use super::load::{Links, LoadError, load};
use super::name::Stem;
use super::{EXTENSIONS, lock};
use crate::crash::notice::Notice;
use crate::crash::report::Report;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder of saved reports.
///
/// At its next start, an application looks for what its last run left:
///
/// ```
/// use retry_core::crash::Reports;
///
/// let saved = Reports::of_app("shop").map(|reports| reports.list());
/// if let Some(Ok(saved)) = saved {
///     for report in saved.iter().filter_map(|saved| saved.read().ok()) {
///         println!("it crashed at {}: {}", report.time, report.message);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    folder: Arc<Path>,
}

impl Reports {
    /// Those in this folder, as [`save_to`](crate::crash::Reporter::save_to) fills it. It is not looked at yet.
    #[must_use]
    pub fn in_folder(path: impl AsRef<Path>) -> Self {
        Self { folder: path.as_ref().into() }
    }

    /// Those of an application that uses [`save_to_default_dir`](crate::crash::Reporter::save_to_default_dir), by the
    /// name that it gave [`app`](crate::crash::Reporter::app), or by that of the program's file if it gave none.
    /// Nothing, where the user has no home folder.
    ///
    /// Reports for which this folder could not be used, and which were saved among the temporary files, are not found.
    #[must_use]
    pub fn of_app(name: &str) -> Option<Self> {
        default_folder(name).map(Self::in_folder)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The reports, the newest first. They are not read yet: whether one can be read, [`SavedReport::read`] says.
    /// Files that have not the name of a report are left out.
    ///
    /// # Errors
    /// Where the folder is not there, or cannot be read.
    pub fn list(&self) -> Result<Vec<SavedReport>, LoadError> {
        let failed = |error| LoadError::of_folder(&self.folder, error);
        let mut stems = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let json = name.to_str().and_then(|name| name.strip_suffix(".json"));
            stems.extend(json.and_then(Stem::parse));
        }
        stems.sort();
        let saved = |stem| SavedReport { folder: Arc::clone(&self.folder), stem };
        Ok(stems.into_iter().rev().map(saved).collect())
    }
}

/// A report in a folder: what its files' names tell, and the way to the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReport {
    folder: Arc<Path>,
    stem: Stem,
}

impl SavedReport {
    /// What its files are called, without the extension: `<time>-<fingerprint>-<id>`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.stem.as_str()
    }

    /// The JSON file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.file("json")
    }

    /// When it happened, as [`Report::time`] says it.
    #[must_use]
    pub fn time(&self) -> String {
        self.stem.time()
    }

    /// The same for the same crash: [`Report::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        self.stem.fingerprint()
    }

    /// Different for each report: [`Report::id`].
    #[must_use]
    pub fn id(&self) -> &str {
        self.stem.id()
    }

    /// What it says. Links are not followed.
    ///
    /// # Errors
    /// As [`Report::from_file`], and where the file was removed in the meantime.
    pub fn read(&self) -> Result<Report, LoadError> {
        load(&self.path(), Links::Refuse)
    }

    /// What to tell the user of it, with what there is to open: at the next start, of what the last run left.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("doc-of-saved-notice-{}", std::process::id()));
    /// use retry_core::crash::{Reports, reporter};
    ///
    /// # let crash = reporter().app("shop", "1.2.3").save_to(&folder).quiet().install();
    /// # let _ = std::panic::catch_unwind(|| panic!("no more apples"));
    /// # drop(crash);
    /// for saved in Reports::in_folder(&folder).list()?.iter().take(1) {
    ///     let notice = saved.notice()?;
    ///     assert_eq!(notice.what_happened(), "shop 1.2.3 crashed: no more apples");
    ///     // and if the user wants to see it, or to send it: `notice.open_page()`, `notice.open_draft()`
    /// }
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn notice(&self) -> Result<Notice, LoadError> {
        Ok(Notice::of_saved(self, &self.read()?))
    }

    /// Its files: the JSON, and those of the text (`txt`), the page (`html`) and the mail (`eml`) that are there.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let is_file = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
        EXTENSIONS.iter().map(|extension| self.file(extension)).filter(is_file).collect()
    }

    /// Removes all its files. That some are not there is no error.
    ///
    /// # Errors
    /// Where one cannot be removed; the error says which.
    pub fn remove(&self) -> io::Result<()> {
        // A program that crashes now counts it, or does not find it any more.
        let _locked = lock(&self.folder);
        // The JSON last: as long as it is there, the report is listed.
        for extension in EXTENSIONS.iter().rev() {
            let path = self.file(extension);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(io::Error::new(
                        error.kind(),
                        format!("{} is not removed: {error}", path.display()),
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", self.stem))
    }
}

#[cfg(test)]
mod tests;

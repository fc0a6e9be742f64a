//! Files for the desktop's own programs.

use crate::output::Failure;
use retry_core::crash::terminal::in_line;
use std::io::Write;
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// A page that only this user can read. It is removed with what is returned.
pub(crate) fn private_page(html: &str) -> Result<NamedTempFile, Failure> {
    let written = Builder::new().prefix("crash-report-").suffix(".html").tempfile().and_then(|mut file| {
        file.write_all(html.as_bytes())?;
        Ok(file)
    });
    written.map_err(|error| {
        Failure::Said(format!(
            "the page cannot be written: {error}; let TMPDIR be a folder that can be written to"
        ))
    })
}

/// With the program that the desktop has for it.
pub(crate) fn open(path: &Path) -> Result<(), Failure> {
    open::that(path).map_err(|error| {
        let (path, error) = (path.to_string_lossy(), error.to_string());
        Failure::Said(format!(
            "no program of the desktop opens it: {}; open {} yourself",
            in_line(&error),
            in_line(&path)
        ))
    })
}

//! Files for the desktop's own programs.

use crate::output::Failure;
use retry_core::crash::terminal::in_line;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Among the temporary files, where only this user can read it. It is removed with what is returned.
pub(crate) fn private_file(extension: &str, content: &[u8]) -> Result<NamedTempFile, Failure> {
    let file = Builder::new().prefix("crash-report-").suffix(extension).tempfile();
    let written = file.and_then(|mut file| {
        file.write_all(content)?;
        Ok(file)
    });
    written.map_err(|error| not_written(&error))
}

/// The same, to stay: nobody can tell when the program that opens it has read it.
pub(crate) fn lasting_file(extension: &str, content: &[u8]) -> Result<PathBuf, Failure> {
    let file = private_file(extension, content)?.into_temp_path();
    file.keep().map_err(|error| not_written(&error.error))
}

fn not_written(error: &io::Error) -> Failure {
    Failure::Said(format!(
        "no temporary file can be written: {error}; let TMPDIR be a folder that can be written to"
    ))
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

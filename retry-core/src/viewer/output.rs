//! What is written, and what comes of it when it cannot be.

use retry_core::crash::LoadError;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// Why a command is not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong, and the remedy.
    Said(String),
    /// The same, of the command line.
    Usage(String),
    /// Whoever read the output has read enough: `crash-reports list | head -1`.
    NobodyReads,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Said(_) => ExitCode::FAILURE,
            Self::Usage(_) => ExitCode::from(2),
            Self::NobodyReads => ExitCode::SUCCESS,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(said) | Self::Usage(said) => f.write_str(said),
            Self::NobodyReads => f.write_str("nobody reads the output"),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Said(error.to_string())
    }
}

/// To the standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NobodyReads,
        _ => Failure::Said(format!("the output cannot be written: {error}; write it to another place")),
    })
}

/// A line to the standard error output. That nobody reads it is no error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

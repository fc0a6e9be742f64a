//! When the server wants to be left alone, across restarts.

use sentry_types::Dsn;
use std::path::Path;
use std::time::SystemTime;

/// What the server does not want until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    /// Nothing at all, or only this kind: `error`, `attachment`, ...
    pub(super) category: Option<String>,
    pub(super) until: SystemTime,
}

/// The limits that servers have told, kept in a file.
#[derive(Debug, Default)]
pub(super) struct Limits {}

impl Limits {
    /// Those in this folder. A file that cannot be read counts as none.
    pub(super) fn load(folder: &Path) -> Self {
        let _ = folder;
        Self {}
    }

    /// Until when this project's server takes nothing of the kind.
    pub(super) fn until(&self, dsn: &Dsn, category: &str, now: SystemTime) -> Option<SystemTime> {
        let _ = (dsn, category, now);
        None
    }

    /// Adds what the server told, in the file too, together with what other processes have heard.
    pub(super) fn add(&mut self, folder: &Path, dsn: &Dsn, told: &[Limit], now: SystemTime) {
        let _ = (folder, dsn, told, now);
    }
}

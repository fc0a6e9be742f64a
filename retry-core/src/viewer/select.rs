//! Which report is meant.

use crate::arguments::Folder;
use crate::output::Failure;
use retry_core::crash::terminal::in_line;
use retry_core::crash::{LoadError, Report, Reports, SavedReport};
use std::path::{Path, PathBuf};

/// A report that the user named.
pub(crate) enum Selected {
    Saved(SavedReport),
    /// Wherever it comes from.
    File(PathBuf),
}

impl Selected {
    pub(crate) fn read(&self) -> Result<Report, LoadError> {
        match self {
            Self::Saved(saved) => saved.read(),
            Self::File(path) => Report::from_file(path),
        }
    }
}

pub(crate) fn select(folder: &Folder, named: Option<&str>) -> Result<Selected, Failure> {
    match named {
        Some(name) if is_path(name) || !folder.is_named() => Ok(Selected::File(name.into())),
        Some(name) => match find(&folder.reports()?, name) {
            Err(Failure::Said(_)) if Path::new(name).is_file() => Ok(Selected::File(name.into())),
            found => found.map(Selected::Saved),
        },
        None => {
            let reports = folder.reports()?;
            let newest = reports.list()?.into_iter().next();
            newest.map(Selected::Saved).ok_or_else(|| none_in(&reports))
        }
    }
}

/// In the folder, by its number or the beginning of its id or of its name.
pub(crate) fn find(reports: &Reports, name: &str) -> Result<SavedReport, Failure> {
    let mut saved = reports.list()?;
    if saved.is_empty() {
        return Err(none_in(reports));
    }
    let number = name.parse::<usize>().ok().filter(|number| (1..=saved.len()).contains(number));
    if let Some(number) = number {
        return Ok(saved.swap_remove(number - 1));
    }
    let beginning = name.strip_suffix(".json").unwrap_or(name);
    let is_meant = |saved: &SavedReport| {
        !beginning.is_empty() && (saved.id().starts_with(beginning) || saved.name().starts_with(beginning))
    };
    let count = saved.len();
    saved.retain(is_meant);
    match &saved[..] {
        [only] => Ok(only.clone()),
        [] => Err(Failure::Said(format!(
            "there is no report `{}` among {count}; `list` shows them with their numbers and ids",
            in_line(name)
        ))),
        several => Err(Failure::Said(format!(
            "`{}` is the beginning of {} reports; give more of it, or a number of `list`",
            in_line(name),
            several.len()
        ))),
    }
}

fn none_in(reports: &Reports) -> Failure {
    let folder = reports.folder().to_string_lossy();
    Failure::Said(format!("there are no reports in {}; name another folder", in_line(&folder)))
}

fn is_path(name: &str) -> bool {
    name.contains(['/', std::path::MAIN_SEPARATOR])
}

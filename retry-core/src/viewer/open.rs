//! `open`: a report as a page.

use crate::arguments::{Folder, Open};
use crate::output::{Failure, print};
use crate::select::{Selected, select};
use crate::{html, launch};
use retry_core::crash::SavedReport;
use retry_core::crash::terminal::in_line;
use std::path::PathBuf;

pub(crate) fn run(folder: &Folder, wanted: &Open) -> Result<(), Failure> {
    let selected = select(folder, wanted.report.as_deref())?;
    let page = match &selected {
        Selected::Saved(saved) => saved_page(saved),
        Selected::File(_) => None,
    };
    let page = match page {
        Some(page) => page,
        None => rendered(&selected)?,
    };
    launch::open(&page)?;
    print(&format!("opened {}\n", in_line(&page.to_string_lossy())))
}

fn saved_page(saved: &SavedReport) -> Option<PathBuf> {
    saved.files().into_iter().find(|path| path.extension().is_some_and(|extension| extension == "html"))
}

/// It stays: nobody can tell when the browser has read it.
fn rendered(selected: &Selected) -> Result<PathBuf, Failure> {
    let file = launch::private_page(&html::page(&selected.read()?))?;
    let kept = file.into_temp_path().keep();
    kept.map_err(|error| Failure::Said(format!("the page is not kept: {error}; try it again")))
}

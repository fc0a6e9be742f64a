//! `open`: a report as a page.

use crate::arguments::{Folder, Open};
use crate::launch;
use crate::output::{Failure, print};
use crate::select::{Selected, select};
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
        None => launch::lasting_file(".html", selected.read()?.to_html().as_bytes())?,
    };
    launch::open(&page)?;
    print(&format!("opened {}\n", in_line(&page.to_string_lossy())))
}

fn saved_page(saved: &SavedReport) -> Option<PathBuf> {
    saved.files().into_iter().find(|path| path.extension().is_some_and(|extension| extension == "html"))
}

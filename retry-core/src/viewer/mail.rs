//! `mail`: the draft of a mail with a report.

use crate::arguments::{Folder, Mail};
use crate::launch;
use crate::output::{Failure, print};
use crate::select::{Selected, select};
use retry_core::crash::Draft;
use retry_core::crash::terminal::in_line;

pub(crate) fn run(folder: &Folder, wanted: &Mail) -> Result<(), Failure> {
    let selected = select(folder, wanted.report.as_deref())?;
    let report = selected.read()?;
    let draft = Draft::new(&report, &wanted.to)
        .map_err(|error| Failure::Usage(in_line(&error.to_string()).into_owned()))?;
    let path = match &selected {
        Selected::Saved(saved) => saved.path(),
        Selected::File(path) => path.clone(),
    };
    let draft = draft.report_file(path);
    let file = launch::lasting_file(".eml", &draft.eml())?;
    let shown = file.to_string_lossy();
    let shown = in_line(&shown);
    if wanted.no_open {
        return print(&format!("draft in {shown}\n{}\n", draft.mailto()));
    }
    launch::open(&file)?;
    print(&format!("opened the draft {shown}; nothing is sent yet\n"))
}

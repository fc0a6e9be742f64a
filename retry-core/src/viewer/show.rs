//! `show`: one report.

use crate::arguments::{Folder, Format, Show};
use crate::output::{Failure, print};
use crate::select::select;
use retry_core::crash::terminal::text_for_stdout;

pub(crate) fn run(folder: &Folder, wanted: &Show) -> Result<(), Failure> {
    let report = select(folder, wanted.report.as_deref())?.read()?;
    let mut written = match wanted.format {
        Format::Text => text_for_stdout(&report),
        Format::Markdown => report.to_markdown(),
        Format::Json => report.to_json(),
        Format::Html => report.to_html(),
    };
    if !written.ends_with('\n') {
        written.push('\n');
    }
    print(&written)
}

//! `prune`: removes reports.

use crate::arguments::{Folder, Prune};
use crate::listing::Listing;
use crate::output::{Failure, complain, print};
use crate::select::find;
use retry_core::crash::SavedReport;
use retry_core::crash::terminal::in_line;
use std::fmt::Write as _;
use std::time::SystemTime;

pub(crate) fn run(folder: &Folder, wanted: &Prune) -> Result<(), Failure> {
    let chosen_by_rule = wanted.keep.is_some() || wanted.older_than.is_some();
    if !chosen_by_rule && wanted.reports.is_empty() {
        let said = "nothing says what to remove; give `--keep N`, `--older-than AGE`, or name reports";
        return Err(Failure::Usage(said.to_owned()));
    }
    let reports = folder.reports()?;
    let mut unwanted: Vec<SavedReport> = Vec::new();
    for name in &wanted.reports {
        unwanted.push(find(&reports, name)?);
    }
    if chosen_by_rule {
        let readable = Listing::read(&reports, |_| true)?.heads;
        let too_many = |position: usize| wanted.keep.is_some_and(|keep| position >= keep);
        let unwanted_heads = readable
            .into_iter()
            .enumerate()
            .filter(|(position, head)| too_many(*position) || is_old(&head.saved, wanted));
        unwanted.extend(unwanted_heads.map(|(_, head)| head.saved));
    }
    unwanted.sort_by(|a, b| b.name().cmp(a.name()));
    unwanted.dedup();
    remove(&unwanted, wanted.dry_run)
}

fn is_old(saved: &SavedReport, wanted: &Prune) -> bool {
    // A time that is none, such as the 31st of February, is not old.
    let time = humantime::parse_rfc3339(&saved.time()).ok();
    let age = time.and_then(|time| SystemTime::now().duration_since(time).ok());
    age.zip(wanted.older_than).is_some_and(|(age, limit)| age > limit)
}

fn remove(unwanted: &[SavedReport], dry_run: bool) -> Result<(), Failure> {
    let mut said = String::new();
    let mut left = 0;
    for saved in unwanted {
        let files = saved.files();
        let extensions: Vec<_> = files.iter().filter_map(|path| path.extension()?.to_str()).collect();
        let what = format!("{} ({})", saved.name(), extensions.join(", "));
        if dry_run {
            _ = writeln!(said, "would remove {what}");
            continue;
        }
        match saved.remove() {
            Ok(()) => _ = writeln!(said, "removed {what}"),
            Err(error) => {
                left += 1;
                complain(&format!("error: {}", in_line(&error.to_string())));
            }
        }
    }
    if unwanted.is_empty() {
        said.push_str("nothing to remove\n");
    }
    print(&said)?;
    match left {
        0 => Ok(()),
        left => Err(Failure::Said(format!(
            "{left} of {} reports stay; see who may write to the folder",
            unwanted.len()
        ))),
    }
}

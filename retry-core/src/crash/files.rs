//! Reports on disk: for the eyes of one user, whole or not at all, and not too many of them.
//!
//! A report is three files, `<time>-<fingerprint>-<id>.json`, `.txt` and `.html`, and where mail is wanted the draft of one,
//! `.eml`. Those that are to be sent to Sentry have a sub-folder. Nothing else in the folder is touched.

mod folder;
mod load;
mod name;
mod saved;
#[cfg(feature = "sentry")]
mod spool;
pub(crate) mod write;

pub(crate) use folder::Wanted;
pub use load::LoadError;
#[cfg(feature = "sentry")]
pub(crate) use load::ours;
pub use saved::{Reports, SavedReport};
#[cfg(feature = "sentry")]
pub(crate) use spool::{Claim, Keep, Spool, Which};

use super::render;
use super::report::Report;
use folder::Folder;
use load::{Links, load};
use name::Stem;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How many reports stay.
const KEEP: usize = 20;
/// The same crash again within this time is one crash that keeps happening: its newest report takes the place of the
/// one before.
const LOOP: Duration = Duration::from_hours(1);
/// What the report's kinds of files are called.
const EXTENSIONS: [&str; 4] = ["json", "txt", "html", "eml"];

/// Where a report was saved.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub(crate) json: PathBuf,
    stem: Stem,
    folder: Folder,
}

/// What came of saving.
#[derive(Debug, Default)]
pub(crate) struct Saving {
    pub(crate) saved: Option<Saved>,
    /// Why it is not where it was to be.
    pub(crate) notes: Vec<String>,
}

/// Saves it: over the earlier version of this report if there is one, and else in the first folder that takes it. A
/// crash that keeps happening is counted in the report. Why a folder does not take it is noted in it.
pub(crate) fn save(report: &mut Report, wanted: &Wanted, earlier: Option<&Saved>, durable: bool) -> Saving {
    if let Some(earlier) = earlier {
        return match put_counted(report, earlier, durable) {
            Ok(saved) => Saving { saved: Some(saved), notes: Vec::new() },
            Err(why) => Saving { saved: Some(earlier.clone()), notes: vec![why] },
        };
    }
    let mut notes = Vec::new();
    for folder in wanted.folders() {
        match folder.and_then(|folder| put_new(report, &folder, durable)) {
            Ok(saved) => return Saving { saved: Some(saved), notes },
            Err(why) => {
                report.notes.push(why.clone());
                notes.push(why);
            }
        }
    }
    Saving { saved: None, notes }
}

fn put_new(report: &mut Report, folder: &Folder, durable: bool) -> Result<Saved, String> {
    let stem = Stem::of(report);
    let _locked = lock(&folder.path);
    let last = last_of_the_same(report, &stem, &folder.path);
    if let Some((_, last)) = &last {
        report.occurrences = last.occurrences.saturating_add(1);
        report.first_seen = Some(last.first_seen.clone().unwrap_or_else(|| last.time.clone()));
    }
    put_in_place_of(last.map(|(stem, _)| stem), report, folder, &stem, durable)
}

fn put_counted(report: &mut Report, earlier: &Saved, durable: bool) -> Result<Saved, String> {
    let Saved { json, stem, folder } = earlier;
    let _locked = lock(&folder.path);
    // Another thread or process that crashed in the same way has taken its place in the meantime, and counted it.
    let taken = if json.exists() { None } else { last_of_the_same(report, stem, &folder.path) };
    if let Some((_, last)) = &taken {
        report.occurrences = last.occurrences;
        report.first_seen.clone_from(&last.first_seen);
    }
    put_in_place_of(taken.map(|(stem, _)| stem), report, folder, stem, durable)
}

fn put_in_place_of(
    last: Option<Stem>,
    report: &Report,
    folder: &Folder,
    stem: &Stem,
    durable: bool,
) -> Result<Saved, String> {
    let saved = put(report, folder, stem, durable)?;
    if let Some(last) = last {
        remove(&folder.path, &last);
    }
    clean(&folder.path);
    Ok(saved)
}

fn put(report: &Report, folder: &Folder, stem: &Stem, durable: bool) -> Result<Saved, String> {
    let not = |error: &std::io::Error| format!("not saved in {}: {error}", folder.path.display());
    let file = |extension| folder.path.join(format!("{stem}.{extension}"));
    let json = file("json");
    write::whole(&json, render::json(report).as_bytes(), durable).map_err(|error| not(&error))?;
    if durable {
        write::sync_folder(&folder.path);
    }
    // The report is there; that its other rendering is not does not make it another folder's. It can be made again.
    let _ = write::whole(&file("txt"), render::text(report, render::Style::default()).as_bytes(), false);
    Ok(Saved { json, stem: stem.clone(), folder: folder.clone() })
}

/// Saves another rendering of a report beside it, unless another thread or process that crashed in the same way has put its
/// report in this one's place: what has no report would never be replaced.
pub(crate) fn save_beside(saved: &Saved, extension: &str, content: &[u8]) -> Result<Option<PathBuf>, String> {
    let Saved { json, stem, folder } = saved;
    let _locked = lock(&folder.path);
    if !json.exists() {
        return Ok(None);
    }
    let path = folder.path.join(format!("{stem}.{extension}"));
    let not = |error| format!("not saved in {}: {error}", folder.path.display());
    write::whole(&path, content, false).map_err(not)?;
    Ok(Some(path))
}

/// Two processes that crash at once count one after the other. If that cannot be had soon, they do without it: no file
/// is ever broken, but one of them may not be counted.
fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    for _ in 0..40 {
        if folder.try_lock().is_ok() {
            return Some(folder);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}

/// The newest report of this crash, if it belongs to the same loop.
fn last_of_the_same(report: &Report, stem: &Stem, folder: &Path) -> Option<(Stem, Report)> {
    let same = |other: &Stem| other.fingerprint() == stem.fingerprint() && other != stem;
    let last = stems(folder).into_iter().rev().find(same)?;
    let earlier = load(&folder.join(format!("{last}.json")), Links::Refuse).ok()?;
    let time = |report: &Report| humantime::parse_rfc3339(&report.time).ok();
    let between = time(report)?.duration_since(time(&earlier)?).unwrap_or_default();
    (between <= LOOP && earlier.fingerprint == report.fingerprint).then_some((last, earlier))
}

/// Of every report in the folder, the oldest first.
fn stems(folder: &Path) -> Vec<Stem> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut stems: Vec<_> = names.filter_map(|entry| Stem::parse_file(entry.file_name().to_str()?)).collect();
    stems.sort();
    stems.dedup();
    stems
}

fn remove(folder: &Path, stem: &Stem) {
    for extension in EXTENSIONS {
        let _ = fs::remove_file(folder.join(format!("{stem}.{extension}")));
    }
}

/// Keeps the newest reports, and nothing that was left half written.
fn clean(folder: &Path) {
    let stems = stems(folder);
    let too_many = stems.len().saturating_sub(KEEP);
    stems.iter().take(too_many).for_each(|stem| remove(folder, stem));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let old = |modified: SystemTime| modified.elapsed().is_ok_and(|age| age > LOOP);
        let is_ours = entry.file_name().to_str().is_some_and(write::is_temporary);
        if is_ours && entry.metadata().and_then(|data| data.modified()).is_ok_and(old) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
pub(super) mod tests;

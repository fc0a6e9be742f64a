//! Reports that are to be sent, until they are.
//!
//! They stand in the sub-folder `sentry` of the folder of reports, each in a file of its own: `<report>.unsent`, and
//! `<report>.refused` once the server said that it will never take it. The first line says where it goes, the rest is the
//! report's JSON. Whoever sends one, or removes it, holds a lock on `.<report>.lock` beside it, which the end of its process
//! frees: no two processes send the same report.

use super::Saved;
use super::folder::{is_ours, make};
use super::load::{Links, LoadError, load_headed};
use super::name::Stem;
use super::write;
use crate::crash::render;
use crate::crash::report::Report;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const FOLDER: &str = "sentry";
const UNSENT: &str = "unsent";
const REFUSED: &str = "refused";
/// Made when a program waited at its end for a server that did not answer.
const SILENT: &str = "silent";
const A_DAY: Duration = Duration::from_hours(24);
/// A lock without its report that is older than this was left by a process that died between the two.
const STALE: Duration = Duration::from_hours(1);

/// The reports of one folder that are to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Spool {
    folder: PathBuf,
}

/// How much is kept in it; what is beyond that is dropped, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keep {
    pub(crate) reports: usize,
    pub(crate) bytes: u64,
    pub(crate) age: Duration,
}

/// A report in the spool that nobody else sends or removes as long as this lives.
#[derive(Debug)]
pub(crate) struct Claim {
    spool: Spool,
    stem: Stem,
    extension: &'static str,
    _lock: File,
}

/// Which of the reports are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Unsent,
    Refused,
}

impl Spool {
    pub(crate) fn in_folder_of(reports: &Path) -> Self {
        Self { folder: reports.join(FOLDER) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a report in that was saved in the folder of reports.
    pub(crate) fn put(
        saved: &Saved,
        report: &Report,
        to: &impl Serialize,
        durable: bool,
    ) -> io::Result<Claim> {
        let spool = Self::in_folder_of(&saved.folder.path);
        make(&spool.folder)?;
        is_ours(&spool.folder)?;
        let lock = spool.lock(&saved.stem, true)?;
        let claim = Claim { spool, stem: saved.stem.clone(), extension: UNSENT, _lock: lock };
        claim.write(report, to, durable)?;
        Ok(claim)
    }

    /// The names of those that nobody may have begun with, the oldest first.
    pub(crate) fn list(&self, which: Which) -> io::Result<Vec<String>> {
        Ok(self.stems(which.extension())?.iter().map(Stem::to_string).collect())
    }

    pub(crate) fn path(&self, name: &str, which: Which) -> PathBuf {
        self.folder.join(format!("{name}.{}", which.extension()))
    }

    fn all(&self) -> io::Result<Vec<(Stem, &'static str)>> {
        let of = |extension| {
            let stems = self.stems(extension)?.into_iter();
            io::Result::Ok(stems.map(move |stem| (stem, extension)))
        };
        Ok(of(UNSENT)?.chain(of(REFUSED)?).collect())
    }

    /// Nothing, where it is not there any more or another process has it.
    ///
    /// # Errors
    /// Where nobody can have it, as it cannot be locked.
    pub(crate) fn claim(&self, name: &str, which: Which) -> Result<Option<Claim>, LoadError> {
        match Stem::parse(name) {
            Some(stem) => self.claim_stem(stem, which.extension()),
            None => Ok(None),
        }
    }

    fn claim_stem(&self, stem: Stem, extension: &'static str) -> Result<Option<Claim>, LoadError> {
        let path = self.file(&stem, extension);
        let is_there = || fs::symlink_metadata(&path).is_ok();
        let lock = match self.lock(&stem, false) {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock || !is_there() => return Ok(None),
            Err(error) => return Err(LoadError::of_lock(path, error)),
        };
        let claim = Claim { spool: self.clone(), stem, extension, _lock: lock };
        if is_there() {
            return Ok(Some(claim));
        }
        // Whoever had it before is done with it, and has removed the lock of its own.
        let _ = fs::remove_file(claim.spool.lock_path(&claim.stem));
        Ok(None)
    }

    /// Of all files with this extension, the oldest first.
    fn stems(&self, extension: &str) -> io::Result<Vec<Stem>> {
        let mut stems = Vec::new();
        let entries = match is_ours(&self.folder).and_then(|()| fs::read_dir(&self.folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(stems),
            entries => entries?,
        };
        for entry in entries {
            let name = entry?.file_name();
            let parts = name.to_str().and_then(|name| name.rsplit_once('.'));
            stems.extend(parts.filter(|(_, its)| *its == extension).and_then(|(stem, _)| Stem::parse(stem)));
        }
        stems.sort();
        Ok(stems)
    }

    fn lock_path(&self, stem: &Stem) -> PathBuf {
        self.folder.join(format!(".{stem}.lock"))
    }

    /// A new report's lock can be taken by nobody else but in passing.
    fn lock(&self, stem: &Stem, wait: bool) -> io::Result<File> {
        let path = self.lock_path(stem);
        for _ in 0..if wait { 40 } else { 1 } {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;

                options.mode(0o600).custom_flags(nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK);
            }
            let file = options.open(&path)?;
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            if wait {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// Notes that a program waited in vain for the server.
    pub(crate) fn note_silence(&self) {
        let _ = write::whole(&self.folder.join(SILENT), b"", false);
    }

    pub(crate) fn forget_silence(&self) {
        let _ = fs::remove_file(self.folder.join(SILENT));
    }

    /// How long ago that was.
    pub(crate) fn silent_for(&self) -> Option<Duration> {
        let noted = fs::symlink_metadata(self.folder.join(SILENT)).ok()?.modified().ok()?;
        noted.elapsed().ok()
    }

    /// Drops what is too old or too much, but nothing that is being sent.
    pub(crate) fn clean(&self, keep: Keep) {
        let (mut reports, mut bytes) = (0_usize, 0_u64);
        let mut all = self.all().unwrap_or_default();
        // Those that a clock gave a time to come would else stay for ever, and no other beside them.
        all.sort_by_cached_key(|(stem, extension)| (!is_to_come(stem), stem.clone(), *extension));
        for (stem, extension) in all.into_iter().rev() {
            let size = self.file(&stem, extension).metadata().map_or(0, |data| data.len());
            (reports, bytes) = (reports.saturating_add(1), bytes.saturating_add(size));
            let too_much = reports > keep.reports || bytes > keep.bytes;
            if too_much || age(&stem).is_some_and(|age| age > keep.age) {
                if let Ok(Some(claim)) = self.claim_stem(stem, extension) {
                    claim.remove();
                }
                // What is being sent does not stay either.
                reports = reports.saturating_sub(1);
                bytes = bytes.saturating_sub(size);
            }
        }
        self.clean_up();
    }

    /// Removes what processes left that died in the midst of it.
    fn clean_up(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let modified = entry.metadata().and_then(|data| data.modified());
            if !modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > STALE)) {
                continue;
            }
            if is_temporary(name) {
                let _ = fs::remove_file(entry.path());
            }
            let lock =
                name.strip_prefix('.').and_then(|name| name.strip_suffix(".lock")).and_then(Stem::parse);
            let Some(stem) = lock else { continue };
            let is_there = |extension| fs::symlink_metadata(self.file(&stem, extension)).is_ok();
            if !is_there(UNSENT) && !is_there(REFUSED) && self.lock(&stem, false).is_ok() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn file(&self, stem: &Stem, extension: &str) -> PathBuf {
        self.folder.join(format!("{stem}.{extension}"))
    }
}

impl Which {
    fn extension(self) -> &'static str {
        match self {
            Self::Unsent => UNSENT,
            Self::Refused => REFUSED,
        }
    }
}

impl Claim {
    /// Its file.
    pub(crate) fn path(&self) -> PathBuf {
        self.spool.file(&self.stem, self.extension)
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.spool
    }

    /// Puts a later version of the report in its place.
    pub(crate) fn write(&self, report: &Report, to: &impl Serialize, durable: bool) -> io::Result<()> {
        self.write_as(self.extension, report, to, durable)
    }

    fn write_as(
        &self,
        extension: &str,
        report: &Report,
        to: &impl Serialize,
        durable: bool,
    ) -> io::Result<()> {
        let header = serde_json_wasm::to_string(to).map_err(io::Error::other)?;
        let content = format!("{header}\n{}", render::json(report));
        write::whole(&self.spool.file(&self.stem, extension), content.as_bytes(), durable)?;
        if durable {
            write::sync_folder(&self.spool.folder);
        }
        Ok(())
    }

    /// Where it goes, and what it says.
    pub(crate) fn read<To: DeserializeOwned>(&self) -> Result<(To, Report), LoadError> {
        load_headed(&self.path(), Links::Refuse)
    }

    /// The server has it.
    pub(crate) fn remove(&self) {
        // The lock last: who finds no report under a lock that it could take does not look for one.
        let _ = fs::remove_file(self.path());
        let _ = fs::remove_file(self.spool.lock_path(&self.stem));
    }

    /// The server will never take it.
    pub(crate) fn refuse(&self, report: &Report, to: &impl Serialize) -> io::Result<()> {
        self.write_as(REFUSED, report, to, true)?;
        if self.extension != REFUSED {
            fs::remove_file(self.path())?;
        }
        Ok(())
    }
}

fn is_temporary(name: &str) -> bool {
    let inner = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
    let file = inner.and_then(|name| name.rsplit_once('.')).map(|(file, _pid)| file);
    let extension = file.and_then(|file| file.rsplit_once('.')).map(|(_, extension)| extension);
    extension.is_some_and(|extension| [UNSENT, REFUSED].contains(&extension))
}

fn age(stem: &Stem) -> Option<Duration> {
    let time = humantime::parse_rfc3339(&stem.time()).ok()?;
    SystemTime::now().duration_since(time).ok()
}

/// By more than clocks usually differ.
fn is_to_come(stem: &Stem) -> bool {
    let time = humantime::parse_rfc3339(&stem.time()).ok();
    let ahead = time.and_then(|time| time.duration_since(SystemTime::now()).ok());
    ahead.is_some_and(|ahead| ahead > A_DAY)
}

#[cfg(test)]
mod tests;

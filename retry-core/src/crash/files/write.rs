//! A file that is whole or not there.

use super::name::Stem;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes it under another name first. Nobody but the user can read it, from its first moment on.
pub(crate) fn whole(path: &Path, content: &[u8], durable: bool) -> io::Result<()> {
    #[cfg(unix)]
    heed_size_limit(content.len())?;
    let temporary = path.with_file_name(temporary_name(path)?);
    let written = create(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        if durable { file.sync_all() } else { Ok(()) }
    });
    let done = written.and_then(|()| fs::rename(&temporary, path));
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}

/// Threads that a crash has left to themselves may still be writing an earlier version of a file.
static COUNT: AtomicU32 = AtomicU32::new(0);

fn temporary_name(path: &Path) -> io::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidFilename)?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Ok(format!(".{name}.{}-{count}.tmp", std::process::id()))
}

/// Whether it is the name of a file of ours that is being written, or never was to its end.
pub(super) fn is_temporary(name: &str) -> bool {
    let inner = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
    let file = inner.and_then(|name| name.rsplit_once('.')).map(|(file, _pid)| file);
    file.is_some_and(|file| Stem::parse_file(file).is_some())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Left by a process of the same number that died in it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }
}

/// So that the file's name survives a power failure too.
pub(super) fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Writing beyond the process's limit would not fail: it would kill the process with a signal.
#[cfg(unix)]
fn heed_size_limit(length: usize) -> io::Result<()> {
    use nix::sys::resource::{Resource, getrlimit};

    let limit = getrlimit(Resource::RLIMIT_FSIZE).map_or(u64::MAX, |(soft, _)| soft);
    if u64::try_from(length).is_ok_and(|length| length > limit) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(())
}

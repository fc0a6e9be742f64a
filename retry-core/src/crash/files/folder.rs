//! The folder that reports are saved in.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// Where the application wants its reports.
#[derive(Debug, Clone, Default)]
pub(crate) enum Wanted {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In the platform's folder for the data of this application.
    Default { app: String },
    /// In this one; the name is for the folder that serves when it cannot be used.
    At { path: PathBuf, app: String },
}

/// A folder that is there and may be written to, as far as one can know.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
}

impl Wanted {
    pub(crate) fn is_nowhere(&self) -> bool {
        matches!(self, Self::Nowhere)
    }

    /// The one that is wanted, then those that serve in its place. Each is made when it is asked for.
    pub(super) fn folders(&self) -> impl Iterator<Item = Result<Folder, String>> {
        let (wanted, app) = match self {
            Self::Nowhere => (None, None),
            Self::Default { app } => (Some(default_folder(app).ok_or_else(no_home)), Some(app)),
            Self::At { path, app } => (Some(Ok(path.clone())), Some(app)),
        };
        let wanted = wanted.map(|path| path.and_then(|path| open(path, Whose::OursOrRoots)));
        let temporary = app.into_iter().flat_map(|app| {
            let folder = temporary_folder(app);
            // Somebody else may sit on the name.
            let other = temporary_folder(&format!("{app}-{:08x}", fastrand::u32(..)));
            [folder, other].into_iter().map(|path| open(path, Whose::OursAlone))
        });
        wanted.into_iter().chain(temporary)
    }
}

/// Whether nobody else can have put this folder, or a link to another, in its place.
#[cfg(feature = "sentry")]
pub(super) fn is_ours(path: &Path) -> io::Result<()> {
    let data = fs::symlink_metadata(path)?;
    if !data.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    trust(&data, Whose::OursOrRoots).map_err(io::Error::other)?;
    Ok(())
}

#[cfg(feature = "sentry")]
impl Wanted {
    /// Those of its folders that are there, and that reports may have been left in.
    pub(crate) fn there(&self) -> Vec<PathBuf> {
        let (wanted, app) = match self {
            Self::Nowhere => return Vec::new(),
            Self::Default { app } => (default_folder(app), app),
            Self::At { path, app } => (Some(path.clone()), app),
        };
        let ours = |path: &PathBuf, whose| path.is_dir() && open(path.clone(), whose).is_ok();
        let wanted = wanted.filter(|path| ours(path, Whose::OursOrRoots));
        let temporary = Some(temporary_folder(app)).filter(|path| ours(path, Whose::OursAlone));
        wanted.into_iter().chain(temporary).collect()
    }
}

/// In the home folder, if the user has one.
pub(super) fn default_folder(app: &str) -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", &file_name(app))?;
    Some(folders.data_local_dir().join("crashes"))
}

fn no_home() -> String {
    "not saved: the user has no home folder; set HOME, or use `save_to`".to_owned()
}

fn temporary_folder(app: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{}-crashes{}", file_name(app), user()))
}

#[cfg(unix)]
fn user() -> String {
    format!("-{}", nix::unistd::geteuid())
}

#[cfg(not(unix))]
fn user() -> String {
    String::new()
}

/// Of an application's name, what can be part of a path.
fn file_name(app: &str) -> String {
    let allowed = |char: char| if char.is_alphanumeric() || "-_.".contains(char) { char } else { '-' };
    let name: String = app.chars().map(allowed).take(64).collect();
    match name.trim_start_matches('.') {
        "" => "app".to_owned(),
        name => name.to_owned(),
    }
}

/// Whose a folder must be to be written to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Nobody else can put anything in its place.
    OursOrRoots,
    /// In a place where everybody can make folders: nobody else may even look into it.
    OursAlone,
}

fn open(path: PathBuf, whose: Whose) -> Result<Folder, String> {
    let not = |error: &dyn std::fmt::Display| format!("not saved in {}: {error}", path.display());
    make(&path).map_err(|error| not(&error))?;
    // A link that somebody put there is not followed where everybody could have put it.
    let data = if whose == Whose::OursAlone { fs::symlink_metadata(&path) } else { fs::metadata(&path) };
    let data = data.map_err(|error| not(&error))?;
    if !data.is_dir() {
        return Err(not(&io::Error::from(io::ErrorKind::NotADirectory)));
    }
    #[cfg(unix)]
    trust(&data, whose).map_err(|why| not(&why))?;
    Ok(Folder { path })
}

/// For nobody else to look into.
pub(super) fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(unix)]
fn trust(data: &fs::Metadata, whose: Whose) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;

    let us = nix::unistd::geteuid().as_raw();
    let owner = data.uid();
    if owner != us && (owner != 0 || whose == Whose::OursAlone) {
        return Err(format!("the folder belongs to another user ({owner}); choose one of your own"));
    }
    if whose == Whose::OursAlone && data.mode() & 0o077 != 0 {
        return Err("others can look into the folder; make it private (mode 0700)".into());
    }
    Ok(())
}

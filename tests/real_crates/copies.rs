//! The crates' sources, fetched and copied: as they are, and annotated.

use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::annotate::annotated;
use crate::crates::Crate;

/// The two copies of a crate.
#[derive(Debug)]
pub(crate) struct Copies {
    pub(crate) version: String,
    pub(crate) bare: PathBuf,
    pub(crate) annotated: PathBuf,
    pub(crate) functions: usize,
}

/// Has cargo fetch the crates.
pub(crate) fn fetch(crates: &[Crate], folder: &Path) -> io::Result<()> {
    let mut manifest =
        "[package]\nname = \"fetched\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n".to_owned();
    for Crate { name, version, .. } in crates {
        let version = version.as_ref().map_or_else(|| "*".to_owned(), |version| format!("={version}"));
        manifest.push_str(&format!("{name} = \"{version}\"\n"));
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output()?;
    let host = String::from_utf8_lossy(&host.stdout).trim().to_owned();
    let cargo =
        Command::new("cargo").args(["fetch", "--quiet", "--target", &host]).current_dir(folder).status()?;
    if cargo.success() { Ok(()) } else { Err(Error::other("cargo fetch failed")) }
}

/// Copies one of them, twice.
pub(crate) fn copy(of: &Crate, folder: &Path) -> io::Result<Copies> {
    let version = locked_version(&of.name, &fs::read_to_string(folder.join("Cargo.lock"))?)
        .ok_or_else(|| Error::other(format!("{} is not in the lock file", of.name)))?;
    let source = registry_source(&format!("{}-{version}", of.name))?;
    let bare = folder.join("bare").join(&of.name);
    let annotated = folder.join("annotated").join(&of.name);
    let mut functions = 0;
    for copy in [&bare, &annotated] {
        if copy.exists() {
            fs::remove_dir_all(copy)?;
        }
        copy_folder(&source, copy)?;
        let manifest = manifest(&fs::read_to_string(source.join("Cargo.toml"))?, *copy == annotated);
        fs::write(copy.join("Cargo.toml"), manifest)?;
    }
    for part in ["src", "tests"] {
        annotate_folder(&annotated.join(part), of, &mut functions)?;
    }
    Ok(Copies { version, bare, annotated, functions })
}

/// The newest version of this name in a lock file.
fn locked_version(name: &str, lock: &str) -> Option<String> {
    let name = format!("name = \"{name}\"");
    let versions = lock.split("[[package]]").filter(|package| package.lines().any(|line| line == name));
    let line = versions.last()?.lines().find_map(|line| line.strip_prefix("version = "))?;
    Some(line.trim_matches('"').to_owned())
}

/// Where cargo keeps the sources of a package.
fn registry_source(package: &str) -> io::Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    for registry in fs::read_dir(home.join("registry/src"))? {
        let source = registry?.path().join(package);
        if source.exists() {
            return Ok(source);
        }
    }
    Err(Error::other(format!("cargo has no sources of {package}")))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        // What they lock and which compiler they ask for would be another for each.
        if name == "Cargo.lock" || name == "rust-toolchain.toml" || name == ".cargo" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// The manifest of a copy: a workspace of its own, without benchmarks and examples, and with us if it is annotated.
fn manifest(published: &str, is_annotated: bool) -> String {
    let mut manifest = String::new();
    let mut is_kept = true;
    for line in published.lines() {
        if line.starts_with('[') {
            let left = ["[[bench]]", "[[example]]", "[workspace", "[profile"];
            is_kept = !left.iter().any(|left| line.starts_with(left))
                && (line != "[dev-dependencies.criterion]" || published.contains("\"criterion/"));
        }
        if is_kept {
            manifest.push_str(line);
            manifest.push('\n');
        }
    }
    manifest.push_str("[workspace]\n");
    if is_annotated {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("retry-core");
        manifest.push_str(&format!("[dependencies.retry-core]\npath = {ours:?}\n"));
    }
    manifest
}

fn annotate_folder(folder: &Path, of: &Crate, functions: &mut usize) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if of.left_files.iter().any(|left| path.ends_with(left)) {
            continue;
        }
        if path.is_dir() {
            annotate_folder(&path, of, functions)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let (text, count) = annotated(&fs::read_to_string(&path)?, &of.left_macros);
            fs::write(&path, text)?;
            *functions += count;
        }
    }
    Ok(())
}

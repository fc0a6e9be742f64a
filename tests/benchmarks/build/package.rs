//! A package that is made to be built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

/// What a build took, in seconds.
#[derive(Clone, Copy)]
pub(super) struct Took {
    /// Of the processor, all its cores together.
    pub(super) processor: f64,
    pub(super) wall: f64,
}

/// What a build leaves behind, in bytes.
pub(super) struct Binary {
    pub(super) whole: f64,
    pub(super) code: f64,
}

pub(super) struct Package {
    folder: PathBuf,
    target: PathBuf,
    pub(super) name: &'static str,
}

impl Package {
    /// A package with these dependencies, on the versions that this workspace has.
    pub(super) fn lay(
        beside: &Path,
        name: &'static str,
        dependencies: &str,
        source: &str,
    ) -> io::Result<Self> {
        let folder = beside.join(name);
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n\
             [profile.release]\nstrip = true\n\n[profile.dev]\nstrip = true\n\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock"))?;
        fs::write(folder.join("src/main.rs"), source)?;
        Ok(Self { folder, target: beside.join("target"), name })
    }

    /// With what it depends on in a folder of its own.
    pub(super) fn alone(self) -> Self {
        let target = self.folder.join("target");
        Self { target, ..self }
    }

    /// Not incrementally, as if from a registry. Nothing is fetched.
    pub(super) fn cargo(&self, arguments: &[&str]) -> io::Result<()> {
        self.cargo_with(arguments, "")
    }

    fn cargo_with(&self, arguments: &[&str], flags: &str) -> io::Result<()> {
        let output = Command::new("cargo")
            .args(arguments)
            .args(["--quiet", "--offline", "--jobs", "2"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", flags)
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
    }

    /// As if nothing of it had ever been built; without warnings, as all packages of a registry are.
    pub(super) fn cold(&self) -> io::Result<Took> {
        match fs::remove_dir_all(&self.target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.took(&["build"], "--cap-lints=allow")
    }

    /// As if it were new, and what it depends on had been built.
    pub(super) fn checked(&self) -> io::Result<Took> {
        let source = fs::File::options().append(true).open(self.folder.join("src/main.rs"))?;
        source.set_modified(SystemTime::now())?;
        self.took(&["check"], "")
    }

    fn took(&self, arguments: &[&str], flags: &str) -> io::Result<Took> {
        let (begin, processor) = (Instant::now(), processor_time()?);
        self.cargo_with(arguments, flags)?;
        Ok(Took { processor: processor_time()? - processor, wall: begin.elapsed().as_secs_f64() })
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn binary(&self) -> io::Result<Binary> {
        use object::{Object, ObjectSection, SectionKind};
        self.cargo(&["build", "--release"])?;
        let bytes = fs::read(self.target.join("release").join(self.name))?;
        let file = object::File::parse(&*bytes).map_err(io::Error::other)?;
        let code = file.sections().filter(|section| section.kind() == SectionKind::Text);
        let code: u64 = code.map(|section| section.size()).sum();
        Ok(Binary { whole: bytes.len() as f64, code: code as f64 })
    }
}

/// What the programs that this one ran and that have ended have taken, in seconds.
fn processor_time() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Behind the name, which may have spaces in it: fields 16 and 17, in hundredths of a second.
    let fields = stat.rsplit(')').next().into_iter().flat_map(str::split_whitespace);
    Ok(fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0)
}

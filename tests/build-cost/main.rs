//! What `#[crash_context]` costs while the compiler runs: the time to check a function with two arguments and five
//! locals, and the bytes that it adds to a binary.
//!
//! ```text
//! cargo run --release -p retry-tests --features cost --bin build-cost            # prints the table
//! cargo run --release -p retry-tests --features cost --bin build-cost -- check   # fails where a limit is exceeded
//! ```
//!
//! Two packages with the same functions, bare and annotated, are checked and built in turn, nothing of them kept from
//! one time to the next. Counted is the processor's time, and of that the least; on a busy machine it is longer too.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

const FUNCTIONS: u32 = 400;
const TURNS: usize = 7;
/// What checking one function may cost.
const CHECK_MILLISECONDS: f64 = 3.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check"] => true,
        [] => false,
        _ => {
            eprintln!("usage: build-cost [check]");
            return ExitCode::FAILURE;
        }
    };
    match table(check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the limits that are checked are met.
fn table(check: bool) -> io::Result<bool> {
    let folder = folder()?;
    let bare = Package::lay(&folder, "bare", "")?;
    let annotated = Package::lay(&folder, "annotated", "#[retry_core::crash_context]\n")?;
    let packages = [&bare, &annotated];
    for package in packages {
        // What it depends on.
        package.cargo(&["check"])?;
    }
    let mut least = [f64::INFINITY; 2];
    for _ in 0..TURNS {
        for (package, least) in packages.iter().zip(&mut least) {
            *least = package.time(&["check"])?.min(*least);
        }
    }
    let each = |bare: f64, annotated: f64| (annotated - bare) / f64::from(FUNCTIONS);
    let row = |what: &str, [bare, annotated]: [f64; 2]| {
        let each = each(bare, annotated);
        println!("{what:<28} {bare:>12.1} {annotated:>18.1} {each:>18.3}");
        each
    };
    println!("{:<28} {:>12} {:>18} {:>18}", "", "bare", "#[crash_context]", "more per function");
    let checking = row("cargo check, ms", least);
    row("debug binary, bytes", [bare.size(&[], "debug")?, annotated.size(&[], "debug")?]);
    row(
        "release binary, bytes",
        [bare.size(&["--release"], "release")?, annotated.size(&["--release"], "release")?],
    );
    if check && checking > CHECK_MILLISECONDS {
        eprintln!("too dear: at most {CHECK_MILLISECONDS} ms of checking per function");
        return Ok(false);
    }
    Ok(true)
}

/// Beside this program, so that what the packages depend on is built once.
fn folder() -> io::Result<PathBuf> {
    let folder = std::env::current_exe()?.with_file_name("build-cost-packages");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

struct Package {
    folder: PathBuf,
    target: PathBuf,
    name: &'static str,
}

impl Package {
    fn lay(beside: &Path, name: &'static str, attribute: &str) -> io::Result<Self> {
        let folder = beside.join(name);
        fs::create_dir_all(folder.join("src"))?;
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("retry-core");
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\nretry-core.path = {core:?}\n\n\
             [profile.release]\nstrip = true\n\n[profile.dev]\nstrip = true\n\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock"))?;
        fs::write(folder.join("src/main.rs"), source(attribute))?;
        Ok(Self { folder, target: beside.join("target"), name })
    }

    fn cargo(&self, arguments: &[&str]) -> io::Result<()> {
        let output = Command::new("cargo")
            .args(arguments)
            .arg("--quiet")
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
    }

    /// As if it were new, in milliseconds.
    fn time(&self, arguments: &[&str]) -> io::Result<f64> {
        let source = fs::File::options().append(true).open(self.folder.join("src/main.rs"))?;
        source.set_modified(SystemTime::now())?;
        let begin = processor_time()?;
        self.cargo(arguments)?;
        Ok(processor_time()? - begin)
    }

    #[allow(clippy::cast_precision_loss)]
    fn size(&self, profile: &[&str], folder: &str) -> io::Result<f64> {
        self.cargo(&[&["build"], profile].concat())?;
        Ok(fs::metadata(self.target.join(folder).join(self.name))?.len() as f64)
    }
}

/// What the programs that this one ran and that have ended have taken, in milliseconds.
fn processor_time() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Behind the name, which may have spaces in it: fields 16 and 17, in hundredths of a second.
    let fields = stat.rsplit(')').next().into_iter().flat_map(str::split_whitespace);
    Ok(fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0)
}

fn source(attribute: &str) -> String {
    let mut source = "#[derive(Debug)]\nstruct Order {\n    id: u64,\n    price: f64,\n}\n\n".to_owned();
    let mut table = String::new();
    for number in 0..FUNCTIONS {
        let _ = write!(
            source,
            "{attribute}fn f{number}(order: &Order, name: &str) -> u64 {{
    let count = order.id.wrapping_mul({number} + 3);
    let price = order.price * 1.5;
    let kind = i32::from(name.is_empty());
    let text = name.to_uppercase();
    let items = vec![count, 1, 2];
    assert!(count != {number}, \"it may panic\");
    count + price as u64 + kind as u64 + text.len() as u64 + items.len() as u64
}}

"
        );
        let _ = write!(table, "f{number}, ");
    }
    let _ = write!(
        source,
        "fn main() {{
    let functions: [fn(&Order, &str) -> u64; {FUNCTIONS}] = [{table}];
    let order = Order {{ id: 1, price: 2.0 }};
    let name = std::env::args().next().unwrap_or_default();
    println!(\"{{}}\", functions.iter().map(|call| call(&order, &name) % 7).sum::<u64>());
    // With the panic hook of a program that uses it.
    let _crash = std::hint::black_box(retry_core::crash::install as fn() -> _);
}}
"
    );
    source
}

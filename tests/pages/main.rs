//! What the pages say, beside what is so: figures are computed, and tests that are named exist.

mod choosing_limits;
mod coming_from;
mod peers;
mod pictures;

use std::path::{Path, PathBuf};
use std::{env, fs};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn docs(page: &str) -> PathBuf {
    root().join("retry-core/docs").join(page)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

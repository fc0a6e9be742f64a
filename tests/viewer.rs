//! The program `crash-reports` of `retry-core`, at work.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Serves a folder of reports until it is dropped.
pub struct Viewer {
    server: Child,
    address: String,
}

impl Viewer {
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn serve(reports: &Path) -> Self {
        let mut serve = Command::new(env!("CARGO"));
        serve.current_dir(env!("CARGO_MANIFEST_DIR")).args([
            "run",
            "-q",
            "-p",
            "retry-core",
            "--features",
            "viewer",
        ]);
        serve.args(["--bin", "crash-reports", "--", "--dir"]).arg(reports).arg("serve");
        let mut server = serve.stdout(Stdio::piped()).spawn().expect("the viewer starts");
        let mut address = String::new();
        let output = server.stdout.as_mut().expect("its output is read");
        BufReader::new(output).read_line(&mut address).expect("it says where it is");
        Self { server, address: address.trim().to_owned() }
    }

    /// Of the list of crashes.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

//! A program that crashes, and what came of it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use retry_core::crash::Report;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    Ours,
    Sentry,
}

impl Client {
    /// The crate.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "retry-core",
            Self::Sentry => "sentry",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Ours => env!("CARGO_BIN_EXE_sentry-ours"),
            Self::Sentry => env!("CARGO_BIN_EXE_sentry-stock"),
        }
    }

    /// The module of the functions that crash.
    pub fn shop(self) -> &'static str {
        match self {
            Self::Ours => "sentry_ours::shop::",
            Self::Sentry => "sentry_stock::shop::",
        }
    }
}

/// A loaded machine has no time to look up the functions of several crashes.
static ONE_BY_ONE: Mutex<()> = Mutex::new(());

/// A machine: a folder with the program in it, and a name.
pub struct Machine {
    name: String,
    folder: PathBuf,
}

impl Machine {
    pub fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("sentry-crash-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        for client in [Client::Ours, Client::Sentry] {
            fs::copy(client.program(), folder.join("bin").join(client.name())).unwrap();
        }
        Self { name: name.to_owned(), folder }
    }

    fn reports(&self) -> PathBuf {
        self.folder.join("reports")
    }

    /// The one report that was saved.
    pub fn report(&self) -> Report {
        let files = fs::read_dir(self.reports()).unwrap().map(|entry| entry.unwrap().path());
        let mut reports = files.filter(|file| file.extension().is_some_and(|extension| extension == "json"));
        let report = Report::from_file(reports.next().expect("there is a report")).unwrap();
        assert_eq!(reports.next(), None);
        report
    }

    /// Runs to its end, and returns what it wrote to its standard error output.
    pub fn crash(&self, client: Client, dsn: &str, crash: &str, number: usize) -> String {
        let _turn = ONE_BY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let output = self.start(client, dsn, crash, number).wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Whether it ended within this time, and when. It is ended then.
    pub fn ends_within(&self, limit: Duration, client: Client, dsn: &str, crash: &str) -> Option<Duration> {
        let _turn = ONE_BY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Instant::now();
        let mut child = self.start(client, dsn, crash, 7);
        while started.elapsed() < limit {
            if child.try_wait().unwrap().is_some() {
                return Some(started.elapsed());
            }
            thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        None
    }

    fn start(&self, client: Client, dsn: &str, crash: &str, number: usize) -> Child {
        Command::new(self.folder.join("bin").join(client.name()))
            .args([crash, &number.to_string()])
            // Where the sources are, as for a developer; they are found by the paths in the debug information.
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .env("SENTRY_DSN", dsn)
            .env("REPORTS", self.reports())
            .env("MACHINE", &self.name)
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

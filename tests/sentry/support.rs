//! Processes, and what they leave on the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Held by tests that look at times, and as a whole by those that need all of the machine.
static MACHINE: RwLock<()> = RwLock::new(());

pub fn timed() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().unwrap_or_else(PoisonError::into_inner)
}

pub fn alone() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().unwrap_or_else(PoisonError::into_inner)
}

/// The folder of an application's reports, and how it is started.
pub struct Program {
    folder: TempDir,
    dsn: String,
    pub deadline: Duration,
    pub keep: usize,
    pub environment: Vec<(String, String)>,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Program {
    pub fn new(dsn: impl Into<String>) -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            dsn: dsn.into(),
            deadline: Duration::from_secs(2),
            keep: 30,
            environment: Vec::new(),
        }
    }

    /// The same reports, sent elsewhere.
    pub fn sending_to(mut self, dsn: impl Into<String>) -> Self {
        self.dsn = dsn.into();
        self
    }

    pub fn within(mut self, milliseconds: u64) -> Self {
        self.deadline = Duration::from_millis(milliseconds);
        self
    }

    pub fn spawn(&self, what: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crashing"));
        command.arg(what).arg(self.reports()).arg(&self.dsn);
        command.arg(self.deadline.as_millis().to_string()).arg(self.keep.to_string());
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env_remove("RUST_BACKTRACE").envs(self.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn run(&self, what: &str) -> Ended {
        let started = Instant::now();
        let Output { stdout, stderr, .. } = self.spawn(what).wait_with_output().unwrap();
        let took = started.elapsed();
        Ended { stdout: text(&stdout), stderr: text(&stderr), took }
    }

    /// Crashes once, and ends in time.
    pub fn crash(&self) -> Ended {
        let ended = self.run("crash");
        assert!(ended.stderr.contains("is empty"), "{ended:?}");
        assert!(ended.took <= self.deadline + Duration::from_millis(1500), "{ended:?}");
        ended
    }

    /// Starts, sends what is there, and ends.
    pub fn start(&self) -> Ended {
        self.run("start")
    }

    pub fn reports(&self) -> PathBuf {
        self.folder.path().join("reports")
    }

    pub fn spool(&self) -> PathBuf {
        self.reports().join("sentry")
    }

    /// The ids of the reports that are kept for later.
    pub fn unsent(&self) -> BTreeSet<String> {
        ids(&self.spool(), "unsent")
    }

    /// Of those that the server will never take.
    pub fn refused(&self) -> BTreeSet<String> {
        ids(&self.spool(), "refused")
    }

    /// Nothing is left that is to be sent, nor of how it was sent.
    pub fn is_done(&self) {
        let names: Vec<_> =
            fs::read_dir(self.spool()).unwrap().map(|file| file.unwrap().file_name()).collect();
        let left: Vec<_> =
            names.iter().filter(|name| !name.to_str().unwrap().starts_with("rate-limits.")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

impl Ended {
    /// The id of the report that was made, and what became of it.
    pub fn made(&self) -> (String, String) {
        let one = |beginning: &str| {
            let mut lines = self.stderr.lines().filter_map(|line| line.strip_prefix(beginning));
            let line = lines.next().filter(|_| lines.next().is_none());
            line.unwrap_or_else(|| panic!("no single `{beginning}`: {self:?}")).to_owned()
        };
        let path = PathBuf::from(one("report saved in "));
        let said = self
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix("report ").filter(|line| is_delivery(line)));
        (id(&path), said.unwrap_or_else(|| panic!("{self:?}")).to_owned())
    }

    /// The ids of the reports that were sent later, and what became of each.
    pub fn later(&self) -> Vec<(String, String)> {
        let lines = self.stdout.lines().filter_map(|line| line.strip_prefix("later "));
        lines
            .filter_map(|line| line.split_once(' '))
            .map(|(id, said)| (id.to_owned(), said.to_owned()))
            .collect()
    }
}

fn is_delivery(line: &str) -> bool {
    line.starts_with("sent to Sentry") || line.starts_with("not sent to Sentry")
}

pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|its| its == extension)).collect();
    files.sort();
    files
}

fn ids(folder: &Path, extension: &str) -> BTreeSet<String> {
    files(folder, extension).iter().map(|path| id(path)).collect()
}

/// Of `<time>-<fingerprint>-<id>.<extension>`.
pub fn id(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().rsplit_once('-').unwrap().1.to_owned()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits for it, and not for ever.
pub fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

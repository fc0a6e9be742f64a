//! Runs this test executable again, as the process that crashes.

use crate::crash::report::{Report, Shown};
use std::fs;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

const SCENARIO: &str = "RETRY_CORE_SCENARIO";
const FOLDER: &str = "RETRY_CORE_SCENARIO_FOLDER";
const BARE: &str = "RETRY_CORE_SCENARIO_BARE";
/// A child that hangs is a failure, not a test that never ends.
const HANGS: Duration = Duration::from_secs(20);

/// No crash takes longer than this.
const SOON: Duration = Duration::from_secs(1);

/// What the child is to do, in the child.
pub(super) fn scenario() -> Option<String> {
    env::var(SCENARIO).ok()
}

/// Where the child saves its reports, and whether it has a reporter at all.
pub(super) fn folder() -> Option<PathBuf> {
    env::var_os(BARE).is_none().then(|| env::var_os(FOLDER).map(PathBuf::from))?
}

/// A folder that is gone when the test is.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("retry-core-crash-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Where the child saves.
    pub(super) fn reports(&self) -> PathBuf {
        self.0.join("reports")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What became of a child.
pub(super) struct Crashed {
    pub(super) stderr: String,
    pub(super) status: ExitStatus,
    pub(super) took: Duration,
    pub(super) scratch: Scratch,
    /// To run it again, where nothing was changed.
    scenario: Option<String>,
}

pub(super) fn command(scenario: &str, scratch: &Scratch) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "--exact",
        "crash::children::scenarios::crash",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(SCENARIO, scenario).env(FOLDER, scratch.reports());
    command.env("TMPDIR", scratch.path()).env("HOME", scratch.path()).env_remove("XDG_DATA_HOME");
    command.env_remove("RUST_BACKTRACE").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub(super) fn crash(scenario: &str) -> Crashed {
    Crashed { scenario: Some(scenario.to_owned()), ..crash_with(scenario, |_, _| {}) }
}

pub(super) fn crash_with(scenario: &str, change: impl FnOnce(&mut Command, &Scratch)) -> Crashed {
    let scratch = Scratch::new();
    let mut command = command(scenario, &scratch);
    change(&mut command, &scratch);
    run(command, scratch)
}

/// The same without a reporter.
pub(super) fn bare(scenario: &str) -> Crashed {
    crash_with(scenario, |command, _| {
        command.env(BARE, "1");
    })
}

pub(super) fn run(mut command: Command, scratch: Scratch) -> Crashed {
    let started = Instant::now();
    let mut child = command.process_group(0).spawn().unwrap();
    let mut pipe = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut stderr = Vec::new();
        if let Some(pipe) = &mut pipe {
            pipe.read_to_end(&mut stderr).unwrap();
        }
        String::from_utf8_lossy(&stderr).into_owned()
    });
    let status = wait(&mut child);
    let took = started.elapsed();
    let stderr = reader.join().unwrap();
    Crashed { stderr, status, took, scratch, scenario: None }
}

fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > HANGS {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the child hangs");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

impl Crashed {
    /// The JSON reports, the oldest first.
    pub(super) fn reports(&self) -> Vec<Report> {
        let paths = files(&self.scratch.reports(), "json");
        paths.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
    }

    pub(super) fn report(&self) -> Report {
        let mut reports = self.reports();
        assert_eq!(reports.len(), 1, "{}", self.stderr);
        reports.remove(0)
    }

    /// The value of a variable in the only report.
    pub(super) fn value(&self, name: &str) -> Shown {
        let report = self.report();
        let mut variables = report.frames.iter().flat_map(|frame| &frame.variables);
        variables.find(|variable| variable.name == name).expect(name).value.clone()
    }

    /// Why a variable could not be shown.
    pub(super) fn failure(&self, name: &str) -> String {
        match self.value(name) {
            Shown::Failed { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }

    /// As without a reporter, and not much later.
    #[track_caller]
    pub(super) fn ended_like(&self, bare: &Crashed) -> &Self {
        assert_eq!(
            (self.status.code(), self.status.signal()),
            (bare.status.code(), bare.status.signal()),
            "{}",
            self.stderr
        );
        // On a busy machine the children are late for other reasons: the best of three counts, and the load.
        let soon = SOON.mul_f64(load());
        let mut later = self.took.saturating_sub(bare.took);
        for _ in 0..2 {
            let Some(scenario) = self.scenario.as_ref().filter(|_| later >= soon) else { break };
            later = later.min(crash(scenario).took.saturating_sub(bare.took));
        }
        assert!(later < soon, "{later:?} later: {}", self.stderr);
        self
    }

    #[track_caller]
    pub(super) fn printed(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "{text:?} is not in: {}", self.stderr);
        self
    }
}

/// How many times busier the machine is than it can be; one where that is not known.
fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let running: f64 = text.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default();
    let cores = thread::available_parallelism().ok().and_then(|cores| u32::try_from(cores.get()).ok());
    (running / f64::from(cores.unwrap_or(1))).max(1.0)
}

pub(super) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|ext| ext == extension)).collect();
    files.sort();
    files
}

/// A disk of this size in this folder, where we may have one.
pub(super) fn mount(folder: &Path, size: &str) -> bool {
    fs::create_dir(folder).unwrap();
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs"]).arg(folder);
    mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

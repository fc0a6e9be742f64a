//! Runs the program that crashes in a terminal of its own.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking::{self, Command};
use retry_core::crash::Report;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_debugged");

/// A program that hangs is a failure, not a test that never ends.
const HANGS: Duration = Duration::from_secs(60);

/// A folder that is gone when the test is.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("retry-tests-debugger-{}-{number}", std::process::id()));
        fs::create_dir_all(path.join("bin")).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn reports(&self) -> PathBuf {
        self.0.join("reports")
    }

    /// A shell script that can be run.
    pub fn script(&self, name: &str, body: &str) -> PathBuf {
        let path = self.0.join(name);
        // In its place at once: another test may be forking while it is open for writing, and then it cannot be run.
        let written = path.with_extension("new");
        fs::write(&written, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&written, fs::Permissions::from_mode(0o700)).unwrap();
        fs::rename(written, &path).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What became of it.
pub struct Ended {
    /// All that the terminal showed, with plain ends of lines.
    pub output: String,
    pub status: ExitStatus,
    pub pid: u32,
    scratch: Scratch,
}

impl Ended {
    pub fn reports(&self) -> Vec<Report> {
        let entries = fs::read_dir(self.scratch.reports()).unwrap().map(|entry| entry.unwrap().path());
        let json = entries.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        json.map(|path| Report::from_json(&fs::read_to_string(path).unwrap()).unwrap()).collect()
    }
}

pub fn with_debugger(scenario: &str, script: &str) -> Ended {
    with_debugger_called("debugger", scenario, script)
}

pub fn with_debugger_called(name: &str, scenario: &str, script: &str) -> Ended {
    in_terminal(scenario, |command, scratch| {
        command.env("RETRY_CRASH_DEBUGGER", scratch.script(name, script))
    })
}

pub fn without(scenario: &str) -> Ended {
    in_terminal(scenario, |command, _| command)
}

pub fn in_terminal(scenario: &str, change: impl FnOnce(Command, &Scratch) -> Command) -> Ended {
    let running =
        Running::start(|scratch| change(Command::new(PROGRAM).arg(scenario).arg(scratch.reports()), scratch));
    running.end()
}

/// The same from within a shell, which finds the program's path in `PROGRAM`.
pub fn shell_in_terminal(commands: &str, script: &str) -> Ended {
    let running = Running::start(|scratch| {
        let debugger = scratch.script("debugger", script);
        let command = Command::new("sh").args(["-c", commands]).env("PROGRAM", PROGRAM);
        command.env("RETRY_CRASH_DEBUGGER", debugger)
    });
    running.end()
}

/// The program in its terminal.
pub struct Running {
    child: std::process::Child,
    terminal: Arc<blocking::Pty>,
    shown: std::sync::mpsc::Receiver<Vec<u8>>,
    output: Vec<u8>,
    /// How much of it has been waited for.
    seen: usize,
    scratch: Scratch,
}

impl Running {
    pub fn start(command: impl FnOnce(&Scratch) -> Command) -> Self {
        let scratch = Scratch::new();
        let (terminal, other_end) = blocking::open().unwrap();
        terminal.resize(pty_process::Size::new(50, 400)).unwrap();
        let command =
            command(&scratch).env("REPORTS", scratch.reports()).env("NO_COLOR", "1").env("TERM", "dumb");
        let child = command.env_remove("RUST_BACKTRACE").spawn(other_end).unwrap();
        let terminal = Arc::new(terminal);
        let (send, shown) = std::sync::mpsc::channel();
        let reader = Arc::clone(&terminal);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux ends a terminal that nobody writes to any more with an error.
            while let Ok(length @ 1..) = (&*reader).read(&mut buffer) {
                if send.send(buffer[..length].to_owned()).is_err() {
                    break;
                }
            }
        });
        Self { child, terminal, shown, output: Vec::new(), seen: 0, scratch }
    }

    pub fn type_in(&self, text: &str) {
        (&*self.terminal).write_all(text.as_bytes()).unwrap();
    }

    /// Until it has shown this, after what was shown when it was last waited for.
    #[track_caller]
    pub fn until(&mut self, text: &str) {
        let until = Instant::now() + HANGS;
        // From behind what was waited for last: both may come at once.
        let found = |output: &[u8]| output.windows(text.len()).position(|part| part == text.as_bytes());
        loop {
            if let Some(at) = found(&self.output[self.seen..]) {
                self.seen += at + text.len();
                return;
            }
            match self.shown.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(more) => self.output.extend(more),
                Err(_) => {
                    let _ = self.child.kill();
                    panic!("no {text:?}: {}", String::from_utf8_lossy(&self.output));
                }
            }
        }
    }

    #[track_caller]
    pub fn end(mut self) -> Ended {
        let until = Instant::now() + HANGS;
        while let Ok(more) = self.shown.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.output.extend(more);
        }
        if Instant::now() >= until {
            let _ = self.child.kill();
            panic!("it hangs: {}", String::from_utf8_lossy(&self.output));
        }
        let output = String::from_utf8_lossy(&self.output).replace("\r\n", "\n");
        Ended { output, status: self.child.wait().unwrap(), pid: self.child.id(), scratch: self.scratch }
    }
}

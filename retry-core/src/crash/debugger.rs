//! A debugger on the process that crashes, where the environment asks for one: the crash waits until it is left.

#[cfg(unix)]
mod arguments;
#[cfg(unix)]
mod asked;
#[cfg(unix)]
mod waiting;

use super::print;
use super::report::Report;
use std::sync::{Mutex, PoisonError};
use std::{env, mem};

/// Names the debugger.
const VARIABLE: &str = "RETRY_CRASH_DEBUGGER";

/// Whether there was one. Held while it runs: threads that crash meanwhile would end the process under it.
static WAS_STARTED: Mutex<bool> = Mutex::new(false);

/// Starts the debugger on the crashing thread, which this is, and waits for its end. Only once in a process; threads that
/// come while it runs wait for its end, too.
pub(crate) fn run_if_asked(report: &Report) {
    let Some(asked) = env::var_os(VARIABLE).filter(|asked| !asked.is_empty() && asked != "0") else { return };
    let mut was_started = WAS_STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if mem::replace(&mut *was_started, true) {
        return;
    }
    if let Err(why) = run(&asked, report) {
        print::to_stderr(&format!("no debugger: {why}\n"));
    }
}

#[cfg(unix)]
fn run(asked: &std::ffi::OsStr, report: &Report) -> Result<(), String> {
    use arguments::{Family, Target};
    use waiting::Terminal;

    let terminal = Terminal::ours()?;
    let program = asked::program(asked)?;
    let family = Family::of(&program);
    let name = program.to_string_lossy();
    print::to_stderr(&format!("\nstarting {name} on this process: {}\n", family.help()));
    let ended = terminal.wait_for(&program, |here| family.arguments(&Target::new(report, here)));
    let status = ended
        .map_err(|error| format!("{name} cannot be started: {error}; set {VARIABLE} to one that is there"))?;
    match status {
        Some(status) if status.code() == Some(arguments::NOT_ATTACHED) => Err(format!(
            "{name} may not look into this process; the system must let it (on Linux: \
             `sysctl kernel.yama.ptrace_scope=1`, in a container `--cap-add=SYS_PTRACE`)"
        )),
        Some(status) if !status.success() => {
            Err(format!("{name} ended with {status}; does it run by itself?"))
        }
        _ => {
            print::to_stderr(&format!("{name} has been left: the crash goes on\n"));
            Ok(())
        }
    }
}

#[cfg(not(unix))]
fn run(_: &std::ffi::OsStr, _: &Report) -> Result<(), String> {
    Err(format!("{VARIABLE} is heeded on unix only; attach one by hand"))
}

//! User code, run where it can do no harm: what it shows is cut at a size, what hangs is left behind at a deadline,
//! and what panics is noted.
//!
//! Values belong to the thread that crashed, so what shows them runs in a fork of it, where the memory is as it was at
//! the crash and nothing that happens reaches the process itself. What may cross threads runs on a thread of its own.

#[cfg(all(unix, not(retry_core_without_fork)))]
mod fork;
mod thread;

pub(crate) use thread::{Failure, Running, guarded, guarded_or_here, hook_is_free, on_helper, start};

use super::report::Shown;
use std::fmt;
use std::time::{Duration, Instant};

/// How long one value, or one context provider, may take.
pub(crate) const EACH: Duration = Duration::from_millis(300);
/// When all that runs user code before the report is written has to be done, counted from the crash: with what comes
/// after, no crash takes a second.
pub(crate) const ALL: Duration = Duration::from_millis(700);

/// Something to be shown by code of the user's.
pub(crate) struct Task<'a> {
    /// What the user calls this code: `Debug`.
    pub(crate) what: &'static str,
    /// The most bytes to show.
    pub(crate) limit: usize,
    pub(crate) write: &'a dyn Fn(&mut dyn fmt::Write) -> fmt::Result,
}

/// How long user code may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) each: Duration,
    pub(crate) until: Instant,
}

/// Shows them all, one after the other; what fails does not keep the others from being shown. The texts are as the user
/// code wrote them, secrets included.
#[cfg(all(unix, not(retry_core_without_fork)))]
pub(crate) fn show(tasks: &[Task<'_>], budget: Budget) -> Vec<Shown> {
    fork::show(tasks, budget)
}

/// Without a fork there is no place where such code can neither hang nor abort the process, and most values may not
/// cross to another thread: they are not shown.
#[cfg(not(all(unix, not(retry_core_without_fork))))]
pub(crate) fn show(tasks: &[Task<'_>], budget: Budget) -> Vec<Shown> {
    let _ = (budget.each, budget.until);
    let not_here = |task: &Task<'_>| {
        let _ = (task.limit, task.write);
        let hint = format!("its {} can be run safely in a crash on unix only", task.what);
        Shown::NotKept { hint }
    };
    tasks.iter().map(not_here).collect()
}

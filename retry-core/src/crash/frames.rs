//! The stack: taken in the hook, made readable, and brought together with the annotated frames.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::capture::LiveFrame;
use super::isolate;
use super::mark::{self, Mark};
use super::report::{Frame, Place};

mod files;
mod fingerprint;
mod matching;
mod merge;
mod names;
mod stack;
mod trim;

pub(crate) use fingerprint::fingerprint;

use files::Nearby;
#[cfg(unix)]
use names::Name;
use stack::{Stop, Symbol};

/// The addresses of a stack, not yet looked up.
#[derive(Debug)]
pub(crate) struct Trace {
    /// Newest first.
    stops: Vec<Stop>,
}

/// A frame of the report to be, and the annotated frame that it is, if it is one.
pub(crate) struct Merged {
    /// Without its variables.
    pub(crate) frame: Frame,
    /// Which of the live frames.
    pub(crate) live: Option<usize>,
}

/// A stack that is deeper has lost its way.
const DEEPEST: usize = 4 << 20;

impl Trace {
    /// Of the calling thread, from here: some microseconds, and nothing is read but the stack.
    pub(crate) fn take() -> Self {
        let mut stops = Vec::with_capacity(64);
        if mark::get() == Mark::Child {
            // Another thread may have held the lock of those who look at stacks when the child was forked.
            return Self { stops };
        }
        backtrace::trace(|frame| {
            stops.push(Stop { ip: frame.ip().addr(), sp: frame.sp().addr() });
            stops.len() < DEEPEST
        });
        Self { stops }
    }

    /// The frames that a reader wants to see, oldest first; `place` is where the panic was raised.
    pub(crate) fn merge(self, live: &[LiveFrame<'_>], place: Option<&Place>) -> Vec<Merged> {
        let known = symbols(&self.stops);
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut resolve = |ip| known.get(&ip).cloned().unwrap_or_default();
        merge::merge(&self.stops, live, place, Nearby::find(), &mut resolve)
    }
}

/// How long the crash waits for symbols: with much debug information, or on a busy machine, it takes seconds to read it, and
/// a report without the names of functions is worth little.
const LOOKING_UP: Duration = Duration::from_millis(if cfg!(test) { 5000 } else { 2000 });
/// The same where so many threads crash at once, which wait for each other.
const IN_A_CROWD: Duration = Duration::from_millis(50);
const CROWD: usize = 8;

/// How many threads look up symbols now.
static LOOKING: AtomicUsize = AtomicUsize::new(0);

struct Looking;

impl Looking {
    fn begin() -> Self {
        LOOKING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.fetch_sub(1, Ordering::Relaxed);
    }
}

type Symbols = Arc<Mutex<HashMap<usize, Vec<Symbol>>>>;

/// The functions at all the addresses that are shown, as far as they can be found in time; the newest first.
fn symbols(stops: &[Stop]) -> Symbols {
    let known = Symbols::default();
    let mut ips: Vec<_> = stack::shown(stops).map(|stop| stop.ip).collect();
    let there = Arc::clone(&known);
    let _looking = Looking::begin();
    let limit = if LOOKING.load(Ordering::Relaxed) < CROWD { LOOKING_UP } else { IN_A_CROWD };
    // What is found out too late is not needed any more.
    let _ = isolate::guarded_or_here(limit, move || {
        let mut seen = HashSet::new();
        ips.retain(|ip| seen.insert(*ip));
        for ip in ips {
            let symbols = look_up(ip);
            there.lock().unwrap_or_else(PoisonError::into_inner).insert(ip, symbols);
        }
    });
    known
}

/// How many functions that are inlined at this address are newer than that one, which is called as a report has it.
#[cfg(unix)]
pub(crate) fn inlined_in(function: &str, address: usize) -> usize {
    let names = look_up(address).into_iter().map(|symbol| symbol.name.map(|name| Name::of(&name)));
    let is_it = |name: Name| name.path == function || name.shown() == function;
    names.into_iter().position(|name| name.is_some_and(is_it)).unwrap_or(0)
}

/// The functions at an address, the innermost first.
fn look_up(ip: usize) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    backtrace::resolve(std::ptr::without_provenance_mut(ip), |symbol| {
        symbols.push(Symbol {
            name: symbol.name().map(|name| format!("{name:#}")),
            file: symbol.filename().map(Path::to_string_lossy).map(String::from),
            line: symbol.lineno(),
            column: symbol.colno(),
        });
    });
    symbols
}

#[cfg(test)]
mod tests;

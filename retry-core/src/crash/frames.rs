//! The stack: taken in the hook, made readable, and brought together with the annotated frames.

use std::path::Path;

use super::capture::LiveFrame;
use super::report::{Frame, Place, Thread};

mod files;
mod fingerprint;
mod matching;
mod merge;
mod names;
mod stack;
mod trim;

pub(crate) use fingerprint::fingerprint;

use files::Nearby;
use stack::{Stop, Symbol};

/// The addresses of a stack, not yet looked up.
#[derive(Debug)]
pub(crate) struct Trace {
    /// Newest first.
    stops: Vec<Stop>,
    thread: Thread,
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
        backtrace::trace(|frame| {
            stops.push(Stop { ip: frame.ip().addr(), sp: frame.sp().addr() });
            stops.len() < DEEPEST
        });
        let thread = std::thread::current();
        let id = format!("{:?}", thread.id()).chars().filter(char::is_ascii_digit).collect();
        Self { stops, thread: Thread { name: thread.name().map(str::to_owned), id } }
    }

    /// Whose stack it is.
    pub(crate) fn thread(&self) -> &Thread {
        &self.thread
    }

    /// The frames that a reader wants to see, oldest first; `place` is where the panic was raised.
    pub(crate) fn merge(self, live: &[LiveFrame<'_>], place: Option<&Place>) -> Vec<Merged> {
        merge::merge(&self.stops, live, place, Nearby::find(), &mut look_up)
    }
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

//! What is alive on this thread at a crash: the annotated frames, with the values that they keep.

mod chain;
pub mod ended;
mod plain;
mod polled;
pub mod probe;
mod slot;
mod snapshot;
mod written;

use std::collections::HashSet;
use std::fmt;

pub(crate) use chain::CallFrame;
pub use chain::{Borrowing, Entered, Frame, Scope, Slot};
pub use polled::polled;
pub use slot::{
    Binding, Bindings, Emptied, NotKept, Type, Written, any, assign, bind, borrow, declare, emptied,
    is_never, never, type_of, write, write_later,
};
pub(crate) use written::written;

use chain::Kind;

use super::is_installed;
use super::report::AttemptInfo;
use crate::site::Site;

/// An annotated frame, or a retried call, that is alive.
pub(crate) struct LiveFrame<'a> {
    pub(crate) site: &'static Site,
    /// An address within the stack frame: of the function itself, or of what polls its future.
    pub(crate) anchor: usize,
    /// Set for a retried call.
    pub(crate) attempt: Option<AttemptInfo>,
    /// Not set for a retried call.
    pub(crate) annotated: bool,
    /// In the order in which they were bound.
    pub(crate) values: Vec<LiveValue<'a>>,
}

/// An argument or a local that is alive.
pub(crate) struct LiveValue<'a> {
    pub(crate) name: &'static str,
    pub(crate) type_name: &'static str,
    /// The line at which it had the kept value, where it may have changed since.
    pub(crate) as_of: Option<u32>,
    pub(crate) argument: bool,
    /// The most bytes to show.
    pub(crate) limit: usize,
    pub(crate) secrecy: Secrecy,
    pub(crate) kept: Kept<'a>,
}

/// What the attribute says of a value's secrecy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Its name decides, and the names inside it.
    ByName,
    /// `redact(..)`: not to be shown.
    Redact,
    /// `allow(..)`: to be shown whatever its name and the names inside it.
    Allow,
}

/// What is kept of a value.
pub(crate) enum Kept<'a> {
    /// Nothing: how to have it kept.
    Nothing(&'static str),
    /// Showing it runs no code of the user's.
    Plain(&'a dyn fmt::Debug),
    /// Showing it runs code of the user's, which may do anything.
    UserCode(&'a dyn fmt::Debug),
}

/// Calls with the live frames of this thread, oldest first.
pub(crate) fn with_live<R>(read: impl FnOnce(&[LiveFrame<'_>]) -> R) -> R {
    chain::with_frames(|frames| {
        let oldest_first = || frames.iter().rev();
        let values: Vec<Vec<Shower<'_>>> = oldest_first().map(|frame| visible(frame)).collect();
        let mut live: Vec<LiveFrame<'_>> = Vec::with_capacity(frames.len());
        for (frame, values) in oldest_first().zip(&values) {
            let attempt = frame.attempt().cloned().or_else(|| first_attempt(frame, live.last()));
            live.push(LiveFrame {
                site: frame.site(),
                anchor: frame.anchor(),
                attempt,
                annotated: frame.attempt().is_none(),
                values: values.iter().map(Shower::live).collect(),
            });
        }
        read(&live)
    })
}

/// The body of a retried function runs for the first time as long as there is no call below it that has failed.
fn first_attempt(frame: &Frame, below: Option<&LiveFrame<'_>>) -> Option<AttemptInfo> {
    let site = frame.site();
    let is_call = |below: &LiveFrame<'_>| {
        !below.annotated && below.site.function == site.function && below.site.module == site.module
    };
    // Where nobody wants reports, calls do not say that they have failed.
    let is_first = site.retried && is_installed() && !below.is_some_and(is_call);
    is_first.then(|| AttemptInfo { number: 1, max: None, earlier: Vec::new() })
}

/// The values that their names mean, oldest first: what is shadowed is not seen by the program either.
fn visible(frame: &Frame) -> Vec<Shower<'_>> {
    let mut names = HashSet::new();
    let limit = frame.bindings().limit();
    let mut seen: Vec<_> = frame
        .values()
        .into_iter()
        .filter(|value| names.insert(value.binding().name))
        .map(|value| Shower { value, limit })
        .collect();
    seen.reverse();
    seen
}

/// A value as its slot shows it.
struct Shower<'a> {
    value: chain::Value<'a>,
    limit: usize,
}

impl fmt::Debug for Shower<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.show(self.limit, f)
    }
}

impl Shower<'_> {
    fn live(&self) -> LiveValue<'_> {
        let binding = self.value.binding();
        let (kept, is_old) = match self.value.kind() {
            // A secret is not there to be kept in another way.
            Kind::NotKept(_) if binding.secrecy() == Secrecy::Redact => (Kept::Plain(self), false),
            Kind::NotKept(hint) => (Kept::Nothing(hint), false),
            Kind::Data => (Kept::Plain(self), binding.changes()),
            Kind::Copied => (Kept::Plain(self), binding.changes() || binding.is_assigned()),
            Kind::UserCode => (Kept::UserCode(self), binding.changes() || binding.is_assigned()),
            Kind::Snapshot => (Kept::Plain(self), true),
        };
        LiveValue {
            name: binding.name,
            type_name: self.value.type_name(),
            as_of: is_old.then(|| self.value.line()),
            argument: binding.is_argument(),
            limit: self.limit,
            secrecy: binding.secrecy(),
            kept,
        }
    }
}

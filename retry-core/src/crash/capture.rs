//! What is alive on this thread at a crash: the annotated frames, with the values that they keep.

use std::fmt;

/// Where an annotated function stands: written by `#[crash_context]`.
#[derive(Debug)]
pub struct Site {
    /// The function's name.
    pub function: &'static str,
    /// The module it stands in.
    pub module: &'static str,
    /// The file it stands in.
    pub file: &'static str,
    /// The line of its name.
    pub line: u32,
}

/// An annotated frame, or a retried call, that is alive.
pub(crate) struct LiveFrame<'a> {
    pub(crate) site: &'static Site,
    /// An address within the stack frame: of the function itself, or of what polls its future.
    pub(crate) anchor: usize,
    /// Set for a retried call.
    pub(crate) attempt: Option<super::AttemptInfo>,
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
pub(crate) enum Secrecy {
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
    read(&[])
}

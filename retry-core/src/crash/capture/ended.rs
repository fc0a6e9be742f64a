//! What `main` ends with: an error is reported, as far as it can be shown.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::ops::Deref;

/// An outcome of `main`.
#[derive(Debug)]
pub struct Ended<'a, T>(pub &'a T);

/// An error.
pub trait EndedInError {
    /// Reports it.
    #[track_caller]
    fn crash_ended(&self);
}

impl<T, E: Error + 'static> EndedInError for &&&Ended<'_, Result<T, E>> {
    #[track_caller]
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            crate::crash::report_at_end(error);
        }
    }
}

/// An error behind a pointer, such as a `Box<dyn Error>`.
pub trait EndedInPointer {
    /// Reports it.
    #[track_caller]
    fn crash_ended(&self);
}

impl<T, P: Deref<Target: AsError>> EndedInPointer for &&Ended<'_, Result<T, P>> {
    #[track_caller]
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            crate::crash::report_at_end(error.as_error());
        }
    }
}

/// What a pointer to an error points to.
pub trait AsError {
    /// The error.
    fn as_error(&self) -> &(dyn Error + 'static);
}

impl AsError for dyn Error {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError for dyn Error + Send {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl AsError for dyn Error + Send + Sync {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

/// Something with a `Debug`, as `main` needs it.
pub trait EndedInDebug {
    /// Reports it.
    #[track_caller]
    fn crash_ended(&self);
}

impl<T, E: Debug> EndedInDebug for &Ended<'_, Result<T, E>> {
    #[track_caller]
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            crate::crash::report_at_end(&ByDebug(error));
        }
    }
}

/// No error.
pub trait EndedWell {
    /// Nothing to report.
    #[track_caller]
    fn crash_ended(&self) {}
}

impl<T> EndedWell for Ended<'_, T> {}

/// What is no error, but has to be shown as one.
#[derive(Debug)]
struct ByDebug<'a, E>(&'a E);

impl<E: Debug> Display for ByDebug<'_, E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: Debug> Error for ByDebug<'_, E> {}

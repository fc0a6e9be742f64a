//! What `main` ends with: an error is reported, as far as it can be shown.

use std::error::Error;
use std::fmt::Debug;
use std::ops::Deref;

/// An outcome of `main`.
#[derive(Debug)]
pub struct Ended<'a, T>(pub &'a T);

/// An error.
pub trait EndedInError {
    /// Reports it.
    fn crash_ended(&self);
}

impl<T, E: Error + 'static> EndedInError for &&&Ended<'_, Result<T, E>> {
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            report(error);
        }
    }
}

/// An error behind a pointer, such as a `Box<dyn Error>`.
pub trait EndedInPointer {
    /// Reports it.
    fn crash_ended(&self);
}

/// What points to an error.
pub trait PointsToError {
    /// The error.
    fn error(&self) -> &(dyn Error + 'static);
}

impl<P: Deref<Target = dyn Error + 'static>> PointsToError for (P, ()) {
    fn error(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

impl<T> EndedInPointer for &&Ended<'_, Result<T, Box<dyn Error>>> {
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            report(&**error);
        }
    }
}

/// Something with a `Debug`, as `main` needs it.
pub trait EndedInDebug {
    /// Reports it.
    fn crash_ended(&self);
}

impl<T, E: Debug> EndedInDebug for &Ended<'_, Result<T, E>> {
    fn crash_ended(&self) {
        if let Err(error) = self.0 {
            report_text(&format!("{error:?}"));
        }
    }
}

/// No error.
pub trait EndedWell {
    /// Nothing to report.
    fn crash_ended(&self) {}
}

impl<T> EndedWell for Ended<'_, T> {}

fn report(error: &(dyn Error + 'static)) {
    let _ = error;
}

fn report_text(error: &str) {
    let _ = error;
}

//! What a report says of the attempts of a retried call.

pub(crate) use super::capture::CallFrame;
use super::capture::written;
use crate::observe::Shown;

/// The most errors of earlier attempts that are remembered.
pub(crate) const EARLIER: usize = 10;
/// The most bytes of each.
const LIMIT: usize = 300;

/// What an attempt failed with, while it is still there.
pub(crate) fn earlier(error: &Shown<'_>) -> String {
    match error {
        Shown::Nothing => "an error that has neither `Display` nor `Debug`".to_owned(),
        error => written(error, LIMIT).into_string(),
    }
}

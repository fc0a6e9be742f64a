//! Sending, in a build that cannot send.

use super::delivery::Delivery;
use super::files::Saved;
use super::report::Report;
use super::reporter::Settings;
use super::reporting::Disk;

/// A report that goes nowhere.
pub(crate) struct Outgoing;

#[expect(clippy::unused_self, reason = "called like the one that sends")]
impl Outgoing {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn is_wanted(_: &Settings) -> bool {
        false
    }

    pub(crate) fn keep(&self, _: &Settings, _: &Report, _: Option<&Saved>, _: Disk) {}

    pub(crate) fn send(self, _: &Settings, _: &Report) -> Option<Delivery> {
        None
    }
}

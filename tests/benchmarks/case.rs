//! One form of a call.

use std::hint::black_box;

/// The same work in one of the forms that are compared.
pub(crate) struct Case {
    pub(crate) kind: &'static str,
    pub(crate) form: &'static str,
    /// How many calls are counted.
    pub(crate) calls: u64,
    /// What the process does first.
    pub(crate) prepare: fn(),
    pub(crate) call: fn() -> u64,
}

/// The form that the others of its kind are compared with; the first of them.
pub(crate) const BARE: &str = "bare";

impl Case {
    pub(crate) fn repeat(&self, calls: u64) {
        for _ in 0..calls {
            black_box((self.call)());
        }
    }
}

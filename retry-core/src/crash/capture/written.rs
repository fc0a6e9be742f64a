//! What a `Debug` writes, up to a limit, while nothing crashes: only for values that the user listed.

use std::fmt::{Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::crash::bounded::Bounded;
use crate::crash::mark;

/// What the value's `Debug` writes, or what became of it.
pub(crate) fn written(value: &dyn Debug, limit: usize) -> Box<str> {
    let mut text = String::new();
    let mut bounded = Bounded::new(&mut text, limit);
    let write = AssertUnwindSafe(|| write!(bounded, "{value:?}"));
    let outcome = mark::during_listing(|| catch_unwind(write));
    let is_cut = bounded.was_cut();
    match outcome {
        Ok(_) if is_cut => text.push_str("..."),
        Ok(Ok(())) => {}
        Ok(Err(_)) => text.push_str("<Debug returned an error>"),
        Err(_) => text.push_str("<Debug panicked>"),
    }
    text.into_boxed_str()
}

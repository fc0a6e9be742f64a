//! What a `Debug` writes, up to a limit, while nothing crashes: only for values that the user listed.

use std::fmt::{self, Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the value's `Debug` writes, or what became of it.
pub(super) fn written(value: &dyn Debug, limit: usize) -> Box<str> {
    let mut text = Bounded { text: String::new(), limit, is_cut: false };
    let outcome = {
        let _quiet = super::quiet();
        catch_unwind(AssertUnwindSafe(|| write!(text, "{value:?}")))
    };
    match outcome {
        Ok(_) if text.is_cut => text.text.push_str("..."),
        Ok(Ok(())) => {}
        Ok(Err(_)) => text.text.push_str("<Debug failed>"),
        Err(_) => text.text.push_str("<Debug panicked>"),
    }
    text.text.into_boxed_str()
}

/// Text up to a limit; beyond it, writing fails.
struct Bounded {
    text: String,
    limit: usize,
    is_cut: bool,
}

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let room = self.limit.saturating_sub(self.text.len());
        if more.len() <= room && !self.is_cut {
            self.text.push_str(more);
            return Ok(());
        }
        if !self.is_cut {
            self.text.push_str(more.get(..more.floor_char_boundary(room)).unwrap_or_default());
            self.is_cut = true;
        }
        Err(fmt::Error)
    }
}

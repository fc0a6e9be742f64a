//! A writer that takes so many bytes and no more.

use super::report::Shown;
use std::fmt::{self, Write};

/// What takes the text that fits.
pub(crate) trait Sink {
    /// A piece that fits.
    fn take(&mut self, piece: &str);

    /// There is more than fits: called once.
    fn cut(&mut self) {}

    /// What writes has been told so often that there is no more room that it seems not to listen.
    fn ignored(&mut self) {}
}

impl Sink for String {
    fn take(&mut self, piece: &str) {
        self.push_str(piece);
    }
}

/// How many refused pieces are taken for a `Debug` that does not look at errors.
const PATIENCE: u32 = 1000;

/// Passes on what fits, and then answers with an error, which stops every well-behaved `Debug`.
pub(crate) struct Bounded<'a, S: Sink> {
    sink: &'a mut S,
    left: usize,
    refused: u32,
}

impl<'a, S: Sink> Bounded<'a, S> {
    pub(crate) fn new(sink: &'a mut S, limit: usize) -> Self {
        Self { sink, left: limit, refused: 0 }
    }

    pub(crate) fn was_cut(&self) -> bool {
        self.refused > 0
    }
}

impl<S: Sink> Write for Bounded<'_, S> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.refused == 0 && piece.len() <= self.left {
            self.left -= piece.len();
            self.sink.take(piece);
            return Ok(());
        }
        if self.refused == 0 {
            self.sink.take(beginning(piece, self.left));
            self.sink.cut();
        }
        self.refused = self.refused.saturating_add(1);
        if self.refused > PATIENCE {
            self.sink.ignored();
        }
        Err(fmt::Error)
    }
}

/// What this writes, up to the limit; `what` is whose error it is that is no cut.
pub(crate) fn shown(value: fmt::Arguments<'_>, limit: usize, what: &str) -> Shown {
    let mut text = String::new();
    let mut bounded = Bounded::new(&mut text, limit);
    let result = bounded.write_fmt(value);
    let cut = bounded.was_cut();
    match result {
        Err(_) if !cut => Shown::Failed { why: format!("{what} returned an error"), text },
        _ => Shown::Value { text, cut },
    }
}

/// At most so many bytes of it, whole characters only.
pub(crate) fn beginning(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_exactly_is_not_cut() {
        let mut text = String::new();
        let mut bounded = Bounded::new(&mut text, 6);
        assert!(write!(bounded, "{:?}", "abcd").is_ok());
        assert!(!bounded.was_cut());
        assert_eq!(text, "\"abcd\"");
    }

    #[test]
    fn a_character_that_does_not_fit_whole_is_left_out_whole() {
        let mut text = String::new();
        let mut bounded = Bounded::new(&mut text, 4);
        assert!(bounded.write_str("aüü").is_err());
        assert!(bounded.was_cut());
        assert!(bounded.write_str("b").is_err(), "nothing comes after a cut, though it would fit");
        assert_eq!(text, "aü");
    }

    #[test]
    fn a_writer_that_does_not_listen_is_noticed() {
        #[derive(Default)]
        struct Counting(u32, u32);
        impl Sink for Counting {
            fn take(&mut self, _: &str) {}
            fn cut(&mut self) {
                self.0 += 1;
            }
            fn ignored(&mut self) {
                self.1 += 1;
            }
        }
        let mut counting = Counting::default();
        let mut bounded = Bounded::new(&mut counting, 0);
        for _ in 0..=PATIENCE {
            let _ = bounded.write_str("x");
        }
        assert_eq!((counting.0, counting.1), (1, 1));
    }
}

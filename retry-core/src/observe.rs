//! What `tracing` subscribers and `metrics` recorders are told. Without these features nothing is left of it.

use std::fmt::{Debug, Display};
use std::time::Duration;

use crate::event::GiveUp;
use crate::site::Site;

/// An error as far as it can be shown: by its `Display`, else by its `Debug`, else not.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// By its `Display`.
    Display(&'a dyn Display),
    /// By its `Debug`.
    Debug(&'a dyn Debug),
    /// Not at all.
    Nothing,
}

impl Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Display(error) => Display::fmt(error, f),
            Self::Debug(error) => Debug::fmt(error, f),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

#[cfg(feature = "tracing")]
impl Shown<'_> {
    fn value(&self) -> Option<impl tracing::Value + '_> {
        (!matches!(self, Self::Nothing)).then(|| tracing::field::debug(self))
    }
}

/// An event with the fields that all have, and one of its own.
#[cfg(feature = "tracing")]
macro_rules! event {
    ($observed:ident, $level:ident, $own:ident, $message:literal) => {
        tracing::$level!(
            target: "retry_core",
            function = $observed.site.function,
            module = $observed.site.module,
            attempt = $observed.attempt,
            $own,
            error = $observed.error.value(),
            $message
        )
    };
}

/// One thing to tell.
#[cfg_attr(not(feature = "tracing"), allow(dead_code))]
pub(crate) struct Observed<'a> {
    pub(crate) site: &'a Site,
    pub(crate) attempt: u32,
    pub(crate) error: Shown<'a>,
}

#[cfg_attr(not(any(feature = "tracing", feature = "metrics")), allow(clippy::unused_self))]
impl Observed<'_> {
    pub(crate) fn failed(&self, decided: Result<Duration, GiveUp>) {
        let _ = decided;
        #[cfg(feature = "tracing")]
        match decided {
            Ok(wait) => {
                let wait_seconds = wait.as_secs_f64();
                event!(self, warn, wait_seconds, "attempt failed; trying again after the wait");
            }
            Err(reason) => {
                let reason = reason.as_str();
                if decided == Err(GiveUp::Permanent) && self.attempt == 1 {
                    // What is not worth another try at all is the application's to judge.
                    event!(self, debug, reason, "attempt failed; not worth another try");
                } else {
                    event!(self, error, reason, "attempt failed; giving up");
                }
            }
        }
        #[cfg(feature = "metrics")]
        match decided {
            Ok(wait) => {
                metrics::counter!("retry_retries_total", "function" => self.site.function).increment(1);
                metrics::histogram!("retry_wait_seconds", "function" => self.site.function).record(wait);
            }
            Err(reason) => metrics::counter!(
                "retry_give_ups_total",
                "function" => self.site.function,
                "reason" => reason.as_str()
            )
            .increment(1),
        }
    }

    pub(crate) fn recovered(&self) {
        #[cfg(feature = "tracing")]
        tracing::info!(
            target: "retry_core",
            function = self.site.function,
            module = self.site.module,
            attempt = self.attempt,
            "succeeded after retries"
        );
        #[cfg(feature = "metrics")]
        metrics::counter!("retry_recoveries_total", "function" => self.site.function).increment(1);
    }
}

//! What hooks and bodies are told of a call: the attempt, the waits, the error, and why it ended.

use std::fmt;
use std::time::{Duration, Instant};

use crate::clock::Clock;

/// Why a call gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GiveUp {
    /// The last attempt allowed has failed.
    Attempts,
    /// The next wait would have ended past the deadline.
    Deadline,
    /// The shared budget for retries is used up.
    Budget,
    /// The error is not worth another try.
    Permanent,
    /// The error asks for a longer wait than `field(.., max = ..)` allows.
    TooLong,
    /// The timer said that it was stopped: see [`StopToken`](crate::StopToken).
    Stopped,
    /// Retrying is switched off: see [`set_enabled`](crate::set_enabled).
    Disabled,
}

impl GiveUp {
    /// The reason in one word, for labels and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Deadline => "deadline",
            Self::Budget => "budget",
            Self::Permanent => "permanent",
            Self::TooLong => "too_long",
            Self::Stopped => "stopped",
            Self::Disabled => "disabled",
        }
    }
}

impl fmt::Display for GiveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attempts => "no attempts left",
            Self::Deadline => "the next wait would end past the deadline",
            Self::Budget => "the retry budget is used up",
            Self::Permanent => "the error is not worth another try",
            Self::TooLong => "the wait asked for is too long",
            Self::Stopped => "told to stop waiting",
            Self::Disabled => "retrying is switched off",
        })
    }
}

/// Where the length of a wait comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The delay written in the rule that named the error.
    Rule,
    /// The error told it.
    Told,
    /// The policy's own base: nothing else said how long.
    Base,
}

/// The attempt that is being made, as `attempt = n` and the block form hand it to the body.
pub struct Attempt<'a, E> {
    pub(crate) number: u32,
    pub(crate) max: Option<u32>,
    pub(crate) started: Instant,
    pub(crate) clock: Clock,
    pub(crate) skipped: Duration,
    pub(crate) last_error: Option<&'a E>,
}

impl<'a, E> Attempt<'a, E> {
    /// Which attempt this is: 1, 2, ...
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The most attempts there will be; `None` where there is no limit.
    #[must_use]
    pub const fn max(&self) -> Option<u32> {
        self.max
    }

    /// Whether this attempt is the last one allowed; while retrying is [switched off](crate::set_enabled) every
    /// one is.
    #[must_use]
    pub fn is_last(&self) -> bool {
        !crate::is_enabled() || self.max.is_some_and(|max| self.number >= max)
    }

    /// How long the call has taken so far, earlier attempts and waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.clock.since(self.started).saturating_add(self.skipped)
    }

    /// What the attempt before this one failed with; `None` in the first, and after a value that `until` did
    /// not accept.
    #[must_use]
    pub const fn last_error(&self) -> Option<&'a E> {
        self.last_error
    }
}

impl<E> Clone for Attempt<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Attempt<'_, E> {}

impl<E> fmt::Debug for Attempt<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("number", &self.number)
            .field("max", &self.max)
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}

/// What has just happened in a call, as hooks are told.
pub struct Event<'a, E> {
    pub(crate) attempt: u32,
    pub(crate) max: Option<u32>,
    pub(crate) delay: Duration,
    pub(crate) asked: Option<(Cause, Duration)>,
    pub(crate) elapsed: Duration,
    pub(crate) attempt_elapsed: Duration,
    pub(crate) error: Option<&'a E>,
    pub(crate) reason: Option<GiveUp>,
}

impl<'a, E> Event<'a, E> {
    /// The attempt that has just ended: 1, 2, ...
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The most attempts there may be; `None` where there is no limit.
    #[must_use]
    pub const fn max(&self) -> Option<u32> {
        self.max
    }

    /// What is waited now, before the next attempt; zero where there is none.
    #[must_use]
    pub const fn delay(&self) -> Duration {
        self.delay
    }

    /// What was asked for, grown and capped, before jitter made it [`delay`](Self::delay); zero where nothing
    /// is waited.
    #[must_use]
    pub fn asked(&self) -> Duration {
        self.asked.map_or(Duration::ZERO, |(_, asked)| asked)
    }

    /// Where the length of the wait comes from; `None` where nothing is waited.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.asked.map(|(cause, _)| cause)
    }

    /// How long the whole call has taken so far, waits included.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// How long the attempt that has just ended took.
    #[must_use]
    pub const fn attempt_elapsed(&self) -> Duration {
        self.attempt_elapsed
    }

    /// What the attempt failed with; `None` after a success, and after a value that `until` did not accept.
    #[must_use]
    pub const fn error(&self) -> Option<&'a E> {
        self.error
    }

    /// Why the call gives up; `None` where it goes on or has succeeded.
    #[must_use]
    pub const fn reason(&self) -> Option<GiveUp> {
        self.reason
    }
}

impl<E> Clone for Event<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Event<'_, E> {}

impl<E> fmt::Debug for Event<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("attempt", &self.attempt)
            .field("max", &self.max)
            .field("delay", &self.delay)
            .field("cause", &self.cause())
            .field("elapsed", &self.elapsed)
            .field("attempt_elapsed", &self.attempt_elapsed)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

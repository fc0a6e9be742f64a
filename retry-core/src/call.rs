//! One call in progress: how many attempts it has made, which errors it has met how often, and so whether
//! there is another attempt and when.
//!
//! A call that does not fail costs one pointer set to null: everything else is allocated by the first failure.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use crate::classify::Classification;
use crate::clock::Clock;
use crate::event::{Attempt, Cause, Event, GiveUp};
use crate::observe::{Observed, Shown};
use crate::policy::{Delay, Policy};
use crate::site::Site;
use crate::within;

/// What the rules say of one failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Not worth another try.
    Never,
    /// The error told a longer wait than the rule's `max`.
    TooLong,
    /// Worth another try, after the policy's own delay.
    Own,
    /// Worth another try, after the delay written in the rule, which grows.
    After(Duration),
    /// Worth another try, not before the error said.
    Told(Duration),
}

impl Asked {
    /// What an error says of itself.
    #[must_use]
    pub fn by(classification: Classification) -> Self {
        match classification {
            Classification::Permanent => Self::Never,
            Classification::Transient => Self::Own,
            Classification::After(delay) => Self::Told(delay),
        }
    }
}

/// An attempt that has failed.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'e> {
    /// What the rules say of it.
    pub asked: Asked,
    /// What it is told apart from others by.
    pub key: u64,
    /// How it is shown.
    pub error: Shown<'e>,
}

impl Failure<'_> {
    /// The attempt gave a value that `until` does not accept.
    pub const UNREADY: Self = Self { asked: Asked::Own, key: crate::key::UNTIL, error: Shown::Nothing };
}

/// What a call knows of time.
pub trait Timing {
    /// An attempt has failed: how long the call has taken, where the clock is looked at.
    fn attempt_failed(&mut self) -> Option<Duration>;
}

/// A call that never looks at the clock.
#[derive(Debug)]
pub struct Untimed;

impl Timing for Untimed {
    #[inline]
    fn attempt_failed(&mut self) -> Option<Duration> {
        None
    }
}

/// A call that has a deadline, or somebody who asks how long it took.
#[derive(Debug)]
pub struct Timed {
    clock: Clock,
    started: Instant,
    attempt_started: Instant,
    /// While it waits.
    attempt_ended: Option<Instant>,
}

impl Timing for Timed {
    fn attempt_failed(&mut self) -> Option<Duration> {
        let now = self.clock.now();
        self.attempt_ended = Some(now);
        Some(now.saturating_duration_since(self.started))
    }
}

/// A call whose policy says at run time whether it has a deadline.
#[derive(Debug)]
pub struct MaybeTimed {
    clock: Clock,
    started: Option<Instant>,
}

impl Timing for MaybeTimed {
    fn attempt_failed(&mut self) -> Option<Duration> {
        self.started.map(|started| self.clock.since(started))
    }
}

/// Something that stands in a function's stack frame, by whose address crash reports find it there.
pub type Anchor = MaybeUninit<u8>;

/// A call in progress.
#[derive(Debug)]
pub struct Call<T = Untimed> {
    history: OnFailure,
    timing: T,
}

/// What has happened, once something has. Its end is kept out of the way of a call that does not fail.
#[derive(Debug)]
struct OnFailure(ManuallyDrop<Option<Box<History>>>);

impl OnFailure {
    const NOT_YET: Self = Self(ManuallyDrop::new(None));
}

impl Deref for OnFailure {
    type Target = Option<Box<History>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for OnFailure {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for OnFailure {
    #[inline]
    fn drop(&mut self) {
        #[cold]
        #[inline(never)]
        fn end(history: &mut Option<Box<History>>) {
            *history = None;
        }
        if self.is_some() {
            end(self);
        }
    }
}

#[derive(Debug, Default)]
struct History {
    failures: u32,
    /// Where it fails, so that a call that does not fail has nothing to say of it.
    site: Option<&'static Site>,
    /// What was asked for last, and by whom.
    asked: Option<(Cause, Duration)>,
    /// What a test's recorder has skipped of this call's waits before this failure, which counts as passed.
    skipped: Duration,
    /// The same of the wait after it.
    skipping: Duration,
    /// What a crash report says of this call.
    seen: within::History,
    met: Vec<Met>,
}

/// An error met before in this call, told apart from others by its key.
#[derive(Debug)]
struct Met {
    key: u64,
    times: u32,
    previous: Option<Duration>,
}

impl Call {
    /// A call that never looks at the clock.
    #[inline]
    #[must_use]
    pub const fn untimed() -> Self {
        Self { history: OnFailure::NOT_YET, timing: Untimed }
    }
}

impl Call<MaybeTimed> {
    /// A call that looks at the clock if the policy has a deadline.
    #[inline]
    #[must_use]
    pub fn timed_by(policy: &Policy, clock: Clock) -> Self {
        let started = policy.max_elapsed().map(|_| clock.now());
        Self { history: OnFailure::NOT_YET, timing: MaybeTimed { clock, started } }
    }
}

#[cfg(feature = "tower")]
impl Call<MaybeTimed> {
    /// A call that began when this one did, with nothing failed yet.
    pub(crate) fn begun_with(&self) -> Self {
        let MaybeTimed { clock, started } = self.timing;
        Self { history: OnFailure::NOT_YET, timing: MaybeTimed { clock, started } }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failures() > 0
    }
}

impl Call<Timed> {
    /// A call that starts now.
    #[inline]
    #[must_use]
    pub fn timed(clock: Clock) -> Self {
        let now = clock.now();
        Self {
            history: OnFailure::NOT_YET,
            timing: Timed { clock, started: now, attempt_started: now, attempt_ended: None },
        }
    }

    /// Another attempt begins after a wait.
    pub fn attempt_begins(&mut self) {
        self.timing.attempt_started = self.timing.clock.now();
        self.timing.attempt_ended = None;
    }

    /// The attempt that is being made.
    #[must_use]
    pub fn attempt<'a, E>(&self, policy: &Policy, last_error: Option<&'a E>) -> Attempt<'a, E> {
        Attempt {
            number: self.failures().saturating_add(1),
            max: policy.max_attempts(),
            started: self.timing.started,
            clock: self.timing.clock,
            skipped: self.skipped(true),
            last_error,
        }
    }

    /// What to tell hooks of a failure that [`failed`](Call::failed) has decided.
    #[must_use]
    pub fn failure_event<'a, E>(
        &self,
        policy: &Policy,
        error: Option<&'a E>,
        decided: Result<Duration, GiveUp>,
    ) -> Event<'a, E> {
        Event {
            attempt: self.failures(),
            error,
            delay: decided.unwrap_or_default(),
            asked: decided.ok().and(self.history.as_ref()).and_then(|history| history.asked),
            reason: decided.err(),
            ..self.event(policy, false)
        }
    }

    /// What to tell hooks of a success; `outcome` only says which error type it would have been.
    #[must_use]
    pub fn success_event<'a, T, E>(&self, policy: &Policy, _outcome: &'a Result<T, E>) -> Event<'a, E> {
        Event { attempt: self.failures().saturating_add(1), ..self.event(policy, true) }
    }

    fn event<'a, E>(&self, policy: &Policy, has_waited: bool) -> Event<'a, E> {
        let Timed { clock, started, attempt_started, attempt_ended } = self.timing;
        let now = clock.now();
        let ended = attempt_ended.unwrap_or(now);
        Event {
            attempt: 0,
            max: policy.max_attempts(),
            delay: Duration::ZERO,
            asked: None,
            elapsed: now.saturating_duration_since(started).saturating_add(self.skipped(has_waited)),
            attempt_elapsed: ended.saturating_duration_since(attempt_started),
            error: None,
            reason: None,
        }
    }
}

impl<T> Call<T> {
    /// The frame of the call, once an attempt has failed.
    #[cfg(feature = "crash")]
    #[inline]
    pub(crate) fn crash_frame(&self) -> Option<&crate::crash::attempts::CallFrame> {
        self.history.as_ref().and_then(|history| history.seen.frame())
    }
}

impl<T: Timing> Call<T> {
    /// An attempt has failed: what to wait before the next one, or why there is none.
    ///
    /// # Errors
    /// The reason for giving up.
    #[cold]
    pub fn failed(
        &mut self,
        policy: &Policy,
        site: &'static Site,
        failure: Failure<'_>,
    ) -> Result<Duration, GiveUp> {
        let Failure { asked, key, error } = failure;
        let history = self.history.get_or_insert_default();
        history.site = Some(site);
        history.failures = history.failures.saturating_add(1);
        history.skipped = history.skipped.saturating_add(history.skipping);
        let elapsed = self.timing.attempt_failed().map(|elapsed| elapsed.saturating_add(history.skipped));
        let decided = history.decide(policy, asked, key, elapsed);
        let is_skipped = crate::testing::current().is_some();
        if decided.is_ok() {
            history.seen.failed(site, policy.max_attempts(), history.failures, error);
        }
        history.skipping = decided.ok().filter(|_| is_skipped).unwrap_or_default();
        Observed { site, attempt: history.failures, error }.failed(decided);
        decided
    }

    /// The same of a call that stays on this thread.
    ///
    /// # Errors
    /// The reason for giving up.
    #[cold]
    pub fn failed_here(
        &mut self,
        policy: &Policy,
        site: &'static Site,
        failure: Failure<'_>,
        anchor: &Anchor,
    ) -> Result<Duration, GiveUp> {
        let decided = self.failed(policy, site, failure);
        self.stay(anchor);
        decided
    }

    /// From here on all attempts run on this thread, called by the function that this stands in.
    #[cold]
    pub fn stay(&mut self, anchor: &Anchor) {
        if let Some(history) = &mut *self.history {
            history.seen.stay(anchor);
        }
    }

    /// The timer was stopped while it waited.
    pub fn stopped(&self, site: &Site, error: Shown<'_>) -> GiveUp {
        Observed { site, attempt: self.failures(), error }.failed(Err(GiveUp::Stopped));
        GiveUp::Stopped
    }

    /// An attempt has succeeded.
    #[inline]
    pub fn succeeded(&self) {
        if cfg!(any(feature = "tracing", feature = "metrics"))
            && let Some(history) = &*self.history
            && let Some(site) = history.site
        {
            let attempt = history.failures.saturating_add(1);
            Observed { site, attempt, error: Shown::Nothing }.recovered();
        }
    }

    fn failures(&self) -> u32 {
        self.history.as_ref().map_or(0, |history| history.failures)
    }

    /// What a test's recorder has skipped so far, with the wait after the last failure or without it.
    fn skipped(&self, has_waited: bool) -> Duration {
        self.history.as_ref().map_or(Duration::ZERO, |history| {
            let last = if has_waited { history.skipping } else { Duration::ZERO };
            history.skipped.saturating_add(last)
        })
    }
}

impl History {
    fn decide(
        &mut self,
        policy: &Policy,
        asked: Asked,
        key: u64,
        elapsed: Option<Duration>,
    ) -> Result<Duration, GiveUp> {
        match asked {
            Asked::Never => return Err(GiveUp::Permanent),
            Asked::TooLong => return Err(GiveUp::TooLong),
            Asked::Own | Asked::After(_) | Asked::Told(_) => {}
        }
        if !crate::switch::is_enabled() {
            return Err(GiveUp::Disabled);
        }
        if policy.max_attempts().is_some_and(|max| self.failures >= max) {
            return Err(GiveUp::Attempts);
        }
        let delay = self.delay(policy, asked, key);
        match (policy.max_elapsed(), elapsed) {
            (Some(deadline), Some(elapsed)) => {
                deadline.checked_sub(elapsed).and_then(|left| delay.within(left)).ok_or(GiveUp::Deadline)
            }
            _ => Ok(delay.drawn),
        }
    }

    fn delay(&mut self, policy: &Policy, asked: Asked, key: u64) -> Delay {
        let met = self.meet(key);
        let (cause, delay) = match asked {
            Asked::Told(told) => (Cause::Told, policy.told_delay(told, &mut crate::random::unit)),
            Asked::After(base) => (Cause::Rule, met.own_delay(policy, base)),
            _ => (Cause::Base, met.own_delay(policy, policy.base)),
        };
        self.asked = Some((cause, delay.asked));
        delay
    }

    fn meet(&mut self, key: u64) -> &mut Met {
        let known = self.met.iter().position(|met| met.key == key).unwrap_or_else(|| {
            self.met.push(Met { key, times: 0, previous: None });
            self.met.len() - 1
        });
        let met = &mut self.met[known];
        met.times = met.times.saturating_add(1);
        met
    }
}

impl Met {
    fn own_delay(&mut self, policy: &Policy, base: Duration) -> Delay {
        let delay = policy.own_delay(base, self.times, self.previous, &mut crate::random::unit);
        self.previous = Some(delay.drawn);
        delay
    }
}

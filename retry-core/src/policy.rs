//! The numbers of a policy: how delays grow, how they are spread, and where it ends. Nothing here sleeps or reads a
//! clock; random numbers are handed in, but for `delays`, which draws them as a call would.

use std::time::Duration;

use crate::growth::Growth;
use crate::jitter::Jitter;

/// Limits and growth: what `backoff`, `attempts`, `jitter` and `deadline` say in the attribute, as a value.
///
/// It is used where these are decided at run time (`#[retry(policy = self.policy)]`), and, with the feature
/// `serde`, read from a configuration file. It says nothing of *which* errors are worth another try.
///
/// ```
/// use retry_core::{Jitter, Policy};
/// use std::time::Duration;
///
/// let policy = Policy::exponential()
///     .base(Duration::from_millis(100))
///     .factor(3.0)
///     .cap(Duration::from_secs(2))
///     .jitter(Jitter::None)
///     .attempts(5);
/// let delays: Vec<_> = policy.delays().collect();
/// assert_eq!(delays, [100, 300, 900, 2000].map(Duration::from_millis));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Policy {
    pub(crate) growth: Growth,
    pub(crate) base: Duration,
    pub(crate) cap: Option<Duration>,
    pub(crate) jitter: Jitter,
    /// Zero stands for no limit.
    pub(crate) attempts: u32,
    pub(crate) deadline: Option<Duration>,
}

impl Default for Policy {
    fn default() -> Self {
        Self::new()
    }
}

impl Policy {
    /// The number of attempts unless said: the first call and three retries.
    pub const DEFAULT_ATTEMPTS: u32 = 4;
    /// The delay of errors that have none of their own, unless said.
    pub const DEFAULT_BASE: Duration = Duration::from_secs(1);
    /// The factor of exponential growth, unless said.
    pub const DEFAULT_FACTOR: f64 = 2.0;

    /// What holds unless said: four attempts, fixed delays of one second, up to 10 % of jitter, no deadline.
    pub const fn new() -> Self {
        Self {
            growth: Growth::Fixed,
            base: Self::DEFAULT_BASE,
            cap: None,
            jitter: Jitter::DEFAULT,
            attempts: Self::DEFAULT_ATTEMPTS,
            deadline: None,
        }
    }

    /// Delays that stay as they are.
    pub const fn fixed() -> Self {
        Self::new()
    }

    /// Delays that are multiplied each time: base, base x factor, base x factor², ...
    pub const fn exponential() -> Self {
        Self::new().with_growth(Growth::Exponential { factor: Self::DEFAULT_FACTOR })
    }

    /// Delays that grow by the same step each time: base, base + step, base + 2 x step, ...
    ///
    /// A `step` of `None` is the base itself.
    pub const fn linear(step: Option<Duration>) -> Self {
        Self::new().with_growth(Growth::Linear { step })
    }

    /// Delays that grow as Fibonacci's numbers: base x 1, 1, 2, 3, 5, ...
    pub const fn fibonacci() -> Self {
        Self::new().with_growth(Growth::Fibonacci)
    }

    const fn with_growth(mut self, growth: Growth) -> Self {
        self.growth = growth;
        self
    }

    /// The delay of errors that are worth another try and have no delay of their own; one second unless said.
    pub const fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// By how much an exponential delay is multiplied each time; two unless said.
    ///
    /// A factor that is NaN or negative counts as one. Growth that is not exponential has no factor and stays
    /// as it is.
    pub const fn factor(mut self, factor: f64) -> Self {
        if let Growth::Exponential { .. } = self.growth {
            let factor = if factor >= 0.0 { factor.min(f64::MAX) } else { 1.0 };
            self.growth = Growth::Exponential { factor };
        }
        self
    }

    /// The most that is waited at once, jitter included; no limit unless said. Only a delay that the error
    /// told is waited beyond it.
    pub const fn cap(mut self, cap: Duration) -> Self {
        self.cap = Some(cap);
        self
    }

    /// How delays are spread; up to 10 % more unless said. A fraction that is negative or NaN counts as
    /// zero.
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = match jitter {
            Jitter::Fraction(fraction) if fraction > 0.0 => Jitter::Fraction(fraction.min(f64::MAX)),
            Jitter::Fraction(_) => Jitter::Fraction(0.0),
            other => other,
        };
        self
    }

    /// The most attempts, the first call included; four unless said. Zero counts as one.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// No limit on the number of attempts.
    pub const fn unlimited_attempts(mut self) -> Self {
        self.attempts = 0;
        self
    }

    /// How long the whole call may take, waits included; no limit unless said. A wait that would end past it
    /// is not begun: the call gives up at once.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The most attempts, the first call included; `None` where there is no limit.
    #[must_use]
    pub const fn max_attempts(&self) -> Option<u32> {
        if self.attempts == 0 { None } else { Some(self.attempts) }
    }

    /// The whole call's deadline, if there is one.
    #[must_use]
    pub const fn max_elapsed(&self) -> Option<Duration> {
        self.deadline
    }

    /// The delays of an error that keeps coming back and has none of its own, drawn as a call would draw them.
    ///
    /// The deadline is not looked at: how long the attempts take is not known here. Without a limit on
    /// attempts the iterator does not end.
    ///
    /// ```
    /// use retry_core::{Jitter, Policy};
    /// use std::time::Duration;
    ///
    /// let delays = Policy::fibonacci().jitter(Jitter::None).attempts(6).delays();
    /// assert_eq!(delays.collect::<Vec<_>>(), [1, 1, 2, 3, 5].map(Duration::from_secs));
    /// ```
    pub fn delays(&self) -> impl Iterator<Item = Duration> + use<> {
        let policy = *self;
        let mut previous = None;
        let met = 1..policy.max_attempts().unwrap_or(u32::MAX);
        met.map(move |met| {
            let wait = policy.own_delay(policy.base, met, previous, &mut crate::random::unit);
            previous = Some(wait.drawn);
            wait.drawn
        })
    }

    /// The delay of an error met for the `met`-th time in a call, from the base written for it.
    pub(crate) fn own_delay(
        &self,
        base: Duration,
        met: u32,
        previous: Option<Duration>,
        unit: &mut impl FnMut() -> f64,
    ) -> Delay {
        let cap = self.cap.unwrap_or(Duration::MAX);
        // Decorrelated jitter grows by itself, from the base.
        let growth = if self.jitter == Jitter::Decorrelated { Growth::Fixed } else { self.growth };
        let grown = growth.delay(base, met).min(cap);
        let drawn = self.jitter.spread(grown, base, previous, unit).min(cap);
        // What jitter adds may be taken back to meet a deadline; what it took away may not be added again.
        Delay { asked: grown, floor: grown.min(drawn), drawn }
    }

    /// The delay that the error told: a floor, spread upwards only, and past the cap only as far as told.
    pub(crate) fn told_delay(&self, told: Duration, unit: &mut impl FnMut() -> f64) -> Delay {
        let cap = self.cap.unwrap_or(Duration::MAX);
        let drawn = self.jitter.spread_upwards(told, unit).min(cap).max(told);
        Delay { asked: told, floor: told, drawn }
    }
}

/// A delay before the deadline has had its say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delay {
    /// What was asked for, before jitter.
    pub(crate) asked: Duration,
    /// The least that may be waited.
    pub(crate) floor: Duration,
    /// What is waited where the deadline leaves room for it.
    pub(crate) drawn: Duration,
}

impl Delay {
    /// What is waited within `left`, or `None` where even the least would end past it.
    pub(crate) fn within(self, left: Duration) -> Option<Duration> {
        (self.floor <= left).then(|| self.drawn.min(left))
    }
}

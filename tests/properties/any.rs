//! Any settings, any errors, and a call made with them.

use std::cell::Cell;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::{Classification, GiveUp, Jitter, Policy, RetryClassify, retry_policy, testing};

/// How delays grow, as a model of what the contract says.
#[derive(Debug, Clone, Copy)]
pub enum Growth {
    Fixed,
    Exponential(f64),
    Linear(Option<Duration>),
    Fibonacci,
}

/// All that a policy has.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub growth: Growth,
    pub base: Duration,
    pub cap: Option<Duration>,
    pub jitter: Jitter,
    pub attempts: Option<u32>,
    pub deadline: Option<Duration>,
}

impl Settings {
    pub fn policy(&self) -> Policy {
        let mut policy = match self.growth {
            Growth::Fixed => Policy::fixed(),
            Growth::Exponential(factor) => Policy::exponential().factor(factor),
            Growth::Linear(step) => Policy::linear(step),
            Growth::Fibonacci => Policy::fibonacci(),
        };
        policy = policy.base(self.base).jitter(self.jitter);
        policy = self.cap.map_or(policy, |cap| policy.cap(cap));
        policy = self.deadline.map_or(policy, |deadline| policy.deadline(deadline));
        self.attempts.map_or(policy.unlimited_attempts(), |attempts| policy.attempts(attempts))
    }

    /// The cap, or what is as good as none.
    pub fn most(&self) -> Duration {
        self.cap.unwrap_or(Duration::MAX)
    }
}

/// What an attempt fails with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Failure {
    /// The policy's own delay.
    Own,
    /// A delay written in the rule.
    Written,
    /// A delay in the error.
    Told(Duration),
    /// A number of seconds in the error, of any kind.
    Number(f64),
}

impl RetryClassify for Failure {
    /// Of what no rule names, which is `Own`.
    fn classify(&self) -> Classification {
        Classification::Transient
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub waits: Vec<Duration>,
    pub calls: usize,
    pub reason: Option<GiveUp>,
    pub draws: u64,
}

/// Makes a call that fails with these errors and then succeeds.
pub fn call(settings: &Settings, written: Duration, failures: &[Failure], seed: u64) -> Made {
    let recorder = testing::record_seeded(seed);
    let (calls, reason) = (Cell::new(0), Cell::new(None));
    let policy = retry_policy!(
        Failure: Written = written,
        Told = field(0),
        Number = field(0),
        policy = settings.policy(),
        on_give_up = |event| reason.set(event.reason())
    );
    let result = policy.run_blocking(|_| {
        calls.set(calls.get() + 1);
        failures.get(calls.get() - 1).map_or(Ok(()), |failure| Err(*failure))
    });
    assert_eq!(result.is_err(), reason.get().is_some());
    Made {
        waits: recorder.delays(),
        calls: calls.get(),
        reason: reason.get(),
        draws: recorder.random_draws(),
    }
}

/// As many cases as are quick; `PROPTEST_CASES` makes more of them.
pub fn config() -> ProptestConfig {
    let cases =
        if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 512 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Durations that are met, and those at the edges.
pub fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        2 => Just(Duration::ZERO),
        1 => Just(Duration::from_nanos(1)),
        8 => (0..5_000_u64).prop_map(Duration::from_millis),
        4 => (0..1_000_000_u64, 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
        2 => (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
        1 => Just(Duration::from_secs(u64::MAX)),
        2 => Just(Duration::MAX),
    ]
}

/// Numbers, and what floats have besides.
pub fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => 0.0..4.0,
        4 => (0..9_u32).prop_map(f64::from),
        2 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(-1.0),
        1 => Just(f64::MAX),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

pub fn jitter() -> impl Strategy<Value = Jitter> {
    prop_oneof![
        Just(Jitter::None),
        Just(Jitter::Full),
        Just(Jitter::Equal),
        Just(Jitter::Decorrelated),
        Just(Jitter::default()),
        number().prop_map(Jitter::Fraction),
    ]
}

pub fn growth() -> impl Strategy<Value = Growth> {
    prop_oneof![
        Just(Growth::Fixed),
        Just(Growth::Exponential(2.0)),
        number().prop_map(Growth::Exponential),
        Just(Growth::Linear(None)),
        duration().prop_map(|step| Growth::Linear(Some(step))),
        Just(Growth::Fibonacci),
    ]
}

pub fn settings() -> impl Strategy<Value = Settings> {
    let attempts = prop_oneof![Just(None), (0..40_u32).prop_map(Some)];
    // Up to a thousand years: a test's clock has no room for more.
    let deadline = prop_oneof![
        Just(None),
        (0..100_000_u64).prop_map(|millis| Some(Duration::from_millis(millis))),
        (0..32_000_000_000_u64).prop_map(|seconds| Some(Duration::from_secs(seconds))),
    ];
    (growth(), duration(), prop::option::of(duration()), jitter(), attempts, deadline).prop_map(
        |(growth, base, cap, jitter, attempts, deadline)| Settings {
            growth,
            base,
            cap,
            jitter,
            attempts,
            deadline,
        },
    )
}

pub fn failures() -> impl Strategy<Value = Vec<Failure>> {
    let failure = prop_oneof![
        3 => Just(Failure::Own),
        3 => Just(Failure::Written),
        3 => duration().prop_map(Failure::Told),
        1 => number().prop_map(Failure::Number),
    ];
    prop::collection::vec(failure, 0..40)
}

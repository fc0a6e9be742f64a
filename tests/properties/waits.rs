//! What no settings may change: told delays are floors, caps and deadlines hold, nothing overflows.

use std::time::Duration;

use proptest::prelude::*;
use retry_core::{GiveUp, Jitter, Policy, retry_policy, testing};

use crate::any::{self, Failure, Growth, Made, Settings, call};

const NANO: Duration = Duration::from_nanos(1);

/// What the error told, if anything.
fn told(failure: Failure) -> Option<Duration> {
    match failure {
        Failure::Told(told) => Some(told),
        Failure::Number(number) if number >= 0.0 => {
            Some(Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX))
        }
        Failure::Number(_) | Failure::Own | Failure::Written => None,
    }
}

fn sum(waits: &[Duration]) -> Duration {
    waits.iter().fold(Duration::ZERO, |sum, wait| sum.saturating_add(*wait))
}

/// The delays as the contract says them, without jitter and deadline: in whole nanoseconds, or, where a factor
/// is no whole number, as near as a float comes.
struct Model {
    met: [u32; 4],
}

impl Model {
    fn delay(&mut self, settings: &Settings, written: Duration, failure: Failure) -> Duration {
        let variant = match failure {
            Failure::Own => 0,
            Failure::Written => 1,
            Failure::Told(_) => 2,
            Failure::Number(_) => 3,
        };
        self.met[variant] += 1;
        if let Some(told) = told(failure) {
            return told;
        }
        let base = if failure == Failure::Written { written } else { settings.base };
        grown(settings.growth, base, self.met[variant]).min(settings.most())
    }
}

fn grown(growth: Growth, base: Duration, met: u32) -> Duration {
    let nanos = base.as_nanos();
    let grown = match growth {
        Growth::Fixed => nanos,
        Growth::Linear(step) => {
            let step = step.unwrap_or(base).as_nanos();
            (1..met).fold(nanos, |sum, _| sum.saturating_add(step))
        }
        Growth::Fibonacci => {
            let numbers =
                (1..met).fold((1_u128, 1_u128), |(this, next), _| (next, this.saturating_add(next)));
            nanos.saturating_mul(numbers.0)
        }
        Growth::Exponential(factor) if factor.is_nan() || factor < 0.0 => nanos,
        Growth::Exponential(factor) if factor.fract() == 0.0 && factor < 1e9 => {
            (1..met).fold(nanos, |product, _| product.saturating_mul(factor as u128))
        }
        Growth::Exponential(factor) => {
            (1..met).fold(nanos as f64, |product, _| product * factor).round() as u128
        }
    };
    let seconds = grown / 1_000_000_000;
    u64::try_from(seconds)
        .map_or(Duration::MAX, |seconds| Duration::new(seconds, (grown % 1_000_000_000) as u32))
}

/// Whether two delays are the same, to what a float can tell.
fn near(one: Duration, two: Duration, exact: bool) -> bool {
    let tolerance = if exact { Duration::ZERO } else { NANO.max(one.max(two).div_f64(1e9)) };
    one.abs_diff(two) <= tolerance
}

fn is_whole(growth: Growth) -> bool {
    match growth {
        Growth::Exponential(factor) => {
            factor.is_nan() || factor < 0.0 || factor.fract() == 0.0 && factor < 1e9
        }
        _ => true,
    }
}

proptest! {
    #![proptest_config(any::config())]

    #[test]
    fn a_told_delay_is_a_floor_and_goes_past_the_cap_only_as_far_as_told(
        settings in any::settings(), written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        let made = call(&settings, written, &failures, seed);
        for (wait, failure) in made.waits.iter().zip(&failures) {
            match told(*failure) {
                Some(told) => {
                    prop_assert!(*wait >= told, "{wait:?} is below {told:?}");
                    prop_assert!(*wait <= settings.most().max(told), "{wait:?} is past the cap");
                }
                None => prop_assert!(*wait <= settings.most(), "{wait:?} is past the cap"),
            }
        }
    }

    #[test]
    fn the_waits_together_never_go_beyond_the_deadline(
        mut settings in any::settings(), deadline in 0..10_000_000_u64,
        written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        let deadline = Duration::from_millis(deadline);
        settings.deadline = Some(deadline);
        let made = call(&settings, written, &failures, seed);
        prop_assert!(sum(&made.waits) <= deadline, "{:?} of {deadline:?}", made.waits);
    }

    #[test]
    fn limits_end_a_call_and_nothing_else_does(
        settings in any::settings(), written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        let Made { waits, calls, reason, draws } = call(&settings, written, &failures, seed);
        let most = settings.attempts.map_or(usize::MAX, |attempts| attempts.max(1) as usize);
        prop_assert!(calls <= most);
        prop_assert_eq!(waits.len(), calls - 1);
        // At most one draw for each wait, and one for a wait that was not begun.
        prop_assert!(draws <= calls as u64);
        match reason {
            None => prop_assert_eq!(calls, failures.len() + 1),
            Some(GiveUp::Attempts) => prop_assert_eq!(calls, most),
            Some(GiveUp::Deadline) => prop_assert!(settings.deadline.is_some()),
            Some(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn without_jitter_waits_are_what_the_contract_says(
        mut settings in any::settings(), written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        settings.jitter = Jitter::None;
        let made = call(&settings, written, &failures, seed);
        prop_assert_eq!(made.draws, 0);
        let mut model = Model { met: [0; 4] };
        let exact = is_whole(settings.growth);
        for (wait, failure) in made.waits.iter().zip(&failures) {
            let expected = model.delay(&settings, written, *failure);
            prop_assert!(near(*wait, expected, exact), "{wait:?} for {failure:?}, not {expected:?}");
        }
        if let (Some(GiveUp::Deadline), Some(deadline)) = (made.reason, settings.deadline) {
            // It was right to: the next wait would not have fitted. Real time passes here as well.
            let next = model.delay(&settings, written, failures[made.calls - 1]);
            let end = sum(&made.waits).saturating_add(next).saturating_add(Duration::from_secs(5));
            prop_assert!(end > deadline, "{next:?} would have fitted into {deadline:?}");
        }
    }

    #[test]
    fn jitter_stays_within_what_its_kind_says(
        mut settings in any::settings(), written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        settings.deadline = None;
        let made = call(&settings, written, &failures, seed);
        let mut model = Model { met: [0; 4] };
        let mut previous = [None; 2];
        for (wait, failure) in made.waits.iter().zip(&failures) {
            let asked = model.delay(&settings, written, *failure);
            let is_told = told(*failure).is_some();
            let (least, most) = match settings.jitter {
                Jitter::Full if !is_told => (Duration::ZERO, asked),
                Jitter::Equal if !is_told => (asked / 2, asked),
                Jitter::Decorrelated if !is_told => {
                    let (own, base) = match failure {
                        Failure::Written => (0, written),
                        _ => (1, settings.base),
                    };
                    // A number that tells nothing has a history of its own, which is not followed here.
                    let before = previous[own].unwrap_or(base);
                    let is_counted = !matches!(failure, Failure::Number(_));
                    if is_counted {
                        previous[own] = Some(*wait);
                    }
                    let upper = if is_counted { before.saturating_mul(3).max(base) } else { Duration::MAX };
                    (base.min(settings.most()), upper.min(settings.most()))
                }
                Jitter::None => (asked, asked),
                Jitter::Full | Jitter::Decorrelated => (asked, asked.saturating_mul(2)),
                Jitter::Equal => (asked, asked.saturating_add(asked / 2)),
                Jitter::Fraction(fraction) if fraction > 0.0 => {
                    let more = asked.as_secs_f64() * (1.0 + fraction);
                    (asked, Duration::try_from_secs_f64(more).unwrap_or(Duration::MAX))
                }
                _ => (asked, asked),
            };
            let cap = if is_told { settings.most().max(asked) } else { settings.most() };
            let slack = NANO.max(most.div_f64(1e9));
            prop_assert!(wait.saturating_add(slack) >= least.min(cap), "{wait:?} is below {least:?}");
            prop_assert!(*wait <= most.saturating_add(slack).min(cap), "{wait:?} is above {most:?}");
        }
    }

    #[test]
    fn unless_said_a_wait_is_up_to_a_tenth_longer_and_never_shorter(
        base in 0..10_000_000_000_000_u64, attempts in 2..12_u32, seed: u64,
    ) {
        let _recorder = testing::record_seeded(seed);
        let base = Duration::from_nanos(base);
        for policy in [Policy::exponential(), Policy::fixed(), Policy::linear(None), Policy::fibonacci()] {
            let policy = policy.base(base).attempts(attempts);
            for (wait, asked) in policy.delays().zip(policy.jitter(Jitter::None).delays()) {
                prop_assert!(wait >= asked && wait <= asked + asked / 10 + NANO, "{wait:?} for {asked:?}");
            }
        }
    }

    #[test]
    fn without_jitter_delays_that_grow_never_shrink(
        mut settings in any::settings(), factor in prop_oneof![1.0..8.0, 1.0..1e308],
    ) {
        settings.jitter = Jitter::None;
        if let Growth::Exponential(_) = settings.growth {
            settings.growth = Growth::Exponential(factor);
        }
        let delays: Vec<_> = settings.policy().delays().take(300).collect();
        prop_assert!(delays.is_sorted(), "{delays:?}");
        if let Some(first) = delays.first() {
            prop_assert_eq!(*first, settings.base.min(settings.most()), "the first is the base itself");
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_call(
        mut settings in any::settings(), written in any::duration(), failures in any::failures(), seed: u64,
    ) {
        // What is left to a deadline depends on real time.
        settings.deadline = None;
        let made = call(&settings, written, &failures, seed);
        prop_assert_eq!(call(&settings, written, &failures, seed), made);
    }

    #[test]
    fn the_delays_of_a_policy_are_those_of_a_call(mut settings in any::settings(), seed: u64) {
        settings.deadline = None;
        let made = call(&settings, Duration::ZERO, &[Failure::Own; 50], seed);
        let _recorder = testing::record_seeded(seed);
        let delays: Vec<_> = settings.policy().delays().take(50).collect();
        prop_assert_eq!(delays, made.waits);
    }
}

#[test]
fn nothing_overflows_at_attempt_ten_thousand() {
    let growths = [
        Growth::Exponential(2.0),
        Growth::Exponential(1.5),
        Growth::Exponential(f64::MAX),
        Growth::Exponential(f64::INFINITY),
        Growth::Exponential(f64::NAN),
        Growth::Exponential(-3.0),
        Growth::Exponential(0.0),
        Growth::Linear(Some(Duration::MAX)),
        Growth::Fibonacci,
    ];
    let jitters = [
        Jitter::None,
        Jitter::Full,
        Jitter::Equal,
        Jitter::Decorrelated,
        Jitter::Fraction(f64::INFINITY),
        Jitter::Fraction(f64::NAN),
    ];
    // Each growth with another jitter, in turn, so that all are met with the shortest and the longest base.
    for (number, growth) in growths.into_iter().enumerate() {
        for (base, more) in [(Duration::from_millis(1), 0), (Duration::MAX, 1), (Duration::ZERO, 2)] {
            let jitter = jitters[(number + more) % jitters.len()];
            let cap = (more == 0).then_some(Duration::from_secs(7));
            let settings = Settings { growth, base, cap, jitter, attempts: None, deadline: None };
            let made = call(&settings, base, &[Failure::Own; 10_000], 1);
            assert_eq!(made.calls, 10_001, "{settings:?}");
            assert!(made.waits.iter().all(|wait| *wait <= settings.most()), "{settings:?}");
        }
    }
}

#[test]
fn the_longest_delays_of_all_kinds_saturate() {
    for growth in [Growth::Fixed, Growth::Exponential(1e300), Growth::Linear(None), Growth::Fibonacci] {
        let jitter = Jitter::None;
        let settings =
            Settings { growth, base: Duration::MAX, cap: None, jitter, attempts: None, deadline: None };
        let failures = [Failure::Own, Failure::Written, Failure::Told(Duration::MAX), Failure::Own];
        let made = call(&settings, Duration::MAX, &failures, 0);
        assert_eq!(made.waits, [Duration::MAX; 4], "{growth:?}");
    }
    let longest = Settings {
        growth: Growth::Fixed,
        base: Duration::MAX,
        cap: None,
        jitter: Jitter::Fraction(f64::MAX),
        attempts: None,
        deadline: Some(Duration::from_secs(9)),
    };
    let made = call(&longest, Duration::MAX, &[Failure::Own], 0);
    assert_eq!((made.calls, made.reason), (1, Some(GiveUp::Deadline)));
}

#[test]
fn a_whole_factor_is_exact_to_the_nanosecond_as_far_as_a_duration_reaches() {
    let base = Duration::from_nanos(1_000_003);
    let policy = Policy::exponential().base(base).jitter(Jitter::None).unlimited_attempts();
    let mut expected = base.as_nanos();
    for delay in policy.delays().take(70) {
        assert_eq!(delay.as_nanos(), expected);
        expected *= 2;
    }
    // 100 ms doubled is 200 ms, and not 200.000003.
    let policy = retry_policy!(Failure: Written = 100ms, backoff = exp(max = 3, jitter = none));
    let recorder = testing::record();
    policy.run_blocking(|_| Err::<(), _>(Failure::Written)).unwrap_err();
    assert_eq!(recorder.delays(), [100, 200].map(Duration::from_millis));
}

#[test]
fn a_fraction_of_more_than_a_hundred_days_begins_with_the_base_itself() {
    // More nanoseconds than a float can tell apart.
    let base = Duration::new(1_000_000_000, 1);
    let policy = Policy::exponential().base(base).factor(1.5).jitter(Jitter::None);
    assert_eq!(policy.delays().next(), Some(base));
}

//! How jitter is spread: Kolmogorov and Smirnov's test on draws that are the same in each run.

use std::time::Duration;

use retry_core::{Classification, Jitter, Policy, RetryPolicy, testing};

const DRAWS: usize = 100_000;
const SECOND: f64 = 1.0;

/// The greatest distance between what was drawn and an even spread over [least, most].
fn distance(drawn: &[f64], least: f64, most: f64) -> f64 {
    let mut sorted = drawn.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let at = |(number, value): (usize, &f64)| {
        let expected = ((value - least) / (most - least)).clamp(0.0, 1.0);
        (expected - number as f64 / count).abs().max((expected - (number + 1) as f64 / count).abs())
    };
    sorted.iter().enumerate().map(at).fold(0.0, f64::max)
}

#[track_caller]
fn assert_even(drawn: &[f64], least: f64, most: f64) {
    // One even spread in a thousand would be further away than 1.95 / sqrt(n).
    let (limit, distance) = (1.95 / (drawn.len() as f64).sqrt(), distance(drawn, least, most));
    assert!(distance < limit, "{distance} from an even spread over {least}..{most}; allowed are {limit}");
    assert!(drawn.iter().all(|value| (least..=most).contains(value)));
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
    let width = most - least;
    assert!((mean - (least + most) / 2.0).abs() < width * 0.01, "a mean of {mean}");
    assert!((variance / (width * width / 12.0) - 1.0).abs() < 0.02, "a variance of {variance}");
    // No draw says anything of the next.
    let together = drawn.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum::<f64>();
    let correlation = together / drawn.len() as f64 / variance;
    assert!(correlation.abs() < 0.02, "a correlation of {correlation}");
}

fn seconds(delays: impl IntoIterator<Item = Duration>) -> Vec<f64> {
    delays.into_iter().map(|delay| delay.as_secs_f64()).collect()
}

/// Delays of one second, spread.
fn own(jitter: Jitter) -> Vec<f64> {
    let _recorder = testing::record_seeded(42);
    seconds(Policy::fixed().jitter(jitter).unlimited_attempts().delays().take(DRAWS))
}

/// The same where the error told the second.
fn told(jitter: Jitter) -> Vec<f64> {
    let recorder = testing::record_seeded(43);
    let policy = RetryPolicy::new(Policy::exponential().jitter(jitter).unlimited_attempts())
        .classify(|(): &()| Classification::After(Duration::from_secs(1)));
    let mut calls = 0;
    let result = policy.run_blocking(|_| {
        calls += 1;
        if calls > DRAWS { Ok(()) } else { Err(()) }
    });
    assert_eq!(result, Ok(()));
    seconds(recorder.delays())
}

#[test]
fn full_is_even_from_nothing_to_the_delay() {
    assert_even(&own(Jitter::Full), 0.0, SECOND);
}

#[test]
fn equal_is_even_over_the_upper_half() {
    assert_even(&own(Jitter::Equal), 0.5, SECOND);
}

#[test]
fn a_fraction_is_even_over_what_it_adds() {
    assert_even(&own(Jitter::Fraction(0.25)), SECOND, 1.25);
    assert_even(&own(Jitter::Fraction(3.0)), SECOND, 4.0);
    assert_even(&own(Jitter::default()), SECOND, 1.1);
}

#[test]
fn told_delays_are_spread_upwards_by_as_much() {
    assert_even(&told(Jitter::Full), SECOND, 2.0);
    assert_even(&told(Jitter::Decorrelated), SECOND, 2.0);
    assert_even(&told(Jitter::Equal), SECOND, 1.5);
    assert_even(&told(Jitter::Fraction(0.25)), SECOND, 1.25);
    assert_even(&told(Jitter::default()), SECOND, 1.1);
    assert!(told(Jitter::None).iter().all(|delay| *delay == SECOND));
}

#[test]
fn decorrelated_is_even_from_the_base_to_three_times_the_one_before() {
    let _recorder = testing::record_seeded(44);
    let (base, cap) = (0.005, 2.0);
    let policy = Policy::exponential()
        .base(Duration::from_secs_f64(base))
        .cap(Duration::from_secs_f64(cap))
        .jitter(Jitter::Decorrelated)
        .unlimited_attempts();
    // Many short calls: the first delay follows the base itself.
    let first: Vec<_> = (0..DRAWS).filter_map(|_| policy.delays().next()).collect();
    assert_even(&seconds(first), base, 3.0 * base);

    let delays = seconds(policy.delays().take(DRAWS));
    assert!(delays.iter().all(|delay| (base..=cap).contains(delay)));
    // Where the cap does not come into it, each is even between the base and three times the one before.
    let (mut placed, mut capped, mut expected) = (Vec::new(), 0.0, 0.0);
    for pair in delays.windows(2) {
        let upper = 3.0 * pair[0];
        if upper <= cap {
            placed.push((pair[1] - base) / (upper - base));
        } else {
            expected += (upper - cap) / (upper - base);
            capped += f64::from(u8::from(pair[1] == cap));
        }
    }
    assert!(placed.len() > 10_000, "{}", placed.len());
    assert!(distance(&placed, 0.0, 1.0) < 1.95 / (placed.len() as f64).sqrt());
    // Where it does, so much of it is on the cap.
    assert!((capped / expected - 1.0_f64).abs() < 0.03, "{capped} on the cap, not {expected}");
}

#[test]
fn each_delay_of_a_call_is_drawn_anew() {
    // One draw for a whole call would give all its delays the same multiple.
    for seed in 0..100 {
        let _recorder = testing::record_seeded(seed);
        for jitter in [Jitter::Full, Jitter::Equal, Jitter::default()] {
            let policy = Policy::exponential().jitter(jitter).attempts(6);
            let plain = policy.jitter(Jitter::None).delays();
            let multiples: Vec<_> =
                policy.delays().zip(plain).map(|(wait, asked)| wait.div_duration_f64(asked)).collect();
            for (number, multiple) in multiples.iter().enumerate() {
                let others = &multiples[number + 1..];
                assert!(others.iter().all(|other| (other - multiple).abs() > 1e-9), "{multiples:?}");
            }
        }
    }
}

#[test]
fn two_calls_that_fail_together_do_not_come_back_together() {
    let _recorder = testing::record_seeded(45);
    let policy = Policy::exponential();
    let (one, two): (Vec<_>, Vec<_>) = (policy.delays().collect(), policy.delays().collect());
    assert!(one.iter().zip(&two).all(|(one, two)| one != two), "{one:?} {two:?}");
}

#[test]
fn without_a_recorder_draws_differ_too() {
    let policy = Policy::exponential();
    let calls: Vec<Vec<_>> = (0..5).map(|_| policy.delays().collect()).collect();
    assert!(calls.windows(2).all(|pair| pair[0] != pair[1]), "{calls:?}");
}

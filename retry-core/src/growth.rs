//! How a delay grows each time that the same error is met again. Whole nanoseconds wherever the numbers are
//! whole, so that 100 ms doubled is 200 ms and not a float's idea of it; everything saturates.

use std::time::Duration;

/// How delays grow from one meeting of an error to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Growth {
    Fixed,
    Exponential { factor: f64 },
    Linear { step: Option<Duration> },
    Fibonacci,
}

impl Growth {
    /// The delay for the `met`-th meeting (1, 2, ...), before caps and jitter.
    pub(crate) fn delay(self, base: Duration, met: u32) -> Duration {
        let before = met.saturating_sub(1);
        match self {
            Self::Fixed => base,
            Self::Exponential { factor } => exponential(base, factor, before),
            Self::Linear { step } => {
                let step = step.unwrap_or(base).as_nanos();
                from_nanos(base.as_nanos().saturating_add(step.saturating_mul(before.into())))
            }
            Self::Fibonacci => from_nanos(base.as_nanos().saturating_mul(fibonacci(before))),
        }
    }
}

fn exponential(base: Duration, factor: f64, before: u32) -> Duration {
    let factor = if factor >= 0.0 { factor } else { 1.0 };
    // A float cannot tell apart the nanoseconds of more than a hundred days, so that the base stands for itself.
    if before == 0 {
        return base;
    }
    if factor.fract() == 0.0 && factor <= f64::from(u32::MAX) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, not negative, and it fits
        let times = u128::from(factor as u32).saturating_pow(before);
        from_nanos(base.as_nanos().saturating_mul(times))
    } else {
        let grown = scale(base, factor.powf(before.into()));
        if factor >= 1.0 { grown.max(base) } else { grown }
    }
}

/// The n-th of 1, 1, 2, 3, 5, ..., counted from zero.
fn fibonacci(n: u32) -> u128 {
    let (mut this, mut next) = (1_u128, 1_u128);
    // The 186th no longer fits; from there on it is all the same.
    for _ in 0..n.min(200) {
        (this, next) = (next, this.saturating_add(next));
    }
    this
}

pub(crate) fn from_nanos(nanos: u128) -> Duration {
    const NANOS: u128 = 1_000_000_000;
    match u64::try_from(nanos / NANOS) {
        #[allow(clippy::cast_possible_truncation)] // a remainder below 10^9
        Ok(seconds) => Duration::new(seconds, (nanos % NANOS) as u32),
        Err(_) => Duration::MAX,
    }
}

/// `duration` times `by`, to the nearest nanosecond; NaN and negative factors give zero.
pub(crate) fn scale(duration: Duration, by: f64) -> Duration {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let nanos = (duration.as_nanos() as f64 * by).round() as u128; // `as` saturates, and makes NaN zero
    from_nanos(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(growth: Growth, base: u64) -> Vec<u128> {
        (1..=6).map(|met| growth.delay(Duration::from_millis(base), met).as_millis()).collect()
    }

    #[test]
    fn each_kind_grows_as_its_name_says() {
        assert_eq!(millis(Growth::Fixed, 100), [100; 6]);
        assert_eq!(millis(Growth::Exponential { factor: 2.0 }, 100), [100, 200, 400, 800, 1600, 3200]);
        assert_eq!(millis(Growth::Exponential { factor: 1.5 }, 1000), [1000, 1500, 2250, 3375, 5062, 7593]);
        assert_eq!(
            millis(Growth::Linear { step: Some(Duration::from_millis(5)) }, 100),
            [100, 105, 110, 115, 120, 125]
        );
        assert_eq!(millis(Growth::Linear { step: None }, 100), [100, 200, 300, 400, 500, 600]);
        assert_eq!(millis(Growth::Fibonacci, 100), [100, 100, 200, 300, 500, 800]);
    }

    #[test]
    fn whole_factors_are_exact_to_the_nanosecond() {
        let base = Duration::from_nanos(100_000_001);
        assert_eq!(Growth::Exponential { factor: 3.0 }.delay(base, 20), base * 1_162_261_467);
    }

    #[test]
    fn growth_saturates_at_attempt_ten_thousand_and_at_the_largest_duration() {
        for growth in [
            Growth::Exponential { factor: 2.0 },
            Growth::Exponential { factor: 1.5 },
            Growth::Exponential { factor: f64::INFINITY },
            Growth::Fibonacci,
        ] {
            assert_eq!(growth.delay(Duration::from_secs(1), 10_000), Duration::MAX, "{growth:?}");
            assert_eq!(growth.delay(Duration::MAX, u32::MAX), Duration::MAX, "{growth:?}");
            assert_eq!(growth.delay(Duration::ZERO, 1), Duration::ZERO, "{growth:?}");
        }
        let linear = Growth::Linear { step: Some(Duration::MAX) };
        assert_eq!(linear.delay(Duration::MAX, u32::MAX), Duration::MAX);
    }

    #[test]
    fn a_factor_that_makes_no_sense_counts_as_one() {
        for factor in [f64::NAN, -2.0, f64::NEG_INFINITY] {
            assert_eq!(millis(Growth::Exponential { factor }, 100), [100; 6]);
        }
    }
}

//! Numbers as headers write them. Text is read digit by digit, so that no number is too long, too large or too precise.

use std::time::Duration;

/// What a number counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    const fn nanoseconds(self) -> u128 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Milliseconds => 1_000_000,
        }
    }
}

/// Digits, and perhaps a point and more of them. What is finer than a nanosecond is rounded up, so that nobody comes
/// early; what is too much saturates. `None` for everything else: signs, exponents, `NaN`.
pub(super) fn decimal(text: &str, unit: Unit) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let whole = whole.bytes().fold(0, push);
    let nanoseconds = whole.saturating_mul(unit.nanoseconds()).saturating_add(part(fraction, unit));
    Some(from_nanoseconds(nanoseconds))
}

/// Digits alone.
pub(super) fn integer(text: &str, unit: Unit) -> Option<Duration> {
    if is_digits(text) { decimal(text, unit) } else { None }
}

/// Whether a number that counts what is left says that nothing is.
pub(super) fn is_zero(text: &str) -> bool {
    decimal(text, Unit::Seconds).is_some_and(|left| left.is_zero())
}

pub(super) fn from_nanoseconds(nanoseconds: u128) -> Duration {
    let second = Unit::Seconds.nanoseconds();
    match (u64::try_from(nanoseconds / second), u32::try_from(nanoseconds % second)) {
        (Ok(seconds), Ok(rest)) => Duration::new(seconds, rest),
        _ => Duration::MAX,
    }
}

/// The nanoseconds in what stands after the point, rounded up.
fn part(fraction: &str, unit: Unit) -> u128 {
    let unit = unit.nanoseconds();
    // Ten digits are finer than a nanosecond in each unit.
    let (fine, rest) = fraction.as_bytes().split_at(fraction.len().min(10));
    let value = fine.iter().fold(0, |value, digit| push(value, *digit));
    let exact = value * unit;
    let scale = fine.iter().fold(1_u128, |scale, _| scale * 10);
    let rounded_up = !exact.is_multiple_of(scale) || rest.iter().any(|digit| *digit != b'0');
    exact / scale + u128::from(rounded_up)
}

fn push(value: u128, digit: u8) -> u128 {
    value.saturating_mul(10).saturating_add(u128::from(digit - b'0'))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<Duration> {
        decimal(text, Unit::Seconds)
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(seconds("0"), Some(Duration::ZERO));
        assert_eq!(seconds("007"), Some(Duration::from_secs(7)));
        assert_eq!(seconds("0.1"), Some(Duration::from_millis(100)));
        assert_eq!(seconds("1.000000001"), Some(Duration::new(1, 1)));
        assert_eq!(decimal("1500.5", Unit::Milliseconds), Some(Duration::from_micros(1_500_500)));
    }

    #[test]
    fn what_is_finer_than_a_nanosecond_is_rounded_up() {
        assert_eq!(seconds("0.0000000001"), Some(Duration::from_nanos(1)));
        assert_eq!(seconds("0.00000000000000000001"), Some(Duration::from_nanos(1)));
        assert_eq!(seconds("0.99999999999"), Some(Duration::from_secs(1)));
        assert_eq!(decimal("0.0000001", Unit::Milliseconds), Some(Duration::from_nanos(1)));
        assert_eq!(seconds("0.000000000000000"), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_too_much_saturates() {
        assert_eq!(seconds(&u64::MAX.to_string()), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(seconds("18446744073709551616"), Some(Duration::MAX));
        assert_eq!(seconds(&"9".repeat(10_000_000)), Some(Duration::MAX));
        assert_eq!(seconds(&format!("1.{}", "9".repeat(10_000_000))), Some(Duration::from_secs(2)));
    }

    #[test]
    fn everything_else_is_no_number() {
        for text in [
            "", " 1", "-1", "+1", "1e3", "1e300", "NaN", "inf", "1.", ".5", "1.2.3", "1,5", "0x10", "١",
            "1_0",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(integer("1.5", Unit::Milliseconds), None);
    }
}

//! `Policy` in configuration files, in the attribute's own words.

use std::fmt;
use std::time::Duration;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::growth::{Growth, from_nanos};
use crate::jitter::Jitter;
use crate::policy::Policy;

/// A policy as it is written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    backoff: Backoff,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Delay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    factor: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Delay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cap: Option<Delay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jitter: Option<Spread>,
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "max")]
    attempts: Option<Attempts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline: Option<Delay>,
}

#[derive(Serialize, Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Backoff {
    #[default]
    Fixed,
    Exp,
    Linear,
    Fibonacci,
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (backoff, factor, step) = match self.growth {
            // It grows by itself.
            _ if self.jitter == Jitter::Decorrelated => (Backoff::Exp, None, None),
            Growth::Fixed => (Backoff::Fixed, None, None),
            Growth::Exponential { factor } => (Backoff::Exp, Some(factor), None),
            Growth::Linear { step } => (Backoff::Linear, None, step.map(Delay)),
            Growth::Fibonacci => (Backoff::Fibonacci, None, None),
        };
        // Only what is not so anyway, and nothing that would be refused when it is read.
        let base = self.base.min(self.cap.unwrap_or(Duration::MAX));
        let written = Written {
            backoff,
            base: (base != Self::DEFAULT_BASE).then_some(Delay(base)),
            factor,
            step,
            cap: self.cap.map(Delay),
            jitter: (self.jitter != Jitter::DEFAULT).then_some(Spread(self.jitter)),
            attempts: (self.attempts != Self::DEFAULT_ATTEMPTS).then(|| Attempts(self.max_attempts())),
            deadline: self.deadline.map(Delay),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer)?.checked().map_err(de::Error::custom)
    }
}

impl Written {
    /// What the attribute refuses at compile time is refused here, with the same words.
    fn checked(self) -> Result<Policy, &'static str> {
        let mut policy = match self.backoff {
            Backoff::Fixed => Policy::fixed(),
            Backoff::Exp => Policy::exponential(),
            Backoff::Linear => Policy::linear(self.step.map(|Delay(step)| step)),
            Backoff::Fibonacci => Policy::fibonacci(),
        };
        if self.step.is_some() && self.backoff != Backoff::Linear {
            return Err("`step` has no effect here; it belongs to `linear`");
        }
        if let Some(factor) = self.factor {
            if self.backoff != Backoff::Exp {
                return Err("`factor` has no effect here; it belongs to `exp`");
            }
            if !factor.is_finite() || factor < 1.0 {
                return Err("a factor below 1 would make delays shrink; write 1 or more");
            }
            policy = policy.factor(factor);
        }
        if let Some(Delay(base)) = self.base {
            policy = policy.base(base);
        }
        if let Some(Delay(cap)) = self.cap {
            if self.base.is_some_and(|Delay(base)| base > cap) {
                return Err(
                    "`cap` is below `base`, which would never be waited; raise one or lower the other",
                );
            }
            if cap.is_zero() {
                return Err("a `cap` of zero would leave no delay at all; leave it out or raise it");
            }
            policy = policy.cap(cap);
        }
        if let Some(Spread(jitter)) = self.jitter {
            if jitter == Jitter::Decorrelated && (self.backoff != Backoff::Exp || self.factor.is_some()) {
                return Err("`decorrelated` grows by itself; it goes with `exp` and no `factor`");
            }
            policy = policy.jitter(jitter);
        }
        match self.attempts {
            None => {}
            Some(Attempts(None)) => policy = policy.unlimited_attempts(),
            Some(Attempts(Some(attempts))) => policy = policy.attempts(attempts),
        }
        if let Some(Delay(deadline)) = self.deadline {
            policy = policy.deadline(deadline);
        }
        Ok(policy)
    }
}

/// Seconds, or a text with a unit: `120`, `1.5`, `"500ms"`, `"10m"`.
#[derive(Clone, Copy)]
struct Delay(Duration);

const UNITS: [(&str, u64); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

impl Serialize for Delay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The largest unit below minutes in which it is a whole number.
        let nanos = self.0.as_nanos();
        let (name, unit) = UNITS[..4]
            .iter()
            .rev()
            .find(|(_, unit)| nanos.is_multiple_of(u128::from(*unit)))
            .unwrap_or(&UNITS[0]);
        serializer.collect_str(&format_args!("{}{name}", nanos / u128::from(*unit)))
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Delays;
        impl Visitor<'_> for Delays {
            type Value = Delay;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds, or a text such as \"500ms\", \"2s\", \"10m\" or \"1h\"")
            }
            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Delay, E> {
                Ok(Delay(Duration::from_secs(seconds)))
            }
            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Delay, E> {
                let seconds = u64::try_from(seconds);
                seconds
                    .map(|seconds| Delay(Duration::from_secs(seconds)))
                    .map_err(|_| de::Error::custom(NEGATIVE))
            }
            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Delay, E> {
                if seconds < 0.0 {
                    return Err(de::Error::custom(NEGATIVE));
                }
                let delay = crate::delay::from_secs_f64(seconds).filter(|delay| *delay < Duration::MAX);
                delay.map(Delay).ok_or_else(|| de::Error::invalid_value(Unexpected::Float(seconds), &self))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Delay, E> {
                parse(text).map(Delay).ok_or_else(|| de::Error::invalid_value(Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Delays)
    }
}

const NEGATIVE: &str = "a delay cannot be negative; write how long to wait";

fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let unit = if unit.is_empty() { "s" } else { unit };
    let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit)?;
    match number.parse::<u64>() {
        Ok(whole) => Some(from_nanos(u128::from(whole).saturating_mul((*nanos).into()))),
        #[allow(clippy::cast_precision_loss)] // units are far below 2^53
        Err(_) => crate::delay::from_secs_f64(number.parse::<f64>().ok()? * (*nanos as f64 / 1e9)),
    }
}

/// `"none"`, `"full"`, `"equal"`, `"decorrelated"`, or a fraction.
struct Spread(Jitter);

impl Serialize for Spread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Jitter::None => serializer.serialize_str("none"),
            Jitter::Full => serializer.serialize_str("full"),
            Jitter::Equal => serializer.serialize_str("equal"),
            Jitter::Decorrelated => serializer.serialize_str("decorrelated"),
            Jitter::Fraction(fraction) => serializer.serialize_f64(fraction),
        }
    }
}

impl<'de> Deserialize<'de> for Spread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Spreads;
        impl Visitor<'_> for Spreads {
            type Value = Spread;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"none\", \"full\", \"equal\", \"decorrelated\" or a fraction such as 0.25")
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<Spread, E> {
                match word {
                    "none" => Ok(Spread(Jitter::None)),
                    "full" => Ok(Spread(Jitter::Full)),
                    "equal" => Ok(Spread(Jitter::Equal)),
                    "decorrelated" => Ok(Spread(Jitter::Decorrelated)),
                    _ => Err(de::Error::invalid_value(Unexpected::Str(word), &self)),
                }
            }
            #[allow(clippy::cast_precision_loss)] // large ones are refused anyway
            fn visit_u64<E: de::Error>(self, fraction: u64) -> Result<Spread, E> {
                self.visit_f64(fraction as f64)
            }
            #[allow(clippy::cast_precision_loss)]
            fn visit_i64<E: de::Error>(self, fraction: i64) -> Result<Spread, E> {
                self.visit_f64(fraction as f64)
            }
            fn visit_f64<E: de::Error>(self, fraction: f64) -> Result<Spread, E> {
                if (0.0..=crate::jitter::MOST).contains(&fraction) {
                    Ok(Spread(Jitter::Fraction(fraction)))
                } else {
                    Err(de::Error::invalid_value(Unexpected::Float(fraction), &self))
                }
            }
        }
        deserializer.deserialize_any(Spreads)
    }
}

/// A number, the first call included, or `"unlimited"`.
struct Attempts(Option<u32>);

impl Serialize for Attempts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(attempts) => serializer.serialize_u32(attempts),
            None => serializer.serialize_str("unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Attempts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counts;
        impl Visitor<'_> for Counts {
            type Value = Attempts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of attempts, the first call included, or \"unlimited\"")
            }
            fn visit_u64<E: de::Error>(self, attempts: u64) -> Result<Attempts, E> {
                match u32::try_from(attempts) {
                    Ok(0) => Err(de::Error::custom(
                        "the first call is an attempt too, so there is at least one; write 1 or more",
                    )),
                    Ok(attempts) => Ok(Attempts(Some(attempts))),
                    Err(_) => Err(de::Error::invalid_value(Unexpected::Unsigned(attempts), &self)),
                }
            }
            fn visit_i64<E: de::Error>(self, attempts: i64) -> Result<Attempts, E> {
                match u64::try_from(attempts) {
                    Ok(attempts) => self.visit_u64(attempts),
                    Err(_) => Err(de::Error::invalid_value(Unexpected::Signed(attempts), &self)),
                }
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<Attempts, E> {
                if word == "unlimited" {
                    Ok(Attempts(None))
                } else {
                    Err(de::Error::invalid_value(Unexpected::Str(word), &self))
                }
            }
        }
        deserializer.deserialize_any(Counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Policy, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn integers_are_read_from_toml_too() {
        let policy = toml::from_str("jitter = 1\nattempts = 7\nbase = 2\nfactor = 3\nbackoff = 'exp'");
        let expected = Policy::exponential().jitter(Jitter::Fraction(1.0)).attempts(7);
        assert_eq!(policy, Ok(expected.base(Duration::from_secs(2)).factor(3.0)));
        assert_eq!(toml::from_str("jitter = 0"), Ok(Policy::new().jitter(Jitter::Fraction(0.0))));
    }

    #[test]
    fn what_no_file_could_say_is_written_as_what_it_comes_to() {
        for (policy, read_back) in [
            (Policy::exponential().factor(f64::INFINITY), Policy::exponential().factor(f64::MAX)),
            (Policy::exponential().factor(-2.0), Policy::exponential().factor(1.0)),
            (Policy::new().jitter(Jitter::Fraction(f64::NAN)), Policy::new().jitter(Jitter::Fraction(0.0))),
            (Policy::new().jitter(Jitter::Decorrelated), Policy::exponential().jitter(Jitter::Decorrelated)),
            (
                Policy::new().cap(Duration::from_millis(3)),
                Policy::new().cap(Duration::from_millis(3)).base(Duration::from_millis(3)),
            ),
        ] {
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(read(&json), Ok(read_back), "{json}");
        }
    }

    #[test]
    fn a_policy_is_read_in_the_attributes_words() {
        let policy = read(
            r#"{"backoff": "exp", "base": "100ms", "factor": 3, "cap": "10m", "jitter": "full",
                "attempts": 5, "deadline": 90}"#,
        );
        let expected = Policy::exponential()
            .base(Duration::from_millis(100))
            .factor(3.0)
            .cap(Duration::from_mins(10))
            .jitter(Jitter::Full)
            .attempts(5)
            .deadline(Duration::from_secs(90));
        assert_eq!(policy, Ok(expected));
        assert_eq!(read("{}"), Ok(Policy::new()));
        assert_eq!(read(r#"{"max": "unlimited"}"#), Ok(Policy::new().unlimited_attempts()));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for policy in [
            Policy::new(),
            Policy::linear(Some(Duration::from_nanos(1))).unlimited_attempts(),
            Policy::linear(None).jitter(Jitter::None),
            Policy::fibonacci().cap(Duration::from_millis(1500)).jitter(Jitter::Equal),
            Policy::exponential().factor(1.5).deadline(Duration::MAX).jitter(Jitter::Fraction(0.3)),
        ] {
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(read(&json), Ok(policy), "{json}");
        }
    }

    #[test]
    fn mistakes_say_what_to_do() {
        for (json, message) in [
            (r#"{"backof": "exp"}"#, "unknown field `backof`, expected one of `backoff`"),
            (
                r#"{"backoff": "exponential"}"#,
                "unknown variant `exponential`, expected one of `fixed`, `exp`",
            ),
            (r#"{"factor": 2}"#, "`factor` has no effect here; it belongs to `exp`"),
            (r#"{"backoff": "exp", "factor": 0.5}"#, "a factor below 1 would make delays shrink"),
            (r#"{"step": 2}"#, "`step` has no effect here"),
            (r#"{"base": "10s", "cap": "1s"}"#, "`cap` is below `base`"),
            (r#"{"base": -1}"#, "a delay cannot be negative"),
            (r#"{"base": "soon"}"#, "expected a number of seconds, or a text such as \"500ms\""),
            (r#"{"base": "5 parsecs"}"#, "expected a number of seconds"),
            (r#"{"attempts": 0}"#, "the first call is an attempt too"),
            (r#"{"attempts": "many"}"#, "expected a number of attempts"),
            (r#"{"jitter": 25}"#, "expected \"none\", \"full\""),
            (r#"{"cap": 0}"#, "a `cap` of zero"),
            (r#"{"jitter": -0.1}"#, "expected \"none\", \"full\""),
            (r#"{"jitter": "decorrelated"}"#, "`decorrelated` grows by itself"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(message), "{json}: {error}");
        }
    }

    #[test]
    fn decorrelated_jitter_is_written_back_without_the_factor_it_has_no_use_for() {
        let policy = Policy::exponential().jitter(Jitter::Decorrelated);
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(read(&json), Ok(policy), "{json}");
    }
}

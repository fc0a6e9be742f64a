//! Points in time as headers write them, counted from 1970; what lies before is 1970.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};

use super::number::{self, Unit};

/// No way to write a time or a duration is longer.
const LONGEST: usize = 64;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(Duration);

impl From<SystemTime> for Instant {
    fn from(time: SystemTime) -> Self {
        Self(time.duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

impl Instant {
    /// How long it is from `now` until then; zero where it has passed.
    pub(super) fn after(self, now: Self) -> Duration {
        self.0.saturating_sub(now.0)
    }

    pub(super) fn plus(self, more: Duration) -> Self {
        Self(self.0.saturating_add(more))
    }
}

/// An HTTP-date in any of its three forms, or a date of an e-mail, which some servers write in its place.
pub(super) fn http_date(text: &str) -> Option<Instant> {
    if text.len() > LONGEST {
        return None;
    }
    httpdate::parse_http_date(text).ok().map(Instant::from).or_else(|| email_date(text))
}

fn email_date(text: &str) -> Option<Instant> {
    let text = text.strip_suffix("UTC").map_or(Cow::Borrowed(text), |text| Cow::Owned(format!("{text}GMT")));
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&*text).ok().map(Instant::from)
}

impl From<Timestamp> for Instant {
    fn from(time: Timestamp) -> Self {
        let since_1970 = u128::try_from(time.as_nanosecond()).unwrap_or_default();
        Self(number::from_nanoseconds(since_1970))
    }
}

/// When a limit is reset, in any of the dialects: a number, a duration as Go writes it, or a date.
pub(super) fn reset(text: &str, now: Instant) -> Option<Instant> {
    if let Some(number) = number::decimal(text, Unit::Seconds) {
        return Some(from_number(text, number, now));
    }
    if text.len() > LONGEST {
        return None;
    }
    duration(text).map(|left| now.plus(left)).or_else(|| date(text))
}

/// Milliseconds or seconds since 1970, or else seconds from now, which of them by the number's size.
fn from_number(text: &str, seconds: Duration, now: Instant) -> Instant {
    const MILLISECONDS: Duration = Duration::from_secs(1_000_000_000_000);
    const SECONDS: Duration = Duration::from_secs(1_000_000_000);
    if seconds > MILLISECONDS {
        Instant(number::decimal(text, Unit::Milliseconds).unwrap_or(seconds))
    } else if seconds > SECONDS {
        Instant(seconds)
    } else {
        now.plus(seconds)
    }
}

/// `6m0s`, `12ms`, `1h2m3.5s`.
fn duration(text: &str) -> Option<Duration> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let duration: SignedDuration = text.parse().ok()?;
    duration.try_into().ok()
}

fn date(text: &str) -> Option<Instant> {
    http_date(text).or_else(|| {
        let timestamp: Timestamp = text.replacen(" UTC", "Z", 1).parse().ok()?;
        Some(timestamp.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_1970: u64 = 1_445_412_420;
    const NOW: Instant = Instant(Duration::from_secs(NOW_1970)); // 2015-10-21 07:27:00

    fn left(text: &str) -> Option<Duration> {
        reset(text, NOW).map(|reset| reset.after(NOW))
    }

    #[test]
    fn an_http_date_has_three_forms() {
        for text in
            ["Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Wed Oct 21 07:28:00 2015"]
        {
            assert_eq!(http_date(text).unwrap().after(NOW), Duration::from_mins(1), "{text}");
        }
    }

    #[test]
    fn a_reset_is_written_in_many_dialects() {
        for text in [
            "60",
            "60.0",
            "1445412480",
            "1445412480000",
            "1m0s",
            "60s",
            "60000ms",
            "0h0m60.0s",
            "2015-10-21T07:28:00Z",
            "2015-10-21T09:28:00+02:00",
            "2015-10-21T07:28:00.000Z",
            "2015-10-21 07:28:00 UTC",
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "Wed, 21 Oct 2015 09:28:00 +0200",
        ] {
            assert_eq!(left(text), Some(Duration::from_mins(1)), "{text}");
        }
        assert_eq!(left("12ms"), Some(Duration::from_millis(12)));
        assert_eq!(left("1m26.4s"), Some(Duration::from_millis(86_400)));
        assert_eq!(left("1h0m1.5s"), Some(Duration::from_millis(3_601_500)));
    }

    #[test]
    fn a_reset_in_the_past_is_now() {
        assert_eq!(left("1445412419"), Some(Duration::ZERO));
        assert_eq!(left("1969-12-31T00:00:00Z"), Some(Duration::ZERO));
        assert_eq!(left("-000100-01-01T00:00:00Z"), Some(Duration::ZERO));
    }

    #[test]
    fn a_reset_that_makes_no_sense_is_none() {
        for text in [
            "",
            "-1",
            "+60",
            "NaN",
            "-6m",
            "tomorrow",
            "6m ago",
            "2015-10-21",
            "2015-13-41T00:00:00Z",
            "1e300",
        ] {
            assert_eq!(left(text), None, "{text}");
        }
        assert_eq!(left(&"1h".repeat(1_000_000)), None);
    }

    #[test]
    fn a_reset_too_far_away_saturates() {
        assert_eq!(left("9999-12-30T00:00:00Z"), Some(Duration::from_secs(253_402_128_000 - NOW_1970)));
        assert!(left(&"9".repeat(1_000_000)).unwrap() > Duration::from_secs(u64::MAX / 2));
    }
}

//! Delays that are in the error: `field(..)`.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use retry_core::{GiveUp, retry, retry_policy};

use crate::support::{Script, every_form, millis, secs};

/// Every type that may tell a delay, as a variant's field.
macro_rules! told {
    ($($name:ident: $ty:ty = $value:expr => $expected:expr;)*) => {$(
        #[test]
        fn $name() {
            #[derive(Debug, Clone, PartialEq)]
            enum Error {
                Named { after: $ty, #[allow(dead_code)] other: u8 },
                Tuple(u8, $ty),
            }
            let errors = || [Error::Named { after: $value, other: 200 }, Error::Tuple(200, $value)];
            let seen = every_form!(
                Error,
                errors(),
                Named = field(after),
                Tuple = field(1),
                backoff = exp(base = 77),
                jitter = none
            );
            assert_eq!(seen.waits, [$expected, $expected]);
        }
    )*};
}

const BASE: Duration = Duration::from_secs(77);

told! {
    whole_seconds_u8: u8 = 3 => Duration::from_secs(3);
    whole_seconds_u16: u16 = 3 => Duration::from_secs(3);
    whole_seconds_u32: u32 = 3 => Duration::from_secs(3);
    whole_seconds_u64: u64 = 3 => Duration::from_secs(3);
    whole_seconds_u128: u128 = 3 => Duration::from_secs(3);
    whole_seconds_usize: usize = 3 => Duration::from_secs(3);
    whole_seconds_i8: i8 = 3 => Duration::from_secs(3);
    whole_seconds_i16: i16 = 3 => Duration::from_secs(3);
    whole_seconds_i32: i32 = 3 => Duration::from_secs(3);
    whole_seconds_i64: i64 = 3 => Duration::from_secs(3);
    whole_seconds_i128: i128 = 3 => Duration::from_secs(3);
    whole_seconds_isize: isize = 3 => Duration::from_secs(3);
    fractions_f32: f32 = 0.25 => Duration::from_millis(250);
    fractions_f64: f64 = 1.5 => Duration::from_millis(1500);
    durations: Duration = Duration::from_millis(7) => Duration::from_millis(7);
    nothing_to_wait: u64 = 0 => Duration::ZERO;
    a_time_in_the_past: SystemTime = SystemTime::UNIX_EPOCH => Duration::ZERO;
    options: Option<u64> = Some(3) => Duration::from_secs(3);
    options_of_floats: Option<f64> = Some(0.5) => Duration::from_millis(500);
    options_of_durations: Option<Duration> = Some(Duration::from_secs(2)) => Duration::from_secs(2);
    options_of_past_times: Option<SystemTime> = Some(SystemTime::UNIX_EPOCH) => Duration::ZERO;
    options_of_options: Option<Option<i32>> = Some(Some(2)) => Duration::from_secs(2);
    boxes: Box<Option<u64>> = Box::new(Some(3)) => Duration::from_secs(3);
    shared: Arc<u64> = Arc::new(3) => Duration::from_secs(3);
    // What is not told leaves the policy's own delay, whose second meeting belongs to another variant.
    nothing_told: Option<u64> = None => BASE;
    nothing_told_inside: Option<Option<u64>> = Some(None) => BASE;
    a_negative_number: i64 = -1 => BASE;
    the_most_negative_number: i128 = i128::MIN => BASE;
    a_negative_fraction: f64 = -0.001 => BASE;
    minus_infinity: f64 = f64::NEG_INFINITY => BASE;
    not_a_number: f64 = f64::NAN => BASE;
    an_option_of_not_a_number: Option<f32> = Some(f32::NAN) => BASE;
    minus_zero: f64 = -0.0 => Duration::ZERO;
}

#[derive(Debug, Clone, PartialEq)]
enum Error {
    Slow(Option<f64>),
    Full { info: Info },
    At(SystemTime),
    Long(u64),
    Longest(Duration),
}

#[derive(Debug, Clone, PartialEq)]
struct Info {
    quota: (u8, Option<u64>),
}

fn slow(seconds: f64) -> Error {
    Error::Slow(Some(seconds))
}

fn full(seconds: Option<u64>) -> Error {
    Error::Full { info: Info { quota: (1, seconds) } }
}

#[test]
fn a_field_may_lie_deeper() {
    let seen = every_form!(
        Error,
        [full(Some(9)), full(None)],
        Full = field(info.quota.1, or = 4),
        backoff = fixed,
        jitter = none
    );
    assert_eq!(seen.waits, secs([9, 4]));
    let seen = every_form!(Error, [full(None)], Full = field(info.quota.0), jitter = none);
    assert_eq!(seen.waits, secs([1]));

    #[derive(Debug, Clone)]
    enum Nested {
        Tuple((u8, (u8, u64))),
    }
    let seen = every_form!(Nested, [Nested::Tuple((1, (2, 3)))], Tuple = field(0.1.1), jitter = none);
    assert_eq!(seen.waits, secs([3]));
}

#[test]
fn what_is_not_told_is_what_or_says() {
    let errors = || [Error::Slow(None), slow(2.0), slow(-1.0), slow(f64::NAN)];
    let seen = every_form!(Error, errors(), Slow = field(0, or = 60), attempts = 9, jitter = none);
    assert_eq!(seen.waits, secs([60, 2, 60, 60]));
    // It is written, not told, and so it grows: the delay of the n-th time that the variant is met.
    let seen = every_form!(Error, errors(), Slow = field(0, or = 60), backoff = exp(max = 9), jitter = none);
    assert_eq!(seen.waits, secs([60, 2, 240, 480]));
    let seen =
        every_form!(Error, [Error::Slow(None)], Slow = field(0, or = BASE / 7, max = 10m), jitter = none);
    assert_eq!(seen.waits, secs([11]));
}

#[test]
fn what_is_asked_beyond_max_is_not_waited_for() {
    let errors = |seconds| [slow(seconds), slow(1.0)];
    let seen = every_form!(Error, errors(600.0), Slow = field(0, max = 10m), jitter = none);
    assert_eq!(seen.waits, secs([600, 1]));
    let seen = every_form!(Error, errors(600.001), Slow = field(0, max = 10m), jitter = none);
    assert_eq!((seen.calls, seen.result), (1, Err(slow(600.001))));
    let seen = every_form!(Error, errors(f64::INFINITY), Slow = field(0, or = 1, max = 10m), jitter = none);
    assert_eq!(seen.calls, 1);
    let seen = every_form!(Error, [Error::Long(u64::MAX)], Long = field(0, max = 10m), jitter = none);
    assert_eq!(seen.calls, 1);
    let later = SystemTime::now() + Duration::from_secs(3600);
    let seen = every_form!(Error, [Error::At(later)], At = field(0, max = 10m), jitter = none);
    assert_eq!(seen.calls, 1);
}

#[test]
fn the_reason_is_too_long_even_at_the_last_attempt() {
    let reasons = std::cell::RefCell::new(Vec::new());
    let _recorder = retry_core::testing::record();
    let policy = retry_policy!(
        Error: Slow = field(0, max = 10m),
        attempts = 1,
        on_give_up = |event| reasons.borrow_mut().push(event.reason().unwrap())
    );
    policy.run_blocking(|_| Err::<(), _>(slow(601.0))).unwrap_err();
    policy.run_blocking(|_| Err::<(), _>(slow(600.0))).unwrap_err();
    assert_eq!(*reasons.borrow(), [GiveUp::TooLong, GiveUp::Attempts]);
}

#[test]
fn a_time_is_waited_for_until_then() {
    let in_a_minute = SystemTime::now() + Duration::from_secs(60);
    #[retry(At = field(0), jitter = none)]
    fn fetch(script: &Script<Error>) -> Result<u32, Error> {
        script.attempt()
    }
    let recorder = retry_core::testing::record();
    fetch(&Script::of([Error::At(in_a_minute)])).unwrap();
    let waited = recorder.delays()[0];
    assert!(waited <= Duration::from_secs(60) && waited > Duration::from_secs(50), "{waited:?}");
}

#[test]
fn a_told_delay_is_a_floor_for_cap_and_growth() {
    let errors = || [slow(9.0), slow(9.0), slow(9.0)];
    let seen = every_form!(Error, errors(), Slow = field(0), backoff = exp(cap = 2, max = 9), jitter = none);
    assert_eq!(seen.waits, secs([9, 9, 9]));
    let seen = every_form!(Error, errors(), Slow = field(0), backoff = fibonacci(base = 100), jitter = none);
    assert_eq!(seen.waits, secs([9, 9, 9]));
    let seen =
        every_form!(Error, errors(), Slow = field(0), backoff = linear(base = 1, step = 100), jitter = none);
    assert_eq!(seen.waits, secs([9, 9, 9]));
}

#[test]
fn no_jitter_shortens_a_told_delay_and_none_goes_past_the_cap() {
    macro_rules! waits {
        ($($options:tt)*) => {{
            let policy = retry_policy!(Error: Slow = field(0), attempts = unlimited, $($options)*);
            let recorder = retry_core::testing::record();
            let errors = Script::of((0..300).map(|_| slow(8.0)));
            policy.run_blocking(|_| errors.attempt()).unwrap();
            let delays = recorder.delays();
            let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
            (least.as_secs_f64(), most.as_secs_f64())
        }};
    }
    let spread = |(least, most): (f64, f64), upper: f64| {
        let reach = upper - 8.0;
        assert!(least >= 8.0 && least < 8.0 + reach / 10.0, "{least} of {upper}");
        assert!(most <= upper && most > upper - reach / 10.0, "{most} of {upper}");
    };
    spread(waits!(jitter = full), 16.0);
    spread(waits!(jitter = decorrelated), 16.0);
    spread(waits!(jitter = equal), 12.0);
    spread(waits!(jitter = 0.25), 10.0);
    spread(waits!(backoff = exp), 8.8);
    assert_eq!(waits!(jitter = none), (8.0, 8.0));
    // The cap holds for what jitter adds, and gives way to what was told.
    let (least, most) = waits!(backoff = exp(cap = 9, jitter = full));
    assert!(least >= 8.0 && most == 9.0);
    assert_eq!(waits!(backoff = exp(cap = 8, jitter = full)), (8.0, 8.0));
    assert_eq!(waits!(backoff = exp(cap = 2, jitter = full)), (8.0, 8.0));
}

#[test]
fn the_longest_delays_are_recorded_as_they_are() {
    let recorder = retry_core::testing::record();
    let policy = retry_policy!(Error: Long | Slow | Longest = field(0), attempts = 9, jitter = full);
    let script = Script::of([Error::Long(u64::MAX), slow(f64::INFINITY), Error::Longest(Duration::MAX)]);
    policy.run_blocking(|_| script.attempt()).unwrap();
    let delays = recorder.delays();
    assert!(delays[0] >= Duration::from_secs(u64::MAX), "{delays:?}");
    assert_eq!(delays[1..], [Duration::MAX; 2]);
    assert_eq!(recorder.total(), Duration::MAX);
}

#[test]
fn milliseconds_go_through_a_method_of_the_users_own() {
    #[derive(Debug, Clone)]
    struct Header {
        millis: u64,
    }
    #[retry(when(|header: &Header| header.millis > 0) = 3, jitter = none)]
    fn fetch(script: &Script<Header>) -> Result<u32, Header> {
        script.attempt()
    }
    let seen = crate::support::blocking([Header { millis: 20 }, Header { millis: 0 }], fetch);
    assert_eq!(seen.waits, millis([3000]));
}

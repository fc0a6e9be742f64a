//! What may stand for a delay: durations and numbers of seconds that the programmer writes, and the values
//! inside an error by which a server tells it.
//!
//! Every conversion is total. A number that makes no sense is never an error at run time and never a panic:
//! written, it counts as zero; told, a negative number or NaN counts as *not told*. Too much saturates.

use std::num::{NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize, Saturating, Wrapping};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A delay as the programmer writes it: a [`Duration`], or a number of seconds.
///
/// Negative numbers and NaN are zero, what does not fit in a `Duration` is [`Duration::MAX`].
///
/// ```
/// use retry_core::IntoDelay;
/// use std::time::Duration;
///
/// assert_eq!(120.into_delay(), Duration::from_secs(120));
/// assert_eq!(1.5.into_delay(), Duration::from_millis(1500));
/// assert_eq!(Duration::from_millis(7).into_delay(), Duration::from_millis(7));
/// assert_eq!((-3).into_delay(), Duration::ZERO);
/// assert_eq!(f64::NAN.into_delay(), Duration::ZERO);
/// assert_eq!(1e300.into_delay(), Duration::MAX);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a delay",
    label = "expected a `Duration` or a number of seconds",
    note = "write `120`, `1.5`, `500ms`, `2s`, `3m`, `1h`, or an expression that is a `Duration` or a number"
)]
pub trait IntoDelay {
    /// The delay; zero where the number makes no sense.
    fn into_delay(self) -> Duration;
}

/// A delay that an error carries: seconds as a number, a [`Duration`], the [`SystemTime`] at which to come
/// back, or an `Option`, reference, `Box`, `Arc` or `Rc` of these.
///
/// `None` means that nothing was told; so do negative numbers and NaN. A time in the past is zero.
///
/// ```
/// use retry_core::ToldDelay;
/// use std::time::{Duration, SystemTime};
///
/// assert_eq!(30_u64.told(), Some(Duration::from_secs(30)));
/// assert_eq!(Some(0.25).told(), Some(Duration::from_millis(250)));
/// assert_eq!(None::<u64>.told(), None);
/// assert_eq!((-1).told(), None);
/// assert_eq!(f64::NAN.told(), None);
/// assert_eq!(SystemTime::UNIX_EPOCH.told(), Some(Duration::ZERO));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell a delay",
    label = "this field is a `{Self}`",
    note = "`field(..)` takes a number of seconds, a `Duration`, a `SystemTime`, or an `Option` of these"
)]
pub trait ToldDelay {
    /// How long the error asks to wait, if it does.
    fn told(&self) -> Option<Duration>;
}

impl IntoDelay for Duration {
    fn into_delay(self) -> Duration {
        self
    }
}

impl ToldDelay for Duration {
    fn told(&self) -> Option<Duration> {
        Some(*self)
    }
}

impl ToldDelay for SystemTime {
    fn told(&self) -> Option<Duration> {
        Some(self.duration_since(Self::now()).unwrap_or(Duration::ZERO))
    }
}

/// Seconds as a float; `None` for negative numbers and NaN.
pub(crate) fn from_secs_f64(seconds: f64) -> Option<Duration> {
    (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

macro_rules! whole_seconds {
    ($($number:ty)*) => {$(
        impl IntoDelay for $number {
            fn into_delay(self) -> Duration {
                self.told().unwrap_or(Duration::ZERO)
            }
        }

        impl ToldDelay for $number {
            fn told(&self) -> Option<Duration> {
                // What fails is either negative, which tells nothing, or more than fits.
                match u64::try_from(*self) {
                    Ok(seconds) => Some(Duration::from_secs(seconds)),
                    #[allow(unused_comparisons, clippy::absurd_extreme_comparisons)]
                    Err(_) if *self < 0 => None,
                    Err(_) => Some(Duration::MAX),
                }
            }
        }
    )*};
}
whole_seconds!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

macro_rules! fractional_seconds {
    ($($number:ty)*) => {$(
        impl IntoDelay for $number {
            fn into_delay(self) -> Duration {
                self.told().unwrap_or(Duration::ZERO)
            }
        }

        impl ToldDelay for $number {
            fn told(&self) -> Option<Duration> {
                from_secs_f64(f64::from(*self))
            }
        }
    )*};
}
fractional_seconds!(f32 f64);

macro_rules! wrapped_seconds {
    ($($number:ty => |$this:ident| $inner:expr,)*) => {$(
        impl ToldDelay for $number {
            fn told(&self) -> Option<Duration> {
                let $this = self;
                $inner.told()
            }
        }
    )*};
}
wrapped_seconds! {
    NonZeroU8 => |this| this.get(),
    NonZeroU16 => |this| this.get(),
    NonZeroU32 => |this| this.get(),
    NonZeroU64 => |this| this.get(),
    NonZeroUsize => |this| this.get(),
}

impl<T: ToldDelay> ToldDelay for Option<T> {
    fn told(&self) -> Option<Duration> {
        self.as_ref()?.told()
    }
}

macro_rules! through {
    ($($pointer:ty => $inner:tt,)*) => {$(
        impl<T: ToldDelay + ?Sized> ToldDelay for $pointer {
            fn told(&self) -> Option<Duration> {
                T::told(&**self)
            }
        }
    )*};
}
through! { &T => *, &mut T => *, Box<T> => *, Arc<T> => *, Rc<T> => *, }

impl<T: ToldDelay> ToldDelay for Wrapping<T> {
    fn told(&self) -> Option<Duration> {
        self.0.told()
    }
}

impl<T: ToldDelay> ToldDelay for Saturating<T> {
    fn told(&self) -> Option<Duration> {
        self.0.told()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_make_no_sense_are_zero_when_written_and_not_told_when_told() {
        assert_eq!(i64::MIN.into_delay(), Duration::ZERO);
        assert_eq!(i64::MIN.told(), None);
        assert_eq!(f32::NEG_INFINITY.into_delay(), Duration::ZERO);
        assert_eq!(f64::NAN.told(), None);
        assert_eq!((-0.0).told(), Some(Duration::ZERO));
    }

    #[test]
    fn too_much_saturates() {
        assert_eq!(u128::MAX.told(), Some(Duration::MAX));
        assert_eq!(f64::INFINITY.told(), Some(Duration::MAX));
        assert_eq!(f32::MAX.into_delay(), Duration::MAX);
        assert_eq!(u64::MAX.into_delay(), Duration::from_secs(u64::MAX));
    }

    #[test]
    fn a_system_time_is_told_as_what_is_left_until_then() {
        let ahead = SystemTime::now() + Duration::from_secs(100);
        let told = ahead.told().unwrap();
        assert!(told <= Duration::from_secs(100) && told > Duration::from_secs(90), "{told:?}");
        assert_eq!(SystemTime::UNIX_EPOCH.told(), Some(Duration::ZERO));
    }

    #[test]
    fn options_pointers_and_wrappers_are_seen_through() {
        assert_eq!(Some(Box::new(Arc::new(3_u8))).told(), Some(Duration::from_secs(3)));
        assert_eq!((&&Some(Some(2_i32))).told(), Some(Duration::from_secs(2)));
        assert_eq!(NonZeroU32::new(9).told(), Some(Duration::from_secs(9)));
        assert_eq!(Wrapping(4_u16).told(), Some(Duration::from_secs(4)));
    }
}

//! How delays are spread, so that callers that failed together do not come back together.

use std::time::Duration;

use crate::growth::scale;

/// How a delay is spread.
///
/// A delay that the error told is never shortened by any of these: it gets as much *added* as the kind would
/// otherwise have taken away.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Jitter {
    /// The delay as it is.
    None,
    /// Evenly between zero and the delay; told delays up to twice as long.
    Full,
    /// Evenly between half the delay and the delay; told delays up to one and a half times as long.
    Equal,
    /// Evenly between the base and three times the delay waited before for the same error, which takes the
    /// place of growth; told delays up to twice as long.
    Decorrelated,
    /// Up to this fraction more, never less; 0.1 is what holds unless said. A negative fraction and NaN are
    /// zero.
    Fraction(f64),
}

/// The most that a configuration file may say: more is a percentage by mistake.
#[cfg(feature = "serde")]
pub(crate) const MOST: f64 = 10.0;

impl Jitter {
    /// What holds unless said: up to 10 % more.
    pub const DEFAULT: Self = Self::Fraction(0.1);

    /// Spreads the delay `grown` from `base`; `previous` is what was waited before for the same error, and
    /// `unit` draws from [0, 1).
    pub(crate) fn spread(
        self,
        grown: Duration,
        base: Duration,
        previous: Option<Duration>,
        unit: &mut impl FnMut() -> f64,
    ) -> Duration {
        match self {
            Self::None => grown,
            Self::Full => scale(grown, unit()).min(grown),
            Self::Equal => {
                let half = grown / 2;
                grown.saturating_sub(half).saturating_add(scale(half, unit())).min(grown)
            }
            Self::Decorrelated => {
                let upper = previous.unwrap_or(base).saturating_mul(3).max(base);
                base.saturating_add(scale(upper.saturating_sub(base), unit())).min(upper)
            }
            Self::Fraction(_) => self.spread_upwards(grown, unit),
        }
    }

    /// Spreads a delay that must not be shortened.
    pub(crate) fn spread_upwards(self, told: Duration, unit: &mut impl FnMut() -> f64) -> Duration {
        let fraction = match self {
            Self::None => return told,
            Self::Full | Self::Decorrelated => 1.0,
            Self::Equal => 0.5,
            Self::Fraction(fraction) => fraction.max(0.0), // of NaN and zero, `max` is zero
        };
        if fraction == 0.0 { told } else { told.saturating_add(scale(told, fraction * unit())) }
    }
}

impl Default for Jitter {
    fn default() -> Self {
        Self::DEFAULT
    }
}

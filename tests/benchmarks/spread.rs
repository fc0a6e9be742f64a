//! A figure that was taken many times.

use std::fmt;

/// What was found, in order.
#[derive(Default)]
pub(crate) struct Spread(Vec<f64>);

impl Spread {
    pub(crate) fn extend(&mut self, found: impl IntoIterator<Item = f64>) {
        self.0.extend(found);
        self.0.sort_by(f64::total_cmp);
    }

    pub(crate) fn least(&self) -> f64 {
        self.quarter(0)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quarter(2)
    }

    /// Below which that many quarters of what was found are.
    fn quarter(&self, quarters: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * quarters / 4).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<f64> for Spread {
    fn from_iter<I: IntoIterator<Item = f64>>(found: I) -> Self {
        let mut spread = Self::default();
        spread.extend(found);
        spread
    }
}

/// The median, and between what the middle half is.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(1);
        let [low, median, high] = [1, 2, 3].map(|quarters| self.quarter(quarters));
        write!(f, "{median:.digits$} ({low:.digits$} to {high:.digits$})")
    }
}

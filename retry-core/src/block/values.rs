//! Which values are good enough for a block's policy.

/// Which values are good enough.
#[doc(hidden)]
pub trait Accepts<T> {
    fn accepts(&self, value: &T) -> bool;
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct AnyValue;

impl<T> Accepts<T> for AnyValue {
    fn accepts(&self, _: &T) -> bool {
        true
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Until<F>(pub(super) F);

impl<T, F: Fn(&T) -> bool> Accepts<T> for Until<F> {
    fn accepts(&self, value: &T) -> bool {
        (self.0)(value)
    }
}

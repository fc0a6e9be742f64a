//! Telling errors apart, so that each variant has growth of its own.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The key under which values that `until` does not accept are counted.
pub(crate) const UNTIL: u64 = 0;

/// The key of an error's variant. Where there are none, since the error is no enum, a rule that is a predicate
/// adds its number instead.
pub fn key<E>(error: &E, rule: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (std::mem::discriminant(error), rule).hash(&mut hasher);
    hasher.finish()
}

//! The random source: the thread's own, or a test's seeded one. It is drawn from after a failure only.

/// Evenly from [0, 1).
pub(crate) fn unit() -> f64 {
    crate::testing::current().map_or_else(fastrand::f64, |recorder| recorder.unit())
}

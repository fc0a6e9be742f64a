//! What is waited, to the millisecond, on a paused clock.

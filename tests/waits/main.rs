//! What is waited, to the millisecond, on a paused clock.

mod growth;
mod rules;
mod support;
mod told;

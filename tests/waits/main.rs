//! What is waited, to the millisecond, on a paused clock.

mod blocks;
mod cancel;
mod derived;
mod growth;
mod hooks;
mod limits;
mod recorders;
mod regressions;
mod rules;
mod support;
mod timers;
mod told;
mod values;

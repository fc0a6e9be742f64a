//! What is waited, to the millisecond, on a paused clock.

mod growth;
mod hooks;
mod limits;
mod rules;
mod support;
mod told;
mod values;

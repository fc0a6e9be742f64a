//! What holds for all settings.

mod any;
mod contention;
mod jitter;
mod waits;

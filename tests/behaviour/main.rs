//! Which kinds of function the attribute stands on, and the bugs that such macros have had. Calls are counted:
//! a macro that silently does not retry compiles just as well as one that does.
//!
//! Nothing is really waited: sync tests hold a recorder, async ones run on a paused clock.

// For the tests of `crate = ..`.
extern crate retry_core as renamed_retry_core;

mod bugs;
mod common;
mod hygiene;
mod kinds;
mod peers;
mod send;

//! Which kinds of function the attribute stands on, and the bugs that such macros have had. Calls are counted:
//! a macro that silently does not retry compiles just as well as one that does.
//!
//! Nothing is really waited: sync tests hold a recorder, async ones run on a paused clock.

// What functions look like is what is tested, so that it cannot be simplified.
#![allow(
    clippy::borrowed_box,
    clippy::boxed_local,
    clippy::let_and_return,
    clippy::manual_async_fn,
    clippy::multiple_bound_locations,
    clippy::needless_arbitrary_self_type,
    clippy::needless_question_mark,
    clippy::never_loop,
    clippy::question_mark,
    clippy::redundant_locals,
    clippy::wrong_self_convention
)]

// For the tests of `crate = ..`.
extern crate retry_core as renamed_retry_core;

mod bugs;
mod common;
mod crash_context;
mod fragments;
mod hygiene;
mod kinds;
mod peers;
mod send;

//! What a report shows of the arguments and locals of annotated functions, kind by kind, and that the attribute changes
//! nothing else about a function.
//!
//! How the values are written here: see `support`.

// The values are there for the report. That the attribute hides no warning is a test of its own.
#![allow(
    dead_code,
    non_local_definitions,
    non_upper_case_globals,
    unused_assignments,
    unused_mut,
    unused_variables
)]
// What functions look like is what is tested, so that it cannot be simplified.
#![allow(clippy::all)]

// For the tests of `crate = ..`.
extern crate retry_core as other_name;

mod kit {
    pub(crate) use other_name as core;
}

mod arguments;
mod assigned;
mod futures;
mod hygiene;
mod lists;
mod nesting;
mod peers;
mod plain;
mod references;
mod retried;
mod same;
mod scopes;
mod snapshots;
mod support;

//! The program `crash-reports`, as it is run. Run with `--all-features`.

mod listing;
mod mailing;
mod many;
mod opening;
mod page;
mod pruning;
mod serving;
mod showing;
mod support;

//! The program `crash-reports`, as it is run. Run with `--all-features`.
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the program writes them like that")]

mod listing;
mod mailing;
mod many;
mod opening;
mod page;
mod pruning;
mod sending;
mod serving;
mod showing;
mod support;

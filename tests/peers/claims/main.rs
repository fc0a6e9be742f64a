//! What other retry crates do, run: the page `guide::peers` (`retry-core/docs/peers.md`) and the part of
//! `guide::coming_from` that is about backon say so, and stay true as long as these pass.
//!
//! ```text
//! cargo test -p retry-tests --features peers --test peers
//! ```
//!
//! The versions are pinned in `Cargo.toml`. A test that fails here is no defect of ours: the page has to change. What
//! ours does is shown by the tests that the page names. The Python libraries are run by `tests/peers/claims/run`.

mod backoff_0_4;
mod backon_1_6;
mod backon_words;
mod macros;
mod mulligan_0_7;
mod retry_policies_0_5;
mod tokio_retry2_0_9;

use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

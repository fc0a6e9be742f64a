//! Tests of `retry-core` as its users have it. See the targets in `Cargo.toml`.

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "browser")]
pub mod viewer;

use std::env;
use std::io::{self, Write};

/// Whether the environment asks for the tests that need this peer, as `bash tests/peers/run NAME -- cargo test` does. Where
/// it does not, the terminal says what is left out.
#[must_use]
pub fn asked_for_peer(name: &str) -> bool {
    let asked =
        env::var("RETRY_CORE_PEERS").is_ok_and(|names| names.split_whitespace().any(|asked| asked == name));
    if !asked {
        let left_out = format!("left out, it needs a {name}: bash tests/peers/run {name} -- cargo test\n");
        // Not captured, as `eprintln!` would be.
        let _ = io::stderr().write_all(left_out.as_bytes());
    }
    asked
}

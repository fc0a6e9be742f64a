//! Tests of `retry-core` as its users have it. See the targets in `Cargo.toml`.

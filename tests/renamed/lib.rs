//! Tests of `retry-core` where it has another name. See the targets in `Cargo.toml`.

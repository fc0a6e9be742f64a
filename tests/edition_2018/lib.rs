//! Tests of `retry-core` in a crate of the edition of 2018. See the targets in `Cargo.toml`.

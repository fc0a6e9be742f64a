//! Tests of `retry-core` in a crate of the edition of 2015. See the targets in `Cargo.toml`.

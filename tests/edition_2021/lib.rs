//! Tests of `retry-core` in a crate of the edition of 2021. See the targets in `Cargo.toml`.

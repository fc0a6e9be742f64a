//! Tests of `retry-core` with HTTP clients. See the target in `Cargo.toml`.

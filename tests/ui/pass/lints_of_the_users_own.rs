#![deny(warnings)]

//! What a user allows, expects or asks for at a function holds for the expanded one too.

use retry_core::retry;

#[expect(dead_code)]
#[retry(when(|_| true) = 3)]
fn uncalled() -> Result<u8, String> {
    Ok(1)
}

#[allow(unused_variables)]
#[retry(when(|_| true) = 3)]
fn unused(argument: u8) -> Result<u8, String> {
    Ok(1)
}

#[inline]
#[must_use = "it counts"]
#[retry(when(|_| true) = 3)]
fn inlined() -> Result<u8, String> {
    #![allow(unused_mut)]
    let mut one = 1;
    Ok(one)
}

fn main() {
    let _ = (unused(1), inlined());
}

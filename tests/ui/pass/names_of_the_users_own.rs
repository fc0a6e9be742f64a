#![deny(warnings)]
#![allow(non_camel_case_types)]

//! Names that the expansion uses itself, as arguments, types and modules of the user's.

#[derive(Debug)]
pub enum Option {
    None,
    Some,
}

#[derive(Debug, retry_core::RetryClassify)]
pub enum Error {
    #[retry(after = 3)]
    Ok,
    #[retry(after = field(__told))]
    Err {
        __told: u64,
    },
}

mod core {}
mod std {}

#[allow(dead_code)]
struct Duration;

#[retry_core::retry(Ok = 3, Err = field(__told), attempt = __attempt, on_retry = |_| {})]
pub fn names(__call: u8, __error: u8, __wait: &mut u8) -> Result<u8, Error> {
    let _ = (Option::None, Option::Some, __attempt.number());
    *__wait += __call + __error;
    if *__wait > 200 { Err(Error::Err { __told: 1 }) } else { Err(Error::Ok) }
}

fn main() {
    let _ = names(1, 2, &mut 3);
}

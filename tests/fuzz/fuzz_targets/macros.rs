//! All macros, by whatever is written: no panic, no end of the stack, and an answer that is code (`retry-macros`,
//! `src/hostile/case.rs`).
//!
//! ```text
//! cargo install cargo-fuzz
//! mkdir -p tests/fuzz/corpus/macros
//! cargo +nightly fuzz run -s none --fuzz-dir tests/fuzz macros tests/fuzz/corpus/macros tests/fuzz/seeds/macros -- \
//!     -dict=tests/fuzz/dictionaries/macros.dict -timeout=10 -max_len=4096 -max_total_time=1800
//! ```
//!
//! There is no `unsafe` here for a sanitizer to look at. Inputs that reach something new are kept in the first of the two
//! folders. The first byte of an input says how it is read, the next is the macro's: `t` is text, the options, a line `---`
//! and the item; `m` is a call from the corpus, changed as the other bytes say; `w` is words of the dictionary, put together
//! as they say.

#![no_main]
// Some of it serves the tests of `retry-macros` alone.
#![allow(dead_code)]

extern crate proc_macro;

#[path = "../../../retry-macros/src/classify/mod.rs"]
mod classify;
#[path = "../../../retry-macros/src/crash/mod.rs"]
mod crash;
#[path = "../../../retry-macros/src/hostile/mod.rs"]
mod hostile;
#[path = "../../../retry-macros/src/options/mod.rs"]
mod options;
#[path = "../../../retry-macros/src/policy/mod.rs"]
mod policy;
#[path = "../../../retry-macros/src/retry/mod.rs"]
mod retry;
#[path = "../../../retry-macros/src/shared/mod.rs"]
mod shared;
#[path = "../../../retry-macros/src/with/mod.rs"]
mod with;

use std::str;

use arbitrary::Unstructured;
use hostile::case::{Case, Macro};
use hostile::{corpus, mutations};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static CORPUS: Vec<Case> = corpus::written();
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(fault) = case(bytes).and_then(|case| case.fault()) {
        panic!("{fault}");
    }
});

fn case(bytes: &[u8]) -> Option<Case> {
    let [mode, of, rest @ ..] = bytes else { return None };
    let of = Macro::ALL[usize::from(*of) % Macro::ALL.len()];
    let mut rest = Unstructured::new(rest);
    let choose = &mut |below: usize| rest.choose_index(below).unwrap_or(0);
    match mode {
        b'm' => Some(CORPUS.with(|corpus| {
            let of_macro: Vec<_> = corpus.iter().filter(|case| case.of == of).collect();
            mutations::mutated(of_macro[choose(of_macro.len())], corpus, choose)
        })),
        b'w' => Some(mutations::worded(of, choose)),
        _ => {
            let text = str::from_utf8(&bytes[2..]).ok()?;
            let (options, item) = text.split_once("\n---\n").unwrap_or((text, ""));
            Case::text(of, options, item)
        }
    }
}

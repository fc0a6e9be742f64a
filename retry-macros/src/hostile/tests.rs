//! Every slip in what is written in the corpus, and changes at random: 6,000 here, and as many as `RETRY_HOSTILE` says
//! where it says a number:
//!
//! ```text
//! RETRY_HOSTILE=200000 cargo test --release -p retry-macros hostile
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::str::FromStr;
use std::thread;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::case::{Case, Macro};
use super::corpus::{self, BLOCKS, BODIES, CONTEXTS, DERIVES, FUNCTIONS, OPTIONS, WITH};
use super::mutations::{each_slip, mutated, worded};

#[test]
fn the_attribute_takes_any_options() {
    let mut survived = Survived::default();
    for options in OPTIONS.iter().flat_map(|options| each_slip(options)) {
        survived.check(&Case::new(Macro::Retry, options, tokens(FUNCTIONS[0])));
    }
    survived.report(600);
}

#[test]
fn the_attribute_takes_any_item() {
    let mut survived = Survived::default();
    let options = [OPTIONS[0], OPTIONS[5], ""].map(tokens);
    let items = FUNCTIONS.iter().flat_map(|item| each_slip(item));
    for (item, options) in items.zip(options.iter().cycle()) {
        survived.check(&Case::new(Macro::Retry, options.clone(), item));
    }
    survived.report(1500);
}

#[test]
fn crash_context_takes_any_options_and_any_item() {
    let mut survived = Survived::default();
    for options in CONTEXTS.iter().flat_map(|options| each_slip(options)) {
        survived.check(&Case::new(Macro::CrashContext, options, tokens(BODIES[0])));
    }
    let options = [CONTEXTS[1], ""].map(tokens);
    let items = BODIES.iter().chain(&FUNCTIONS).flat_map(|item| each_slip(item));
    for (item, options) in items.zip(options.iter().cycle()) {
        survived.check(&Case::new(Macro::CrashContext, options.clone(), item));
    }
    survived.report(3000);
}

#[test]
fn the_derive_takes_any_item() {
    let mut survived = Survived::default();
    for item in DERIVES.iter().flat_map(|item| each_slip(item)) {
        survived.check(&Case::new(Macro::Classify, TokenStream::new(), item));
    }
    survived.report(300);
}

#[test]
fn the_block_forms_take_anything() {
    let mut survived = Survived::default();
    for (of, inputs) in [(Macro::Policy, &BLOCKS[..]), (Macro::With, &WITH)] {
        for input in inputs.iter().flat_map(|input| each_slip(input)) {
            survived.check(&Case::new(of, input, TokenStream::new()));
        }
    }
    survived.report(300);
}

/// Each was answered with something that is no code.
#[test]
fn what_was_found() {
    let mut survived = Survived::default();
    let cases = [
        (Macro::Policy, "E: crate = ::path::Error<T>", ""),
        (Macro::With, "delays, async |_| { a } | { b }", ""),
        (Macro::With, "delays, |_| if a { b } else { c } + d", ""),
        (Macro::With, "delays, || let a = b", ""),
        (Macro::With, "delays, |#[allow(unused_variables)] n| a", ""),
        (Macro::With, "delays, async |attempt| crate", ""),
        (Macro::Retry, "", "fn f(async: u8) -> Result<u8, E> { g(async) }"),
    ];
    for (of, options, item) in cases {
        survived.check(&Case::new(of, tokens(options), tokens(item)));
    }
    // `async move $block.await`, where the block was put in parentheses.
    let block = TokenTree::from(Group::new(Delimiter::None, tokens("{ 1 }")));
    let awaited = tokens("async move").into_iter().chain([block]).chain(tokens(".await"));
    let body = TokenTree::from(Group::new(Delimiter::Brace, awaited.collect()));
    for of in [Macro::Retry, Macro::CrashContext] {
        let function = tokens("async fn f() -> Result<u8, E>").into_iter().chain([body.clone()]);
        survived.check(&Case::new(of, TokenStream::new(), function.collect()));
    }
    survived.report(8);
}

/// Seeded, so that what fails once fails again.
#[test]
fn any_tokens_at_all() {
    let count = std::env::var("RETRY_HOSTILE").ok().and_then(|count| count.parse().ok()).unwrap_or(6_000);
    on_the_stack_of_a_compiler(move || {
        let donors = donors();
        let (right, wrong): (Vec<_>, Vec<_>) = donors.iter().cloned().partition(Case::is_right);
        let mut survived = Survived::default();
        for seed in 0..count {
            let mut random = fastrand::Rng::with_seed(seed);
            let choose = &mut |below| random.usize(0..below);
            // Most of the macros' code is for what is right.
            let cases = if choose(8) == 0 { &wrong } else { &right };
            let case = &cases[choose(cases.len())];
            survived.check(&match choose(10) {
                0 => worded(case.of, choose),
                _ => mutated(case, &donors, choose),
            });
        }
        survived.report(usize::try_from(count).unwrap_or(usize::MAX));
    });
}

/// The corpus, and all that the test suites have, where they are.
fn donors() -> Vec<Case> {
    let mut donors = corpus::written();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    if tests.exists() {
        let found = corpus::of_folder(&tests);
        for of in Macro::ALL {
            let count = found.iter().filter(|case| case.of == of).count();
            assert!(count >= 20, "the test suites have only {count} calls of {of:?}");
        }
        donors.extend(found);
    }
    donors
}

/// Where the stack ends, so does the test.
pub(super) fn on_the_stack_of_a_compiler(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(8 << 20).spawn(work).expect("a thread begins");
    if let Err(panic) = thread.join() {
        resume_unwind(panic);
    }
}

/// What the inputs led to.
#[derive(Default)]
struct Survived {
    count: usize,
    faults: Vec<String>,
}

impl Survived {
    fn check(&mut self, case: &Case) {
        self.count += 1;
        let fault = catch_unwind(AssertUnwindSafe(|| case.fault()));
        if let Some(fault) = fault.unwrap_or_else(|_| Some("a panic".to_owned())) {
            let Case { of, options, item } = case;
            self.faults.push(format!("{of:?}\n  options {options}\n  item {item}\n  {fault}\n"));
        }
    }

    fn report(&self, at_least: usize) {
        let (faults, some) = (self.faults.len(), self.faults.iter().take(10).cloned().collect::<String>());
        assert!(faults == 0, "{faults} of {} inputs are not answered well:\n{some}", self.count);
        assert!(self.count >= at_least, "only {} inputs were tried", self.count);
    }
}

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("these are tokens")
}

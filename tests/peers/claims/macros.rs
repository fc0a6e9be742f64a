//! Attribute macros: retrying 0.1.0, retryable-proc_macros 0.1.1 (what `retryable` re-exports), next-web-macros 0.2.1,
//! backon-macros 1.0.0, backoff-macro 0.2.0.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Counts, and fails but for the third time.
fn third(calls: &Cell<u32>) -> Result<u32, &'static str> {
    calls.set(calls.get() + 1);
    if calls.get() == 3 { Ok(3) } else { Err("busy") }
}

/// `?` and `return` leave the loop along with the body: one call, where the tail expression is tried three times.
#[test]
fn retrying_does_not_retry_question_mark_and_return() {
    #[retrying::retry(stop = attempts(4))]
    fn tail(calls: &Cell<u32>) -> Result<u32, &'static str> {
        third(calls)
    }
    #[allow(clippy::needless_question_mark)] // it is what is tested
    #[retrying::retry(stop = attempts(4))]
    fn question_mark(calls: &Cell<u32>) -> Result<u32, &'static str> {
        Ok(third(calls)?)
    }
    #[allow(clippy::needless_return, unreachable_code, clippy::diverging_sub_expression)]
    #[retrying::retry(stop = attempts(4))]
    fn returns(calls: &Cell<u32>) -> Result<u32, &'static str> {
        return third(calls);
    }
    let calls = Cell::new(0);
    assert_eq!((tail(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((question_mark(&calls), calls.take()), (Err("busy"), 1));
    assert_eq!((returns(&calls), calls.take()), (Err("busy"), 1));
}

#[test]
fn retryable_does_not_retry_question_mark_and_return() {
    use retryable_proc_macros::retryable;

    #[retryable(max_attempts = 4, sleep_seconds = 0)]
    fn tail(calls: &Cell<u32>) -> Result<u32, &'static str> {
        third(calls)
    }
    #[allow(clippy::needless_question_mark)]
    #[retryable(max_attempts = 4, sleep_seconds = 0)]
    fn question_mark(calls: &Cell<u32>) -> Result<u32, &'static str> {
        Ok(third(calls)?)
    }
    let calls = Cell::new(0);
    assert_eq!((tail(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((question_mark(&calls), calls.take()), (Err("busy"), 1));
}

/// Checks a crate of its own, with nothing but these dependencies; what the compiler says.
fn check(name: &str, dependencies: &str, source: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2021\"\n[workspace]\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--color=never", "--message-format=short", "--target-dir=../checked"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

#[track_caller]
fn assert_says(checked: Result<(), String>, expected: &str) {
    let said = checked.expect_err("it compiles");
    assert!(said.contains(expected), "{said}");
}

const BACKON_MACROS: &str = "backon = '=1.6.0'\nbackon-macros = '=1.0.0'\nanyhow = '1'\ntracing = '0.1'\n";

/// The example in its README, letter by letter.
#[test]
fn the_example_of_backon_macros_does_not_compile() {
    let example = r#"
        use anyhow::Result;
        use backon::TokioSleeper;
        use backon_macros::backon;

        #[backon(
            backoff = backon::ExponentialBuilder::default,
            sleep = TokioSleeper::sleep,
            when = |e: &anyhow::Error| e.to_string() == "temporary",
            notify = |err: &anyhow::Error, dur| tracing::warn!(?err, ?dur, "retrying")
        )]
        async fn fetch_data() -> Result<String> {
            Ok("value".to_string())
        }
    "#;
    assert_says(check("backon-macros-example", BACKON_MACROS, example), "error: expected identifier");
}

#[test]
fn backon_macros_takes_no_method_with_an_owned_argument() {
    let method = |argument| {
        format!(
            "pub struct Client;
            impl Client {{
                #[backon_macros::backon]
                pub async fn get(&self, url: {argument}) -> anyhow::Result<usize> {{ Ok(url.len()) }}
            }}"
        )
    };
    assert_eq!(check("backon-macros-borrowed", BACKON_MACROS, &method("&str")), Ok(()));
    let owned = check("backon-macros-owned", BACKON_MACROS, &method("String"));
    assert_says(owned, "expected a closure that implements the `FnMut` trait");
}

/// Documentation is an attribute too.
#[test]
fn next_web_macros_drops_pub_and_generics_and_attributes() {
    let retried = |function: &str, rest: &str| {
        let source = format!(
            "#![deny(deprecated)]
            pub mod inner {{
                #[next_web_macros::retryable(max_attempts = 3)]
                {function}
            }}
            {rest}"
        );
        check("next-web", "next-web-macros = '=0.2.1'\n", &source)
    };
    assert_eq!(retried("fn get() -> Result<u32, ()> { Ok(1) }", ""), Ok(()));
    let public = "pub fn get() -> Result<u32, ()> { Ok(1) }";
    assert_says(retried(public, "pub use inner::get;"), "function `get` is private");
    let generic = "fn get<T>() -> Result<u32, T> { Ok(1) }";
    assert_says(retried(generic, ""), "cannot find type `T`");
    let deprecated = "#[deprecated]\nfn get() -> Result<u32, ()> { Ok(1) }\npub fn user() { let _ = get(); }";
    assert_eq!(retried(deprecated, ""), Ok(()), "nobody is told");
}

/// It uses a feature of `syn` that it does not ask for: it builds where another crate asks.
#[test]
fn backoff_macro_does_not_build_alone() {
    assert_says(
        check("backoff-macro-alone", "backoff-macro = '=0.2.0'\n", ""),
        "unresolved import `syn::ItemFn`",
    );
    let beside = "backoff-macro = '=0.2.0'\nbackon-macros = '=1.0.0'\n"; // which asks
    assert_eq!(check("backoff-macro-beside", beside, ""), Ok(()));
}

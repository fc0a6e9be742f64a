//! The words of this library on `retry-core/docs/coming_from.md`: each option that a table names stands in a function
//! here, and so compiles. What the others' words do is checked by `tests/peers/claims`.

use std::time::Duration;

use retry_core::{Event, Policy, StopToken, retry};

/// This file, in which the words are looked for.
const SOURCE: &str = include_str!("coming_from.rs");

#[test]
fn every_option_in_the_tables_stands_in_a_function_that_compiles() {
    let page = crate::read(&crate::docs("coming_from.md"));
    let (words, _) = SOURCE.rsplit_once("// The words end here.").unwrap();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = 0;
    for cell in page.lines().filter_map(|line| line.strip_prefix('|')?.rsplit(" | ").next()) {
        for option in cell.replace("\\|", "|").split('`').skip(1).step_by(2).filter(|word| is_option(word)) {
            found += 1;
            assert!(words.contains(option), "no function here has `{option}`");
        }
    }
    assert!(found > 80, "only {found} options were found");
}

#[test]
fn every_word_of_backon_stands_in_a_test_that_compiles() {
    let page = crate::read(&crate::docs("coming_from.md"));
    let (_, section) = page.split_once("\n# backon\n").unwrap();
    let (section, _) = section.split_once("\n# Polly\n").unwrap();
    let tests = ["backon_1_6.rs", "backon_words.rs"]
        .map(|file| crate::read(&crate::root().join("tests/peers/claims").join(file)))
        .concat();
    let mut found = 0;
    for line in section.lines().filter(|line| line.starts_with("| `") || line.starts_with("| no `")) {
        let theirs = line.split(" | ").next().unwrap();
        for word in theirs.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
            if word.contains('_') || word.ends_with("Builder") || theirs.contains(&format!("`.{word}(")) {
                found += 1;
                assert!(tests.contains(word), "no test of backon has `{word}`");
            }
        }
    }
    assert!(found > 20, "only {found} words were found");
}

/// What stands in an attribute, or is asked of what it binds.
fn is_option(word: &str) -> bool {
    word.contains(" = ") || word.starts_with("event.") || word.starts_with("n.")
}

#[derive(Debug)]
enum ApiError {
    Busy,
    Refused,
    Fatal,
    Timeout,
    SlowDown { retry_after: u64 },
}

#[derive(Debug)]
struct Job {
    done: bool,
}

fn is_soft(_: &ApiError) -> bool {
    true
}

fn f(event: Event<'_, ApiError>) {
    let _ = (event.attempt(), event.delay(), event.error());
}

/// A function with these options that succeeds.
macro_rules! with {
    ($($name:ident($($options:tt)*);)*) => {
        $(
            #[retry($($options)*)]
            fn $name() -> Result<(), ApiError> {
                Ok(())
            }
        )*

        fn call_all() -> Result<(), ApiError> {
            $($name()?;)*
            Ok(())
        }
    };
}

with! {
    five(_ = 1s, attempts = 5);
    three(_ = 1s, attempts = 3);
    four(_ = 1s, attempts = 4);
    ten(_ = 1s, attempts = 10);
    for_ever(_ = 1s, attempts = unlimited);
    a_minute(_ = 1s, deadline = 60s);
    three_quarters(_ = 1s, deadline = 45s);
    ten_seconds(_ = 1s, deadline = 10s);
    ten_minutes(_ = 1s, deadline = 10m);
    whichever_is_first(_ = 1s, attempts = 5, deadline = 60s);
    fixed(Busy = 3);
    one_second(Busy = 1s);
    two_seconds(Busy = 2s);
    half_a_second(Busy = 500ms);
    at_once(Busy = 0);
    several(Busy | Refused = 100ms);
    but_fatal(Fatal = never, _ = 1s);
    never_fatal(Fatal = never);
    rest(_ = 1s);
    rest_in_two(_ = 2s);
    rest_in_half(_ = 500ms);
    soft(when(is_soft) = 1s);
    soft_soon(when(is_soft) = 100ms);
    soft_in_two(when(is_soft) = 2s);
    soft_in_half(when(is_soft) = 500ms);
    told(SlowDown = field(retry_after));
    grows(Busy = 3, backoff = exp(factor = 2, cap = 60));
    grows_from_a_tenth(Busy = 100ms, backoff = exp(factor = 2, cap = 5s));
    grows_from_one(Busy = 1s, backoff = exp(factor = 2));
    grows_from_two(Busy = 2s, backoff = exp());
    grows_evenly(Busy = 2s, backoff = linear());
    grows_by_half(Busy = 500ms, backoff = exp(factor = 1.5));
    grows_and_spreads(Busy = 500ms, backoff = exp(cap = 60s), jitter = 0.5);
    capped(_ = 1s, backoff = exp(cap = 60s));
    capped_sooner(_ = 1s, backoff = exp(cap = 30s));
    spread(_ = 1s, backoff = exp(cap = 60, jitter = full));
    spread_by_half(_ = 1s, backoff = exp(jitter = 0.5));
    in_steps(_ = 1s, backoff = linear(base = 1, step = 2));
    as_fibonacci(_ = 1s, backoff = fibonacci());
    upwards(Busy = 3, jitter = 1.0);
    upwards_by_a_quarter(_ = 1s, jitter = 0.25);
    noted(_ = 1s, on_retry = f);
    noted_at_the_end(_ = 1s, on_give_up = f, on_success = f);
}

#[retry(Busy = steps.next().unwrap_or(5))]
fn in_given_steps(mut steps: impl Iterator<Item = u64>) -> Result<(), ApiError> {
    Ok(())
}

#[retry(Busy = 1s, sleep = |wait| stop.sleep(wait))]
fn stopped(stop: &StopToken) -> Result<(), ApiError> {
    Ok(())
}

#[retry(_ = 1s, until = |job: &Job| job.done)]
fn polled() -> Result<Job, ApiError> {
    Ok(Job { done: true })
}

#[retry(Busy = 1s, attempt = n)]
fn numbered() -> Result<u32, ApiError> {
    Ok(n.number())
}

#[retry(Busy = 1s, timeout = 5s => ApiError::Timeout, sleep = tokio::time::sleep)]
async fn limited() -> Result<(), ApiError> {
    Ok(())
}

#[retry(Busy = 1s, timeout = 1s => ApiError::Timeout)]
async fn limited_to_a_second() -> Result<(), ApiError> {
    Ok(())
}

struct Client {
    policy: Policy,
}

impl Client {
    #[retry(Busy = 1s, policy = self.policy)]
    fn get(&self) -> Result<(), ApiError> {
        Ok(())
    }
}

// The words end here.

#[tokio::test(start_paused = true)]
async fn the_functions_run() {
    call_all().unwrap();
    in_given_steps([1].into_iter()).unwrap();
    stopped(&StopToken::new()).unwrap();
    assert!(polled().unwrap().done);
    assert_eq!(numbered().unwrap(), 1);
    limited().await.unwrap();
    limited_to_a_second().await.unwrap();
    Client { policy: Policy::new() }.get().unwrap();
    let told = ApiError::SlowDown { retry_after: 1 };
    assert!([ApiError::Busy, ApiError::Refused, ApiError::Fatal, told].iter().all(is_soft));
}

/// What the page says of `wait_chain`: each step is asked for when its attempt has failed.
#[test]
fn an_expression_gives_one_wait_after_the_other() {
    #[retry(Busy = steps.next().unwrap_or(5), attempts = 5, jitter = none)]
    fn busy(mut steps: impl Iterator<Item = u64>) -> Result<(), ApiError> {
        Err(ApiError::Busy)
    }
    let recorder = retry_core::testing::record();
    busy([1, 1, 2].into_iter()).unwrap_err();
    assert_eq!(recorder.delays(), [1, 1, 2, 5].map(Duration::from_secs));
}

//! The tables of `retry-core/docs/choosing_limits.md` are computed with the library's own delays, from seeds. Made anew:
//!
//! ```text
//! WRITE_PAGE=1 cargo test -p retry-tests --test pages choosing_limits
//! ```

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;
use std::{env, fs};

use retry_core::{Classification, Jitter, Policy, RetryPolicy, testing};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_tables_are_what_the_library_does() {
    let path = crate::docs("choosing_limits.md");
    let page = crate::read(&path);
    let mut made = page.clone();
    for (name, table) in [
        ("total waits", total_waits()),
        ("a deadline", a_deadline()),
        ("a crowd", a_crowd()),
        ("a crowd that is told", a_crowd_that_is_told()),
        ("chances", chances()),
    ] {
        made = with_table(&made, name, &table);
    }
    if env::var_os("WRITE_PAGE").is_some() {
        fs::write(path, made).unwrap();
    } else {
        assert_eq!(made, page, "make the page anew as it is told where this test begins");
    }
}

/// The page with this table behind the comment of that name.
fn with_table(page: &str, name: &str, table: &str) -> String {
    let comment = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&comment).unwrap_or_else(|| panic!("no {comment}"));
    let after = rest.find("\n\n").map_or("", |end| &rest[end..]);
    format!("{before}{comment}{}{after}", table.trim_end())
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    cells.into_iter().fold(String::from("|"), |row, cell| format!("{row} {cell} |")) + "\n"
}

fn head(cells: &[&str]) -> String {
    row(cells.iter().map(|cell| (*cell).to_owned())) + "|" + &"---|".repeat(cells.len()) + "\n"
}

/// As it is read: no finer than needed.
fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0..10) => format!("{} s", duration.as_millis() as f64 / 1000.0),
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// What a call waits in all that fails as often as it may.
fn total_waits() -> String {
    let mut table = head(&[
        "attempts",
        "`fixed()`",
        "`fibonacci()`",
        "`exp(base = 100ms)`",
        "`exp()`",
        "`exp(cap = 30s)`",
        "`exp(base = 120)`",
    ]);
    let policies = [
        Policy::fixed(),
        Policy::fibonacci(),
        Policy::exponential().base(SECOND / 10),
        Policy::exponential(),
        Policy::exponential().cap(SECOND * 30),
        Policy::exponential().base(SECOND * 120),
    ];
    for attempts in [2, 3, 4, 5, 6, 8, 10] {
        let waits =
            policies.map(|policy| shown(policy.jitter(Jitter::None).attempts(attempts).delays().sum()));
        table += &row([attempts.to_string()].into_iter().chain(waits));
    }
    table
}

/// How `Timeout = 120` goes on under `deadline = 10m` where every attempt fails at once.
fn a_deadline() -> String {
    let mut table = head(&["beside `Timeout = 120`", "attempts", "they begin after", "it gives up after"]);
    let limit = SECOND * 600;
    let written = [
        ("`deadline = 10m`", Policy::fixed()),
        ("`deadline = 10m, attempts = unlimited`", Policy::fixed().unlimited_attempts()),
        ("`deadline = 10m, backoff = exp()`", Policy::exponential()),
        (
            "`deadline = 10m, backoff = exp(), attempts = unlimited`",
            Policy::exponential().unlimited_attempts(),
        ),
    ];
    for (written, policy) in written {
        let recorder = testing::record();
        let policy = policy.base(SECOND * 120).jitter(Jitter::None).deadline(limit);
        let call = RetryPolicy::new(policy).classify(|(): &()| Classification::Transient);
        call.run_blocking(|_| Err::<(), ()>(())).unwrap_err();
        let mut begins = vec![Duration::ZERO];
        for wait in recorder.delays() {
            begins.push(*begins.last().unwrap() + wait);
        }
        let last = *begins.last().unwrap();
        let seconds: Vec<_> = begins.iter().map(|begin| begin.as_secs().to_string()).collect();
        table += &row([written.to_owned(), begins.len().to_string(), seconds.join(", ") + " s", shown(last)]);
    }
    table
}

/// A thousand workers whose calls fail at the same moment, and a server that answers ten calls in each tenth of a second
/// and refuses the others at once.
fn a_crowd() -> String {
    const WORKERS: usize = 1000;
    const WINDOW: Duration = Duration::from_millis(100);
    const ANSWERED: u32 = 10;

    let mut table = head(&["written", "calls in all", "most at once", "the last is through after"]);
    let exponential = Policy::exponential().cap(SECOND * 60);
    let written = [
        ("`fixed(jitter = none)`", Policy::fixed().jitter(Jitter::None)),
        ("`fixed()`: 0.1 unless said", Policy::fixed()),
        ("`exp(cap = 1m, jitter = none)`", exponential.jitter(Jitter::None)),
        ("`exp(cap = 1m)`: 0.1 unless said", exponential),
        ("`exp(cap = 1m, jitter = equal)`", exponential.jitter(Jitter::Equal)),
        ("`exp(cap = 1m, jitter = full)`", exponential.jitter(Jitter::Full)),
        ("`exp(cap = 1m, jitter = decorrelated)`", exponential.jitter(Jitter::Decorrelated)),
    ];
    for (written, policy) in written {
        let _recorder = testing::record_seeded(1);
        let policy = policy.unlimited_attempts();
        let mut delays: Vec<_> = (0..WORKERS).map(|_| policy.delays()).collect();
        let mut due: BinaryHeap<_> = (0..WORKERS).map(|worker| Reverse((Duration::ZERO, worker))).collect();
        let mut calls: BTreeMap<u128, u32> = BTreeMap::new();
        let mut end = Duration::ZERO;
        while let Some(Reverse((now, worker))) = due.pop() {
            end = now;
            let called = calls.entry(now.as_nanos() / WINDOW.as_nanos()).or_default();
            *called += 1;
            if *called > ANSWERED {
                due.push(Reverse((now + delays[worker].next().unwrap(), worker)));
            }
        }
        let all: u32 = calls.values().sum();
        let most = calls.iter().skip(1).map(|(_, called)| called).max().unwrap();
        table += &row([written.to_owned(), thousands(all.into()), most.to_string(), shown(end)]);
    }
    table
}

/// A thousand workers that a server tells to come back after 30 s.
fn a_crowd_that_is_told() -> String {
    const WORKERS: usize = 1000;

    let mut table = head(&["written", "they come back", "the most in one second"]);
    let written = [
        ("`jitter = none`", Jitter::None),
        ("0.1 unless said", Jitter::DEFAULT),
        ("`jitter = 0.5`, `jitter = equal`", Jitter::Fraction(0.5)),
        ("`jitter = full`", Jitter::Full),
    ];
    for (written, jitter) in written {
        let recorder = testing::record_seeded(1);
        let call = RetryPolicy::new(Policy::fixed().jitter(jitter).attempts(2))
            .classify(|(): &()| Classification::After(SECOND * 30));
        for _ in 0..WORKERS {
            call.run_blocking(|_| Err::<(), ()>(())).unwrap_err();
        }
        let mut seconds: BTreeMap<u64, u32> = BTreeMap::new();
        for wait in recorder.delays() {
            *seconds.entry(wait.as_secs()).or_default() += 1;
        }
        let (first, last) = (*seconds.keys().next().unwrap(), *seconds.keys().last().unwrap());
        let most = seconds.values().max().unwrap();
        let when = if recorder.delays().iter().all(|wait| *wait == SECOND * 30) {
            "all after 30 s".to_owned()
        } else {
            format!("after {first} to {} s", last + 1)
        };
        table += &row([written.to_owned(), when, most.to_string()]);
    }
    table
}

/// How many calls fail in the end, of those whose attempts each fail by themselves so often.
fn chances() -> String {
    let mut table = head(&["an attempt fails", "2 attempts", "3", "4", "5"]);
    for of in [2_u64, 5, 10, 100] {
        let cells = [2, 3, 4, 5].map(|attempts| format!("1 in {}", thousands(of.pow(attempts))));
        table += &row([format!("1 in {of}")].into_iter().chain(cells));
    }
    table
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

//! What `tracing` and `metrics` are told, and policies from a configuration file.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use retry_core::{Policy, RetryPolicy, retry, retry_policy, testing};
use serde::Deserialize;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("busy for {0} s")]
    Busy(u64),
}

/// Has neither `Debug` nor `Display`.
enum Mute {
    Busy,
}

#[derive(Debug)]
enum OnlyDebug {
    Busy,
}

#[retry(Busy = field(0), attempts = 2)]
fn fails() -> Result<(), Error> {
    Err(Error::Busy(7))
}

#[retry(Busy = 1s, attempt = n, jitter = none)]
fn recovers() -> Result<u32, OnlyDebug> {
    if n.number() < 3 { Err(OnlyDebug::Busy) } else { Ok(n.number()) }
}

#[retry(Busy = 1s, attempts = 2)]
fn mute() -> Result<(), Mute> {
    Err(Mute::Busy)
}

#[retry(Busy = 1s)]
fn succeeds() -> Result<(), Mute> {
    Ok(())
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn traced(call: impl FnOnce()) -> Vec<String> {
    let lines = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().with_writer(lines.clone()).without_time().with_ansi(false).finish();
    let _recorder = testing::record();
    tracing::subscriber::with_default(subscriber, call);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap().lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn every_retry_and_the_giving_up_is_an_event() {
    let lines = traced(|| assert!(fails().is_err()));
    assert_eq!(lines.len(), 2, "{lines:?}");
    let wait = "WARN retry_core: attempt failed; trying again after the wait function=\"fails\" \
                module=\"observing\" attempt=1 wait_seconds=7.";
    assert!(lines[0].starts_with(wait), "{}", lines[0]);
    assert!(lines[0].ends_with("error=busy for 7 s"), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "ERROR retry_core: attempt failed; giving up function=\"fails\" module=\"observing\" attempt=2 \
         reason=\"attempts\" error=busy for 7 s"
    );
}

#[test]
fn a_success_after_retries_is_an_event_and_one_at_once_is_not() {
    let lines = traced(|| assert!(recovers().is_ok_and(|attempts| attempts == 3)));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].ends_with("error=Busy"), "{}", lines[0]);
    let recovered =
        "INFO retry_core: succeeded after retries function=\"recovers\" module=\"observing\" attempt=3";
    assert_eq!(lines[2], recovered);
    assert_eq!(traced(|| assert!(succeeds().is_ok())), Vec::<String>::new());
}

#[test]
fn an_error_that_cannot_be_shown_is_not_needed_to() {
    let lines = traced(|| assert!(mute().is_err()));
    assert!(lines[1].ends_with("reason=\"attempts\""), "{}", lines[1]);
}

#[test]
fn what_is_not_worth_another_try_at_all_is_no_matter_for_the_error_log() {
    #[retry(Busy = never)]
    fn refused() -> Result<(), Error> {
        Err(Error::Busy(1))
    }
    assert_eq!(traced(|| assert!(refused().is_err())), Vec::<String>::new());
}

#[test]
fn a_block_shows_where_it_stands_and_what_it_failed_with() {
    let delays = retry_policy!(Error: Busy = 1, attempts = 2, jitter = none);
    let lines = traced(|| assert!(delays.run_blocking(|_| Err::<(), _>(Error::Busy(3))).is_err()));
    assert_eq!(
        lines[0],
        "WARN retry_core: attempt failed; trying again after the wait function=\"retry_policy!\" \
         module=\"observing\" attempt=1 wait_seconds=1.0 error=busy for 3 s"
    );
}

#[test]
fn counters_and_the_histogram_of_waits() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _testing = testing::record();
    metrics::with_local_recorder(&recorder, || {
        assert!(fails().is_err());
        assert!(recovers().is_ok());
        assert!(succeeds().is_ok());
    });
    let mut seen = BTreeMap::new();
    for (key, _, _, value) in snapshotter.snapshot().into_vec() {
        let labels: Vec<_> = key.key().labels().map(|label| label.value().to_owned()).collect();
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Histogram(values) => {
                format!("{:?}", values.iter().map(|v| v.into_inner().floor()).collect::<Vec<_>>())
            }
            DebugValue::Gauge(_) => "gauge".to_owned(),
        };
        seen.insert(format!("{} {}", key.key().name(), labels.join(" ")), value);
    }
    let expected = [
        ("retry_give_ups_total fails attempts", "1"),
        ("retry_recoveries_total recovers", "1"),
        ("retry_retries_total fails", "1"),
        ("retry_retries_total recovers", "2"),
        ("retry_wait_seconds fails", "[7.0]"),
        ("retry_wait_seconds recovers", "[1.0, 1.0]"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn the_example_of_the_configuration_page_is_read() {
    #[derive(Deserialize)]
    struct Config {
        retry: Policy,
    }
    let page = include_str!("../docs/configuration.md");
    let example = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let policy = toml::from_str::<Config>(example).unwrap().retry;
    let expected = Policy::exponential()
        .base(Duration::from_millis(100))
        .cap(Duration::from_mins(10))
        .attempts(5)
        .deadline(Duration::from_hours(1));
    assert_eq!(policy, expected);
    assert!(RetryPolicy::from(policy).run_blocking(|_| Ok::<_, std::convert::Infallible>(1)).is_ok());
}

#[test]
fn a_call_whose_timer_is_stopped_shows_its_error() {
    #[retry(Busy = 5, sleep = |_| std::ops::ControlFlow::<()>::Break(()))]
    fn stopped() -> Result<(), OnlyDebug> {
        Err(OnlyDebug::Busy)
    }
    let lines = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().with_writer(lines.clone()).without_time().with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || assert!(stopped().is_err()));
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(text.trim().ends_with("reason=\"stopped\" error=Busy"), "{text}");
}

#[test]
fn instrument_above_spans_each_attempt_and_below_the_call() {
    #[tracing::instrument]
    #[retry(Busy = 1, attempts = 3)]
    async fn each() -> Result<(), OnlyDebug> {
        Err(OnlyDebug::Busy)
    }

    #[retry(Busy = 1, attempts = 3)]
    #[tracing::instrument]
    async fn whole() -> Result<(), OnlyDebug> {
        Err(OnlyDebug::Busy)
    }

    #[tracing::instrument]
    #[retry(Busy = 1, attempts = 3)]
    fn each_sync() -> Result<(), OnlyDebug> {
        Err(OnlyDebug::Busy)
    }

    #[retry(Busy = 1, attempts = 3)]
    #[tracing::instrument]
    fn whole_sync() -> Result<(), OnlyDebug> {
        Err(OnlyDebug::Busy)
    }

    let spans = |call: &dyn Fn() -> bool| {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::NEW)
            .with_writer(lines.clone())
            .without_time()
            .finish();
        let _recorder = testing::record();
        tracing::subscriber::with_default(subscriber, || assert!(call()));
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().matches(": new").count()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(spans(&|| runtime.block_on(each()).is_err()), 3);
    assert_eq!(spans(&|| runtime.block_on(whole()).is_err()), 1);
    assert_eq!(spans(&|| each_sync().is_err()), 3);
    assert_eq!(spans(&|| whole_sync().is_err()), 1);
}

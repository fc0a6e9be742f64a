//! A program far away from those who wrote it: it crashes, its report goes to Sentry, and its user is told whether it
//! arrived. What could not be sent is sent at the next start.
//!
//! With a real server, which the script starts, and stops again:
//!
//! ```text
//! bash tests/peers/run bugsink -- cargo run -p retry-examples --features sentry --bin sentry
//! ```
//!
//! With one of your own: `SENTRY_DSN=https://KEY@HOST/PROJECT cargo run -p retry-examples --features sentry --bin sentry`. Without
//! either, nobody takes it, and it waits.

use std::env;
use std::error::Error;
use std::path::PathBuf;

use retry_core::crash::{self, Delivery, Notice, Sentry};
use retry_core::{RetryClassify, crash_context, retry};

#[derive(Debug, thiserror::Error, RetryClassify)]
enum SensorError {
    #[error("no answer on the bus")]
    #[retry(transient)]
    NoAnswer,
}

#[derive(Debug)]
struct Sample {
    raw: Vec<u16>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let dsn = ["SENTRY_DSN", "RETRY_CORE_BUGSINK_DSN"].iter().find_map(|name| env::var(name).ok());
    let sentry = Sentry::new(dsn.as_deref().unwrap_or("http://key@127.0.0.1:9/1"))
        .environment("field")
        .tag("station", "Ny-Ålesund 3")
        .on_later(|report, delivery| println!("of an earlier run: {}: {delivery}", report.message));
    let folder =
        env::args().nth(1).map_or_else(|| env::temp_dir().join("retry-core-weather-station"), PathBuf::from);
    let _crash = crash::reporter()
        .app("weather-station", env!("CARGO_PKG_VERSION"))
        .context(|context| _ = context.set("firmware", "2.7").set("user.id", "station-3"))
        .save_to(folder)
        .sentry(sentry)
        .tell_user(tell_user)
        .install();
    println!("{} K", measure(&Sample { raw: Vec::new() })?);
    Ok(())
}

#[crash_context]
#[retry(NoAnswer = 10ms, attempt = attempt)]
fn measure(sample: &Sample) -> Result<u16, SensorError> {
    if attempt.number() < 3 {
        return Err(SensorError::NoAnswer);
    }
    let newest = sample.raw.len() - 1; // the bug: there may be none
    Ok(sample.raw[newest])
}

/// What stands on the display of the station.
fn tell_user(notice: &Notice) {
    match &notice.delivery {
        Some(Delivery::Sent { event_id }) => {
            println!("sorry! we know of it already: number {event_id}");
        }
        Some(Delivery::Kept { .. }) => println!("sorry! we will know of it when this station has a network"),
        _ => println!("{notice}"),
    }
}

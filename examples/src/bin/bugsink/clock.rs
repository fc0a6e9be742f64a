//! Waiting for a server that need not live by the time of everyone else.
//!
//! `RETRY_CORE_BUGSINK_CLOCK` is the file in which the server finds how far its clock is ahead: `+60s`. What is to be waited
//! is added to that, and has passed at once. A server without such a file is waited for.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;
use std::{env, io};

pub(crate) async fn wait(time: Duration) {
    if let Some(clock) = env::var_os("RETRY_CORE_BUGSINK_CLOCK") {
        match put_forward(Path::new(&clock), time) {
            Ok(()) => return,
            Err(error) => eprintln!("the server's clock stays as it is, so this takes {time:?}: {error}"),
        }
    }
    tokio::time::sleep(time).await;
}

fn put_forward(clock: &Path, time: Duration) -> io::Result<()> {
    // Others may do the same.
    let lock = File::create(clock.with_extension("lock"))?;
    lock.lock()?;
    let text = fs::read_to_string(clock)?;
    let ahead = text.trim().strip_prefix('+').and_then(|text| text.strip_suffix('s')?.parse::<u64>().ok());
    let ahead = ahead.ok_or_else(|| io::Error::other(format!("{text:?} is no offset such as `+60s`")))?;
    // Rounded up, so that nobody comes early.
    let later = ahead.saturating_add(time.as_secs()).saturating_add(u64::from(time.subsec_nanos() > 0));
    // The server reads it at any time, and must never find half of it.
    let next = clock.with_extension("next");
    fs::write(&next, format!("+{later}s\n"))?;
    fs::rename(next, clock)
}

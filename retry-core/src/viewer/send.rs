//! `send`: to Sentry, what could not be sent at its crash.

use crate::arguments::{Folder, Send};
use crate::output::{Failure, complain, print};
use crate::select::{Selected, select};
use retry_core::crash::terminal::in_line;
use retry_core::crash::{Delivery, Outbox, Outcome, Sentry};
use std::path::Path;
use std::time::Duration;

/// Nobody waits to be gone.
const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) fn run(folder: &Folder, wanted: &Send) -> Result<(), Failure> {
    match &wanted.report {
        None => send_waiting(&outbox(folder, wanted)?, wanted.dry_run),
        Some(name) => match select(folder, Some(name))? {
            Selected::Saved(saved) => {
                // It is meant, whatever the server said of it before.
                let waiting = outbox(folder, wanted)?.refused().only(saved.id());
                if files(&waiting)?.is_empty() {
                    send_now(&Selected::Saved(saved), wanted)
                } else {
                    send_waiting(&waiting, wanted.dry_run)
                }
            }
            file @ Selected::File(_) => send_now(&file, wanted),
        },
    }
}

fn outbox(folder: &Folder, wanted: &Send) -> Result<Outbox, Failure> {
    let mut outbox = Outbox::of(&folder.reports()?);
    if wanted.refused {
        outbox = outbox.refused();
    }
    if let Some(dsn) = &wanted.dsn {
        outbox = outbox.to(checked(dsn)?);
    }
    Ok(outbox)
}

fn checked(dsn: &str) -> Result<Sentry, Failure> {
    let sentry = Sentry::new(dsn).deadline(DEADLINE);
    sentry.check().map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(sentry)
}

fn files(outbox: &Outbox) -> Result<Vec<String>, Failure> {
    let unreadable = |error| {
        Failure::Said(format!("what waits to be sent cannot be listed: {error}; see who may read the folder"))
    };
    let files = outbox.files().map_err(unreadable)?;
    Ok(files.iter().map(|file| name(file)).collect())
}

fn name(file: &Path) -> String {
    in_line(&file.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}

fn send_waiting(outbox: &Outbox, dry_run: bool) -> Result<(), Failure> {
    let files = files(outbox)?;
    if files.is_empty() {
        return print("nothing waits to be sent\n");
    }
    if dry_run {
        let lines: Vec<_> = files.iter().map(|file| format!("would send {file}\n")).collect();
        return print(&lines.concat());
    }
    let (mut sent, mut said) = (0, Ok(()));
    let done = outbox.send(|outcome| match outcome {
        Outcome::Report { report, delivery: delivery @ Delivery::Sent { .. }, .. } => {
            sent += 1;
            let line = print(&format!("{} {delivery}\n", report.id));
            said = std::mem::replace(&mut said, Ok(())).and(line);
        }
        Outcome::Report { report, delivery, .. } => {
            complain(&format!("error: {} {}", report.id, in_line(&delivery.to_string())));
        }
        Outcome::Unreadable(error) => complain(&format!("error: {error}")),
    });
    said?;
    match files.len().saturating_sub(sent) {
        0 if done.is_ok() => Ok(()),
        left => Err(Failure::Said(format!(
            "{left} of {} reports wait on; see what is said of them, or send them later",
            files.len()
        ))),
    }
}

/// A report that does not wait.
fn send_now(selected: &Selected, wanted: &Send) -> Result<(), Failure> {
    let report = selected.read()?;
    let Some(dsn) = &wanted.dsn else {
        return Err(Failure::Usage(format!("the report {} was not to be sent; give `--dsn DSN`", report.id)));
    };
    let sentry = checked(dsn)?;
    if wanted.dry_run {
        return print(&format!("would send {}\n", report.id));
    }
    match sentry.send(&report) {
        delivery @ Delivery::Sent { .. } => print(&format!("{} {delivery}\n", report.id)),
        Delivery::Refused { why } | Delivery::Kept { why } | Delivery::Lost { why } => {
            Err(Failure::Said(format!("{} is not sent: {}", report.id, in_line(&why))))
        }
        _ => Ok(()),
    }
}

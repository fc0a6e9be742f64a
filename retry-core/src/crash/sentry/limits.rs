//! When the server wants to be left alone, across restarts.

use crate::crash::files;
use crate::http::{Reply, SentryLimit, sentry_limits};
use http::{HeaderMap, StatusCode};
use sentry_types::Dsn;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const FILE: &str = "rate-limits.json";
const LOCK: &str = "rate-limits.lock";
/// How long a server is left alone that says no more than that it is too much.
const UNTOLD: Duration = Duration::from_mins(1);
/// A longer limit is asked about anew after this time.
const LONGEST: Duration = Duration::from_hours(24);
/// By how much the clocks of those who wrote and who read may differ.
const SLACK: Duration = Duration::from_mins(1);
/// How many are kept: a folder is used for one project, or for a few.
const MOST: usize = 100;

/// What reports are, as the server counts them.
const ERROR: &str = "error";
/// What goes with them.
const ATTACHMENT: &str = "attachment";

/// What the server does not want until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    /// Nothing at all, or only this kind: `error` or `attachment`.
    pub(super) category: Option<String>,
    pub(super) until: SystemTime,
}

/// What an answer says of limits, as far as it concerns reports. There may be some in an answer of any status.
pub(super) fn told(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Vec<Limit> {
    let longest = |of: &dyn Fn(&SentryLimit<'_>) -> bool| {
        let lengths = sentry_limits(headers).filter(|limit| of(limit)).map(|limit| limit.length);
        lengths.max().filter(|length| !length.is_zero())
    };
    let of = |names: &[&str], limit: &SentryLimit<'_>| {
        limit.categories().any(|category| names.iter().any(|name| category.eq_ignore_ascii_case(name)))
    };
    let lengths = [
        (None, longest(&|limit| limit.is_for_all())),
        (Some(ERROR), longest(&|limit| of(&[ERROR, "default"], limit))),
        (Some(ATTACHMENT), longest(&|limit| of(&[ATTACHMENT], limit))),
    ];
    let mut limits: Vec<_> =
        lengths.into_iter().filter_map(|(kind, length)| until(kind, length?, now)).collect();
    if status == StatusCode::TOO_MANY_REQUESTS && limits.is_empty() {
        let told = Reply::new(status, headers).received(now).told().map(|(delay, _)| delay);
        limits.extend(until(None, told.filter(|delay| !delay.is_zero()).unwrap_or(UNTOLD), now));
    }
    limits
}

fn until(category: Option<&str>, length: Duration, now: SystemTime) -> Option<Limit> {
    let until = now.checked_add(length.min(LONGEST))?;
    Some(Limit { category: category.map(str::to_owned), until })
}

/// How long nothing can be sent; `None` where something can, if only without attachments.
pub(super) fn pause(limits: &[Limit], now: SystemTime) -> Option<Duration> {
    let all = limits.iter().filter(|limit| limit.category.as_deref() != Some(ATTACHMENT));
    all.filter_map(|limit| limit.until.duration_since(now).ok()).max()
}

/// The limits that servers have told, kept in a file.
#[derive(Debug, Default)]
pub(super) struct Limits {
    kept: Vec<Kept>,
}

/// A limit in the file. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// Whose limit it is: the key, the server and the project.
    project: String,
    category: Option<String>,
    heard: u64,
    until: u64,
}

impl Limits {
    /// Those in this folder. A file that cannot be read counts as none.
    pub(super) fn load(folder: &Path) -> Self {
        let text = files::ours(&folder.join(FILE));
        let mut kept: Vec<Kept> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        kept.truncate(MOST);
        Self { kept }
    }

    /// Until when this project's server takes nothing of the kind.
    pub(super) fn until(&self, dsn: &Dsn, category: &str, now: SystemTime) -> Option<SystemTime> {
        let (project, now) = (project(dsn), milliseconds(now));
        let of_all = |kept: &Kept| kept.category.as_deref().is_none_or(|kind| kind == category);
        let ours = self.kept.iter().filter(|kept| kept.project == project && of_all(kept) && kept.holds(now));
        let until = ours.map(|kept| kept.until).max()?;
        UNIX_EPOCH.checked_add(Duration::from_millis(until))
    }

    /// Adds what the server told, in the file too, together with what other processes have heard.
    pub(super) fn add(&mut self, folder: &Path, dsn: &Dsn, told: &[Limit], now: SystemTime) {
        if told.is_empty() {
            return;
        }
        let (project, heard) = (project(dsn), milliseconds(now));
        let _locked = lock(folder);
        let others = Self::load(folder).kept;
        let before = others.clone();
        let told = told.iter().map(|limit| Kept {
            project: project.clone(),
            category: limit.category.clone(),
            heard,
            until: milliseconds(limit.until),
        });
        let all = std::mem::take(&mut self.kept).into_iter().chain(others).chain(told);
        self.kept = longest_of_each(all.filter(|kept| kept.holds(heard)));
        if self.kept == before {
            return;
        }
        if let Ok(text) = serde_json::to_vec(&self.kept) {
            // Whoever cannot keep it asks the server again, and is told again.
            let _ = files::write::whole(&folder.join(FILE), &text, false);
        }
    }
}

impl Kept {
    /// Whether it has not passed. A limit that ends later than its whole length from now was heard when the clock was
    /// another: who knows when it ends. It is forgotten, as the server tells it again; to wait for its length would be to
    /// wait for ever where each start sets the clock back.
    fn holds(&self, now: u64) -> bool {
        let in_milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let length = self.until.saturating_sub(self.heard).min(in_milliseconds(LONGEST));
        let left = self.until.saturating_sub(now);
        left > 0 && left <= length.saturating_add(in_milliseconds(SLACK))
    }
}

/// One of each kind and project, the one that ends last; the last of all where there are too many.
fn longest_of_each(all: impl Iterator<Item = Kept>) -> Vec<Kept> {
    let mut kept: Vec<_> = all.collect();
    kept.sort_by(|a, b| {
        (&a.project, &a.category, b.until, b.heard).cmp(&(&b.project, &b.category, a.until, a.heard))
    });
    kept.dedup_by(|a, b| a.project == b.project && a.category == b.category);
    if kept.len() > MOST {
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.until));
        kept.truncate(MOST);
    }
    kept
}

fn project(dsn: &Dsn) -> String {
    format!("{}@{}:{}{}{}", dsn.public_key(), dsn.host(), dsn.port(), dsn.path(), dsn.project_id())
}

fn milliseconds(time: SystemTime) -> u64 {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

/// Processes write one after the other. If that cannot be had soon, without it: what one of them has heard may be lost
/// then, and is told again.
fn lock(folder: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        // A pipe would be waited for until somebody reads from it.
        options.mode(0o600).custom_flags(nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK);
    }
    let file = options.open(folder.join(LOCK)).ok()?;
    for _ in 0..40 {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests;

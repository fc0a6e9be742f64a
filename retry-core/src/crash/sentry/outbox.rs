//! What waits in a folder of reports to be sent.

use super::post::PostError;
use super::sending::{To, delivery, send_claimed};
use super::{Sentry, Target, dsn};
use crate::crash::delivery::Delivery;
use crate::crash::files::{Claim, LoadError, Reports, Spool, Which};
use crate::crash::report::Report;
use sentry_types::Dsn;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// Between one report and the next.
const BETWEEN: Duration = Duration::from_millis(100);
/// How long one may take, where nobody waits to be gone.
const EACH: Duration = Duration::from_secs(30);
/// After so long a time of failures the rest is for another time.
const PATIENCE: Duration = Duration::from_mins(1);

/// The reports in a folder that are to be sent to Sentry, and are not yet.
///
/// A program that is started again sends them by itself. This is for those that do it in another way: a helper process, an
/// update, an "upload crash reports" in a menu.
///
/// ```no_run
/// use retry_core::crash::{Outbox, Outcome, Reports};
///
/// let reports = Reports::of_app("shop").ok_or("no home folder")?;
/// Outbox::of(&reports).send(|outcome| match outcome {
///     Outcome::Report { report, delivery, .. } => println!("{}: {delivery}", report.id),
///     Outcome::Unreadable(error) => eprintln!("{error}"),
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outbox {
    spool: Spool,
    to: Option<Sentry>,
    refused: bool,
    /// The id of the only report that is meant.
    only: Option<String>,
}

/// What became of one of them.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// It was sent, or it was not.
    #[non_exhaustive]
    Report {
        /// Its file in the outbox, which is gone if it was sent.
        file: &'a Path,
        /// The report.
        report: &'a Report,
        /// What became of it.
        delivery: &'a Delivery,
    },
    /// It cannot be read, and stays where it is; the error says which file it is.
    Unreadable(&'a LoadError),
}

/// Why not all of them were tried, or some have to be tried again.
#[derive(Debug)]
pub(super) enum Unfinished {
    Unreachable,
    Limited { after: Duration },
    Stopped,
}

impl Outbox {
    /// Those in this folder of reports.
    #[must_use]
    pub fn of(reports: &Reports) -> Self {
        Self::in_folder_of(reports.folder())
    }

    pub(super) fn in_folder_of(reports: &Path) -> Self {
        Self { spool: Spool::in_folder_of(reports), to: None, refused: false, only: None }
    }

    /// Sends them there, and not to the project that each was kept for.
    #[must_use]
    pub fn to(mut self, sentry: impl Into<Sentry>) -> Self {
        self.to = Some(sentry.into());
        self
    }

    /// Those that the server refused are tried again, too.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Only the report with this id, [`Report::id`].
    #[must_use]
    pub fn only(mut self, id: impl Into<String>) -> Self {
        self.only = Some(id.into());
        self
    }

    /// The files of those that are meant, the oldest first: `<report>.unsent`, and `<report>.refused`.
    ///
    /// # Errors
    /// Where the folder is there and cannot be read.
    pub fn files(&self) -> io::Result<Vec<PathBuf>> {
        Ok(self.names()?.into_iter().map(|(name, which)| self.spool.path(&name, which)).collect())
    }

    pub(super) fn spool(&self) -> &Spool {
        &self.spool
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names().is_ok_and(|names| names.is_empty())
    }

    /// Sends them, the oldest first, with 100 ms between them, and tells of each. It stops where the server wants to be
    /// left alone, or cannot be reached for a minute. What another process is sending is left to it.
    ///
    /// # Errors
    /// Where the folder is there and cannot be read.
    pub fn send(&self, mut told: impl FnMut(&Outcome<'_>)) -> io::Result<()> {
        self.names()?;
        // What is left, and why, was told.
        let _ = self.pass(&|| true, &mut told);
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<(String, Which)>> {
        let of = |which| {
            let names = self.spool.list(which)?;
            io::Result::Ok(names.into_iter().map(move |name| (name, which)))
        };
        let mut names: Vec<_> = of(Which::Unsent)?.collect();
        if self.refused {
            names.extend(of(Which::Refused)?);
        }
        if let Some(only) = &self.only {
            names.retain(|(name, _)| name.rsplit_once('-').is_some_and(|(_, id)| id == only));
        }
        Ok(names)
    }

    /// Tries each of them once.
    pub(super) fn pass(
        &self,
        go_on: &dyn Fn() -> bool,
        told: &mut dyn FnMut(&Outcome<'_>),
    ) -> Result<(), Unfinished> {
        let mut failed = Duration::ZERO;
        let mut is_first = true;
        for (name, which) in self.names().map_err(|_| Unfinished::Unreachable)? {
            if !go_on() {
                return Err(Unfinished::Stopped);
            }
            let claim = match self.spool.claim(&name, which) {
                Ok(Some(claim)) => claim,
                Ok(None) => continue,
                Err(error) => {
                    told(&Outcome::Unreadable(&error));
                    continue;
                }
            };
            if !is_first {
                thread::sleep(BETWEEN);
                if !go_on() {
                    return Err(Unfinished::Stopped);
                }
            }
            is_first = false;
            let started = Instant::now();
            match self.send_one(claim, told) {
                Some(PostError::Limited { after }) => return Err(Unfinished::Limited { after }),
                Some(PostError::NotNow(_) | PostError::NoAttachments) => failed += started.elapsed(),
                _ => {}
            }
            if failed > PATIENCE {
                break;
            }
        }
        if failed > Duration::ZERO { Err(Unfinished::Unreachable) } else { Ok(()) }
    }

    /// Why it was not sent.
    fn send_one(&self, claim: Claim, told: &mut dyn FnMut(&Outcome<'_>)) -> Option<PostError> {
        let file = claim.path();
        let (to, report) = match claim.read::<To>() {
            Ok(read) => read,
            Err(error) => {
                told(&Outcome::Unreadable(&error));
                return None;
            }
        };
        let sent = match self.target(&to) {
            Ok(dsn) => send_claimed(&claim, &report, to, &dsn, Instant::now() + EACH),
            Err(why) => Err(PostError::NotNow(why)),
        };
        drop(claim);
        told(&Outcome::Report { file: &file, report: &report, delivery: &delivery(&sent, &report, true) });
        sent.err()
    }

    fn target(&self, to: &To) -> Result<Dsn, String> {
        match (&self.to, &to.dsn) {
            (Some(Sentry { target: Target::At(dsn), .. }), _) => Ok(dsn.clone()),
            (Some(Sentry { target: Target::Broken(error), .. }), _) => Err(error.to_string()),
            (Some(Sentry { target: Target::Off, .. }), _) => Err("sending is off; give it a DSN".to_owned()),
            (None, Some(kept)) => dsn::parse(kept).map_err(|error| error.to_string()),
            (None, None) => Err("it was kept without a DSN; give it one".to_owned()),
        }
    }
}

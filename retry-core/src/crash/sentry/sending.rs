//! The way of a report to the server: into the spool, out to the network, and out of the spool when it has arrived.

use super::envelope::envelope;
#[cfg(feature = "sentry-integration")]
use super::integration::Handed;
use super::limits::Limits;
use super::post::{PostError, Posted, post};
use super::{About, Sentry, Target};
use crate::crash::delivery::Delivery;
use crate::crash::files::{Claim, Keep, Saved, Spool};
use crate::crash::isolate;
use crate::crash::report::Report;
use crate::crash::reporter::Settings;
use crate::crash::reporting::Disk;
use sentry_types::Dsn;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long a crash waits until a report is gone from the spool.
#[cfg(feature = "sentry-integration")]
const FORGETTING: Duration = Duration::from_secs(1);
/// What is left of the deadline for hearing what came of it.
const MARGIN: Duration = Duration::from_millis(50);
/// For how long no crash waits for a server that let one wait in vain.
const SILENCE: Duration = Duration::from_secs(10);

/// What the spool keeps with a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct To {
    /// Where it goes. A program that is started again sends it where it sends its own.
    pub(super) dsn: Option<String>,
    pub(super) about: About,
    /// What the server said when it refused it.
    pub(super) refused: Option<String>,
}

impl To {
    fn of(sentry: &Sentry) -> Self {
        let dsn = match &sentry.target {
            Target::At(dsn) => Some(dsn.to_string()),
            Target::Off | Target::Broken(_) => None,
        };
        Self { dsn, about: sentry.about.clone(), refused: None }
    }
}

/// A server that let a crash wait in vain: others do not wait for it.
#[derive(Default)]
pub(crate) struct Silence {
    until: Mutex<Option<Instant>>,
}

impl Silence {
    fn begin(&self) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + SILENCE);
    }

    fn holds(&self) -> bool {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}

/// A report's place in the spool. Threads share it, as a disk may take longer than a crash waits for it: what is written
/// late must not bring back a report that was sent in the meantime.
#[derive(Default)]
pub(super) struct Place {
    claim: OnceLock<Claim>,
    /// Whether the server has the report.
    is_left: AtomicBool,
}

impl Place {
    /// Writes this version of the report there.
    pub(super) fn keep(&self, report: &Report, saved: &Saved, to: &To, keep: Keep, durable: bool) {
        // Dropped at the end, where another thread was first.
        let mut late = None;
        match self.claim.get() {
            // The disk may be full by now; the first version is there.
            Some(claim) => _ = claim.write(report, to, durable),
            None => {
                let Ok(claim) = Spool::put(saved, report, to, durable) else { return };
                let spool = claim.spool().clone();
                late = self.claim.set(claim).err();
                spool.clean(keep);
            }
        }
        if self.is_left.load(Ordering::SeqCst) {
            self.leave();
        }
        drop(late);
    }

    fn is_kept(&self) -> bool {
        self.claim.get().is_some()
    }

    /// The server has the report.
    fn leave(&self) {
        self.is_left.store(true, Ordering::SeqCst);
        if let Some(claim) = self.claim.get() {
            claim.remove();
        }
    }
}

/// A report on its way, from its first version on.
#[derive(Default)]
pub(crate) struct Outgoing {
    pub(super) place: Arc<Place>,
}

impl Outgoing {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Whether the application wants reports to be sent.
    pub(crate) fn is_wanted(settings: &Settings) -> bool {
        settings.sentry.as_ref().is_some_and(|sentry| !sentry.is_off())
    }

    /// Puts this version of a report into the spool, if it is saved and is to be sent.
    pub(crate) fn keep(&self, settings: &Settings, report: &Report, saved: Option<&Saved>, disk: Disk) {
        let Some((sentry, saved)) = settings.sentry.as_ref().zip(saved).filter(|_| Self::is_wanted(settings))
        else {
            return;
        };
        let (to, keep) = (To::of(sentry), sentry.keep);
        let (report, saved, place) = (report.clone(), saved.clone(), Arc::clone(&self.place));
        let put = move || place.keep(&report, &saved, &to, keep, disk.durable);
        let _ = isolate::guarded_or_here(disk.time(), put);
    }

    /// Sends it, and waits for the server as long as the application wants. Nothing, where it wants none sent.
    pub(crate) fn send(self, settings: &Settings, report: &Report) -> Option<Delivery> {
        #[cfg(feature = "sentry-integration")]
        if let Some(handed) = super::integration::hand_over(report, settings.sentry.as_ref()) {
            return Some(self.handed_over(handed));
        }
        let sentry = settings.sentry.as_ref()?;
        let until = Instant::now() + sentry.deadline;
        let delivery = match &sentry.target {
            Target::Off => return None,
            Target::Broken(error) => not_sent(self.place.is_kept(), error.to_string()),
            Target::At(_) if settings.silence.holds() => {
                not_sent(self.place.is_kept(), "the server did not answer a moment ago".to_owned())
            }
            Target::At(dsn) => self.send_to(dsn.clone(), sentry, report, &settings.silence),
        };
        settings.resending.crashed(until, matches!(delivery, Delivery::Sent { .. }));
        if matches!(delivery, Delivery::Kept { .. }) {
            settings.resending.start_later(settings);
        }
        Some(delivery)
    }

    /// The application's own client has it. What that may not have sent before the process ends stays in the spool: the
    /// event's id is the same.
    #[cfg(feature = "sentry-integration")]
    fn handed_over(self, handed: Handed) -> Delivery {
        match handed {
            Handed::Queued { .. } if self.place.is_kept() => {
                Delivery::Kept { why: "the program's Sentry client has not sent it in time".to_owned() }
            }
            Handed::Sent { event_id } | Handed::Queued { event_id } => {
                self.forget();
                Delivery::HandedOver { event_id }
            }
            Handed::Dropped => {
                self.forget();
                Delivery::Dropped
            }
        }
    }

    #[cfg(feature = "sentry-integration")]
    fn forget(self) {
        // A disk may hang; what is still there then is sent once more, under the same id.
        let _ = isolate::guarded_or_here(FORGETTING, move || self.place.leave());
    }

    fn send_to(self, dsn: Dsn, sentry: &Sentry, report: &Report, silence: &Silence) -> Delivery {
        let (report, to, deadline) = (report.clone(), To::of(sentry), sentry.deadline);
        let until = Instant::now() + deadline.saturating_sub(MARGIN);
        let place = Arc::clone(&self.place);
        let sent = isolate::guarded(deadline, move || {
            let sent = match place.claim.get() {
                Some(claim) => send_claimed(claim, &report, to, &dsn, until),
                None => send(&report, &to.about, &dsn, None, until),
            };
            if sent.is_ok() {
                place.leave();
            }
            delivery(&sent, &report, place.is_kept())
        });
        let delivery =
            sent.unwrap_or_else(|failure| not_sent(self.place.is_kept(), format!("sending it {failure}")));
        if Instant::now() >= until {
            silence.begin();
        }
        delivery
    }
}

fn not_sent(kept: bool, why: String) -> Delivery {
    if kept { Delivery::Kept { why } } else { Delivery::Lost { why } }
}

/// Sends a report that is in no spool.
pub(super) fn send_now(sentry: &Sentry, report: &Report) -> Delivery {
    let why = match &sentry.target {
        Target::Off => "sending is off; give it a DSN".to_owned(),
        Target::Broken(error) => error.to_string(),
        Target::At(dsn) => {
            let sent = send(report, &sentry.about, dsn, None, Instant::now() + sentry.deadline);
            return delivery(&sent, report, false);
        }
    };
    Delivery::Lost { why }
}

/// What came of sending it, in the words of the public.
pub(super) fn delivery(sent: &Result<(), PostError>, report: &Report, kept: bool) -> Delivery {
    match sent {
        Ok(()) => Delivery::Sent { event_id: report.id.clone() },
        Err(error) if error.is_final() && kept => Delivery::Refused { why: error.to_string() },
        Err(error) => not_sent(kept, error.to_string()),
    }
}

/// Sends a report of the spool, and does with it there what has to be done.
pub(super) fn send_claimed(
    claim: &Claim,
    report: &Report,
    to: To,
    dsn: &Dsn,
    until: Instant,
) -> Result<(), PostError> {
    let folder = claim.spool().folder().to_owned();
    let sent = send(report, &to.about, dsn, Some(&folder), until);
    match &sent {
        Ok(()) => {
            claim.remove();
            claim.spool().forget_silence();
        }
        // Where the disk does not take the mark, it is refused once more the next time.
        Err(error) if error.is_final() => {
            let _ = claim.refuse(report, &To { refused: Some(error.to_string()), ..to });
        }
        Err(_) => {}
    }
    sent
}

/// Posts it, unless the server told us, or another process, to leave it alone.
fn send(
    report: &Report,
    about: &About,
    dsn: &Dsn,
    folder: Option<&Path>,
    until: Instant,
) -> Result<(), PostError> {
    let mut limits = folder.map(Limits::load).unwrap_or_default();
    let now = SystemTime::now();
    if let Some(until) = limits.until(dsn, "error", now) {
        let after = until.duration_since(now).unwrap_or_default();
        return Err(PostError::Limited { after });
    }
    let attachments = limits.until(dsn, "attachment", now).is_none();
    let mut attempt = |attachments: bool| {
        let body = envelope(report, about, dsn, SystemTime::now(), attachments);
        let Posted { limits: told, outcome } = post(dsn, &body, until);
        if let Some(folder) = folder {
            limits.add(folder, dsn, &told, SystemTime::now());
        }
        outcome
    };
    match attempt(attachments) {
        Err(PostError::TooLarge | PostError::NoAttachments) if attachments => attempt(false),
        outcome => outcome,
    }
}

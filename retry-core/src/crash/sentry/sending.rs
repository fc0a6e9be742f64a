//! The way of a report to the server: into the spool, out to the network, and out of the spool when it has arrived.

use super::envelope::envelope;
#[cfg(feature = "sentry-integration")]
use super::integration::Handed;
use super::limits::Limits;
use super::post::{PostError, Posted, post};
use super::{About, Sentry, Target};
use crate::crash::delivery::Delivery;
use crate::crash::files::{Claim, Saved, Spool};
use crate::crash::isolate;
use crate::crash::report::Report;
use crate::crash::reporter::Settings;
use crate::crash::reporting::Disk;
use sentry_types::Dsn;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
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

/// A report on its way, from its first version on.
pub(crate) struct Outgoing {
    place: Arc<Mutex<Place>>,
}

/// Its place in the spool, which a slow disk may give it later than it is waited for.
#[derive(Default)]
struct Place {
    claim: Option<Claim>,
    /// Whether the disk is still at it.
    awaited: bool,
    /// It needs none any more.
    gone: bool,
}

impl Place {
    fn fill(&mut self, claim: Option<Claim>) {
        self.awaited = false;
        match claim {
            Some(claim) if self.gone => claim.remove(),
            claim => self.claim = claim,
        }
    }

    fn clear(&mut self) {
        self.gone = true;
        if let Some(claim) = self.claim.take() {
            claim.remove();
        }
    }
}

fn lock(place: &Mutex<Place>) -> MutexGuard<'_, Place> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outgoing {
    pub(crate) fn new() -> Self {
        Self { place: Arc::default() }
    }

    fn is_kept(&self) -> bool {
        lock(&self.place).claim.is_some()
    }

    /// Puts this version of a report into the spool, if it is saved and is to be sent.
    pub(crate) fn keep(&mut self, settings: &Settings, report: &Report, saved: Option<&Saved>, disk: Disk) {
        let Some((sentry, saved)) =
            settings.sentry.as_ref().zip(saved).filter(|(sentry, _)| !sentry.is_off())
        else {
            return;
        };
        let (to, keep) = (To::of(sentry), sentry.keep);
        let (report, saved, place) = (report.clone(), saved.clone(), Arc::clone(&self.place));
        let claim = {
            let mut place = lock(&place);
            place.awaited = true;
            place.claim.take()
        };
        let put = move || match claim {
            Some(claim) => {
                // The disk may be full by now; the first version is there.
                let _ = claim.write(&report, &to, disk.durable);
                Some(claim)
            }
            None => {
                let claim = Spool::put(&saved, &report, &to, disk.durable).ok()?;
                claim.spool().clean(keep);
                Some(claim)
            }
        };
        let _ = isolate::guarded_or_here(disk.time(), move || {
            let claim = put();
            lock(&place).fill(claim);
        });
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
            Target::Broken(error) => not_sent(self.is_kept(), error.to_string()),
            Target::At(_) if settings.silence.holds() => {
                not_sent(self.is_kept(), "the server did not answer a moment ago".to_owned())
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
            Handed::Queued { .. } if self.is_kept() => {
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
        let _ = isolate::guarded_or_here(FORGETTING, move || lock(&self.place).clear());
    }

    fn send_to(self, dsn: Dsn, sentry: &Sentry, report: &Report, silence: &Silence) -> Delivery {
        let claim = lock(&self.place).claim.take();
        let (was_kept, place) = (claim.is_some(), Arc::clone(&self.place));
        let (report, to, deadline) = (report.clone(), To::of(sentry), sentry.deadline);
        let until = Instant::now() + deadline.saturating_sub(MARGIN);
        let sent = isolate::guarded(deadline, move || match claim {
            Some(claim) => delivery(&send_claimed(claim, &report, to, &dsn, until), &report, true),
            None => {
                let sent = send(&report, &to.about, &dsn, None, until);
                if sent.is_ok() {
                    lock(&place).clear();
                    // Left to itself, it would be there for the next start, which would send it again.
                    while lock(&place).awaited && Instant::now() < until {
                        thread::sleep(Duration::from_millis(5));
                    }
                }
                let kept = lock(&place).claim.is_some();
                delivery(&sent, &report, kept)
            }
        });
        let kept = was_kept || self.is_kept();
        let delivery = sent.unwrap_or_else(|failure| not_sent(kept, format!("sending it {failure}")));
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
        Err(error) if error.is_final() => Delivery::Refused { why: error.to_string() },
        Err(error) => not_sent(kept, error.to_string()),
    }
}

/// Sends a report of the spool, and does with it there what has to be done.
pub(super) fn send_claimed(
    claim: Claim,
    report: &Report,
    to: To,
    dsn: &Dsn,
    until: Instant,
) -> Result<(), PostError> {
    let folder = claim.spool().folder().to_owned();
    let sent = send(report, &to.about, dsn, Some(&folder), until);
    match &sent {
        Ok(()) => claim.remove(),
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
        Err(PostError::TooLarge) if attachments => attempt(false),
        outcome => outcome,
    }
}

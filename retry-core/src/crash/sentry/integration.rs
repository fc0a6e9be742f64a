//! Beside an application that uses the crate `sentry` itself: its client gets our reports, and no panic twice.
//!
//! A panic reaches our hook first: it is installed after that of `sentry`, or put before it when the client is made. So the
//! report is given to the client, and then, on the same thread, the client's own event of the panic is dropped. Where somebody
//! has put the hook of `sentry` before ours after all, its event goes out, and ours is not given to the client.

use super::{About, Sentry, envelope, event};
use crate::crash::isolate;
use crate::crash::mark::{self, Mark};
use crate::crash::report::{Kind, Report};
use crate::crash::{hook, print};
use sentry_core::protocol::{Breadcrumb, Event};
use sentry_core::types::Uuid;
use sentry_core::{Client, ClientOptions, Hub, Integration};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What a server keeps of them.
const BREADCRUMBS: usize = 100;
/// Two layers hear of the same event one after the other.
const SAME_EVENT: Duration = Duration::from_millis(5);

/// Whether any client was made with the integration.
static IN_USE: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether the report of this thread's last panic was given to a client.
    static OFFERED: Cell<bool> = const { Cell::new(false) };
    /// A client's own event of a panic that our hook has not heard of yet.
    static THEIRS: Cell<Option<Uuid>> = const { Cell::new(None) };
}

/// Has the client of the crate `sentry` send our reports, in place of its own events of the same panics.
///
/// ```
/// use retry_core::crash;
///
/// let options = sentry::ClientOptions::new(); // and all else
/// let _sentry = sentry::init(options.add_integration(crash::SentryIntegration::new()));
/// let _crash = crash::reporter().app("shop", "1.2.3").install();
/// ```
///
/// Which of the two comes first does not matter. From then on each panic that the reporter reports, and each error given to
/// [`report`](crate::crash::report), is one event of the client that is bound to the [`Hub`] of the thread, or else to the main
/// one. It has the frames, values and causes of the report, the whole report as JSON and as a page as attachments, and what
/// the application has told its client: tags, user, breadcrumbs. `before_send`, the sample rate and everything else that the
/// client does to its events it does to this one, on a thread of the reporter's. The crash waits for the client to send it as
/// long as it waits for a server.
///
/// Without a reporter that is installed, and for panics that it does not report, the client's own event goes out as before; so
/// does everything that is captured otherwise. Where `default_integrations` are off, this one belongs behind
/// `PanicIntegration`: before it, with a reporter that was there already, panics stay the client's own events.
///
/// A reporter that has a [DSN](crate::crash::Reporter::sentry) of its own sends what no client takes: where none is bound or
/// it is disabled, and where it panics or takes too long. The event's id is the report's either way.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SentryIntegration {}

impl SentryIntegration {
    /// For [`ClientOptions::add_integration`].
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

impl Integration for SentryIntegration {
    fn name(&self) -> &'static str {
        "retry-core"
    }

    fn setup(&self, _: &mut ClientOptions) {
        IN_USE.store(true, Ordering::Release);
        hook::come_first();
    }

    fn process_event(&self, event: Event<'static>, _: &ClientOptions) -> Option<Event<'static>> {
        if !thread::panicking() || !is_of_a_panic(&event) {
            return Some(event);
        }
        match mark::get() {
            Mark::PassingOn if OFFERED.get() => None,
            Mark::Application if hook::is_installed() => {
                THEIRS.set(Some(event.event_id));
                Some(event)
            }
            _ => Some(event),
        }
    }
}

fn is_of_a_panic(event: &Event<'_>) -> bool {
    let mechanisms = event.exception.iter().filter_map(|exception| exception.mechanism.as_ref());
    mechanisms.into_iter().any(|mechanism| mechanism.ty == "panic")
}

/// What a client has done with a report.
pub(super) enum Handed {
    Sent {
        event_id: String,
    },
    /// It has not sent it in time.
    Queued {
        event_id: String,
    },
    Dropped,
}

/// Gives it to the application's client, and waits until that has sent it, as long as for a server. Nothing, if there is no
/// client that takes it.
pub(super) fn hand_over(report: &Report, sentry: Option<&Sentry>) -> Option<Handed> {
    OFFERED.set(false);
    if !IN_USE.load(Ordering::Acquire) {
        return None;
    }
    if report.kind == Kind::Panic
        && let Some(theirs) = THEIRS.take()
    {
        return Some(Handed::Sent { event_id: plain(theirs) });
    }
    let limit = sentry.map_or(super::DEADLINE, |sentry| sentry.deadline);
    let until = Instant::now() + limit;
    let offer = Offer {
        hub: Hub::current(),
        report: report.clone(),
        about: sentry.map(|sentry| sentry.about.clone()).unwrap_or_default(),
        made: Arc::new(AtomicBool::new(false)),
    };
    let made = Arc::clone(&offer.made);
    // On a thread of its own: `before_send` may panic or hang, and the crash may have come while the hub was locked.
    let taken = isolate::guarded(limit, move || offer.make());
    OFFERED.set(made.load(Ordering::Acquire));
    let (client, event_id) = match taken {
        Ok(taken) => taken?,
        Err(failure) => {
            print::to_stderr(&format!("giving the report to the program's Sentry client {failure}\n"));
            return None;
        }
    };
    if event_id.is_nil() {
        return Some(Handed::Dropped);
    }
    let event_id = plain(event_id);
    let left = until.saturating_duration_since(Instant::now());
    match isolate::guarded(left, move || client.flush(Some(left))) {
        Ok(true) => Some(Handed::Sent { event_id }),
        _ => Some(Handed::Queued { event_id }),
    }
}

fn plain(event_id: Uuid) -> String {
    event_id.simple().to_string()
}

/// A report on its way to a client.
struct Offer {
    /// Of the thread that crashed.
    hub: Arc<Hub>,
    report: Report,
    about: About,
    /// Whether a client was asked to take it.
    made: Arc<AtomicBool>,
}

impl Offer {
    /// The client, and the id that the event has there: none where it was dropped.
    fn make(self) -> Option<(Arc<Client>, Uuid)> {
        let hub = [Arc::clone(&self.hub), Hub::main()].into_iter().find(|hub| takes_reports(hub))?;
        let client = hub.client()?;
        // What belongs to this event alone must not be seen by whatever else uses the hub.
        let hub = Arc::new(Hub::new_from_top(&hub));
        let event = self.event(client.options());
        let ours = event.breadcrumbs.len();
        hub.configure_scope(|scope| {
            for file in envelope::attachments(&self.report) {
                scope.add_attachment(file);
            }
            scope.add_event_processor(move |event| Some(with_breadcrumbs_in_order(event, ours)));
        });
        self.made.store(true, Ordering::Release);
        let event_id = Hub::run(Arc::clone(&hub), || hub.capture_event(event));
        Some((client, event_id))
    }

    /// What the client says of itself counts, unless the reporter was told otherwise.
    fn event(&self, options: &ClientOptions) -> Event<'static> {
        let mut event = event::event(&self.report, &self.about);
        event.sdk = None;
        if self.about.release.is_none() && options.release.is_some() {
            event.release = None;
        }
        if self.about.environment.is_none() && options.environment.is_some() {
            event.environment = None;
        }
        event
    }
}

/// Those that were ours come first, then those of the client's scope. Where both listen to `tracing`, they are the same ones.
fn with_breadcrumbs_in_order(mut event: Event<'static>, ours: usize) -> Event<'static> {
    let all = &mut event.breadcrumbs.values;
    let mut theirs = all.split_off(ours.min(all.len()));
    theirs.retain(|breadcrumb| !all.iter().any(|other| is_same(breadcrumb, other)));
    all.append(&mut theirs);
    all.sort_by_key(|breadcrumb| breadcrumb.timestamp);
    all.drain(..all.len().saturating_sub(BREADCRUMBS));
    event
}

fn is_same(one: &Breadcrumb, other: &Breadcrumb) -> bool {
    let apart = one.timestamp.duration_since(other.timestamp).unwrap_or_else(|error| error.duration());
    apart < SAME_EVENT && one.message == other.message && one.category == other.category
}

fn takes_reports(hub: &Hub) -> bool {
    hub.with_integration(|_: &SentryIntegration| true)
        && hub.client().is_some_and(|client| client.is_enabled())
}

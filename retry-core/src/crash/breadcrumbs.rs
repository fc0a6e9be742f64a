//! What happened before a crash: the last events of `tracing`, kept in memory.

mod kept;
mod ring;

pub(crate) use self::ring::taken;

use self::kept::Kept;
use super::mark::{self, Mark};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// How many events are kept unless it is said.
const KEPT: usize = 100;
/// And how many at the most.
const MOST: usize = 1000;

/// A layer for a `tracing` subscriber that keeps the last events, so that reports say what happened before the crash:
/// [`Report::breadcrumbs`](super::Report::breadcrumbs).
///
/// ```
/// use retry_core::crash;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let subscriber = tracing_subscriber::registry().with(crash::breadcrumbs());
/// // `tracing_subscriber::util::SubscriberInitExt::init` sets it for the whole process
/// let reported = tracing::subscriber::with_default(subscriber, || {
///     tracing::info!(guests = 4, "the table is laid");
///     crash::report(&std::fmt::Error) // a panic is no different
/// });
///
/// let last = reported.report.breadcrumbs.last().expect("it is kept");
/// assert_eq!(last.message, "the table is laid");
/// assert_eq!(last.fields[0].name, "guests");
/// ```
///
/// It keeps the last 100 events of the level `INFO` and above, unless [`keep`](Breadcrumbs::keep) and
/// [`level`](Breadcrumbs::level) say otherwise: when each happened, its level, target, message and fields. Records of the
/// crate `log` that reach `tracing` count as well. At most 1024 bytes of a message are kept, 512 of a field, and 2048 of all
/// fields of an event; a report has the newest events with 128 KiB together.
///
/// There is one list in a process, whatever the number of layers: a layer for one thread alone adds to the same, and
/// where their numbers differ, the one that adds decides. While
/// nothing crashes an event costs what writing its fields costs, and once the list is full, nothing is allocated. The
/// fields' `Debug` and `Display` run when the event happens, as with every layer; where one panics, the panic is caught, and
/// the field says so. Secrets are redacted when the report is made, by the rules of the reporter.
///
/// The layer takes no event from other layers, and asks for none: where nothing else in the subscriber decides which events
/// there are, those below the level are made and thrown away. `.with_filter(LevelFilter::INFO)`, of `tracing-subscriber`,
/// spares them.
#[must_use = "a layer does nothing until it is part of a subscriber"]
pub fn breadcrumbs() -> Breadcrumbs {
    Breadcrumbs { level: LevelFilter::INFO, keep: KEPT }
}

/// A layer that keeps the last events for reports: see [`breadcrumbs`].
#[derive(Debug, Clone)]
#[must_use = "a layer does nothing until it is part of a subscriber"]
pub struct Breadcrumbs {
    level: LevelFilter,
    keep: usize,
}

impl Breadcrumbs {
    /// Keeps events of this level and above, in place of `INFO`: `tracing::Level::DEBUG`.
    pub fn level(mut self, level: impl Into<LevelFilter>) -> Self {
        self.level = level.into();
        self
    }

    /// Keeps so many events, in place of 100: at least 1 and at most 1000.
    pub fn keep(mut self, events: usize) -> Self {
        self.keep = events.clamp(1, MOST);
        self
    }
}

impl<S: Subscriber> Layer<S> for Breadcrumbs {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // In the forked child, another thread may have held the list when it was forked, and nobody reads it there.
        if *event.metadata().level() > self.level || mark::get() == Mark::Child {
            return;
        }
        let kept = Kept::of(event, ring::buffers(self.keep));
        ring::push(kept, self.keep);
    }
}

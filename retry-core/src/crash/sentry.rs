//! Reports to Sentry, or to a server that speaks its protocol.
//!
//! A report becomes an event (`event`), with its files an envelope (`envelope`), which is posted (`post`) unless the server
//! wants to be left alone (`limits`). Before that it is in the spool, and it stays there until the server has it
//! (`sending`): what a crash has to leave there is sent by a later start of the program (`resend`) or by hand (`outbox`).

mod dsn;
mod envelope;
mod event;
#[cfg(feature = "sentry-integration")]
mod integration;
mod limits;
mod outbox;
mod post;
mod resend;
mod sending;

pub use dsn::DsnError;
#[cfg(feature = "sentry-integration")]
pub use integration::SentryIntegration;
pub use outbox::{Outbox, Outcome};
pub(crate) use resend::Resending;
pub(crate) use sending::{Outgoing, Silence};

use super::delivery::Delivery;
use super::files::Keep;
use super::report::Report;
use sentry_types::Dsn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a crash waits for the server, unless said.
const DEADLINE: Duration = Duration::from_secs(2);
/// The longest that it can be told to.
const LONGEST: Duration = Duration::from_hours(1);
/// What is kept of reports that could not be sent, unless said. Sentry takes no events that are older.
const KEEP: Keep = Keep { reports: 30, bytes: 30 << 20, age: Duration::from_hours(30 * 24) };

/// What events say beside the report: set by the application, and kept with each report that is to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    pub(crate) release: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) server_name: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// `id`, `email`, `username`, `ip_address`, and whatever else is said of the user.
    pub(crate) user: BTreeMap<String, String>,
}

/// What is to be called with each report that is sent later than at its crash.
type Listener = Arc<dyn Fn(&Report, &Delivery) + Send + Sync>;

/// Where reports go at Sentry, and what is said with them: for [`Reporter::sentry`](super::Reporter::sentry).
///
/// A DSN alone, as text, is enough; it is in the settings of the project at Sentry. `None` and an empty text turn sending
/// off, so that development builds can go without: `.sentry(option_env!("SENTRY_DSN"))`.
///
/// ```
/// use retry_core::crash::{self, Sentry};
/// use std::time::Duration;
///
/// # let folder = std::env::temp_dir().join(format!("doc-of-sentry-{}", std::process::id()));
/// let sentry = Sentry::new("http://public@127.0.0.1:9/1")
///     .environment("kiosk")
///     .tag("site", "Oslo 3")
///     .deadline(Duration::from_secs(1));
/// let _crash = crash::reporter().app("shop", "1.2.3").save_to(&folder).sentry(sentry).quiet().install();
///
/// let reported = crash::report(&std::fmt::Error);
/// // Nobody listens there: it is sent when the program is started again.
/// assert!(matches!(reported.delivery, Some(crash::Delivery::Kept { .. })));
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
#[derive(Clone)]
pub struct Sentry {
    target: Target,
    about: About,
    deadline: Duration,
    keep: Keep,
    listeners: Vec<Listener>,
}

/// Which project.
#[derive(Clone)]
enum Target {
    Off,
    At(Dsn),
    /// Reports are kept until there is a right one.
    Broken(DsnError),
}

impl Sentry {
    /// To the project with this DSN. What is no DSN is told on the standard error output when the reporter is installed;
    /// reports are then kept until a later release of the program has a right one.
    pub fn new(dsn: impl AsRef<str>) -> Self {
        let target = match dsn.as_ref().trim() {
            "" => Target::Off,
            text => dsn::parse(text).map_or_else(Target::Broken, Target::At),
        };
        Self { target, about: About::default(), deadline: DEADLINE, keep: KEEP, listeners: Vec::new() }
    }

    /// The release, as Sentry calls it. Unless said, it is `<name>@<version>` of what
    /// [`app`](super::Reporter::app) says.
    #[must_use]
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.about.release = Some(release.into());
        self
    }

    /// The environment: `production`, `staging`, ... Unless said, it is `development` in builds with debug assertions, and
    /// `production` in others.
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.about.environment = Some(environment.into());
        self
    }

    /// The name of this machine or device. Unless said, none is sent: on people's own machines it often has their name
    /// in it.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.about.server_name = Some(name.into());
        self
    }

    /// A tag, by which events can be searched. There may be several.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.about.tags.insert(name.into(), value.into());
        self
    }

    /// Something about the user: Sentry knows `id`, `email`, `username` and `ip_address`. What is known only later is for a
    /// context provider, which sets `user.id` and so on.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.about.user.insert(name.into(), value.into());
        self
    }

    /// How long a crash, and the end of a program that has unsent reports of an earlier run, waits for the server: 2 s
    /// unless said, an hour at most. After that the process goes on to end, and the report is sent the next time.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline.min(LONGEST);
        self
    }

    /// How many reports that could not be sent are kept for later: 30 unless said. The oldest are dropped first.
    #[must_use]
    pub fn keep(mut self, reports: usize) -> Self {
        self.keep.reports = reports;
        self
    }

    /// How old they may get: 30 days unless said, since Sentry takes no older ones.
    #[must_use]
    pub fn keep_for(mut self, age: Duration) -> Self {
        self.keep.age = age;
        self
    }

    /// How many bytes they may take on the disk: 30 MiB unless said.
    #[must_use]
    pub fn keep_bytes(mut self, bytes: u64) -> Self {
        self.keep.bytes = bytes;
        self
    }

    /// Calls this with each report that is sent, or refused, later than at its crash: at the next start, or while the
    /// program runs on. What became of a report at its crash is in [`Reported::delivery`](super::Reported::delivery) and
    /// [`Notice::delivery`](super::Notice::delivery).
    #[must_use]
    pub fn on_later(mut self, listener: impl Fn(&Report, &Delivery) + Send + Sync + 'static) -> Self {
        self.listeners.push(Arc::new(listener));
        self
    }

    /// Sends a report now, wherever it comes from, and waits until the deadline. It is neither looked for nor kept in a
    /// folder: what could not be sent is [`Delivery::Lost`].
    ///
    /// A server that has it already takes it for the same event.
    ///
    /// ```no_run
    /// use retry_core::crash::{Report, Sentry};
    ///
    /// let report = Report::from_file("downloads/report.json")?;
    /// println!("{}", Sentry::new("https://key@sentry.example.org/1").send(&report));
    /// # Ok::<(), retry_core::crash::LoadError>(())
    /// ```
    #[must_use]
    pub fn send(&self, report: &Report) -> Delivery {
        sending::send_now(self, report)
    }

    /// Whether the DSN is one.
    ///
    /// # Errors
    /// What is wrong with it, and what to do. Nothing is wrong with none at all.
    pub fn check(&self) -> Result<(), DsnError> {
        self.fault().cloned().map_or(Ok(()), Err)
    }

    /// What is wrong with the DSN.
    pub(crate) fn fault(&self) -> Option<&DsnError> {
        match &self.target {
            Target::Broken(error) => Some(error),
            Target::Off | Target::At(_) => None,
        }
    }

    pub(crate) fn is_off(&self) -> bool {
        matches!(self.target, Target::Off)
    }

    pub(crate) fn has_target(&self) -> bool {
        matches!(self.target, Target::At(_))
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("Off"),
            Self::At(dsn) => {
                f.debug_tuple("At").field(&format_args!("{}", dsn::without_secret(&dsn.to_string()))).finish()
            }
            Self::Broken(error) => f.debug_tuple("Broken").field(error).finish(),
        }
    }
}

impl fmt::Debug for Sentry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sentry")
            .field("target", &self.target)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

impl From<&str> for Sentry {
    fn from(dsn: &str) -> Self {
        Self::new(dsn)
    }
}

impl From<&String> for Sentry {
    fn from(dsn: &String) -> Self {
        Self::new(dsn)
    }
}

impl From<String> for Sentry {
    fn from(dsn: String) -> Self {
        Self::new(dsn)
    }
}

impl<T: AsRef<str>> From<Option<T>> for Sentry {
    fn from(dsn: Option<T>) -> Self {
        dsn.map_or_else(|| Self::new(""), Self::new)
    }
}

#[cfg(test)]
mod tests;

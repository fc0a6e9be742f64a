//! What became of a report that was to be sent.

use std::fmt;

/// What became of a report that was to be sent to Sentry: see [`Reporter::sentry`](super::Reporter::sentry).
///
/// Its `Display` says it in a line, as the standard error output does:
///
/// ```
/// use retry_core::crash::Delivery;
///
/// let kept = Delivery::Kept { why: "the server refuses connections".to_owned() };
/// assert_eq!(
///     kept.to_string(),
///     "not sent to Sentry yet: the server refuses connections; it is kept, and sent when the program is started again"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// The server has it.
    Sent {
        /// Under this id: the report's own, [`Report::id`](super::Report::id).
        event_id: String,
    },
    /// Not yet: it is kept, and sent again when the application is started the next time.
    Kept {
        /// Why it was not sent.
        why: String,
    },
    /// The server does not take it: it is kept, and not sent again by itself.
    Refused {
        /// What the server says.
        why: String,
    },
    /// It was not sent, and is not kept: there is no folder that could be written to, or nobody asked for it.
    Lost {
        /// Why it was not sent.
        why: String,
    },
    /// The application's own Sentry client has it, and sends it.
    HandedOver {
        /// Under this id: the report's own, [`Report::id`](super::Report::id), unless the client has changed it.
        event_id: String,
    },
    /// The application's own Sentry client was given it, and does not send it: its `before_send`, an event processor or the
    /// sample rate is against it.
    Dropped,
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { event_id } => write!(f, "sent to Sentry as event {event_id}"),
            Self::Kept { why } => write!(
                f,
                "not sent to Sentry yet: {why}; it is kept, and sent when the program is started again"
            ),
            Self::Refused { why } => {
                write!(f, "not sent to Sentry: {why}; it is kept, and not sent again by itself")
            }
            Self::Lost { why } => write!(f, "not sent to Sentry: {why}; it could not be kept for later"),
            Self::HandedOver { event_id } => {
                write!(f, "handed to the program's Sentry client as event {event_id}")
            }
            Self::Dropped => f.write_str("not sent to Sentry: the program's Sentry client does not want it"),
        }
    }
}

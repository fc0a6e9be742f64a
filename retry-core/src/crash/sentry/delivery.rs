//! What became of a report that was to be sent.

/// What became of a report that was to be sent to Sentry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// The server has it.
    Sent {
        /// Under this id: the report's own, [`Report::id`](crate::crash::Report::id).
        event_id: String,
    },
    /// Not yet: it is kept, and sent again when the application is started the next time.
    Kept {
        /// Why it was not sent.
        why: String,
    },
    /// The server does not take it: it is kept, and not sent again.
    Refused {
        /// What the server says.
        why: String,
    },
    /// It was neither sent nor could it be kept for later.
    Lost {
        /// Why.
        why: String,
    },
    /// The application's own Sentry client has it, and sends it.
    HandedOver {
        /// Under this id.
        event_id: String,
    },
}

//! Which requests may be sent twice.

use http::{HeaderMap, Method};

/// By its method a request says whether a second one changes anything; everything else is the user's word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Repeatable {
    /// Those of which RFC 9110 says that it does not matter, and those with an `Idempotency-Key`.
    #[default]
    Idempotent,
    /// All.
    All,
}

impl Repeatable {
    pub(super) fn allows(self, method: &Method, headers: &HeaderMap) -> bool {
        match self {
            Self::All => true,
            Self::Idempotent => method.is_idempotent() || headers.contains_key("idempotency-key"),
        }
    }
}

//! The address of a project at Sentry.

use crate::crash::render::in_line;
use sentry_types::Dsn;
use std::fmt;

/// The most characters of a text that is no DSN.
const SHOWN: usize = 60;

/// Why a text is no DSN of Sentry's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsnError {
    text: String,
    why: String,
}

pub(super) fn parse(text: &str) -> Result<Dsn, DsnError> {
    text.parse().map_err(|error: sentry_types::ParseDsnError| {
        let mut shown: String = in_line(text).chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        DsnError { text: shown, why: error.to_string() }
    })
}

impl fmt::Display for DsnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no DSN of Sentry's: {}; copy it from the project's settings, https://KEY@HOST/PROJECT",
            self.text, self.why
        )
    }
}

impl std::error::Error for DsnError {}

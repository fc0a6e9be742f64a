//! The address of a project at Sentry.

use crate::crash::render::in_line;
use sentry_types::Dsn;
use std::borrow::Cow;
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
        let text = without_secret(text);
        let mut shown: String = in_line(&text).chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        DsnError { text: shown, why: error.to_string() }
    })
}

/// Old ones have a second key, which is a secret: `https://KEY:SECRET@HOST/PROJECT`.
pub(super) fn without_secret(text: &str) -> Cow<'_, str> {
    let keys = text.find("://").map_or(0, |at| at + "://".len());
    let parts = text.get(keys..).and_then(|rest| {
        let (keys, place) = rest.rsplit_once('@')?;
        let (key, secret) = keys.split_once(':')?;
        Some((key, secret, place))
    });
    match parts {
        Some((key, secret, place)) if !secret.is_empty() => {
            Cow::Owned(format!("{}{key}:***@{place}", text.get(..keys).unwrap_or_default()))
        }
        _ => Cow::Borrowed(text),
    }
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

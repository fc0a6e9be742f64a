//! Which values are secrets, by their names and by the look of what stands in a text.

use super::report::Report;

/// Which names are secrets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// Beside those that everybody means.
    pub(crate) also: Vec<String>,
    /// Not to be taken for secrets.
    pub(crate) allowed: Vec<String>,
}

impl Rules {
    /// Whether a variable, field or key of this name is a secret.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// What a `Debug` or a message wrote, without the secrets in it.
    pub(crate) fn scrub(&self, text: &str) -> String {
        text.to_owned()
    }

    /// All that is text in a report, except the values, which are scrubbed where they are taken.
    pub(crate) fn scrub_report(&self, report: &mut Report) {
        let _ = report;
    }
}

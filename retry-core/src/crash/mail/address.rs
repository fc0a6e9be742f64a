//! Whom a report is mailed to.

use super::super::render::in_line;
use email_address::EmailAddress;
use std::fmt;

/// Addresses of mailboxes, in ASCII and without comments and quotes: they mean themselves wherever they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Addresses(Vec<String>);

impl Addresses {
    /// Of a list with commas.
    pub(crate) fn parse(list: &str) -> Result<Self, AddressError> {
        list.split(',').map(|address| one(address.trim())).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

fn one(text: &str) -> Result<String, AddressError> {
    // The crate takes all that has ever been a domain, and quotes and names before it.
    let domain = text.rsplit_once('@').map_or("", |(_, domain)| domain);
    let plain_domain = domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let plain = text.is_ascii() && !text.contains(['"', '<']) && plain_domain;
    match plain && EmailAddress::is_valid(text) {
        true => Ok(text.to_owned()),
        false => Err(AddressError { text: text.to_owned() }),
    }
}

/// Something was to be mailed to what is no address.
///
/// ```
/// use retry_core::crash::{Draft, report};
///
/// let report = report(&std::fmt::Error).report;
/// let error = Draft::new(&report, "Crashes at Example").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`Crashes at Example` is no mail address; write it as `name@example.org`, several with commas between them"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressError {
    text: String,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More of it helps nobody.
        const SHOWN: usize = 100;

        let shown = &self.text[..self.text.floor_char_boundary(SHOWN)];
        let dots = if shown.len() < self.text.len() { "..." } else { "" };
        let remedy = "write it as `name@example.org`, several with commas between them";
        write!(f, "`{}{dots}` is no mail address; {remedy}", in_line(shown))
    }
}

impl std::error::Error for AddressError {}

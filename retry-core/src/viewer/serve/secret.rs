//! What is in the address, and only the user knows.

use crate::output::Failure;
use std::fmt::Write as _;
use subtle::ConstantTimeEq;

/// Other users of the machine can reach its own addresses too; the reports are for this user alone.
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn fresh() -> Result<Self, Failure> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Failure::Said(format!("the system gives no random numbers: {error}; try it again"))
        })?;
        let mut hex = String::new();
        for byte in bytes {
            _ = write!(hex, "{byte:02x}");
        }
        Ok(Self(hex))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// How long it takes does not tell how much of it is right.
    pub(super) fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

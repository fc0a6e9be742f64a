//! Where an annotated function or a block stands.

/// Written by the macros.
#[derive(Debug)]
pub struct Site {
    /// The function's name, or `retry_policy!` for a block.
    pub function: &'static str,
    /// The module it stands in.
    pub module: &'static str,
    /// The file it stands in.
    pub file: &'static str,
    /// The line of its name; 0 where it is not known.
    pub line: u32,
    /// Whether it is the body of a retried function.
    pub retried: bool,
}

impl Site {
    /// Of something that has no place of its own.
    #[must_use]
    pub(crate) const fn unknown(function: &'static str, module: &'static str) -> Self {
        Self { function, module, file: "", line: 0, retried: false }
    }
}

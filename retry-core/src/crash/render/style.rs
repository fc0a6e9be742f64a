//! What a terminal can show, and its user wants to see.

use std::io::IsTerminal;
use supports_hyperlinks::Stream;

/// How a report is written to a terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) colors: bool,
    pub(crate) hyperlinks: bool,
}

impl Style {
    /// What the process's standard error output can show, and its user wants to see.
    pub(crate) fn of_stderr() -> Self {
        Self::of(std::io::stderr().is_terminal(), Stream::Stderr)
    }

    /// What the process's standard output can show, and its user wants to see.
    #[cfg(feature = "viewer")]
    pub(crate) fn of_stdout() -> Self {
        Self::of(std::io::stdout().is_terminal(), Stream::Stdout)
    }

    fn of(is_terminal: bool, stream: Stream) -> Self {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self::decided(variable, is_terminal, || supports_hyperlinks::on(stream))
    }

    /// By the variables that people agree upon: `NO_COLOR` before `CLICOLOR_FORCE` and `FORCE_COLOR`, and these before
    /// the look of the terminal.
    fn decided(
        variable: impl Fn(&str) -> Option<String>,
        is_terminal: bool,
        supports_hyperlinks: impl FnOnce() -> bool,
    ) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let is_off = |value: &String| value == "0" || value.eq_ignore_ascii_case("false");
        if set("NO_COLOR").is_some() || set("FORCE_COLOR").as_ref().is_some_and(is_off) {
            return Self::default();
        }
        let forced = ["CLICOLOR_FORCE", "FORCE_COLOR"]
            .iter()
            .any(|name| set(name).is_some_and(|value| !is_off(&value)));
        let refused =
            set("CLICOLOR").as_ref().is_some_and(is_off) || set("TERM").is_some_and(|term| term == "dumb");
        let colors = forced || (is_terminal && !refused);
        Self { colors, hyperlinks: colors && supports_hyperlinks() }
    }
}

#[cfg(test)]
mod tests {
    use super::Style;

    #[test]
    fn colors_are_as_the_user_says() {
        type Variables = &'static [(&'static str, &'static str)];
        let table: &[(Variables, bool, bool)] = &[
            (&[], false, false),
            (&[], true, true),
            (&[("TERM", "xterm")], true, true),
            (&[("TERM", "dumb")], true, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("NO_COLOR", "")], true, true),
            (&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true, false),
            (&[("CLICOLOR_FORCE", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("FORCE_COLOR", "3"), ("TERM", "dumb")], false, true),
            (&[("FORCE_COLOR", "0")], true, false),
            (&[("CLICOLOR", "0")], true, false),
        ];
        for (variables, is_terminal, colors) in table {
            let variable =
                |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
            for hyperlinks in [false, true] {
                let style = Style::decided(variable, *is_terminal, || hyperlinks);
                let expected = Style { colors: *colors, hyperlinks: *colors && hyperlinks };
                assert_eq!(style, expected, "{variables:?}, terminal: {is_terminal}");
            }
        }
    }
}

//! From the values that are alive to those in the report.

use super::bounded;
use super::capture::{Kept, LiveFrame, LiveValue, Secrecy};
use super::isolate::{self, Budget, Task};
use super::redact::Rules;
use super::report::{Frame, Shown, Variable};
use std::fmt::{self, Debug, Write};

/// What the first version of a report says of a value that user code has still to show.
const NOT_YET: &str =
    "not shown: the process ended while the values that run code of its own were being shown";

/// A value in the report that is not shown yet.
pub(crate) struct Pending<'a> {
    frame: usize,
    variable: usize,
    limit: usize,
    secrecy: Secrecy,
    value: &'a dyn Debug,
}

/// Puts the values of a live frame into its frame of the report; those that need code of the user's are left for later.
pub(crate) fn fill<'a>(
    frames: &mut [Frame],
    frame: usize,
    live: &'a LiveFrame<'_>,
    rules: &Rules,
    pending: &mut Vec<Pending<'a>>,
) {
    let Some(shown) = frames.get_mut(frame) else { return };
    for value in &live.values {
        if let (Kept::UserCode(code), false) = (&value.kept, is_hidden(value, rules)) {
            let (limit, secrecy, variable) = (value.limit, value.secrecy, shown.variables.len());
            pending.push(Pending { frame, variable, limit, secrecy, value: *code });
        }
        shown.variables.push(variable(value, rules));
    }
}

fn variable(value: &LiveValue<'_>, rules: &Rules) -> Variable {
    let mut variable = Variable {
        name: value.name.to_owned(),
        type_name: value.type_name.to_owned(),
        value: shown(value, rules),
        as_of: value.as_of,
        argument: value.argument,
    };
    without_secrets(&mut variable, value.secrecy, rules);
    variable
}

fn without_secrets(variable: &mut Variable, secrecy: Secrecy, rules: &Rules) {
    if secrecy != Secrecy::Allow {
        rules.scrub_variable(variable);
    }
}

/// Without running any code of the user's.
fn shown(value: &LiveValue<'_>, rules: &Rules) -> Shown {
    match value.kept {
        Kept::Nothing(hint) => Shown::NotKept { hint: hint.to_owned() },
        _ if is_hidden(value, rules) => Shown::Redacted,
        Kept::Plain(plain) => bounded::shown(format_args!("{plain:?}"), value.limit, "Debug"),
        Kept::UserCode(_) => Shown::Failed { why: NOT_YET.to_owned(), text: String::new() },
    }
}

fn is_hidden(value: &LiveValue<'_>, rules: &Rules) -> bool {
    match value.secrecy {
        Secrecy::Redact => true,
        Secrecy::Allow => false,
        Secrecy::ByName => rules.is_secret(value.name),
    }
}

/// Shows what was left for later.
pub(crate) fn show(pending: &[Pending<'_>], frames: &mut [Frame], rules: &Rules, budget: Budget) {
    let writes: Vec<_> = pending.iter().map(|pending| debug(pending.value)).collect();
    let tasks = pending.iter().zip(&writes).map(|(pending, write)| Task {
        what: "Debug",
        limit: pending.limit,
        write,
    });
    let tasks: Vec<_> = tasks.collect();
    for (pending, shown) in pending.iter().zip(isolate::show(&tasks, budget)) {
        let frame = frames.get_mut(pending.frame);
        if let Some(variable) = frame.and_then(|frame| frame.variables.get_mut(pending.variable)) {
            variable.value = shown;
            without_secrets(variable, pending.secrecy, rules);
        }
    }
}

/// Says why those that were left for later are not shown at all.
pub(crate) fn leave_out(pending: &[Pending<'_>], frames: &mut [Frame], hint: &str) {
    for pending in pending {
        let frame = frames.get_mut(pending.frame);
        if let Some(variable) = frame.and_then(|frame| frame.variables.get_mut(pending.variable)) {
            variable.value = Shown::NotKept { hint: hint.to_owned() };
        }
    }
}

fn debug(value: &dyn Debug) -> impl Fn(&mut dyn Write) -> fmt::Result {
    move |writer| write!(writer, "{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Site;

    struct NotToBeAsked;

    impl Debug for NotToBeAsked {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            unreachable!("a value that is not to be shown is shown")
        }
    }

    fn of(kept: Kept<'_>, secrecy: Secrecy, limit: usize) -> (Shown, usize) {
        static SITE: Site = Site { function: "f", module: "m", file: "f.rs", line: 1, retried: false };
        let value =
            LiveValue { name: "n", type_name: "T", as_of: None, argument: false, limit, secrecy, kept };
        let live = LiveFrame { site: &SITE, anchor: 0, attempt: None, annotated: true, values: vec![value] };
        let (mut frames, mut pending) = ([Frame::default()], Vec::new());
        fill(&mut frames, 0, &live, &Rules::default(), &mut pending);
        (frames[0].variables[0].value.clone(), pending.len())
    }

    #[test]
    fn a_secret_is_neither_shown_nor_asked_for() {
        assert_eq!(of(Kept::Plain(&NotToBeAsked), Secrecy::Redact, 9), (Shown::Redacted, 0));
        assert_eq!(of(Kept::UserCode(&NotToBeAsked), Secrecy::Redact, 9), (Shown::Redacted, 0));
    }

    #[test]
    fn code_of_the_users_is_left_for_later() {
        let (shown, pending) = of(Kept::UserCode(&NotToBeAsked), Secrecy::ByName, 9);
        assert!(matches!(shown, Shown::Failed { why, .. } if why == NOT_YET));
        assert_eq!(pending, 1);
    }

    #[test]
    fn a_plain_value_is_shown_up_to_its_limit() {
        let shown = |text: &str, cut| (Shown::Value { text: text.into(), cut }, 0);
        assert_eq!(of(Kept::Plain(&12345), Secrecy::ByName, 5), shown("12345", false));
        assert_eq!(of(Kept::Plain(&[1, 2, 3]), Secrecy::ByName, 5), shown("[1, 2", true));
    }

    #[test]
    fn of_what_is_not_kept_the_hint_is_shown() {
        let hint = Shown::NotKept { hint: "list it".into() };
        assert_eq!(of(Kept::Nothing("list it"), Secrecy::ByName, 9), (hint, 0));
    }
}

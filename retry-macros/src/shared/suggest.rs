//! The nearest of the names that would have been right.

/// `; did you mean ..?` where one of `names` is near `written`, else nothing.
pub(crate) fn did_you_mean(written: &str, names: &[impl AsRef<str>]) -> String {
    nearest(written, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// `; did you mean ..?` where one of `names` is near `written`, else all of them.
pub(crate) fn meant_or_known(written: &str, names: &[&str], known: &str) -> String {
    match nearest(written, names) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => format!("; {known} {}", listed(names)),
    }
}

/// The name nearest to `written`, if any is near enough to be what was meant.
pub(crate) fn nearest<'n>(written: &str, names: &'n [impl AsRef<str>]) -> Option<&'n str> {
    let lower = written.to_lowercase();
    names
        .iter()
        .map(AsRef::as_ref)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.len().max(lower.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(nearest("backof", &["attempts", "backoff"]), Some("backoff"));
        assert_eq!(nearest("atempt", &["attempts", "attempt"]), Some("attempt"));
        assert_eq!(nearest("Jitter", &["jitter"]), Some("jitter"));
        assert_eq!(nearest("colour", &["attempts", "backoff"]), None);
        assert_eq!(nearest("", &["a"]), Some("a"));
    }
}

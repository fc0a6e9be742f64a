//! Whether what was said can be done.

use proc_macro2::Ident;

use super::model::{Binding, Options};
use crate::shared::errors::Errors;
use crate::shared::suggest;

impl Options {
    /// What can be told without the function.
    pub(super) fn check(&self, errors: &mut Errors) {
        if let (Some(span), true) = (self.rest, self.listed.is_empty()) {
            errors.at(span, "`..` adds the rest to a list, and there is none; remove it");
        }
        if let (Some(span), false) = (self.debug, self.keeps_rest()) {
            errors.at(
                span,
                "`debug` is about what is not listed, which is not kept; add `..`, or remove `debug`",
            );
        }
        for name in &self.skip {
            self.check_only(name, "skip", &[], errors);
        }
        for name in &self.redact {
            self.check_only(name, "redact", &[("skip", &self.skip)], errors);
        }
        for name in &self.allow {
            self.check_only(name, "allow", &[("skip", &self.skip), ("redact", &self.redact)], errors);
        }
    }

    /// A name that says two things.
    fn check_only(&self, name: &Ident, option: &str, others: &[(&str, &[Ident])], errors: &mut Errors) {
        for (other, names) in others {
            if names.contains(name) {
                errors.at(name.span(), format!("`{name}` has `{other}` and `{option}`; remove one of them"));
            }
        }
        if option != "allow" && self.listed(name).is_some() {
            errors.at(name.span(), format!("`{name}` is listed and has `{option}`; remove one of them"));
        }
    }

    /// Whether all the names are those of arguments or locals.
    pub(super) fn check_names(&self, bindings: &[Binding], errors: &mut Errors) {
        let known = || bindings.iter().map(|binding| &binding.name);
        let named = self.listed.iter().map(|listed| &listed.name);
        let named = named.chain(&self.skip).chain(&self.redact).chain(&self.allow);
        for name in named.filter(|name| !known().any(|known| known == *name)) {
            let all: Vec<_> = known().map(ToString::to_string).collect();
            let hint = suggest::did_you_mean(&name.to_string(), &all);
            let remedy = if hint.is_empty() { "; name an argument, or what a `let` binds" } else { &hint };
            errors.at(name.span(), format!("there is no argument or local `{name}`{remedy}"));
        }
    }
    /// Whether each borrow can begin where its `let` stands.
    pub(super) fn check_borrows(&self, bindings: &[Binding], errors: &mut Errors) {
        for listed in self.listed.iter().filter(|listed| listed.by_reference) {
            let name = &listed.name;
            if bindings.iter().any(|binding| binding.name == *name && binding.is_declared) {
                let message = format!("`{name}` has no value where it is declared; list it as `{name}`");
                errors.at(name.span(), message);
            }
        }
    }
}

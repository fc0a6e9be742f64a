//! Options against the function that they stand on.

use proc_macro2::Span;
use syn::{Attribute, Ident, Path};

use super::arguments::Argument;
use super::model::{Retried, Shape};
use crate::shared::errors::Errors;
use crate::shared::suggest;
use crate::shared::text::text;
use crate::shared::types;

impl Retried {
    pub(crate) fn check(&self, errors: &mut Errors) {
        // What could not be read is not missing.
        let all_read = errors.is_empty();
        self.check_signature(errors);
        self.options.check(self.error_type().prefix.as_ref(), errors);
        if all_read {
            self.check_variants(errors);
            self.check_until(errors);
        }
        self.check_attempt(errors);
        self.check_clone(errors);
        self.check_option(errors);
        if let Some(timeout) = &self.options.timeout
            && !self.is_async()
        {
            let message = "`timeout` limits the attempts of async functions only, since nothing can interrupt a \
                           blocking call; use `deadline` for the whole call, or make the function async";
            errors.at(timeout.span, message);
        }
    }

    fn check_signature(&self, errors: &mut Errors) {
        let sig = &self.function.sig;
        if let Some(constness) = &sig.constness {
            errors.at(constness.span, "a `const fn` cannot wait; remove `const` or `#[retry]`");
        }
        if self.function.body.is_none() {
            let message = "`#[retry]` needs the function's body; put it on the implementations, or on a function that calls this one";
            errors.at(sig.ident.span(), message);
        }
        let is_retry = |attribute: &&Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "retry")
        };
        if let Some(second) = self.function.attrs.iter().find(is_retry) {
            let message =
                "a second `#[retry]` would multiply the attempts of the first; put all rules into one";
            errors.over(second.path(), message);
        }
        if let Some(variadic) = &sig.variadic {
            errors.over(
                variadic,
                "a function with variadic arguments cannot be tried again; take them as a slice",
            );
        }
    }

    /// Bare variants need the enum's name.
    fn check_variants(&self, errors: &mut Errors) {
        if self.error_type().prefix.is_some() || matches!(self.returns.shape, Shape::Option) {
            return;
        }
        // One is enough: the remedy is the same for all.
        let Some(variant) = self.options.variants().find_map(Path::get_ident) else { return };
        let message = match &self.returns.shape {
            Shape::Result { error } if types::has_no_variants(error) => format!(
                "`{}` has no variants; say which errors with a predicate: `when(|error| ..) = 30`",
                text(error)
            ),
            Shape::Unknown if types::is_known_alias(&self.returns.ty) => format!(
                "the errors of `{}` have no variants; say which with a predicate: `when(|error| ..) = 30`",
                text(&self.returns.ty)
            ),
            shape => {
                let ty = match shape {
                    Shape::Result { error } => text(error),
                    _ => text(&self.returns.ty),
                };
                format!(
                    "the error's enum cannot be read from `{ty}`; write the variant's path, such as \
                     `my::Error::{variant}`, or say once `error = my::Error`"
                )
            }
        };
        errors.at(variant.span(), message);
    }

    fn check_attempt(&self, errors: &mut Errors) {
        if let Some((_, name)) = &self.options.attempt
            && Argument::all(self).iter().any(|argument| argument.name == *name)
        {
            let message = format!("`{name}` is an argument already; write another name");
            errors.at(name.span(), message);
        }
    }

    fn check_clone(&self, errors: &mut Errors) {
        let Some((_, listed)) = &self.options.clone else { return };
        let arguments = Argument::all(self);
        let mut seen: Vec<&Ident> = Vec::new();
        for name in listed {
            if seen.contains(&name) {
                errors.at(name.span(), format!("`{name}` is listed twice; remove one of them"));
                continue;
            }
            seen.push(name);
            if name == "self" {
                let message =
                    "`self` cannot be replaced by a clone; clone it in the body: `let this = self.clone();`";
                errors.at(name.span(), message);
                continue;
            }
            match arguments.iter().find(|argument| argument.name == *name) {
                None => {
                    let names: Vec<_> = arguments.iter().map(|argument| argument.name.to_string()).collect();
                    let hint = suggest::did_you_mean(&name.to_string(), &names);
                    errors.at(name.span(), format!("the function has no argument `{name}`{hint}"));
                }
                Some(argument) if argument.is_reference() => {
                    let message = format!(
                        "`{name}` is a reference, which every attempt can use as it is; remove it from `clone`"
                    );
                    errors.at(name.span(), message);
                }
                Some(_) => {}
            }
        }
    }

    fn check_until(&self, errors: &mut Errors) {
        if let Shape::Option = self.returns.shape
            && self.options.until.is_none()
        {
            let message = "a function that returns an `Option` has no error to retry; say when the value is there \
                           with `until = |value| ..`, or return a `Result`";
            errors.over(&self.returns.ty, message);
        }
    }

    /// An `Option` has no error: most options have nothing to work on.
    fn check_option(&self, errors: &mut Errors) {
        let Shape::Option = self.returns.shape else { return };
        let options = &self.options;
        if options.until.is_none() {
            return;
        }
        let mut refuse = |span: Span, what: &str| {
            let message =
                format!("{what} has no effect: an `Option` has no error; remove it or return a `Result`");
            errors.at(span, message);
        };
        for rule in options.rules.iter().chain(&options.rest) {
            refuse(rule.span, "this rule");
        }
        if let Some((span, _)) = &options.error {
            refuse(*span, "`error`");
        }
        if let Some(timeout) = &options.timeout {
            refuse(timeout.span, "`timeout`");
        }
    }
}

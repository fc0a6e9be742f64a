//! What cannot be said of a block.

use proc_macro2::Span;
use syn::{Expr, ExprClosure, Path};

use super::model::Block;
use crate::options::names;
use crate::shared::errors::Errors;

impl Block {
    pub(crate) fn check(&self, errors: &mut Errors) {
        self.options.check(self.error_type().prefix.as_ref(), errors);
        let options = &self.options;
        let closure = "the block is a closure that gets the attempt: `.run(async |attempt| ..)`";
        let elsewhere: [(&str, Option<Span>, &str); 3] = [
            (names::ATTEMPT, options.attempt.as_ref().map(|(span, _)| *span), closure),
            (
                names::CLONE,
                options.clone.as_ref().map(|(span, _)| *span),
                "a block has no arguments; clone what it consumes inside it",
            ),
            (
                names::ERROR,
                options.error.as_ref().map(|(span, _)| *span),
                "the error type stands before a colon: `retry_policy!(my::Error: ..)`",
            ),
        ];
        for (name, span, remedy) in elsewhere {
            if let Some(span) = span {
                errors.at(span, format!("`{name}` belongs to `#[retry]`; {remedy}"));
            }
        }
        let hooks = [&options.on_retry, &options.on_give_up, &options.on_success];
        for (_, hook) in hooks.into_iter().flatten() {
            if let Expr::Closure(ExprClosure { asyncness: Some(asyncness), .. }) = hook {
                let message = "a block's hooks are not async; remove `async`, or do it in the block itself";
                errors.at(asyncness.span, message);
            }
        }
        if self.error.is_none() && options.error.is_none() {
            // One is enough: the remedy is the same for all.
            if let Some(variant) = options.variants().find_map(Path::get_ident) {
                let message = format!(
                    "`{variant}` of which enum? begin with the error type: `retry_policy!(my::Error: {variant} = ..)`"
                );
                errors.at(variant.span(), message);
            }
        }
    }
}

//! `main`: an error that it ends with is reported as a panic would be.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::{ReturnType, Type};

use super::model::Options;
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::types;

/// The body of a `main` that may end with an error, that error reported.
pub(super) fn reported(
    name: &Ident,
    output: &ReturnType,
    options: &Options,
    body: &TokenStream,
) -> Option<TokenStream> {
    let returns = outcome(name, output)?;
    let outcome = hygienic!((|| -> #returns { #body })());
    reported_outcome(name, output, options, &outcome)
}

/// The same of an expression that is what `main` ends with.
pub(super) fn reported_outcome(
    name: &Ident,
    output: &ReturnType,
    options: &Options,
    ended: &TokenStream,
) -> Option<TokenStream> {
    let returns = outcome(name, output)?;
    let private = Private::of(options.krate.as_ref());
    // Where the error is said to be reported: what has a span of ours is said to be at the attribute.
    let crash_ended = quote_spanned!(name.span()=> crash_ended());
    Some(hygienic! {
        let __outcome: #returns = #ended;
        {
            use #private::crash::ended::*;
            (&&&&Ended(&__outcome)).#crash_ended;
        }
        __outcome
    })
}

/// The type that can be an error's.
fn outcome<'t>(name: &Ident, output: &'t ReturnType) -> Option<&'t Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    (name == "main" && matches!(types::plain(ty), Type::Path(_))).then_some(&**ty)
}

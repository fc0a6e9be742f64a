//! `#[crash_context]`: a frame that keeps a function's arguments and locals for a report.

mod body;
mod check;
mod expand;
mod frame;
mod main;
mod model;
mod parse;
mod reads;
mod shape;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta, parse_quote};

pub(crate) use frame::Framed;
pub(crate) use model::Options;

use crate::shared::errors::Errors;
use crate::shared::function::Function;

/// The attribute's name, by which `#[retry]` knows it.
pub(crate) const NAME: &str = "crash_context";

/// The whole attribute. Where something is wrong with the options, the function stays as it was, so that
/// its callers still compile.
pub(crate) fn crash_context(options: TokenStream, item: TokenStream) -> TokenStream {
    let first = options.clone().into_iter().next();
    if matches!(first, Some(TokenTree::Ident(word)) if word == TAKEN_OFF) {
        return TokenStream::new();
    }
    let mut function = match Function::parse(item.clone()) {
        Ok(function) => function,
        Err(error) => return parse::not_a_function(item, &error),
    };
    if let Some(below) = below_retry(&options, &mut function) {
        return below;
    }
    let mut errors = Errors::default();
    let options = parse::options(options, &mut errors);
    options.check(&mut errors);
    let framed = Framed::new(&function, &options, false);
    let expanded = framed.function(&mut errors);
    if errors.is_empty() {
        return expanded.unwrap_or(item);
    }
    let mut tokens = errors.to_compile_errors();
    tokens.extend(item);
    tokens
}

/// Where the function is retried as well, each attempt has its frame: `#[retry]` sees to that when it finds the attribute
/// below itself.
fn below_retry(options: &TokenStream, function: &mut Function) -> Option<TokenStream> {
    let is_retry = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "retry");
    let retry = function.attrs.iter().position(is_retry)?;
    let krate = parse::options(options.clone(), &mut Errors::default()).krate;
    let krate = krate.map_or_else(|| quote!(::retry_core), |krate| quote!(#krate));
    function.attrs.insert(retry + 1, parse_quote!(#[#krate::crash_context(#options)]));
    Some(quote!(#function))
}

/// What an attribute says that only is there to be looked up.
const TAKEN_OFF: &str = "__taken_off";

/// An item by which the compiler sees that the attribute is used, which has been taken off.
pub(crate) fn used(options: &Options) -> Option<TokenStream> {
    let path = options.taken_off.as_ref()?;
    let taken_off = Ident::new(TAKEN_OFF, Span::mixed_site());
    Some(quote!(#[#path(#taken_off)] const _: () = ();))
}

/// Takes the attribute off a function that is retried: its options.
pub(crate) fn taken_off(function: &mut Function, errors: &mut Errors) -> Option<Options> {
    let is_ours = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == NAME);
    let attribute = function.attrs.extract_if(.., |attr| is_ours(attr)).next()?;
    let path = attribute.path().clone();
    let tokens = match attribute.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let mut options = parse::options(tokens, errors);
    options.check(errors);
    options.taken_off = Some(path);
    Some(options)
}

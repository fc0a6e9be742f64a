//! Tokens to model.

use proc_macro2::{Span, TokenStream};
use syn::Item;
use syn::parse::{ParseStream, Parser};

use crate::options::model::Options;
use crate::shared::errors::Errors;

/// The options between the attribute's parentheses.
pub(crate) fn options(tokens: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    let read = |input: ParseStream<'_>| {
        options = Options::parse(input, errors);
        // What a mistake left unread has been reported with it.
        input.parse::<TokenStream>().map(drop)
    };
    let rest = read.parse2(tokens);
    if errors.is_empty() {
        errors.take(rest);
    }
    options
}

/// What stands under the attribute is left to the compiler where it is no item at all.
pub(crate) fn not_a_function(item: TokenStream) -> TokenStream {
    let parsed = syn::parse2::<Item>(item.clone());
    let is_function = item.to_string().split_whitespace().any(|word| word == "fn");
    if is_function && parsed.is_err() {
        // A half-typed function: the compiler says best what is missing.
        return item;
    }
    let first = || item.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span());
    let inside = "put it on the functions inside";
    let block = "for a block of code there is `retry_policy!`";
    let (span, remedy) = match &parsed {
        Ok(Item::Impl(item)) => (item.impl_token.span, inside),
        Ok(Item::Trait(item)) => (item.trait_token.span, inside),
        Ok(Item::Mod(item)) => (item.mod_token.span, inside),
        Ok(Item::Struct(item)) => (item.struct_token.span, block),
        Ok(Item::Enum(item)) => (item.enum_token.span, "for an enum there is `#[derive(RetryClassify)]`"),
        Ok(Item::Const(item)) => (item.const_token.span, block),
        Ok(Item::Static(item)) => (item.static_token.span, block),
        _ => (first(), block),
    };
    let message = format!("`#[retry]` stands on a function; {remedy}");
    let mut tokens = syn::Error::new(span, message).to_compile_error();
    tokens.extend(item);
    tokens
}

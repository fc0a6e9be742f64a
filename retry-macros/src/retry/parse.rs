//! Tokens to model.

use proc_macro2::TokenStream;
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
    let message = "`#[retry]` stands on a function; for a block of code there is `retry_policy!`";
    let first = item.clone().into_iter().next().map_or_else(proc_macro2::Span::call_site, |tree| tree.span());
    let is_item = syn::parse2::<syn::Item>(item.clone()).is_ok();
    let is_function = item.to_string().split_whitespace().any(|word| word == "fn");
    if is_function && !is_item {
        // A half-typed function: the compiler says best what is missing.
        return item;
    }
    let mut tokens = syn::Error::new(first, message).to_compile_error();
    tokens.extend(item);
    tokens
}

//! Tokens to model.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

use crate::options::model::Options;
use crate::shared::errors::Errors;
use crate::shared::function::misplaced;

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
    misplaced(item, "retry", "for a block of code there is `retry_policy!`")
}

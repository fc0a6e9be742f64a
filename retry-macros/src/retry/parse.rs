//! Tokens to model.

use proc_macro2::TokenStream;

use crate::options::model::Options;
use crate::shared::errors::Errors;
use crate::shared::function::misplaced;
use crate::shared::list;

/// The options between the attribute's parentheses.
pub(crate) fn options(tokens: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    list::read_all(tokens, errors, |input, errors| options = Options::parse(input, errors));
    options
}

/// What stands under the attribute is left to the compiler where it is no item at all.
pub(crate) fn not_a_function(item: TokenStream, error: &syn::Error) -> TokenStream {
    misplaced(item, error, "retry", "for a block of code there is `retry_policy!`")
}

//! `#[retry(..)]`: a function into a retry loop.

mod arguments;
mod check;
mod expand;
mod future;
mod instrumented;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::crash;
use crate::shared::errors::Errors;
use crate::shared::function::Function;

/// The whole attribute. Where something is wrong with the options, the function stays as it was, so that
/// its callers still compile.
pub(crate) fn retry(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut function = match Function::parse(item.clone()) {
        Ok(function) => function,
        Err(error) => return parse::not_a_function(item, &error),
    };
    let context = crash::taken_off(&mut function, &mut errors);
    let options = parse::options(future::with_moved_self(options, &function), &mut errors);
    let model = model::Retried::new(function, options, context, &mut errors);
    if let Some(model) = &model {
        model.check(&mut errors);
    }
    if let Some(model) = model
        && errors.is_empty()
    {
        let expanded = model.expand(&mut errors);
        if errors.is_empty() {
            return expanded;
        }
    }
    let mut tokens = errors.to_compile_errors();
    tokens.extend(item);
    tokens
}

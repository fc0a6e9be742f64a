//! Tokens to model.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Token, Type};

use super::model::Block;
use crate::options::model::Options;
use crate::shared::errors::Errors;

pub(crate) fn block(tokens: TokenStream, errors: &mut Errors) -> Block {
    let mut block = Block { error: None, options: Options::default() };
    let read = |input: ParseStream<'_>| {
        block.error = error_type(input);
        block.options = Options::parse(input, errors);
        input.parse::<TokenStream>().map(drop)
    };
    let rest = read.parse2(tokens);
    if errors.is_empty() {
        errors.take(rest);
    }
    block
}

/// `ApiError:`
fn error_type(input: ParseStream<'_>) -> Option<Type> {
    let ahead = input.fork();
    let is_type = ahead.parse::<Type>().is_ok() && ahead.peek(Token![:]);
    let ty = if is_type { input.parse().ok() } else { None };
    if is_type {
        input.parse::<Token![:]>().ok()?;
    }
    ty
}

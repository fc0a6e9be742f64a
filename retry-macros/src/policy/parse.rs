//! Tokens to model.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Token, Type};

use super::model::Block;
use crate::options::model::Options;
use crate::shared::errors::Errors;
use crate::shared::text::text;
use crate::shared::{list, types};

pub(crate) fn block(tokens: TokenStream, errors: &mut Errors) -> Block {
    let mut block = Block { error: None, options: Options::default() };
    list::read_all(tokens, errors, |input, errors| {
        block.error = error_type(input, errors);
        block.options = Options::parse(input, errors);
    });
    block
}

/// `ApiError:`
fn error_type(input: ParseStream<'_>, errors: &mut Errors) -> Option<Type> {
    let ahead = input.fork();
    let ty: Type = ahead.parse().ok()?;
    if ahead.peek(Token![:]) {
        ahead.parse::<Token![:]>().ok()?;
    } else if list::item_ends(&ahead) && begins_large(&ty) {
        let ty_text = text(&ty);
        errors.over(
            &ty,
            format!("a colon is missing behind the error type; write `retry_policy!({ty_text}: ..)`"),
        );
        ahead.parse::<Option<Token![,]>>().ok()?;
    } else {
        return None;
    }
    input.advance_to(&ahead);
    Some(ty)
}

/// Whether this is a name as types have it, and not an option's.
fn begins_large(ty: &Type) -> bool {
    types::last_segment(ty).is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
}

//! A list of options between commas, read so that a mistake in one of them does not hide those in the next.

use proc_macro2::{Span, TokenStream};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use super::errors::Errors;
use super::groups::held_together;
use super::nesting;

/// Reads all that stands between a macro's parentheses.
pub(crate) fn read_all(
    tokens: TokenStream,
    errors: &mut Errors,
    read: impl FnOnce(ParseStream<'_>, &mut Errors),
) {
    if errors.take(nesting::refused(&tokens, "these options")).is_none() {
        return;
    }
    let before = errors.count();
    let read = |input: ParseStream<'_>| {
        read(input, errors);
        // What a mistake left unread has been reported with it.
        input.parse::<TokenStream>().map(drop)
    };
    let rest = read.parse2(held_together(tokens));
    if errors.count() == before {
        errors.take(rest);
    }
}

/// Reads items up to the end; an item that fails is reported, and reading goes on behind the next comma.
pub(crate) fn read(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut item: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        let begin = input.span();
        let read = if input.peek(Token![,]) {
            Err(input.error("there is nothing before this comma; remove it"))
        } else {
            item(input, errors).map_err(|error| whole(&error, begin))
        };
        let read = read.and_then(|()| match item_ends(input) {
            true => Ok(()),
            false => Err(input.error("expected `,` before the next option")),
        });
        if errors.take(read).is_none() {
            skip_to_comma(input);
        }
        if input.parse::<Option<Token![,]>>().is_err() {
            return;
        }
    }
}

/// Whether there is no more to an item.
pub(crate) fn item_ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

/// An item that ends too early has no word to report it at but its first.
fn whole(error: &syn::Error, begin: Span) -> syn::Error {
    match error.to_string().strip_prefix("unexpected end of input, ") {
        Some(expected) => syn::Error::new(begin, format!("this ends too early; {expected}")),
        None => error.clone(),
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

/// Puts a value where there was none yet.
pub(crate) fn once<T>(slot: &mut Option<T>, span: Span, word: &str, value: T) -> syn::Result<()> {
    let twice = slot.replace(value).is_some();
    both(twice, span, &format!("`{word}` is said twice"))
}

/// Of two that say the same, the second is the mistake.
pub(crate) fn both(twice: bool, span: Span, message: &str) -> syn::Result<()> {
    if twice { Err(syn::Error::new(span, format!("{message}; remove one of them"))) } else { Ok(()) }
}

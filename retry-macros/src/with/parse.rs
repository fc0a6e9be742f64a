//! Tokens to model.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Expr, ExprClosure, Pat, Token};

use super::model::{Attempt, With};
use crate::shared::delay::peeled;
use crate::shared::krate;

impl Parse for With {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let how = "`retry_with!` takes a policy and a block: `retry_with!(delays, async |attempt| { .. })`";
        let refused = |error: syn::Error| syn::Error::new(error.span(), how);
        let krate = if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let path = krate::parse(input)?;
            krate::check(&path)?;
            input.parse::<Token![,]>().map_err(refused)?;
            Some(path)
        } else {
            None
        };
        let policy = input.parse().map_err(refused)?;
        input.parse::<Token![,]>().map_err(refused)?;
        let closure = input.parse::<Expr>().map_err(refused)?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(how));
        }
        let Expr::Closure(closure) = peeled(&closure) else {
            return Err(syn::Error::new_spanned(closure, how));
        };
        Self::of(krate, policy, closure.clone())
    }
}

impl With {
    fn of(krate: Option<syn::Path>, policy: Expr, closure: ExprClosure) -> syn::Result<Self> {
        if closure.capture.is_some() {
            let message = "a block that is tried again borrows what it uses; remove `move`";
            return Err(syn::Error::new_spanned(closure.capture, message));
        }
        if let syn::ReturnType::Type(_, ty) = &closure.output {
            let message = "the block's type is the policy's; remove it";
            return Err(syn::Error::new_spanned(ty, message));
        }
        if let Some(second) = closure.inputs.iter().nth(1) {
            return Err(syn::Error::new_spanned(second, "the block gets one argument, the attempt"));
        }
        let mut body = *closure.body;
        // As a `macro_rules!` puts it in.
        while let Expr::Group(inner) = body {
            body = *inner.expr;
        }
        let is_async = closure.asyncness.is_some() || awaits(body.to_token_stream());
        let attempt = closure.inputs.first().map(attempt).transpose()?;
        Ok(Self { krate, policy, is_async, attempt, body })
    }
}

/// An argument's attributes stand before the `let` that it becomes.
fn attempt(argument: &Pat) -> syn::Result<Attempt> {
    let split = |input: ParseStream<'_>| {
        Ok(Attempt { attrs: input.call(Attribute::parse_outer)?, pattern: input.parse()? })
    };
    split.parse2(argument.to_token_stream())
}

/// Whether the block itself awaits something, and not a future or an item in it.
fn awaits(body: TokenStream) -> bool {
    // What is async of itself: a block or a function up to its end, a closure at most to that of its expression.
    let (mut is_inside, mut is_arguments, mut is_dot) = (false, false, false);
    for tree in body {
        match &tree {
            TokenTree::Ident(word) if word == "async" => is_inside = true,
            TokenTree::Ident(word) if word == "await" && is_dot && !is_inside => return true,
            TokenTree::Group(group) if is_inside => {
                // A block, as it is or as a `macro_rules!` puts it in.
                let is_block = matches!(group.delimiter(), Delimiter::Brace | Delimiter::None);
                is_inside = is_arguments || !is_block;
            }
            TokenTree::Group(group) if awaits(group.stream()) => return true,
            TokenTree::Punct(punct) if is_inside && punct.as_char() == '|' => is_arguments = !is_arguments,
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') && !is_arguments => {
                is_inside = false;
            }
            _ => {}
        }
        is_dot = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
    false
}

#[cfg(test)]
mod tests {
    use super::awaits;

    #[test]
    fn a_block_awaits_what_is_not_in_a_future_of_its_own() {
        let awaiting = [
            "a.await",
            "{ let b = c(d.await?); }",
            "{ let b = async { 1 }; b.await }",
            "{ assert_eq!(a.await, 1) }",
            "{ each(async |a, b| a.await + b.await); c.await }",
            "{ async fn f() {} f().await }",
        ];
        for body in awaiting {
            assert!(awaits(body.parse().unwrap()), "{body}");
        }
        let others = [
            "a()",
            "{ spawn(async move { a.await }); b.await_all(); }",
            "{ each(async |a, B { b }| { a.await + b.await }); each(async |a| a.await) }",
            "{ async fn f(a: A) -> B { a.await } }",
            "{ runtime.block_on(async { a.await }) }",
        ];
        for body in others {
            assert!(!awaits(body.parse().unwrap()), "{body}");
        }
    }
}

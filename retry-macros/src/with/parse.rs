//! Tokens to model.

use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprAsync, ExprAwait, ExprClosure, Item, Pat, Token};

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
        let is_async = closure.asyncness.is_some() || awaits(&mut body);
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
fn awaits(body: &mut Expr) -> bool {
    struct Awaits(bool);
    impl VisitMut for Awaits {
        fn visit_expr_await_mut(&mut self, _: &mut ExprAwait) {
            self.0 = true;
        }
        fn visit_expr_async_mut(&mut self, _: &mut ExprAsync) {}
        fn visit_expr_closure_mut(&mut self, _: &mut ExprClosure) {}
        fn visit_item_mut(&mut self, _: &mut Item) {}
    }
    let mut awaits = Awaits(false);
    awaits.visit_expr_mut(body);
    awaits.0
}

//! Bodies that `#[tracing::instrument]` above has been at. It makes one future of the whole body, which takes the
//! arguments with it, as it may in a body that runs once:
//!
//! ```text
//! let __tracing_instrument_future = async move { BODY };
//! let __tracing_instrument_future = async move { match async move { BODY }.await { .. } };    // with `err`
//! ```
//!
//! Without its `move`s every attempt borrows them, as it does in any other body.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Block, Expr, ExprAsync, Local, Pat, Stmt};

use super::future::take_moves;
use crate::shared::nesting;

const FUTURE: &str = "__tracing_instrument_future";

/// The body, its future borrowing where it took.
pub(crate) fn borrowing(body: TokenStream) -> TokenStream {
    let is_future = |tree| matches!(tree, TokenTree::Ident(word) if word == FUTURE);
    if !body.clone().into_iter().any(is_future) {
        return body;
    }
    let Some(mut block) = nesting::block(&body) else { return body };
    if innermost(&mut block).is_none() {
        return body;
    }
    let statements = &block.stmts;
    quote!(#(#statements)*)
}

/// The same where `#[async_trait]` has been at it before: its moves, taken out of the future.
pub(crate) fn moves_of(block: &mut Block) -> Option<Vec<Stmt>> {
    innermost(block).map(|future| take_moves(&mut future.block))
}

/// The future around the body itself, none of those around it taking anything any more.
fn innermost(block: &mut Block) -> Option<&mut ExprAsync> {
    let future = block.stmts.iter_mut().find_map(|statement| match statement {
        Stmt::Local(Local { pat: Pat::Ident(pat), init: Some(init), .. }) if pat.ident == FUTURE => {
            Some(&mut *init.expr)
        }
        _ => None,
    })?;
    let Expr::Async(outer) = future else { return None };
    outer.capture = None;
    if outer.block.stmts.first_mut().and_then(looked_at).is_none() {
        return Some(outer);
    }
    let inner = outer.block.stmts.first_mut().and_then(looked_at)?;
    inner.capture = None;
    Some(inner)
}

/// The future whose outcome is only looked at: `match async move { BODY }.await { .. }`, or, as `__match_scrutinee` or
/// `x`, `let x = async move { BODY }.await;`. Should a body of the user's begin so, nothing is lost: what is awaited
/// right there may as well borrow.
fn looked_at(statement: &mut Stmt) -> Option<&mut ExprAsync> {
    let outcome = match statement {
        Stmt::Expr(Expr::Match(outcome), None) => &mut *outcome.expr,
        Stmt::Local(Local { pat: Pat::Ident(pat), init: Some(init), .. })
            if (pat.ident == "__match_scrutinee" || pat.ident == "x") =>
        {
            &mut *init.expr
        }
        _ => return None,
    };
    let Expr::Await(awaited) = outcome else { return None };
    let Expr::Async(future) = &mut *awaited.base else { return None };
    Some(future)
}

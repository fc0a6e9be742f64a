//! Bodies that are to stay as they are, or that lints know by their shape as a whole.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Block, Expr, Stmt, UnOp};

use crate::shared::hygiene::hygienic;
use crate::shared::nesting;

/// Whether a body stays as it is, since nothing in it can crash, so that no report would ever show its frame: `{}`,
/// `self.len`, `*self`; or it only hands on, `Some(self.cmp(other))`. Lints know such functions by their bodies, and warn
/// of `Clone` and `PartialOrd` with any other.
pub(super) fn stays(body: &TokenStream) -> bool {
    block(body).is_some_and(|block| block.stmts.is_empty() || peeled(&block).is_some_and(is_plain))
}

/// What is allowed on a function around which the frame would bring a lint that its bare body is spared.
pub(super) fn spared(body: &TokenStream) -> TokenStream {
    match block(body).as_ref().and_then(peeled) {
        Some(Expr::Call(call)) if is_named(&call.func, "transmute") => {
            hygienic!(#[allow(clippy::missing_transmute_annotations)])
        }
        _ => TokenStream::new(),
    }
}

/// A body without statements; others are not looked at.
fn block(body: &TokenStream) -> Option<Block> {
    let mut trees = body.clone().into_iter();
    let is_statement = |tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
    if trees.any(is_statement) { None } else { nesting::block(body) }
}

/// The only expression of a block, and of the blocks in it.
fn peeled(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(Expr::Block(inner), None)] if inner.label.is_none() => peeled(&inner.block),
        [Stmt::Expr(Expr::Unsafe(inner), None)] => peeled(&inner.block),
        [Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        // Behind other names there may be a `Deref`.
        Expr::Field(field) => is_self(&field.base),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Deref(_)) && is_self(&unary.expr),
        Expr::Reference(reference) => is_plain(&reference.expr),
        Expr::Cast(cast) => is_plain(&cast.expr),
        Expr::Call(call) => is_named(&call.func, "Some") && call.args.iter().all(is_comparison),
        _ => false,
    }
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

fn is_comparison(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => call.method == "cmp",
        Expr::Call(call) => is_named(&call.func, "cmp"),
        _ => false,
    }
}

/// Whether the last word of a path is this.
fn is_named(function: &Expr, name: &str) -> bool {
    let Expr::Path(path) = function else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == name)
}

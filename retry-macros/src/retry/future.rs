//! Bodies of functions that return a future and do no more than make it: `async move { .. }` or
//! `Box::pin(async move { .. })`. The loop then goes into the future, so that `&mut self` can be borrowed anew
//! for each attempt.

use super::instrumented;
use crate::shared::function::Function;
use crate::shared::nesting;
use crate::shared::words::find;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Block, Expr, ExprAsync, ExprCall, Local, Pat, Stmt, Token};

/// Such a body.
pub(crate) struct Tail {
    /// What stands before the future and may be done once: items and nothing else.
    pub(crate) before: TokenStream,
    /// What the future is handed to, such as `Box::pin`.
    pub(crate) prefix: TokenStream,
    pub(crate) capture: Option<Token![move]>,
    /// Statements that only move an argument into the future (`let x = x;`), which cannot be done twice.
    pub(crate) moved: Vec<Stmt>,
    /// The future's own body.
    pub(crate) inner: TokenStream,
}

impl Tail {
    pub(crate) fn of(body: &TokenStream) -> Option<Self> {
        let block: Block = nesting::block(body)?;
        let (tail, before) = block.stmts.split_last()?;
        if !before.iter().all(|statement| matches!(statement, Stmt::Item(_))) {
            return None;
        }
        let Stmt::Expr(tail, None) = tail else { return None };
        let (prefix, future) = match tail {
            Expr::Async(future) => (TokenStream::new(), future),
            Expr::Call(ExprCall { func, args, .. }) if is_pin(func) => match args.first()? {
                Expr::Async(future) => (func.to_token_stream(), future),
                _ => return None,
            },
            _ => return None,
        };
        let before = quote!(#(#before)*);
        let ExprAsync { capture, block, .. } = future;
        let mut block = block.clone();
        let moved = instrumented::moves_of(&mut block).unwrap_or_else(|| take_moves(&mut block));
        let statements = &block.stmts;
        let inner = quote!(#(#statements)*);
        Some(Self { before, prefix, capture: *capture, moved, inner })
    }
}

fn is_pin(func: &Expr) -> bool {
    matches!(func, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "pin"))
}

/// Takes the moves at the beginning out of a future's body. What `#[async_trait]` writes before them to fix the
/// block's type stays.
pub(crate) fn take_moves(block: &mut Block) -> Vec<Stmt> {
    let edge = usize::from(block.stmts.first().is_some_and(is_edge));
    let count = block.stmts[edge..].iter().take_while(|statement| is_move(statement)).count();
    block.stmts.drain(edge..edge + count).collect()
}

/// The options with the name that `#[async_trait]` has moved `self` to, where it has: there is no `self` left for
/// them to mean.
pub(crate) fn with_moved_self(options: TokenStream, function: &Function) -> TokenStream {
    let mentioned = || find(&options, &|word| word == "self").is_some();
    let is_candidate = function.sig.receiver().is_some() && function.sig.asyncness.is_none();
    let body = function.body.as_ref().filter(|_| is_candidate && mentioned());
    let moved = body.and_then(Tail::of).and_then(|tail| tail.moved.iter().find_map(moved_self));
    match moved {
        Some(name) => renamed(options, &name),
        None => options,
    }
}

/// `__self` of `let mut __self = self;`
fn moved_self(statement: &Stmt) -> Option<Ident> {
    let Stmt::Local(Local { pat: Pat::Ident(pat), init: Some(init), .. }) = statement else { return None };
    let Expr::Path(from) = &*init.expr else { return None };
    from.path.is_ident("self").then(|| pat.ident.clone())
}

fn renamed(tokens: TokenStream, name: &Ident) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(tree) = trees.next() {
        kept.push(match tree {
            // `self::path` is a module.
            TokenTree::Ident(word) if word == "self" && !trees.peek().is_some_and(is_colon) => {
                let mut moved = name.clone();
                moved.set_span(name.span().located_at(word.span()));
                moved.into()
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream(), name));
                inner.set_span(group.span());
                inner.into()
            }
            other => other,
        });
    }
    kept.into_iter().collect()
}

fn is_colon(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// `if let Some(__ret) = None::<..> { .. }`
fn is_edge(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::If(branch), _) = statement else { return false };
    let Expr::Let(condition) = &*branch.cond else { return false };
    matches!(&*condition.expr, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "None"))
}

/// `let x = x;`, `let __self = self;`, `let (a, b) = { let __arg1 = __arg1; __arg1 };`
fn is_move(statement: &Stmt) -> bool {
    let Stmt::Local(Local { pat, init: Some(init), .. }) = statement else { return false };
    let names_only = !matches!(pat, Pat::Wild(_));
    let from_a_name = match &*init.expr {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Block(block) => {
            matches!(&block.block.stmts[..], [first, Stmt::Expr(Expr::Path(_), None)] if is_move(first))
        }
        _ => false,
    };
    names_only && init.diverge.is_none() && from_a_name
}

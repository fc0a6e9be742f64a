//! Bodies that `#[tracing::instrument]` above has been at. It makes one future of the whole body, which takes the
//! arguments with it, as it may in a body that runs once:
//!
//! ```text
//! let __tracing_instrument_future = async move { match async move { BODY }.await { .. } };
//! ```
//!
//! Without these two `move`s every attempt borrows them, as it does in any other body.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

const FUTURE: &str = "__tracing_instrument_future";

/// The body, its future borrowing where it took.
pub(crate) fn borrowing(body: TokenStream) -> TokenStream {
    let is_instrumented = body.clone().into_iter().any(|tree| is_word(&tree, FUTURE));
    if is_instrumented { without_first_move(body, true) } else { body }
}

/// Without the `move` of the first `async move` at this level, and of the first in what follows it.
fn without_first_move(tokens: TokenStream, deeper: bool) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(tree) = trees.next() {
        let is_async = is_word(&tree, "async");
        kept.push(tree);
        if !is_async || trees.next_if(|tree| is_word(tree, "move")).is_none() {
            continue;
        }
        if deeper && let Some(TokenTree::Group(block)) = trees.next_if(is_block) {
            let mut inner = Group::new(Delimiter::Brace, without_first_move(block.stream(), false));
            inner.set_span(block.span());
            kept.push(inner.into());
        }
        break;
    }
    kept.into_iter().chain(trees).collect()
}

fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == word)
}

fn is_block(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

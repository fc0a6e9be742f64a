//! Where generated code is reported when it does not compile: at the user's own words.

use proc_macro2::{Span, TokenStream};
use syn::Expr;
use syn::spanned::Spanned;

use super::krate::Private;

/// Code that is reported at the user's expression; it is given the span for it, and the hidden module's path
/// with that span.
pub(crate) fn located(
    expr: &Expr,
    private: &Private,
    code: impl FnOnce(Span, TokenStream) -> TokenStream,
) -> TokenStream {
    let span = Span::mixed_site().located_at(expr.span());
    code(span, private.at(span))
}

/// The same tokens, reported elsewhere.
pub(crate) fn at(tokens: &TokenStream, span: Span) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut tree| {
        tree.set_span(tree.span().located_at(span));
        tree
    });
    moved.collect()
}

//! Where generated code is reported when it does not compile: at the user's own words.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::delay::peeled;
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

/// A function of the user's that is called again and again: what has a name of its own, and so may be a value, is
/// borrowed, so that it is not moved away by the first call.
pub(crate) fn borrowed(expr: &Expr, span: Span) -> TokenStream {
    let is_value = match peeled(expr) {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Field(_) => true,
        _ => false,
    };
    if is_value { quote_spanned!(span=> &#expr) } else { expr.to_token_stream() }
}

/// The same tokens, reported elsewhere.
pub(crate) fn at(tokens: &TokenStream, span: Span) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut tree| {
        tree.set_span(tree.span().located_at(span));
        tree
    });
    moved.collect()
}

/// The line of a word in its file.
pub(crate) fn line(span: Span) -> u32 {
    // Not where the macros' own tests run.
    if !proc_macro::is_available() {
        return 0;
    }
    u32::try_from(span.unwrap().line()).unwrap_or(u32::MAX)
}

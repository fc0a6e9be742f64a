//! `crate = ::path`: where the runtime is, for code that re-exports it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;
use syn::parse::ParseStream;

use super::place::at;

pub(crate) const TAKES: &str = "`crate` takes a path: `crate = ::my_crate::retry_core`";

/// Reads the path behind the `=`.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Path> {
    let span = input.span();
    input.call(Path::parse_mod_style).map_err(|_| syn::Error::new(span, TAKES))
}

/// A relative path would mean something else where a `macro_rules!` carries it.
pub(crate) fn check(path: &Path) -> syn::Result<()> {
    let is_absolute = path.leading_colon.is_some()
        || path.segments.first().is_some_and(|first| first.ident == "crate" || first.ident == "$crate");
    if is_absolute {
        return Ok(());
    }
    let message = "`crate` takes a path that means the same everywhere; begin it with `::` or `crate::`";
    Err(syn::Error::new_spanned(path, message))
}

/// The path of the hidden module that expansions call.
pub(crate) struct Private {
    path: TokenStream,
    /// Whether the user named the crate: then that is where a mistake in it is reported.
    is_said: bool,
}

impl Private {
    pub(crate) fn of(krate: Option<&Path>) -> Self {
        match krate {
            Some(path) => Self { path: quote!(#path::__private), is_said: true },
            None => Self { path: quote!(::retry_core::__private), is_said: false },
        }
    }

    /// The path as part of code that is reported elsewhere.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        if self.is_said { self.path.clone() } else { at(&self.path, span) }
    }
}

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}

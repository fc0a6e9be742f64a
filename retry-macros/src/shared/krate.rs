//! `crate = ::path`: where the runtime is, for code that re-exports it.

use syn::Path;
use syn::parse::ParseStream;

pub(crate) const TAKES: &str = "`crate` takes a path: `crate = ::my_crate::retry_core`";

/// Reads the path behind the `=`.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Path> {
    let span = input.span();
    input.parse().map_err(|_| syn::Error::new(span, TAKES))
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

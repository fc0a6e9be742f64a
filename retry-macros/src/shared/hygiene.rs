//! Names that no user can see.

use proc_macro2::{Ident, Span};

/// Names of the expansion's own, which no user can see.
pub(crate) fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `quote!` whose names no user can see.
macro_rules! hygienic {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}
pub(crate) use hygienic;

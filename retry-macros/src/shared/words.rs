//! Looking for a word among tokens.

use proc_macro2::{Ident, TokenStream, TokenTree};

/// The first word that is one of those looked for, however deep.
pub(crate) fn find(tokens: &TokenStream, is_it: &impl Fn(&Ident) -> bool) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Ident(word) => is_it(&word).then_some(word),
        TokenTree::Group(group) => find(&group.stream(), is_it),
        _ => None,
    })
}

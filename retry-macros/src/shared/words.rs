//! Looking for a word among tokens.

use proc_macro2::{Ident, TokenStream, TokenTree};

/// The first word that is one of those looked for, however deep.
pub(crate) fn find(tokens: &TokenStream, is_it: &impl Fn(&Ident) -> bool) -> Option<Ident> {
    let mut open = vec![tokens.clone().into_iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            Some(TokenTree::Ident(word)) if is_it(&word) => return Some(word),
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(_) => {}
            None => drop(open.pop()),
        }
    }
    None
}

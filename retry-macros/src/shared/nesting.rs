//! How deep tokens are nested, and how long they go on. Trees are made and walked by functions that call themselves, and a
//! stack ends somewhere: rustc's own at four to twelve hundred groups and at five thousand operators in a row, an
//! editor's at a quarter of that.

use proc_macro2::{TokenStream, TokenTree};
use syn::Block;

use super::hygiene::hygienic;

/// So many groups in one another are read.
const DEEPEST: usize = 64;

/// So many tokens beside each other are read that no comma and no semicolon stands between, and no attribute: docs have
/// one for each line.
const LONGEST: usize = 2_000;

pub(crate) fn is_too_deep(tokens: &TokenStream) -> bool {
    let mut open = vec![(0, tokens.clone().into_iter())];
    while let Some((length, innermost)) = open.last_mut() {
        *length += 1;
        match innermost.next() {
            None => drop(open.pop()),
            Some(_) if *length > LONGEST => return true,
            Some(TokenTree::Punct(sign)) if matches!(sign.as_char(), ',' | ';' | '#') => *length = 0,
            Some(TokenTree::Group(_)) if open.len() > DEEPEST => return true,
            Some(TokenTree::Group(group)) => open.push((0, group.stream().into_iter())),
            Some(_) => {}
        }
    }
    false
}

/// That something is too deep, as an error.
pub(crate) fn refused(tokens: &TokenStream, what: &str) -> syn::Result<()> {
    if is_too_deep(tokens) {
        let message = format!(
            "{what} are nested too deeply; put what is inside into a function, a constant or an alias"
        );
        return Err(syn::Error::new_spanned(tokens.clone().into_iter().next(), message));
    }
    Ok(())
}

/// What is between the braces of a body, read; nothing where that is not possible.
pub(crate) fn block(body: &TokenStream) -> Option<Block> {
    if is_too_deep(body) { None } else { syn::parse2(hygienic!({ #body })).ok() }
}

//! What a pattern is made of.

use syn::{Pat, PatIdent};

/// The names that it binds, as they stand there.
pub(crate) fn each_name(pat: &mut Pat, found: &mut dyn FnMut(&mut PatIdent)) {
    each_part(pat, &mut |part| {
        if let Pat::Ident(name) = part {
            found(name);
        }
    });
}

/// All the patterns in it, itself first.
pub(crate) fn each_part(pat: &mut Pat, found: &mut dyn FnMut(&mut Pat)) {
    found(pat);
    match pat {
        Pat::Guard(pat) => each_part(&mut pat.pat, found),
        Pat::Ident(pat) => {
            if let Some((_, pat)) = &mut pat.subpat {
                each_part(pat, found);
            }
        }
        Pat::Or(pat) => pat.cases.iter_mut().for_each(|pat| each_part(pat, found)),
        Pat::Paren(pat) => each_part(&mut pat.pat, found),
        Pat::Reference(pat) => each_part(&mut pat.pat, found),
        Pat::Slice(pat) => pat.elems.iter_mut().for_each(|pat| each_part(pat, found)),
        Pat::Struct(pat) => pat.fields.iter_mut().for_each(|field| each_part(&mut field.pat, found)),
        Pat::Tuple(pat) => pat.elems.iter_mut().for_each(|pat| each_part(pat, found)),
        Pat::TupleStruct(pat) => pat.elems.iter_mut().for_each(|pat| each_part(pat, found)),
        Pat::Type(pat) => each_part(&mut pat.pat, found),
        _ => {}
    }
}

//! The names that a function's arguments bind.

use syn::{FnArg, Ident, Pat, Stmt, Type};

use super::future::Tail;
use super::model::{Retried, Runs};
use crate::shared::patterns::each_name;
use crate::shared::types;

/// A name that the arguments bind, and its type where the pattern is no more than the name.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) mutable: bool,
    pub(crate) ty: Option<Type>,
}

impl Argument {
    /// Those of the signature, and those which `#[async_trait]` has moved from there into the future: it leaves
    /// patterns and `mut` to the body.
    pub(crate) fn all(function: &Retried) -> Vec<Self> {
        let mut names = Vec::new();
        for argument in &function.function.sig.inputs {
            let FnArg::Typed(typed) = argument else { continue };
            let mut bound = bound(&mut typed.pat.as_ref().clone());
            if let (Pat::Ident(_), Some(argument)) = (&*typed.pat, bound.first_mut()) {
                argument.ty = Some((*typed.ty).clone());
            }
            names.append(&mut bound);
        }
        if let (Runs::ImplFuture | Runs::BoxedFuture, Some(body)) = (function.runs, &function.function.body) {
            let moved = Tail::of(body).map(|tail| tail.moved).unwrap_or_default();
            for statement in moved {
                add_moved(&mut names, statement);
            }
        }
        names
    }

    pub(crate) fn is_reference(&self) -> bool {
        self.ty.as_ref().is_some_and(|ty| matches!(types::plain(ty), Type::Reference(_)))
    }
}

fn bound(pat: &mut Pat) -> Vec<Argument> {
    let mut names = Vec::new();
    each_name(pat, &mut |name| {
        names.push(Argument { name: name.ident.clone(), mutable: name.mutability.is_some(), ty: None });
    });
    names
}

fn add_moved(names: &mut Vec<Argument>, statement: Stmt) {
    let Stmt::Local(mut local) = statement else { return };
    for argument in bound(&mut local.pat) {
        match names.iter_mut().find(|known| known.name == argument.name) {
            Some(known) => known.mutable |= argument.mutable,
            None => names.push(argument),
        }
    }
}

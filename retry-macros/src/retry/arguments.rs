//! The names that a function's arguments bind.

use syn::visit_mut::VisitMut;
use syn::{FnArg, Ident, Pat, PatIdent, Stmt, Type};

use super::future::Tail;
use super::model::{Retried, Runs};
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
        let mut names = Names(Vec::new());
        for argument in &function.function.sig.inputs {
            let FnArg::Typed(typed) = argument else { continue };
            let before = names.0.len();
            names.visit_pat_mut(&mut typed.pat.as_ref().clone());
            if let (Pat::Ident(_), Some(argument)) = (&*typed.pat, names.0.get_mut(before)) {
                argument.ty = Some((*typed.ty).clone());
            }
        }
        if let (Runs::ImplFuture | Runs::BoxedFuture, Some(body)) = (function.runs, &function.function.body) {
            let moved = Tail::of(body).map(|tail| tail.moved).unwrap_or_default();
            for statement in moved {
                names.add_moved(statement);
            }
        }
        names.0
    }

    pub(crate) fn is_reference(&self) -> bool {
        self.ty.as_ref().is_some_and(|ty| matches!(types::plain(ty), Type::Reference(_)))
    }
}

struct Names(Vec<Argument>);

impl Names {
    fn add_moved(&mut self, statement: Stmt) {
        let Stmt::Local(mut local) = statement else { return };
        let mut moved = Self(Vec::new());
        moved.visit_pat_mut(&mut local.pat);
        for argument in moved.0 {
            match self.0.iter_mut().find(|known| known.name == argument.name) {
                Some(known) => known.mutable |= argument.mutable,
                None => self.0.push(argument),
            }
        }
    }
}

impl VisitMut for Names {
    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        let (name, mutable) = (pat.ident.clone(), pat.mutability.is_some());
        self.0.push(Argument { name, mutable, ty: None });
        syn::visit_mut::visit_pat_ident_mut(self, pat);
    }
}

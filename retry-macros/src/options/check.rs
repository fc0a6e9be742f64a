//! What can be known to be wrong before the compiler sees any of it: doubles, contradictions, and options that
//! would be without effect.

use proc_macro2::Span;
use syn::{Expr, ExprLit, Lit, Path};

use super::model::{Backoff, Jitter, Kind, Matcher, Options};
use super::parse::text;
use crate::shared::delay::peeled;
use crate::shared::errors::Errors;

impl Options {
    pub(crate) fn check(&self, errors: &mut Errors) {
        self.no_variant_twice(errors);
        self.no_limit_beside_a_policy(errors);
        if let Some(backoff) = &self.backoff {
            backoff.check(errors);
        }
        self.check_jitter(errors);
        self.check_crate(errors);
    }

    /// Every variant named in a rule.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &Path> {
        self.rules.iter().flat_map(|rule| match &rule.matcher {
            Matcher::Variants(variants) => variants.as_slice(),
            Matcher::When(_) | Matcher::Rest => &[],
        })
    }

    fn no_variant_twice(&self, errors: &mut Errors) {
        let mut seen = Vec::new();
        for variant in self.variants() {
            let name = text(variant);
            if seen.contains(&name) {
                errors.over(variant, format!("`{name}` has a rule already; remove one of them"));
            }
            seen.push(name);
        }
    }

    fn no_limit_beside_a_policy(&self, errors: &mut Errors) {
        if self.policy.is_none() {
            return;
        }
        let decided: [(&str, Option<Span>); 4] = [
            ("backoff", self.backoff.as_ref().map(|backoff| backoff.span)),
            ("attempts", self.attempts.as_ref().map(|(span, _)| *span)),
            ("jitter", self.jitter.as_ref().map(|(span, _)| *span)),
            ("deadline", self.deadline.as_ref().map(|(span, _)| *span)),
        ];
        // What stands inside `backoff` is gone with it.
        let inside = self.backoff.is_some();
        for (name, span) in decided {
            if let Some(span) = span
                && (name == "backoff" || name == "deadline" || !inside)
            {
                let message = format!(
                    "`{name}` has no effect beside `policy`, which decides it at run time; remove one of them"
                );
                errors.at(span, message);
            }
        }
    }

    fn check_jitter(&self, errors: &mut Errors) {
        match &self.jitter {
            Some((_, Jitter::Fraction(fraction))) => {
                if number(fraction).is_some_and(|fraction| !fraction.is_finite()) {
                    errors.over(fraction, "this is not a fraction; write a number such as `0.25`");
                }
            }
            Some((span, Jitter::Decorrelated)) => {
                let Some(backoff) = &self.backoff else { return };
                let message = match (backoff.kind, &backoff.factor) {
                    (Kind::Exp, None) => return,
                    (Kind::Exp, Some(_)) => {
                        "`decorrelated` grows by itself, so that `factor` has no effect; remove one of them"
                    }
                    _ => {
                        "`decorrelated` grows by itself; write `backoff = exp(..)` with it, or another jitter"
                    }
                };
                let at = backoff
                    .factor
                    .as_ref()
                    .filter(|_| backoff.kind == Kind::Exp)
                    .map_or(*span, |(span, _)| *span);
                errors.at(at, message);
            }
            _ => {}
        }
    }

    fn check_crate(&self, errors: &mut Errors) {
        if let Some((_, path)) = &self.krate
            && path.leading_colon.is_none()
            && !path.segments.first().is_some_and(|first| first.ident == "crate")
        {
            let message =
                "`crate` takes a path that means the same everywhere; begin it with `::` or `crate::`";
            errors.over(path, message);
        }
    }
}

impl Backoff {
    fn check(&self, errors: &mut Errors) {
        if let Some((span, factor)) = &self.factor {
            if self.kind != Kind::Exp {
                errors.at(*span, "`factor` has no effect here; it belongs to `exp`");
            } else if number(factor).is_some_and(|factor| factor.is_nan() || factor < 1.0) {
                errors.over(factor, "a factor below 1 would make delays shrink; write 1 or more");
            } else if let Expr::Lit(ExprLit { lit: Lit::Str(_) | Lit::Bool(_) | Lit::Char(_), .. }) =
                peeled(factor)
            {
                errors.over(factor, "this is not a factor; write a number such as `2` or `1.5`");
            }
        }
        if let Some((span, _)) = &self.step
            && self.kind != Kind::Linear
        {
            errors.at(*span, "`step` has no effect here; it belongs to `linear`");
        }
        if let (Some((_, base)), Some((_, cap))) = (&self.base, &self.cap)
            && let (Some(least), Some(most)) = (base.literal(), cap.literal())
            && least > most
        {
            errors.at(
                cap.span(),
                "`cap` is below `base`, which would never be waited; raise one or lower the other",
            );
        }
        if let Some((_, cap)) = &self.cap
            && cap.literal().is_some_and(|cap| cap.is_zero())
        {
            errors.at(cap.span(), "a `cap` of zero would leave no delay at all; leave it out or raise it");
        }
    }
}

/// A literal number, whole or not, negative or not.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match peeled(expr) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_digits().parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_digits().parse().ok(),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => number(&unary.expr).map(|n| -n),
        _ => None,
    }
}

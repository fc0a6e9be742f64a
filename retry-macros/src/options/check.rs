//! What can be known to be wrong before the compiler sees any of it: doubles, contradictions, and options that
//! would be without effect.

use proc_macro2::Span;
use syn::{Expr, ExprLit, Lit, Path};

use super::model::{Backoff, Jitter, Kind, Matcher, Options};
use crate::shared::delay::{is_number_type, peeled};
use crate::shared::errors::Errors;
use crate::shared::krate;
use crate::shared::text::text;

impl Options {
    /// `prefix` is the enum that bare variants belong to.
    pub(crate) fn check(&self, prefix: Option<&Path>, errors: &mut Errors) {
        // A rule that could not be read would have been its use.
        if errors.is_empty() {
            self.error_is_of_use(errors);
        }
        self.no_variant_twice(prefix, errors);
        self.no_limit_beside_a_policy(errors);
        if let Some(backoff) = &self.backoff {
            backoff.check(errors);
        }
        self.check_jitter(errors);
        if let Some((_, path)) = &self.krate {
            errors.take(krate::check(path));
        }
    }

    /// Every variant named in a rule.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &Path> {
        self.rules.iter().flat_map(|rule| match &rule.matcher {
            Matcher::Variants(variants) => variants.as_slice(),
            Matcher::When(_) | Matcher::Rest => &[],
        })
    }

    fn no_variant_twice(&self, prefix: Option<&Path>, errors: &mut Errors) {
        let mut seen = Vec::new();
        for variant in self.variants() {
            let name = match (variant.get_ident(), prefix) {
                (Some(bare), Some(prefix)) => format!("{}::{bare}", text(prefix)),
                _ => text(variant),
            };
            if seen.contains(&name) {
                errors.over(variant, format!("`{}` has a rule already; remove one of them", text(variant)));
            }
            seen.push(name);
        }
    }

    fn error_is_of_use(&self, errors: &mut Errors) {
        if let Some((span, _)) = &self.error
            && self.variants().all(|variant| variant.get_ident().is_none())
        {
            errors.at(
                *span,
                "`error` has no effect, since no rule names a variant of it by its name alone; remove it",
            );
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
            Some((_, Jitter::Fraction(fraction)))
                if number(fraction).is_some_and(|n| !(0.0..=10.0).contains(&n)) =>
            {
                errors.over(
                    fraction,
                    "this is more than ten times the delay; write a fraction: 25 % is `0.25`",
                );
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
}

impl Backoff {
    fn check(&self, errors: &mut Errors) {
        if let Some((span, factor)) = &self.factor {
            match (self.kind, number(factor), peeled(factor)) {
                (Kind::Exp, Some(number), _) if number < 1.0 => {
                    errors.over(factor, "a factor below 1 would make delays shrink; write 1 or more");
                }
                (Kind::Exp, Some(f64::INFINITY), _) | (Kind::Exp, None, Expr::Lit(_)) => {
                    errors.over(factor, "this is not a factor; write a number such as `2` or `1.5`");
                }
                (Kind::Exp, ..) => {}
                _ => errors.at(*span, "`factor` has no effect here; it belongs to `exp`"),
            }
        }
        if let Some((span, _)) = &self.step
            && self.kind != Kind::Linear
        {
            errors.at(*span, "`step` has no effect here; it belongs to `linear`");
        }
        if let Some((_, cap)) = &self.cap
            && cap.literal().is_some_and(|cap| cap.is_zero())
        {
            errors.at(cap.span(), "a `cap` of zero would leave no delay at all; leave it out or raise it");
        } else if let (Some((_, base)), Some((_, cap))) = (&self.base, &self.cap)
            && let (Some(least), Some(most)) = (base.literal(), cap.literal())
            && least > most
        {
            errors.at(
                cap.span(),
                "`cap` is below `base`, which would never be waited; raise one or lower the other",
            );
        }
    }
}

/// A literal number, whole or not, negative or not.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match peeled(expr) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if is_number_type(int.suffix()) => {
            int.base10_digits().parse().ok()
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if is_number_type(float.suffix()) => {
            float.base10_digits().parse().ok()
        }
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => number(&unary.expr).map(|n| -n),
        _ => None,
    }
}

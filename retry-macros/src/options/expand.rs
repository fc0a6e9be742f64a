//! Model to code: the policy's numbers, and the match that says what is asked of a failure.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Path};

use super::check::number;
use super::model::{Action, Attempts, ErrorType, Jitter, Kind, Matcher, Options, Rule};
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::place::{at, borrowed, located};

impl Options {
    /// The path of the hidden module that expansions call.
    pub(crate) fn private(&self) -> Private {
        Private::of(self.krate.as_ref().map(|(_, path)| path))
    }

    /// An expression of type `Policy`.
    pub(crate) fn policy_value(&self, private: &Private) -> TokenStream {
        if let Some((_, policy)) = &self.policy {
            return located(
                policy,
                private,
                |span, private| quote_spanned!(span=> #private::AsPolicy::as_policy(&(#policy))),
            );
        }
        let growth = match &self.backoff {
            None => hygienic!(fixed()),
            Some(backoff) => match backoff.kind {
                Kind::Exp => hygienic!(exponential()),
                Kind::Fixed => hygienic!(fixed()),
                Kind::Fibonacci => hygienic!(fibonacci()),
                Kind::Linear => match &backoff.step {
                    None => hygienic!(linear(#private::None)),
                    Some((_, step)) => {
                        let step = step.expand(private);
                        hygienic!(linear(#private::Some(#step)))
                    }
                },
            },
        };
        let mut policy = hygienic!(#private::Policy::#growth);
        if let Some(backoff) = &self.backoff {
            if let Some((_, base)) = &backoff.base {
                let base = base.expand(private);
                policy = hygienic!(#policy.base(#base));
            }
            if let Some((_, cap)) = &backoff.cap {
                let cap = cap.expand(private);
                policy = hygienic!(#policy.cap(#cap));
            }
            if let Some((_, factor)) = &backoff.factor {
                let factor = match number(factor) {
                    Some(factor) => hygienic!(#factor),
                    None => located_number(factor, private),
                };
                policy = hygienic!(#policy.factor(#factor));
            }
        }
        if let Some((_, jitter)) = &self.jitter {
            let jitter = match jitter {
                Jitter::None => hygienic!(None),
                Jitter::Full => hygienic!(Full),
                Jitter::Equal => hygienic!(Equal),
                Jitter::Decorrelated => hygienic!(Decorrelated),
                Jitter::Fraction(fraction) => {
                    let fraction = match number(fraction) {
                        Some(fraction) => hygienic!(#fraction),
                        None => located_number(fraction, private),
                    };
                    hygienic!(Fraction(#fraction))
                }
            };
            policy = hygienic!(#policy.jitter(#private::Jitter::#jitter));
        }
        match &self.attempts {
            None => {}
            Some((_, Attempts::Unlimited)) => policy = hygienic!(#policy.unlimited_attempts()),
            Some((_, Attempts::Literal(attempts))) => policy = hygienic!(#policy.attempts(#attempts)),
            Some((_, Attempts::Expr(attempts))) => {
                let attempts = located(
                    attempts,
                    private,
                    |span, private| quote_spanned!(span=> #private::Count::count(#attempts)),
                );
                policy = hygienic!(#policy.attempts(#attempts));
            }
        }
        if let Some((_, deadline)) = &self.deadline {
            let deadline = deadline.expand(private);
            policy = hygienic!(#policy.deadline(#deadline));
        }
        policy
    }

    /// Whether the policy's numbers are all literals.
    pub(crate) fn has_constant_policy(&self) -> bool {
        let literal = |delay: &Option<(Span, crate::shared::delay::Delay)>| {
            delay.as_ref().is_none_or(|(_, delay)| delay.literal().is_some())
        };
        let backoff = self.backoff.as_ref().is_none_or(|backoff| {
            literal(&backoff.base)
                && literal(&backoff.cap)
                && literal(&backoff.step)
                && backoff.factor.as_ref().is_none_or(|(_, factor)| number(factor).is_some())
        });
        let jitter = match &self.jitter {
            Some((_, Jitter::Fraction(fraction))) => number(fraction).is_some(),
            _ => true,
        };
        let attempts = !matches!(&self.attempts, Some((_, Attempts::Expr(_))));
        self.policy.is_none() && backoff && jitter && attempts && literal(&self.deadline)
    }

    /// A statement that binds `__asked: Asked`, and the expression of the error's key; both from `__error: &E`.
    pub(crate) fn asked(&self, private: &Private, error: &ErrorType) -> (TokenStream, TokenStream) {
        let scrutinee = if error.pointer { hygienic!(&**__error) } else { hygienic!(__error) };
        let rest = self.rest_asked(private, error);
        if self.rules.is_empty() {
            return (hygienic!(let __asked = #rest;), found_key(private, error, &hygienic!(0_u32)));
        }
        // An enum's variants are told apart by themselves; predicates on what is no enum by their number.
        let is_numbered = self.variants().next().is_none();
        // `never` is looked at first, whatever else says.
        let (never, others): (Vec<_>, Vec<_>) =
            self.rules.iter().enumerate().partition(|(_, rule)| matches!(rule.action, Action::Never));
        let arms = never.into_iter().chain(others).flat_map(|(number, rule)| {
            let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
            rule.arms(is_numbered.then_some(number), private, error)
        });
        let (bound, rest, key) = if is_numbered {
            let key = found_key(private, error, &hygienic!(__rule));
            (hygienic!((__asked, __rule)), hygienic!((#rest, 0_u32)), key)
        } else {
            (hygienic!(__asked), rest, hygienic!(#private::key(#scrutinee, 0_u32)))
        };
        let asked = hygienic! {
            #[allow(unreachable_patterns, clippy::match_single_binding, clippy::single_match_else)]
            let #bound = match #scrutinee {
                #(#arms)*
                _ => #rest,
            };
        };
        (asked, key)
    }

    /// What no rule names.
    fn rest_asked(&self, private: &Private, error: &ErrorType) -> TokenStream {
        if let Some(rest) = &self.rest {
            return rest.action.expand(private, &hygienic!(__error));
        }
        if self.rules.is_empty() {
            let span = Span::mixed_site().located_at(error.span);
            let (private, value) = (private.at(span), Ident::new("__error", span));
            return quote_spanned!(span=> #private::Asked::by(#private::RetryClassify::classify(#value)));
        }
        hygienic!({
            #[allow(unused_imports)]
            use #private::Unclassified as _;
            #private::Probe(__error).retry_ask()
        })
    }
}

impl Rule {
    /// The arms of the match, one for each variant; with the rule's number, if it has one.
    fn arms(&self, number: Option<u32>, private: &Private, error: &ErrorType) -> Vec<TokenStream> {
        let found = |asked: TokenStream| match number {
            Some(number) => hygienic!((#asked, #number)),
            None => asked,
        };
        match &self.matcher {
            Matcher::Variants(variants) => variants
                .iter()
                .map(|variant| {
                    let path = full(variant, error);
                    let span =
                        variant.segments.last().map_or_else(|| variant.span(), |last| last.ident.span());
                    match &self.action {
                        Action::Told(field) => {
                            let (member, binding) = (field.outermost(), field.binding());
                            let asked = found(field.expand(private, &field.bound()));
                            // As if the user had written it: only then the compiler suggests other fields.
                            let pattern = quote_spanned!(span=> #path { #member: #binding, .. });
                            hygienic!(#pattern => #asked,)
                        }
                        action => {
                            let asked = found(action.expand(private, &hygienic!(__error)));
                            let span = Span::mixed_site().located_at(span);
                            let pattern = quote_spanned!(span=> #path { .. });
                            hygienic!(#pattern => #asked,)
                        }
                    }
                })
                .collect(),
            Matcher::When(predicate) => {
                let asked = found(self.action.expand(private, &hygienic!(__error)));
                let holds = located(predicate, private, |span, private| {
                    let value = Ident::new("__error", span);
                    let predicate = borrowed(predicate, span);
                    quote_spanned!(span=> #private::holds(#predicate, #value))
                });
                vec![hygienic!(_ if #holds => #asked,)]
            }
            Matcher::Rest => Vec::new(),
        }
    }
}

impl Action {
    /// An expression of type `Asked`; `error` is the error as a reference.
    fn expand(&self, private: &Private, error: &TokenStream) -> TokenStream {
        match self {
            Self::Never => hygienic!(#private::Asked::Never),
            Self::After(delay) => {
                let delay = delay.expand(private);
                hygienic!(#private::Asked::After(#delay))
            }
            Self::Told(field) => field.expand(private, &field.of(error)),
        }
    }
}

/// The key under which an error is counted that may be anything, behind a pointer or not.
fn found_key(private: &Private, error: &ErrorType, rule: &TokenStream) -> TokenStream {
    // Of a type that is not known yet nothing can be found out.
    if error.is_open {
        return hygienic!(#private::key(__error, #rule));
    }
    hygienic!({
        #[allow(unused_imports)]
        use #private::{KeyOfUnsized as _, KeyOfValue as _};
        #private::Probe(__error).retry_key(#rule)
    })
}

/// An expression of type `Shown`, from `__error: &E`.
pub(crate) fn shown(private: &Private) -> TokenStream {
    hygienic!({
        #[allow(unused_imports)]
        use #private::{NotShown as _, ShownByDebug as _};
        (&#private::Probe(__error)).retry_shown()
    })
}

/// The variant's whole path.
fn full(variant: &Path, error: &ErrorType) -> TokenStream {
    let (Some(variant), Some(prefix)) = (variant.get_ident(), &error.prefix) else {
        return quote!(#variant);
    };
    let prefix = quote!(#prefix);
    let prefix = if error.is_said { prefix } else { at(&prefix, variant.span()) };
    quote_spanned!(variant.span()=> #prefix::#variant)
}

fn located_number(number: &Expr, private: &Private) -> TokenStream {
    located(number, private, |span, private| quote_spanned!(span=> #private::Number::number(#number)))
}

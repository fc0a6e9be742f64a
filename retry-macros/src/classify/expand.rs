//! Model to code.
//!
//! ```text
//! // Input
//! #[derive(RetryClassify)]
//! enum ApiError {
//!     #[retry(after = field(retry_interval, or = 60))] TooManyRequests { retry_interval: Option<u64> },
//!     #[retry(forward)] Http(HttpError),
//!     BadRequest,
//! }
//!
//! // Output
//! #[automatically_derived]
//! impl P::RetryClassify for ApiError {
//!     fn classify(&self) -> P::Classification {
//!         match self {
//!             ApiError::TooManyRequests { retry_interval: __told, .. } => {
//!                 P::classified(P::told(P::ToldDelay::told(__told), Some(P::Duration::new(60, 0)), None))
//!             }
//!             ApiError::Http { 0: __inner, .. } => P::RetryClassify::classify(__inner),
//!             ApiError::BadRequest { .. } => P::Classification::Permanent,
//!         }
//!     }
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Type, WherePredicate, parse_quote_spanned};

use super::model::{Classified, Default, Kind, Variant, Verdict};
use crate::shared::errors::Errors;
use crate::shared::hygiene::hygienic;
use crate::shared::krate::Private;
use crate::shared::words::find;

impl Classified {
    pub(crate) fn expand(&self) -> TokenStream {
        let private = self.private();
        let name = &self.name;
        let body = match &self.kind {
            Kind::Enum(variants) if variants.is_empty() => quote!(match *self {}),
            Kind::Enum(variants) => {
                let arms = variants.iter().map(|variant| {
                    let variant_name = &variant.name;
                    self.arm(variant, &quote!(#name::#variant_name), &private)
                });
                quote!(match self { #(#arms)* })
            }
            Kind::Struct(whole) => {
                let arm = self.arm(whole, &quote!(#name), &private);
                quote!(match self { #arm })
            }
        };
        self.implementation(&body)
    }

    /// In place of an implementation with mistakes.
    pub(crate) fn stand_in(&self, errors: &Errors) -> TokenStream {
        let private = self.private();
        let mut tokens = errors.to_compile_errors();
        tokens.extend(self.implementation(&hygienic!(#private::Classification::Permanent)));
        tokens
    }

    fn implementation(&self, body: &TokenStream) -> TokenStream {
        let (name, private) = (&self.name, self.private());
        let mut generics = self.generics.clone();
        let bounds = self.bounds(&private);
        if !bounds.is_empty() {
            generics.make_where_clause().predicates.extend(bounds);
        }
        let (implemented, of, conditions) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #implemented #private::RetryClassify for #name #of #conditions {
                fn classify(&self) -> #private::Classification {
                    #body
                }
            }
        }
    }

    fn private(&self) -> Private {
        Private::of(self.krate.as_ref())
    }

    fn arm(&self, variant: &Variant, path: &TokenStream, private: &Private) -> TokenStream {
        let plain = hygienic!(#path { .. });
        let (pattern, verdict) = match &variant.said.verdict {
            None if variant.said.when.is_some() => (plain, hygienic!(#private::Classification::Transient)),
            None => (plain, self.default.expand(private)),
            Some((_, Verdict::Permanent)) => (plain, Default::Permanent.expand(private)),
            Some((_, Verdict::Transient)) => (plain, Default::Transient.expand(private)),
            Some((_, Verdict::After(delay))) => {
                let delay = delay.expand(private);
                (plain, hygienic!(#private::Classification::After(#delay)))
            }
            Some((_, Verdict::Told(field))) => {
                let (member, binding) = (field.outermost(), field.binding());
                let told = field.expand(private, &field.bound());
                (hygienic!(#path { #member: #binding, .. }), hygienic!(#private::classified(#told)))
            }
            Some((_, Verdict::Forward(number))) => {
                let (Some(member), Some(field)) =
                    (variant.fields.members().nth(*number), variant.fields.iter().nth(*number))
                else {
                    return TokenStream::new();
                };
                let span = Span::mixed_site().located_at(field.ty.span());
                let private = private.at(span);
                let asked = quote_spanned!(span=> #private::RetryClassify::classify(__inner));
                let pattern = quote_spanned!(span=> #path { #member: __inner, .. });
                (pattern, asked)
            }
        };
        match &variant.said.when {
            None => hygienic!(#pattern => #verdict,),
            Some((_, condition)) => hygienic! {
                #pattern => if #condition { #verdict } else { #private::Classification::Permanent },
            },
        }
    }

    /// What the fields that are asked have to be able to do, where that depends on the type's parameters.
    fn bounds(&self, private: &Private) -> Vec<WherePredicate> {
        let variants = match &self.kind {
            Kind::Enum(variants) => variants.iter().collect(),
            Kind::Struct(whole) => vec![whole],
        };
        let asked = variants.into_iter().filter_map(|variant| {
            let (field, bound) = match &variant.said.verdict {
                Some((_, Verdict::Forward(number))) => {
                    (variant.fields.iter().nth(*number)?, quote!(RetryClassify))
                }
                Some((_, Verdict::Told(field))) if field.is_shallow() => {
                    let member = field.outermost();
                    let number = variant.fields.members().position(|known| known == *member)?;
                    (variant.fields.iter().nth(number)?, quote!(ToldDelay))
                }
                _ => return None,
            };
            let ty = &field.ty;
            let bound: WherePredicate = parse_quote_spanned!(ty.span()=> #ty: #private::#bound);
            self.depends(ty).then_some(bound)
        });
        asked.collect()
    }
}

impl Classified {
    /// Whether what a type can do depends on the parameters. One that holds the error type itself can do what
    /// that can, and a bound that says so would go round in a circle.
    fn depends(&self, ty: &Type) -> bool {
        let is_parameter =
            |word: &Ident| self.generics.type_params().any(|parameter| parameter.ident == *word);
        let is_itself = |word: &Ident| *word == self.name || word == "Self";
        let tokens = ty.to_token_stream();
        find(&tokens, &is_parameter).is_some() && find(&tokens, &is_itself).is_none()
    }
}

impl Default {
    fn expand(self, private: &Private) -> TokenStream {
        match self {
            Self::Permanent => hygienic!(#private::Classification::Permanent),
            Self::Transient => hygienic!(#private::Classification::Transient),
        }
    }
}

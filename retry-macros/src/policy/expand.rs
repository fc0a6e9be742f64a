//! Model to code.
//!
//! ```text
//! // Input
//! retry_policy!(ApiError: Timeout = 120, backoff = exp(max = 5), on_retry = log)
//!
//! // Output
//! P::RetryPolicy::<ApiError>::new(POLICY)
//!     .with_rules(P::written(|__error: &ApiError| { let (__asked, __rule) = match ..; (__asked, KEY) }))
//!     .on_retry(log)
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::model::Block;
use crate::options::expand::shown;
use crate::options::model::ErrorType;
use crate::shared::errors::Errors;
use crate::shared::hygiene::hygienic;
use crate::shared::place::located;
use crate::shared::types;

impl Block {
    pub(crate) fn expand(&self) -> TokenStream {
        let options = &self.options;
        let private = options.private();
        let policy = options.policy_value(&private);
        let mut value = self.plain(&policy);
        if self.error.is_some() || options.rest.is_some() || !options.rules.is_empty() {
            let error = self.ty();
            let (asked, key) = options.asked(&private, &self.error_type());
            let shown =
                if self.error.is_some() { shown(&private) } else { hygienic!(#private::Shown::Nothing) };
            value = hygienic! {
                #value.with_rules(#private::written::<#error, _, _>(
                    |__error| {
                        #asked
                        (__asked, #key)
                    },
                    |__error| #shown,
                ))
            };
        }
        if let Some((_, until)) = &options.until {
            value = hygienic!(#value.until(#until));
        }
        if let Some((_, timer)) = &options.sleep {
            value = hygienic!(#value.sleep(#timer));
        }
        if let Some(timeout) = &options.timeout {
            let (limit, error) = (timeout.limit.expand(&private), &timeout.error);
            value = hygienic!(#value.timeout(#limit, || #error));
        }
        if let Some((_, hook)) = &options.on_retry {
            value = located(hook, &private, |span, _| quote_spanned!(span=> #value.on_retry(#hook)));
        }
        if let Some((_, hook)) = &options.on_give_up {
            value = located(hook, &private, |span, _| quote_spanned!(span=> #value.on_give_up(#hook)));
        }
        if let Some((_, hook)) = &options.on_success {
            value = located(hook, &private, |span, _| quote_spanned!(span=> #value.on_success(#hook)));
        }
        value
    }

    /// In place of a policy with mistakes: one that takes any error.
    pub(crate) fn stand_in(&self, errors: &Errors) -> TokenStream {
        let (errors, private) = (errors.to_compile_errors(), self.options.private());
        let value = self.plain(&hygienic!(#private::Policy::new()));
        let error = self.ty();
        hygienic! {{
            #errors
            #value.with_rules(#private::written::<#error, _, _>(|_| (#private::Asked::Never, 0), |_| #private::Shown::Nothing))
        }}
    }

    fn plain(&self, policy: &TokenStream) -> TokenStream {
        let (private, error) = (self.options.private(), self.ty());
        hygienic! {
            #private::RetryPolicy::<#error>::new(#policy)
                .at(&#private::Site { function: "retry_policy!", module: #private::core::module_path!(), file: #private::core::file!(), line: #private::core::line!(), retried: true })
        }
    }

    fn ty(&self) -> TokenStream {
        self.error.as_ref().map_or_else(|| hygienic!(_), |ty| quote!(#ty))
    }

    pub(super) fn error_type(&self) -> ErrorType {
        let ty = self.error.as_ref();
        let pointee = ty.and_then(types::pointee);
        let path = match pointee.or(ty).map(types::plain) {
            Some(Type::Path(path)) if path.qself.is_none() => Some(types::without_arguments(&path.path)),
            _ => None,
        };
        ErrorType {
            prefix: path,
            is_said: true,
            is_open: ty.is_none(),
            pointer: pointee.is_some(),
            span: ty.map_or_else(Span::call_site, Spanned::span),
        }
    }
}

//! `field(retry_interval, or = 60, max = 10m)`: a delay that is in the error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Member, Token};

use super::delay::Delay;
use super::errors::Errors;
use super::krate::Private;
use super::{list, suggest};

/// A delay that is in the error.
pub(crate) struct Field {
    /// The field of the variant, and from there on deeper.
    path: Vec<Member>,
    or: Option<Delay>,
    max: Option<Delay>,
}

const KEYS: [&str; 2] = ["or", "max"];

/// Whether a `field(..)` begins here.
pub(crate) fn peek(input: ParseStream<'_>) -> bool {
    input.peek2(syn::token::Paren) && input.fork().parse::<Ident>().is_ok_and(|word| word == "field")
}

impl Field {
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let word: Ident = input.parse()?;
        let content;
        syn::parenthesized!(content in input);
        if content.is_empty() {
            let message = "`field` needs the name of a field: `field(retry_after)`, or `field(0)`";
            return Err(syn::Error::new(word.span(), message));
        }
        let mut field = Self { path: path(&content)?, or: None, max: None };
        if content.is_empty() {
            return Ok(field);
        }
        if !content.peek(Token![,]) {
            return Err(content.error("expected `,` behind the field, as in `field(retry_after, or = 60)`"));
        }
        content.parse::<Token![,]>()?;
        list::read(&content, errors, |input, errors| {
            let takes = "`field` takes the field, and then `or = 60` and `max = 10m`";
            let key: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), takes))?;
            let slot = match key.to_string().as_str() {
                "or" => &mut field.or,
                "max" => &mut field.max,
                other => {
                    let hint = suggest::meant_or_known(other, &KEYS, "it takes");
                    let message = format!("`field` has no `{other}`{hint}");
                    return Err(syn::Error::new(key.span(), message));
                }
            };
            let needs = || syn::Error::new(key.span(), format!("`{key}` needs a delay; {takes}"));
            if !input.peek(Token![=]) {
                return Err(needs());
            }
            input.parse::<Token![=]>()?;
            if list::item_ends(input) {
                return Err(needs());
            }
            let delay = Delay::parse(input)?;
            if slot.is_some() {
                errors.at(key.span(), format!("`{key}` is said twice; remove one of them"));
            }
            *slot = Some(delay);
            Ok(())
        });
        if let (Some(or), Some(max)) = (&field.or, &field.max)
            && let (Some(least), Some(most)) = (or.literal(), max.literal())
            && least > most
        {
            errors.at(or.span(), "`or` is longer than `max` allows; make it shorter, or `max` longer");
        }
        Ok(field)
    }

    /// The field by which a pattern binds it.
    pub(crate) fn outermost(&self) -> &Member {
        &self.path[0]
    }

    /// Whether it is the outermost field itself that tells the delay.
    pub(crate) fn is_shallow(&self) -> bool {
        self.path.len() == 1
    }

    /// Where an unfit type is reported.
    fn span(&self) -> Span {
        Span::mixed_site().located_at(self.path[self.path.len() - 1].span())
    }

    /// What a pattern binds it to.
    pub(crate) fn binding(&self) -> Ident {
        Ident::new("__told", self.span())
    }

    /// The field as a reference: bound by a pattern, from there on deeper.
    pub(crate) fn bound(&self) -> TokenStream {
        let (binding, span) = (self.binding(), self.span());
        let deeper = &self.path[1..];
        if deeper.is_empty() { quote!(#binding) } else { quote_spanned!(span=> &#binding #(.#deeper)*) }
    }

    /// The field as a reference: of an error that is no enum.
    pub(crate) fn of(&self, error: &TokenStream) -> TokenStream {
        let (path, span) = (&self.path, self.span());
        quote_spanned!(span=> &#error #(.#path)*)
    }

    /// An expression of type `Asked`.
    pub(crate) fn expand(&self, private: &Private, field: &TokenStream) -> TokenStream {
        let [or, max] = [&self.or, &self.max].map(|delay| match delay {
            None => quote!(#private::None),
            Some(delay) => {
                let delay = delay.expand(private);
                quote!(#private::Some(#delay))
            }
        });
        let span = self.span();
        let private = private.at(span);
        quote_spanned!(span=> #private::told(#private::ToldDelay::told(#field), #or, #max))
    }
}

/// `a`, `0`, `a.b`, and `0.1`, which Rust reads as one number.
fn path(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let mut path = Vec::new();
    loop {
        if input.peek(syn::LitFloat) {
            let float: syn::LitFloat = input.parse()?;
            for index in float.base10_digits().split('.') {
                let index = index.parse().map_err(|_| syn::Error::new(float.span(), "not a field"))?;
                path.push(Member::Unnamed(syn::Index { index, span: float.span() }));
            }
        } else {
            let member = input.parse::<Member>().map_err(|error| {
                let message = "expected the name of a field, or its number in a tuple variant";
                syn::Error::new(error.span(), message)
            })?;
            path.push(member);
        }
        if !input.peek(Token![.]) {
            return Ok(path);
        }
        input.parse::<Token![.]>()?;
    }
}

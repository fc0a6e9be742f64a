//! Words to model.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{LitInt, Token};

use super::model::{Listed, Options};
use crate::shared::errors::Errors;
use crate::shared::{krate, list, suggest};

const OPTIONS: [&str; 6] = ["skip", "redact", "allow", "limit", "debug", "crate"];
const TAKES: &str =
    "list values by name (`order`) or by reference (`&cart`), the rest as `..`; the options are";

/// The options between the attribute's parentheses.
pub(super) fn options(tokens: TokenStream, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    list::read_all(tokens, errors, |input, errors| {
        list::read(input, errors, |input, _| options.parse_one(input));
    });
    options
}

impl Options {
    fn parse_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![..]) {
            let dots: Token![..] = input.parse()?;
            return list::once(&mut self.rest, dots.spans[0], "..", dots.spans[0]);
        }
        let by_reference = input.parse::<Option<Token![&]>>()?.is_some();
        if by_reference && input.peek(Token![mut]) {
            let message = "a value is only looked at; write `&name`";
            return Err(input.error(message));
        }
        let is_option = !by_reference && {
            let ahead = input.fork();
            ahead.call(Ident::parse_any).is_ok() && (ahead.peek(syn::token::Paren) || ahead.peek(Token![=]))
        };
        let Ok(name) = input.call(Ident::parse_any) else {
            return Err(input.error(format!("{TAKES} {}", suggest::listed(&OPTIONS))));
        };
        if is_option {
            return self.parse_option(&name, input);
        }
        if name == "debug" && !by_reference {
            return list::once(&mut self.debug, name.span(), "debug", name.span());
        }
        if OPTIONS.iter().any(|option| name == option) && list::item_ends(input) {
            return Err(syn::Error::new(name.span(), needs(&name.to_string())));
        }
        if input.peek(Token![.]) && !input.peek(Token![..]) {
            let message = format!("`{name}` is kept as a whole; list it without its fields");
            return Err(syn::Error::new(name.span(), message));
        }
        list::both(self.listed(&name).is_some(), name.span(), &format!("`{name}` is listed twice"))?;
        self.listed.push(Listed { name, by_reference });
        Ok(())
    }

    fn parse_option(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let option = name.to_string();
        match option.as_str() {
            "skip" => names(name, input, &mut self.skip),
            "redact" => names(name, input, &mut self.redact),
            "allow" => names(name, input, &mut self.allow),
            "limit" if input.peek(Token![=]) => {
                input.parse::<Token![=]>()?;
                let number: LitInt =
                    input.parse().map_err(|error| syn::Error::new(error.span(), needs("limit")))?;
                let limit = number.base10_parse().ok().filter(|limit| (1..=65_536).contains(limit));
                let limit = limit.ok_or_else(|| syn::Error::new(number.span(), needs("limit")))?;
                list::once(&mut self.limit, name.span(), "limit", (name.span(), limit))
            }
            "crate" if input.peek(Token![=]) => {
                input.parse::<Token![=]>()?;
                let path = krate::parse(input)?;
                krate::check(&path)?;
                list::once(&mut self.krate, name.span(), "crate", path)
            }
            "limit" | "crate" | "debug" => Err(syn::Error::new(name.span(), needs(&option))),
            other => {
                let hint = suggest::meant_or_known(other, &OPTIONS, "there are");
                Err(syn::Error::new(name.span(), format!("`#[crash_context]` has no `{other}`{hint}")))
            }
        }
    }
}

fn needs(option: &str) -> String {
    match option {
        "limit" => "`limit` takes a number of bytes from 1 to 65536: `limit = 512`".to_owned(),
        "debug" => "`debug` stands alone: it lists everything that has a `Debug`".to_owned(),
        "crate" => krate::TAKES.to_owned(),
        names => format!("`{names}` takes the names of arguments and locals: `{names}(token)`"),
    }
}

/// `(a, b)`
fn names(option: &Ident, input: ParseStream<'_>, all: &mut Vec<Ident>) -> syn::Result<()> {
    let takes = || syn::Error::new(option.span(), needs(&option.to_string()));
    if !input.peek(syn::token::Paren) {
        return Err(takes());
    }
    let content;
    syn::parenthesized!(content in input);
    if content.is_empty() {
        return Err(takes());
    }
    let mut named = Vec::new();
    while !content.is_empty() {
        let name = content.call(Ident::parse_any).map_err(|_| takes())?;
        list::both(
            all.contains(&name) || named.contains(&name),
            name.span(),
            &format!("`{name}` is named twice"),
        )?;
        named.push(name);
        if !content.is_empty() {
            content.parse::<Token![,]>().map_err(|_| takes())?;
        }
    }
    all.append(&mut named);
    Ok(())
}

/// What stands under the attribute is left to the compiler where it is no item at all.
pub(super) fn not_a_function(item: TokenStream, error: &syn::Error) -> TokenStream {
    crate::shared::function::misplaced(item, error, "crash_context", "put the code into a function")
}

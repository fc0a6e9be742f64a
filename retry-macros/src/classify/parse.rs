//! Tokens to model.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct, Member, Meta, Path, Token};

use super::model::{Classified, Default, Kind, Said, Variant, Verdict};
use crate::shared::delay::Delay;
use crate::shared::errors::Errors;
use crate::shared::field::{self, Field};
use crate::shared::{krate, list, suggest};

/// The name of the attribute beside the derive.
const RETRY: &str = "retry";

const VERDICTS: [&str; 5] = ["after", "transient", "permanent", "forward", "when"];
const SAYS_NOTHING: &str = "this attribute says nothing; write `#[retry(transient)]`, or leave it out";
const CONTAINER: [&str; 2] = ["default", "crate"];

pub(crate) fn classified(item: Item, errors: &mut Errors) -> Option<Classified> {
    let mut container = Container::default();
    let (name, generics, kind) = match item {
        Item::Enum(ItemEnum { attrs, ident, generics, variants, .. }) => {
            container.read(&attrs, None, errors);
            let variants = variants.into_iter().map(|variant| {
                let said = said(&variant.attrs, &variant.fields, errors);
                Variant { name: variant.ident, fields: variant.fields, said }
            });
            (ident, generics, Kind::Enum(variants.collect()))
        }
        Item::Struct(ItemStruct { attrs, ident, generics, fields, .. }) => {
            let mut said = Said::default();
            container.read(&attrs, Some((&mut said, &fields)), errors);
            forward_from_fields(&mut said, &fields, errors);
            (ident.clone(), generics, Kind::Struct(Variant { name: ident, fields, said }))
        }
        other => {
            let message =
                "`RetryClassify` can be derived for enums and structs; write the implementation by hand";
            match other {
                Item::Union(union) => errors.at(union.union_token.span, message),
                other => errors.over(other, message),
            }
            return None;
        }
    };
    let default = container.default.map_or(Default::Permanent, |(_, default)| default);
    let krate = container.krate.map(|(_, path)| path);
    Some(Classified { name, generics, krate, default, kind })
}

/// What stands on the type itself.
#[derive(std::default::Default)]
struct Container {
    default: Option<(Span, Default)>,
    krate: Option<(Span, Path)>,
}

impl Container {
    /// Reads the type's own attributes; those of a struct say of it what a variant's say of the variant.
    fn read(
        &mut self,
        attrs: &[Attribute],
        mut of_struct: Option<(&mut Said, &Fields)>,
        errors: &mut Errors,
    ) {
        each_option(attrs, errors, |key, input, errors| {
            let (word, span) = (key.to_string(), key.span());
            match (word.as_str(), &mut of_struct) {
                ("crate", _) => {
                    value(input, span, krate::TAKES)?;
                    let path = krate::parse(input)?;
                    krate::check(&path)?;
                    list::once(&mut self.krate, span, &word, (span, path))
                }
                ("default", None) => {
                    let default = default(&key, input)?;
                    list::once(&mut self.default, span, &word, (span, default))
                }
                ("default", Some(_)) => {
                    let message =
                        "a struct has no variants to have a default for; write `#[retry(transient)]`";
                    Err(syn::Error::new(span, message))
                }
                (_, Some((said, fields))) => said.read(&key, input, fields, errors),
                (verdict, None) if VERDICTS.contains(&verdict) => {
                    let message = format!(
                        "`{verdict}` stands on a variant; for all that say nothing themselves write `default = transient`"
                    );
                    Err(syn::Error::new(span, message))
                }
                (other, None) => {
                    let hint = suggest::meant_or_known(other, &CONTAINER, "an enum takes");
                    Err(syn::Error::new(span, format!("unknown option `{other}`{hint}")))
                }
            }
        });
    }
}

fn said(attrs: &[Attribute], fields: &Fields, errors: &mut Errors) -> Said {
    let mut said = Said::default();
    each_option(attrs, errors, |key, input, errors| said.read(&key, input, fields, errors));
    forward_from_fields(&mut said, fields, errors);
    said
}

impl Said {
    fn read(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        fields: &Fields,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let (word, span) = (key.to_string(), key.span());
        let verdict = match word.as_str() {
            "permanent" => Verdict::Permanent,
            "transient" => Verdict::Transient,
            "after" => {
                value(input, span, "`after` needs a delay: `after = 120`, or `after = field(retry_after)`")?;
                if field::peek(input) {
                    Verdict::Told(Field::parse(input, errors)?)
                } else if input.fork().parse::<Ident>().is_ok_and(|word| word == "never") {
                    return Err(
                        input.error("`never` is a word of the function's attribute; write `permanent`")
                    );
                } else {
                    Verdict::After(Delay::parse(input)?)
                }
            }
            "forward" => Verdict::Forward(forward(key, input, fields)?),
            "when" => {
                value(input, span, "`when` needs a condition: `when = self.is_soft()`")?;
                return list::once(&mut self.when, span, &word, (span, input.parse()?));
            }
            other => {
                let hint = match other {
                    "never" => "; did you mean `permanent`?".to_owned(),
                    "retry" | "retryable" => "; did you mean `transient`?".to_owned(),
                    "default" | "crate" => "; it stands on the enum itself".to_owned(),
                    _ => suggest::meant_or_known(other, &VERDICTS, "a variant takes"),
                };
                return Err(syn::Error::new(span, format!("unknown option `{other}`{hint}")));
            }
        };
        if !list::item_ends(input) && matches!(verdict, Verdict::Permanent | Verdict::Transient) {
            return Err(input.error(format!("`{word}` takes nothing; write the word alone")));
        }
        self.decide(span, verdict)
    }

    fn decide(&mut self, span: Span, verdict: Verdict) -> syn::Result<()> {
        if self.verdict.is_some() {
            let message = "it is said already whether this is worth another try; remove one of them";
            return Err(syn::Error::new(span, message));
        }
        self.verdict = Some((span, verdict));
        Ok(())
    }
}

/// `default = permanent`
fn default(key: &Ident, input: ParseStream<'_>) -> syn::Result<Default> {
    let how = "`default` is `permanent` or `transient`";
    value(input, key.span(), how)?;
    let word = input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), how))?;
    match word.to_string().as_str() {
        "permanent" => Ok(Default::Permanent),
        "transient" => Ok(Default::Transient),
        other => {
            let hint = suggest::meant_or_known(other, &["permanent", "transient"], "it is one of");
            Err(syn::Error::new(word.span(), format!("unknown default `{other}`{hint}")))
        }
    }
}

/// `forward`, or `forward(field)` where there are several.
fn forward(key: &Ident, input: ParseStream<'_>, fields: &Fields) -> syn::Result<usize> {
    if input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        let how = "`forward` takes the name of one field: `forward(source)`";
        let refused = |error: syn::Error| syn::Error::new(error.span(), how);
        let member: Member = content.parse().map_err(refused)?;
        if !content.is_empty() {
            return Err(content.error(how));
        }
        let known = fields.members().position(|known| known == member);
        return known.ok_or_else(|| {
            let names: Vec<_> = fields.members().map(|member| member_text(&member)).collect();
            let hint = suggest::did_you_mean(&member_text(&member), &names);
            syn::Error::new_spanned(&member, format!("there is no field `{}`{hint}", member_text(&member)))
        });
    }
    if !list::item_ends(input) {
        return Err(input.error("`forward` takes the field in parentheses: `forward(source)`"));
    }
    let is_source = |field: &syn::Field| {
        let marked =
            field.attrs.iter().any(|attr| attr.path().is_ident("from") || attr.path().is_ident("source"));
        marked || field.ident.as_ref().is_some_and(|name| name == "source")
    };
    let only = (fields.len() == 1).then_some(0);
    only.or_else(|| fields.iter().position(is_source)).ok_or_else(|| {
        let message = if fields.is_empty() {
            "there is no inner error to ask; write `transient` or `permanent`"
        } else {
            "which field is the inner error? write `forward(field)`"
        };
        syn::Error::new(key.span(), message)
    })
}

/// `#[retry(forward)]` on a field says which one.
fn forward_from_fields(said: &mut Said, fields: &Fields, errors: &mut Errors) {
    for (number, field) in fields.iter().enumerate() {
        each_option(&field.attrs, errors, |key, _, _| match key.to_string().as_str() {
            "forward" => said.decide(key.span(), Verdict::Forward(number)),
            other => {
                let message = format!("`{other}` stands on the variant; a field takes only `forward`");
                Err(syn::Error::new(key.span(), message))
            }
        });
    }
}

fn each_option(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut option: impl FnMut(Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident(RETRY)) {
        let Meta::List(said) = &attribute.meta else {
            errors.over(attribute.path(), SAYS_NOTHING);
            continue;
        };
        if said.tokens.is_empty() {
            errors.over(attribute.path(), SAYS_NOTHING);
        }
        list::read_all(said.tokens.clone(), errors, |input, errors| {
            list::read(input, errors, |input, errors| {
                let key = input
                    .call(Ident::parse_any)
                    .map_err(|error| syn::Error::new(error.span(), "expected a word such as `transient`"))?;
                option(key, input, errors)
            });
        });
    }
}

fn value(input: ParseStream<'_>, span: Span, how: &str) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if !input.is_empty() && !input.peek(Token![,]) {
            return Ok(());
        }
    }
    Err(syn::Error::new(span, how))
}

pub(super) fn member_text(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

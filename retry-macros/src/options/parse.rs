//! Words to model.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, Path, Token};

use super::model::{Action, Attempts, Backoff, Jitter, Kind, Matcher, Options, Rule, Timeout};
use super::names;
use crate::shared::delay::{Delay, peeled};
use crate::shared::errors::Errors;
use crate::shared::field::{self, Field};
use crate::shared::{krate, list, suggest};

impl Options {
    /// Reads all options up to the end; mistakes go to `errors`.
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        list::read(input, errors, |input, errors| options.parse_one(input, errors));
        options
    }

    fn parse_one(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        if input.peek(Token![_]) {
            let span = input.parse::<Token![_]>()?.span;
            return self.add_rule(span, Matcher::Rest, input, errors);
        }
        let ahead = input.fork();
        let is_absolute = ahead.parse::<Option<Token![::]>>()?.is_some();
        let Ok(name) = ahead.call(Ident::parse_any) else {
            return Err(input.error(format!(
                "expected a rule such as `Timeout = 120`, or an option; the options are {}",
                suggest::listed(&names::OPTIONS)
            )));
        };
        let is_path = ahead.peek(Token![::]) || ahead.peek(Token![|]) || begins_large(&name);
        if is_path || is_absolute {
            let matcher = Matcher::Variants(variants(input)?);
            return self.add_rule(name.span(), matcher, input, errors);
        }
        input.call(Ident::parse_any)?;
        self.parse_option(&name, input, errors)
    }

    fn add_rule(
        &mut self,
        span: Span,
        matcher: Matcher,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let needs =
            "a rule needs what to do with the error: a delay, `field(..)` or `never`, as in `Timeout = 120`";
        if list::item_ends(input) {
            return Err(syn::Error::new(span, needs));
        }
        if !input.peek(Token![=]) || input.peek(Token![=>]) {
            let message = if matches!(matcher, Matcher::Variants(_)) {
                "a variant stands by its name alone, with `=` behind it: `Timeout = 120`; for what is in it there is \
                 `when(|error| ..) = 120`"
            } else {
                "a rule is written with `=`, as in `when(Error::is_timeout) = 30` or `_ = 1s`"
            };
            return Err(syn::Error::new(input.span(), message));
        }
        input.parse::<Token![=]>()?;
        if list::item_ends(input) {
            return Err(syn::Error::new(span, needs));
        }
        let rule = Rule { span, matcher, action: Action::parse(input, errors)? };
        if let Matcher::Rest = rule.matcher {
            if self.rest.is_some() {
                errors.at(span, "`_` is said twice; remove one of them");
            }
            self.rest = Some(rule);
        } else {
            self.rules.push(rule);
        }
        Ok(())
    }

    fn parse_option(&mut self, name: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let span = name.span();
        let word = name.to_string();
        match word.as_str() {
            names::WHEN => {
                let predicate = parenthesized(name, "a predicate: `when(Error::is_timeout) = 30`", input)?;
                return self.add_rule(span, Matcher::When(predicate), input, errors);
            }
            names::CLONE => {
                let arguments = clone_list(name, input)?;
                return list::once(&mut self.clone, span, &word, (span, arguments));
            }
            planned if names::PLANNED.contains(&planned) => {
                return Err(syn::Error::new(span, format!("`{planned}` is not supported yet; remove it")));
            }
            other if !names::OPTIONS.contains(&other) => return Err(unknown_option(name)),
            _ => {}
        }
        has_value(span, &word, input)?;
        match word.as_str() {
            names::BACKOFF => {
                let backoff = self.parse_backoff(span, input, errors)?;
                list::once(&mut self.backoff, span, &word, backoff)
            }
            names::ATTEMPTS => list::once(&mut self.attempts, span, &word, (span, Attempts::parse(input)?)),
            names::JITTER => list::once(&mut self.jitter, span, &word, (span, Jitter::parse(input)?)),
            names::DEADLINE => list::once(&mut self.deadline, span, &word, (span, Delay::parse(input)?)),
            names::TIMEOUT => list::once(&mut self.timeout, span, &word, Timeout::parse(span, input)?),
            names::UNTIL => list::once(&mut self.until, span, &word, (span, input.parse()?)),
            names::ATTEMPT => {
                let binding = input.parse().map_err(|error| {
                    syn::Error::new(error.span(), "`attempt` binds a name for the body: `attempt = n`")
                })?;
                list::once(&mut self.attempt, span, &word, (span, binding))
            }
            names::ON_RETRY => list::once(&mut self.on_retry, span, &word, (span, input.parse()?)),
            names::ON_GIVE_UP => list::once(&mut self.on_give_up, span, &word, (span, input.parse()?)),
            names::ON_SUCCESS => list::once(&mut self.on_success, span, &word, (span, input.parse()?)),
            names::POLICY => list::once(&mut self.policy, span, &word, (span, input.parse()?)),
            names::SLEEP => list::once(&mut self.sleep, span, &word, (span, input.parse()?)),
            names::ERROR => list::once(&mut self.error, span, &word, (span, path(input, &word)?)),
            names::CRATE => {
                let path = krate::parse(input)?;
                list::once(&mut self.krate, span, &word, (span, path))
            }
            _ => Err(unknown_option(name)),
        }
    }

    fn parse_backoff(
        &mut self,
        span: Span,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<Backoff> {
        let ways = "write `exp(..)`, `fixed(..)`, `linear(..)` or `fibonacci(..)`";
        let name: Ident = input
            .parse()
            .map_err(|error| syn::Error::new(error.span(), format!("this is not a way to grow; {ways}")))?;
        let kind = match name.to_string().as_str() {
            "exp" => Kind::Exp,
            "fixed" => Kind::Fixed,
            "linear" => Kind::Linear,
            "fibonacci" => Kind::Fibonacci,
            other => {
                let meant = match other {
                    "exponential" => Some("exp"),
                    "constant" | "const" | "none" => Some("fixed"),
                    _ => suggest::nearest(other, &names::BACKOFFS),
                };
                let hint = meant.map_or_else(|| ways.to_owned(), |meant| format!("did you mean `{meant}`?"));
                return Err(syn::Error::new(name.span(), format!("unknown backoff `{other}`; {hint}")));
            }
        };
        let mut backoff = Backoff { span, kind, base: None, factor: None, step: None, cap: None };
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            list::read(&content, errors, |input, _| self.parse_backoff_key(&mut backoff, input));
        }
        Ok(backoff)
    }

    fn parse_backoff_key(&mut self, backoff: &mut Backoff, input: ParseStream<'_>) -> syn::Result<()> {
        let keys = suggest::listed(&names::BACKOFF_KEYS);
        let key = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(
                error.span(),
                format!("expected what this is, as in `max = 5`; `backoff` takes {keys}"),
            )
        })?;
        let (span, word) = (key.span(), key.to_string());
        if !names::BACKOFF_KEYS.contains(&word.as_str()) {
            let hint = match word.as_str() {
                names::ATTEMPTS => "; did you mean `max`?".to_owned(),
                other if names::OPTIONS.contains(&other) => {
                    format!("; `{word}` stands beside `backoff`, not in it")
                }
                _ => suggest::meant_or_known(&word, &names::BACKOFF_KEYS, "it takes"),
            };
            return Err(syn::Error::new(span, format!("`backoff` has no `{word}`{hint}")));
        }
        has_value(span, &word, input)?;
        match word.as_str() {
            names::BASE => list::once(&mut backoff.base, span, &word, (span, Delay::parse(input)?)),
            names::CAP => list::once(&mut backoff.cap, span, &word, (span, Delay::parse(input)?)),
            names::STEP => list::once(&mut backoff.step, span, &word, (span, Delay::parse(input)?)),
            names::FACTOR => list::once(&mut backoff.factor, span, &word, (span, input.parse()?)),
            names::MAX => {
                let attempts = (span, Attempts::parse(input)?);
                list::both(
                    self.attempts.replace(attempts).is_some(),
                    span,
                    "`max` and `attempts` say the same",
                )
            }
            _ => {
                let jitter = (span, Jitter::parse(input)?);
                list::both(self.jitter.replace(jitter).is_some(), span, "`jitter` is said twice")
            }
        }
    }
}

impl Action {
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if field::peek(input) {
            return Ok(Self::Told(Field::parse(input, errors)?));
        }
        let ahead = input.fork();
        if let Ok(word) = ahead.parse::<Ident>() {
            let ends = ahead.is_empty() || ahead.peek(Token![,]);
            if word == "never" && ends {
                input.parse::<Ident>()?;
                return Ok(Self::Never);
            }
            if word == "field" && ends {
                let message = "`field` needs the name of a field: `field(retry_after)`, or `field(0)`";
                return Err(syn::Error::new(word.span(), message));
            }
            if names::BACKOFFS.contains(&word.to_string().as_str()) && (ends || ahead.peek(syn::token::Paren))
            {
                let message = format!(
                    "`{word}` says how delays grow, and holds for all rules; write a delay here, and `backoff = {word}(..)` beside it"
                );
                return Err(syn::Error::new(word.span(), message));
            }
        }
        Delay::parse(input).map(Self::After)
    }
}

impl Attempts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if ahead.parse::<Ident>().is_ok_and(|word| word == "unlimited") {
            input.parse::<Ident>()?;
            return Ok(Self::Unlimited);
        }
        let how = "write a whole number, the first call included, or `unlimited`";
        let expr: Expr = input.parse()?;
        let refused = |message: &str| Err(syn::Error::new_spanned(&expr, format!("{message}; {how}")));
        match peeled(&expr) {
            Expr::Lit(ExprLit { lit: Lit::Int(int), .. })
                if int.suffix().is_empty() || int.suffix() == "u32" =>
            {
                match int.base10_parse::<u32>() {
                    Ok(0) => refused("the first call is an attempt too, so there is at least one"),
                    Ok(attempts) => Ok(Self::Literal(attempts)),
                    Err(_) => refused("this is too many attempts"),
                }
            }
            Expr::Lit(_) | Expr::Unary(_) => refused("this is not a number of attempts"),
            Expr::Path(path)
                if ["none", "never", "infinite", "forever"].iter().any(|no| path.path.is_ident(no)) =>
            {
                refused("this is not a number of attempts")
            }
            _ => Ok(Self::Expr(expr)),
        }
    }
}

impl Jitter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let how = "write `none`, `full`, `equal`, `decorrelated` or a fraction such as `0.25`";
        let expr: Expr = input.parse()?;
        let refused = |message: String| Err(syn::Error::new_spanned(&expr, format!("{message}; {how}")));
        match peeled(&expr) {
            Expr::Path(path) => match path.path.get_ident().map(ToString::to_string).as_deref() {
                Some("none") => Ok(Self::None),
                Some("full") => Ok(Self::Full),
                Some("equal") => Ok(Self::Equal),
                Some("decorrelated") => Ok(Self::Decorrelated),
                // A constant is written large.
                Some(word)
                    if word != word.to_uppercase() && suggest::nearest(word, &names::JITTERS).is_some() =>
                {
                    let hint = suggest::did_you_mean(word, &names::JITTERS);
                    Err(syn::Error::new_spanned(&expr, format!("unknown jitter `{word}`{hint}")))
                }
                _ => Ok(Self::Fraction(expr)),
            },
            Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) if is_plain(number.suffix()) => {
                Ok(Self::Fraction(expr))
            }
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.suffix().is_empty() => {
                let float = syn::LitFloat::new(&format!("{}.0", number.base10_digits()), number.span());
                Ok(Self::Fraction(Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Float(float) })))
            }
            Expr::Lit(_) => refused("this is not a jitter".to_owned()),
            Expr::Unary(_) => refused("jitter cannot be negative".to_owned()),
            _ => Ok(Self::Fraction(expr)),
        }
    }
}

impl Timeout {
    fn parse(span: Span, input: ParseStream<'_>) -> syn::Result<Self> {
        let limit = Delay::parse(input)?;
        if !input.peek(Token![=>]) {
            let message = "`timeout` limits each attempt, and needs the error that one gives which takes longer: \
                           `timeout = 5s => ApiError::Timeout`";
            return Err(syn::Error::new(limit.span(), message));
        }
        let arrow: Token![=>] = input.parse()?;
        if list::item_ends(input) {
            let message = "the error is missing: `timeout = 5s => ApiError::Timeout`";
            return Err(syn::Error::new_spanned(arrow, message));
        }
        Ok(Self { span, limit, error: input.parse()? })
    }
}

/// `A | B`
fn variants(input: ParseStream<'_>) -> syn::Result<Vec<Path>> {
    let mut variants = Vec::new();
    loop {
        let variant = input.call(Path::parse_mod_style).map_err(|error| {
            syn::Error::new(error.span(), "expected a variant, as in `Timeout | Conflict = 120`")
        })?;
        variants.push(variant);
        if !input.peek(Token![|]) {
            return Ok(variants);
        }
        input.parse::<Token![|]>()?;
    }
}

fn begins_large(name: &Ident) -> bool {
    name.unraw().to_string().starts_with(|first: char| !first.is_ascii_lowercase())
}

/// Reads the `=`, with something behind it.
fn has_value(span: Span, word: &str, input: ParseStream<'_>) -> syn::Result<()> {
    let at = if list::item_ends(input) || input.peek(Lit) { span } else { input.span() };
    let needs = |at| syn::Error::new(at, format!("`{word}` needs a value: `{}`", example(word)));
    if !input.peek(Token![=]) {
        return Err(needs(at));
    }
    input.parse::<Token![=]>()?;
    if list::item_ends(input) { Err(needs(span)) } else { Ok(()) }
}

fn parenthesized(name: &Ident, what: &str, input: ParseStream<'_>) -> syn::Result<Expr> {
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(name.span(), format!("`{name}` takes {what}")));
    }
    let content;
    syn::parenthesized!(content in input);
    if content.is_empty() {
        return Err(syn::Error::new(name.span(), format!("`{name}` takes {what}")));
    }
    let expr = content.parse()?;
    if content.is_empty() {
        Ok(expr)
    } else {
        Err(content.error(format!("`{name}` takes one thing, {what}")))
    }
}

fn clone_list(name: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let how = "`clone` lists arguments: `clone(body, headers)`";
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(name.span(), how));
    }
    let content;
    syn::parenthesized!(content in input);
    if content.is_empty() {
        return Err(syn::Error::new(name.span(), how));
    }
    let names = content.parse_terminated(Ident::parse_any, Token![,]);
    names.map(|names| names.into_iter().collect()).map_err(|error| syn::Error::new(error.span(), how))
}

fn path(input: ParseStream<'_>, word: &str) -> syn::Result<Path> {
    let span = input.span();
    input.parse().map_err(|_| syn::Error::new(span, format!("`{word}` takes a path: `{}`", example(word))))
}

fn is_plain(suffix: &str) -> bool {
    matches!(suffix, "" | "f32" | "f64")
}

fn unknown_option(name: &Ident) -> syn::Error {
    let word = name.to_string();
    let hint = match word.as_str() {
        names::MAX | "tries" | "times" | "max_attempts" => "; did you mean `attempts`?".to_owned(),
        "retries" | "max_retries" => {
            "; did you mean `attempts`, which counts the first call too: 4 for three retries?".to_owned()
        }
        "on_error" | "on_failure" => "; did you mean `on_retry` or `on_give_up`?".to_owned(),
        "delay" | "wait" | "interval" => {
            "; a delay stands behind what it is for: `Timeout = 120`, `_ = 1s`, or `backoff = fixed(base = 1s)`".to_owned()
        }
        way if names::BACKOFFS.contains(&way) => format!("; write `backoff = {way}(..)`"),
        key if names::BACKOFF_KEYS.contains(&key) => {
            format!("; it stands inside `backoff`: `backoff = exp({})`", example(key))
        }
        "never" | "field" => format!("; it stands behind a variant: `Timeout = {}`", example(&word)),
        _ => suggest::meant_or_known(&word, &names::OPTIONS, "the options are"),
    };
    syn::Error::new(name.span(), format!("unknown option `{word}`{hint}"))
}

/// What an option looks like.
fn example(word: &str) -> &'static str {
    match word {
        names::ATTEMPT => "attempt = n",
        names::ATTEMPTS => "attempts = 5",
        names::BACKOFF => "backoff = exp(max = 5)",
        names::BASE => "base = 100ms",
        names::CAP => "cap = 10m",
        names::CRATE => "crate = ::my_crate::retry_core",
        names::DEADLINE => "deadline = 10m",
        names::ERROR => "error = my::Error",
        names::FACTOR => "factor = 2",
        names::JITTER => "jitter = full",
        names::MAX => "max = 5",
        names::ON_GIVE_UP => "on_give_up = |event| log(event)",
        names::ON_RETRY => "on_retry = |event| log(event)",
        names::ON_SUCCESS => "on_success = |event| log(event)",
        names::POLICY => "policy = self.policy",
        names::SLEEP => "sleep = my_timer",
        names::STEP => "step = 1s",
        names::TIMEOUT => "timeout = 5s => ApiError::Timeout",
        names::UNTIL => "until = |value| value.is_ready()",
        "field" => "field(retry_after)",
        _ => "never",
    }
}

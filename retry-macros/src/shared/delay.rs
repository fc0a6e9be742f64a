//! A delay as it is written: a literal with or without a unit, which is read here and now, or an expression,
//! which the compiler checks.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::krate::Private;
use super::place::located;

/// A delay.
#[derive(Clone)]
pub(crate) enum Delay {
    Literal(Duration, Span),
    Expr(Expr),
}

const HOW: &str = "write seconds (`120`, `1.5`), a unit (`500ms`, `2s`, `3m`, `1h`), \
                   or an expression that is a `Duration` or a number of seconds";

/// Units by name, in nanoseconds.
const UNITS: [(&str, u64); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

const NUMBER_TYPES: [&str; 14] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

impl Delay {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(input.error(format!("expected a delay; {HOW}")));
        }
        let begin = input.fork();
        let delay = Self::from_expr(input.parse()?)?;
        if let Ok(number) = begin.parse::<Lit>()
            && let Ok(unit) = begin.parse::<Ident>()
            && UNITS.iter().any(|(name, _)| unit == name)
        {
            let number = number.to_token_stream();
            let message = format!("a unit stands right behind its number; write `{number}{unit}`");
            return Err(syn::Error::new(unit.span(), message));
        }
        Ok(delay)
    }

    pub(crate) fn from_expr(expr: Expr) -> syn::Result<Self> {
        match peeled(&expr) {
            Expr::Lit(ExprLit { lit, .. }) => Ok(Self::Literal(literal(lit)?, lit.span())),
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr: inner, .. })
                if matches!(peeled(inner), Expr::Lit(_)) =>
            {
                Err(syn::Error::new_spanned(&expr, "a delay cannot be negative; write how long to wait"))
            }
            _ => Ok(Self::Expr(expr)),
        }
    }

    pub(crate) fn literal(&self) -> Option<Duration> {
        match self {
            Self::Literal(delay, _) => Some(*delay),
            Self::Expr(_) => None,
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Literal(_, span) => *span,
            Self::Expr(expr) => expr.span(),
        }
    }

    /// An expression of type `Duration`; a constant one for literals.
    pub(crate) fn expand(&self, private: &Private) -> TokenStream {
        match self {
            Self::Literal(delay, _) => {
                let (seconds, nanos) = (delay.as_secs(), delay.subsec_nanos());
                quote!(#private::Duration::new(#seconds, #nanos))
            }
            Self::Expr(expr) => {
                // At the user's expression, so that an unfit type is reported there.
                located(
                    expr,
                    private,
                    |span, private| quote_spanned!(span=> #private::IntoDelay::into_delay(#expr)),
                )
            }
        }
    }
}

/// Without the invisible groups that a `macro_rules!` puts around what it inserts.
pub(crate) fn peeled(mut expr: &Expr) -> &Expr {
    loop {
        match expr {
            Expr::Group(group) => expr = &group.expr,
            Expr::Paren(paren) => expr = &paren.expr,
            _ => return expr,
        }
    }
}

fn literal(lit: &Lit) -> syn::Result<Duration> {
    match lit {
        Lit::Int(int) => {
            let unit = unit(int.suffix(), int.span())?;
            let number = int.base10_digits().parse::<u128>().ok();
            let nanos = number.and_then(|number| number.checked_mul(unit.into()));
            nanos.and_then(from_nanos)
        }
        Lit::Float(float) => {
            let unit = unit(float.suffix(), float.span())?;
            let number: f64 = float.base10_digits().parse().map_err(|_| not_a_delay(lit))?;
            #[allow(clippy::cast_precision_loss)] // units are far below 2^53
            Duration::try_from_secs_f64(number * (unit as f64 / 1e9)).ok()
        }
        Lit::Str(text) => {
            let content = text.value();
            let content = content.trim();
            let hint = match is_delay(content) {
                true => format!("a delay is written without quotes; write `{content}`"),
                false => format!("a text is not a delay; {HOW}"),
            };
            return Err(syn::Error::new(lit.span(), hint));
        }
        _ => return Err(not_a_delay(lit)),
    }
    .ok_or_else(|| syn::Error::new(lit.span(), "this delay is too long; at most 2^64 seconds can be waited"))
}

/// Whether a text would be a delay without its quotes. The compiler is not asked to read it: what it cannot read, it
/// reports itself.
fn is_delay(text: &str) -> bool {
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = &text[number.len()..];
    let is_number = number.starts_with(|first: char| first.is_ascii_digit())
        && number.ends_with(|last: char| last.is_ascii_digit())
        && number
            .replace('_', "")
            .parse::<f64>()
            .is_ok_and(|seconds| Duration::try_from_secs_f64(seconds).is_ok());
    is_number && (unit.is_empty() || UNITS.iter().any(|(name, _)| *name == unit))
}

fn not_a_delay(lit: &Lit) -> syn::Error {
    syn::Error::new(lit.span(), format!("this is not a delay; {HOW}"))
}

fn unit(suffix: &str, span: Span) -> syn::Result<u64> {
    if is_number_type(suffix) {
        return Ok(1_000_000_000);
    }
    if let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == suffix) {
        return Ok(*nanos);
    }
    let meant = match suffix {
        "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "milli" | "millis" | "msec" => "ms",
        "micros" | "usec" | "µs" | "μs" => "us",
        "day" | "days" => "d",
        _ => {
            let units = super::suggest::listed(&UNITS.map(|(name, _)| name));
            return Err(syn::Error::new(span, format!("unknown unit `{suffix}`; the units are {units}")));
        }
    };
    Err(syn::Error::new(span, format!("unknown unit `{suffix}`; did you mean `{meant}`?")))
}

/// Whether a literal with this suffix is a plain number.
pub(crate) fn is_number_type(suffix: &str) -> bool {
    suffix.is_empty() || NUMBER_TYPES.contains(&suffix)
}

fn from_nanos(nanos: u128) -> Option<Duration> {
    let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(seconds, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser;

    fn parse(text: &str) -> Result<Duration, String> {
        let delay = Delay::parse.parse_str(text).map_err(|error| error.to_string())?;
        delay.literal().ok_or_else(|| "not a literal".to_owned())
    }

    #[test]
    fn literals_with_and_without_units() {
        for (text, millis) in [
            ("120", 120_000),
            ("1.5", 1_500),
            ("500ms", 500),
            ("2s", 2_000),
            ("1.5s", 1_500),
            ("3m", 180_000),
            ("1h", 3_600_000),
            ("1d", 86_400_000),
            ("0.1s", 100),
            ("1_000ms", 1_000),
            ("5u64", 5_000),
            ("0.5f32", 500),
            ("0", 0),
            ("(7)", 7_000),
            ("2000us", 2),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_delay_says_what_would_be() {
        for (text, message) in [
            ("\"5s\"", "a delay is written without quotes; write `5s`"),
            ("\" 1.5e3 \"", "a delay is written without quotes; write `1.5e3`"),
            ("\"1_000ms\"", "a delay is written without quotes; write `1_000ms`"),
            ("\"soon\"", "a text is not a delay"),
            ("\"5 s\"", "a text is not a delay"),
            ("\"5.s\"", "a text is not a delay"),
            ("\"1e400s\"", "a text is not a delay"),
            ("\"'a\"", "a text is not a delay"),
            ("\"/*\"", "a text is not a delay"),
            ("\"5\u{b5}s\"", "a text is not a delay"),
            ("5min", "unknown unit `min`; did you mean `m`?"),
            ("5parsecs", "unknown unit `parsecs`; the units are"),
            ("-5", "a delay cannot be negative"),
            ("true", "this is not a delay"),
            ("99999999999999999999999999", "this delay is too long"),
            ("1e300", "this delay is too long"),
            ("", "expected a delay"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}

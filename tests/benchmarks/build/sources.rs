//! Programs of many functions or types, with an attribute or without.

use std::fmt::Write;

pub(super) const COUNT: u32 = 400;

/// A program of `COUNT` pieces, and a `main` that uses them all.
fn program(head: &str, piece: impl Fn(u32) -> String, main: impl FnOnce(&str) -> String) -> String {
    let pieces: String = (0..COUNT).map(piece).collect();
    let mut list = String::new();
    for number in 0..COUNT {
        let _ = write!(list, "f{number}, ");
    }
    let main = main(&list);
    format!("{head}\n{pieces}\nfn main() {{\n{main}\n}}\n")
}

/// Two arguments and five locals.
pub(super) fn with_locals(attribute: &str) -> String {
    program(
        "#[derive(Debug)]\nstruct Order { id: u64, price: f64 }",
        |number| {
            format!(
                "{attribute}\nfn f{number}(order: &Order, name: &str) -> u64 {{
    let count = order.id.wrapping_mul({number} + 3);
    let price = order.price * 1.5;
    let kind = i32::from(name.is_empty());
    let text = name.to_uppercase();
    let items = vec![count, 1, 2];
    assert!(count != {number}, \"it may panic\");
    count + price as u64 + kind as u64 + text.len() as u64 + items.len() as u64
}}
"
            )
        },
        |list| {
            format!(
                "    let functions: [fn(&Order, &str) -> u64; {COUNT}] = [{list}];
    let order = Order {{ id: 1, price: 2.0 }};
    let name = std::env::args().next().unwrap_or_default();
    println!(\"{{}}\", functions.iter().map(|call| call(&order, &name) % 7).sum::<u64>());
    // With the panic hook of a program that uses it.
    let _crash = std::hint::black_box(retry_core::crash::install as fn() -> _);"
            )
        },
    )
}

/// How a function is called again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Retried {
    Not,
    ByHand,
    ByAttribute,
}

impl Retried {
    pub(super) const ALL: [Self; 3] = [Self::Not, Self::ByHand, Self::ByAttribute];
}

/// Functions that fail in three ways.
pub(super) fn fallible(retried: Retried, is_async: bool) -> String {
    let (asyncness, awaited) = if is_async { ("async ", ".await") } else { ("", "") };
    let function = |number: u32| {
        let body = format!(
            "let reply = client.get(url, {number}){awaited}?;
    if reply.len() == {number} {{
        return Err(ApiError::Conflict);
    }}
    Ok(reply.len() as u64 + {number})"
        );
        let (attribute, body) = match retried {
            Retried::Not => ("", body),
            Retried::ByAttribute => {
                ("#[retry_core::retry(Timeout = 120, TooMany = field(wait), backoff = exp(max = 5))]", body)
            }
            Retried::ByHand => {
                let attempt = if is_async {
                    format!("async {{ {body} }}.await")
                } else {
                    format!("(|| {{ {body} }})()")
                };
                let sleep =
                    if is_async { "tokio::time::sleep(delay).await" } else { "std::thread::sleep(delay)" };
                let body = format!(
                    "let mut limits = Limits::default();
    loop {{
        let delay = match {attempt} {{
            Err(error) => match limits.delay(&error) {{
                Some(delay) => delay,
                None => return Err(error),
            }},
            done => return done,
        }};
        {sleep};
    }}"
                );
                ("", body)
            }
        };
        format!(
            "{attribute}\n{asyncness}fn f{number}(client: &Client, url: &str) -> Result<u64, ApiError> {{\n    {body}\n}}\n"
        )
    };
    let head = format!(
        "#[derive(Debug)]
enum ApiError {{ Timeout, TooMany {{ wait: u64 }}, Conflict }}

struct Client;

impl Client {{
    #[inline(never)]
    {asyncness}fn get(&self, url: &str, number: u64) -> Result<String, ApiError> {{
        match url.len() as u64 + number {{
            1 => Err(ApiError::Timeout),
            2 => Err(ApiError::TooMany {{ wait: number }}),
            _ => Ok(url.to_owned()),
        }}
    }}
}}

#[derive(Default)]
struct Limits {{ failures: u32, timeouts: u32 }}

impl Limits {{
    #[cold]
    #[inline(never)]
    fn delay(&mut self, error: &ApiError) -> Option<std::time::Duration> {{
        self.failures += 1;
        if self.failures >= 5 {{
            return None;
        }}
        let delay = match error {{
            ApiError::Timeout => {{
                self.timeouts += 1;
                120 << (self.timeouts - 1)
            }}
            ApiError::TooMany {{ wait }} => *wait,
            ApiError::Conflict => return None,
        }};
        Some(std::time::Duration::from_secs(delay).mul_f64(1.0 + 0.1 * fastrand::f64()))
    }}
}}
"
    );
    program(&head, function, |list| {
        // All three programs have the runtime and the timer in them, used or not.
        let kept = "let _ = std::hint::black_box(tokio::time::sleep as fn(_) -> _);
    let _ = std::hint::black_box(Limits::delay as fn(&mut _, &_) -> _);";
        if is_async {
            let boxed: String = (0..COUNT)
                .map(|number| format!("|client, url| Box::pin(f{number}(client, url)), "))
                .collect();
            format!(
                "    type Call = for<'a> fn(&'a Client, &'a str) -> std::pin::Pin<Box<dyn Future<Output = Result<u64, ApiError>> + 'a>>;
    let functions: [Call; {COUNT}] = [{boxed}];
    let url = std::env::args().next().unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    println!(\"{{}}\", functions.iter().map(|call| runtime.block_on(call(&Client, &url)).unwrap_or(0) % 7).sum::<u64>());
    {kept}"
            )
        } else {
            format!(
                "    let functions: [fn(&Client, &str) -> Result<u64, ApiError>; {COUNT}] = [{list}];
    let url = std::env::args().next().unwrap_or_default();
    println!(\"{{}}\", functions.iter().map(|call| call(&Client, &url).unwrap_or(0) % 7).sum::<u64>());
    {kept}"
            )
        }
    })
}

/// Enums of four variants, with the derive or without.
pub(super) fn enums(is_derived: bool) -> String {
    let when = |words: &'static str| if is_derived { words } else { "" };
    let (derive, after, told, transient) = (
        when(", retry_core::RetryClassify"),
        when("#[retry(after = 120)]"),
        when("#[retry(after = field(wait, or = 60))]"),
        when("#[retry(transient)]"),
    );
    program(
        "",
        |number| {
            format!(
                "#[derive(Debug{derive})]
enum E{number} {{ {after} Timeout, {told} TooMany {{ wait: Option<u64> }}, {transient} Conflict, BadRequest(String) }}
fn f{number}(number: u64) -> String {{
    format!(\"{{:?}}\", match number {{
        0 => E{number}::Timeout,
        1 => E{number}::TooMany {{ wait: Some(number) }},
        2 => E{number}::Conflict,
        _ => E{number}::BadRequest(String::new()),
    }})
}}
"
            )
        },
        |list| {
            format!(
                "    let functions: [fn(u64) -> String; {COUNT}] = [{list}];
    let number = std::env::args().count() as u64;
    println!(\"{{}}\", functions.iter().map(|call| call(number).len()).sum::<usize>());"
            )
        },
    )
}

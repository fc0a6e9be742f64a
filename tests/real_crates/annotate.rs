//! The attribute on every function of a file, put in where the function begins: the lines stay where they were.
//!
//! ```text
//! // Input
//! #[inline]
//! pub(crate) unsafe fn get(&self) -> u8 { .. }
//!
//! // Output
//! #[inline]
//! #[::retry_core::crash_context] pub(crate) unsafe fn get(&self) -> u8 { .. }
//! ```
//!
//! Words in comments and strings are not code, and what a macro's pattern matches is no function; what a macro makes is.

const ATTRIBUTE: &str = "#[::retry_core::crash_context] ";

/// The file with its functions annotated, and how many those are. The calls of some macros are left as they are: those
/// whose patterns know functions without attributes only.
pub(crate) fn annotated(source: &str, left_macros: &[String]) -> (String, usize) {
    let tokens = tokens(source);
    let mut places = Vec::new();
    let mut around = vec![Around::Code];
    for (index, token) in tokens.iter().enumerate() {
        let innermost = *around.last().unwrap_or(&Around::Code);
        match token.text {
            "{" | "(" | "[" => around.push(inside(innermost, &tokens[..index], left_macros)),
            "}" | ")" | "]" => {
                around.pop();
            }
            "fn" if innermost == Around::Code
                && tokens.get(index + 1).is_some_and(|next| is_name(next.text)) =>
            {
                places.extend(beginning(&tokens, index));
            }
            _ => {}
        }
    }
    let mut text = String::with_capacity(source.len() + places.len() * ATTRIBUTE.len());
    let mut from = 0;
    for place in &places {
        text.push_str(&source[from..*place]);
        text.push_str(ATTRIBUTE);
        from = *place;
    }
    text.push_str(&source[from..]);
    (text, places.len())
}

/// What a token stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Code,
    /// `macro_rules! name { .. }`
    Rules,
    /// The pattern of such a rule, or a macro's call that is left as it is.
    Left,
}

/// What stands between the delimiters that open behind these tokens.
fn inside(around: Around, before: &[Token<'_>], left_macros: &[String]) -> Around {
    let word = |back: usize| before.len().checked_sub(back).map_or("", |index| before[index].text);
    match around {
        Around::Left => Around::Left,
        Around::Rules if word(1) == ">" && word(2) == "=" => Around::Code,
        Around::Rules => Around::Left,
        Around::Code if word(2) == "!" && word(3) == "macro_rules" => Around::Rules,
        Around::Code if word(1) == "!" && left_macros.iter().any(|name| name == word(2)) => Around::Left,
        Around::Code => Around::Code,
    }
}

/// `name`, or `$name`.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '$' || first == '_' || first.is_alphabetic())
}

/// Where the function begins whose `fn` this is: before its visibility and the like, behind its attributes. Nothing where
/// what stands before it is not known.
fn beginning(tokens: &[Token<'_>], mut index: usize) -> Option<usize> {
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text);
    while index > 0 {
        let back = match text(index - 1) {
            "pub" | "default" | "const" | "async" | "unsafe" | "safe" | "extern" => 1,
            abi if abi.starts_with('"') && index > 1 && text(index - 2) == "extern" => 1,
            // `$vis`
            _ if index > 1 && text(index - 2) == "$" && is_name(text(index - 1)) => 2,
            // `pub(in ..)`
            ")" => match (0..index).rev().find(|open| text(*open) == "(") {
                Some(open) if open > 0 && text(open - 1) == "pub" => index - open,
                _ => return None,
            },
            _ => break,
        };
        index -= back;
    }
    let is_known = match index.checked_sub(1).map(text) {
        None | Some("{" | "(" | "[" | "}" | "]" | ";" | ",") => true,
        // `$( #[$attribute] )*`
        Some("*" | "+") => index > 1 && text(index - 2) == ")",
        Some(_) => false,
    };
    is_known.then(|| tokens[index].start)
}

#[derive(Debug, Clone, Copy)]
struct Token<'s> {
    text: &'s str,
    start: usize,
}

/// The words, literals and signs of a source file, each sign by itself.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = source[start..].chars().next() {
        let rest = &source[start..];
        let length = space(rest).unwrap_or_else(|| {
            let length = literal(rest).or_else(|| word(rest)).unwrap_or(first.len_utf8());
            tokens.push(Token { text: &rest[..length], start });
            length
        });
        start += length;
    }
    tokens
}

/// The length of white space or a comment.
fn space(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        let mut depth = 0_usize;
        for (index, _) in rest.char_indices() {
            if rest[index..].starts_with("/*") {
                depth += 1;
            } else if rest[..index].ends_with("*/") && index > 3 {
                depth -= 1;
            }
            if depth == 0 {
                return Some(index);
            }
        }
        return Some(rest.len());
    }
    rest.starts_with(char::is_whitespace)
        .then(|| rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()))
}

/// The length of a text or a character.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r"].into_iter().find(|prefix| {
        let behind = rest.strip_prefix(prefix);
        behind.is_some_and(|behind| behind.trim_start_matches('#').starts_with(['"', '\'']))
    });
    let prefix = prefix.unwrap_or("");
    let quoted = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = quoted.len() - quoted.trim_start_matches('#').len();
        let end = format!("\"{}", &quoted[..hashes]);
        let text = quoted[hashes..].strip_prefix('"')?;
        return Some(prefix.len() + hashes + 1 + text.find(&end)? + end.len());
    }
    let quote = quoted.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    if quote == '\'' && !is_character(quoted) {
        return None;
    }
    let mut is_escaped = false;
    let end = quoted.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == quote && !is_escaped;
        is_escaped = *letter == '\\' && !is_escaped;
        ends
    });
    end.map(|(index, _)| prefix.len() + index + 1)
}

/// Not a lifetime.
fn is_character(quoted: &str) -> bool {
    let mut letters = quoted.chars().skip(1);
    letters.next() == Some('\\') || letters.next() == Some('\'')
}

/// The length of a word or a number.
fn word(rest: &str) -> Option<usize> {
    let is_part = |letter: char| letter == '_' || letter.is_alphanumeric();
    let raw = if rest.starts_with("r#") { 2 } else { 0 };
    let length = rest[raw..].find(|letter| !is_part(letter)).unwrap_or(rest.len() - raw);
    (length > 0).then_some(raw + length)
}

#[cfg(test)]
mod tests {
    use super::annotated;

    /// `@` stands where the attribute is put in.
    fn check(marked: &str) {
        let expected = marked.replace('@', super::ATTRIBUTE);
        assert_eq!(annotated(&marked.replace('@', ""), &["left".to_owned()]).0, expected);
    }

    #[test]
    fn every_function_once() {
        check("@fn a() {} @pub(in crate::b) const unsafe extern \"C\" fn c<'a>() { @fn d() {} }");
        check("impl A { #[inline] /// Docs.\n@pub fn a(self) {} } trait B { @async fn b(); }");
        check("extern { @safe fn a(); } mod b { @pub(crate) fn r#fn() {} }");
    }

    #[test]
    fn no_other_words() {
        check("type A = fn(u8); const B: extern \"C\" fn() = c; @fn d(e: fn(f: u8)) {}");
        check(
            "// fn a()\n/* fn b() /* */ fn c() */ @fn d() { \"\\\" fn e()\"; r#\"\" fn f()\"#; 'g'; b'\\''; }",
        );
        check("@fn a<'a>(b: &'a u8) { '\\\\'; '{'; \"fn c() {\"; br##\"fn d() \"# \"##; }");
    }

    #[test]
    fn macros() {
        check(
            "macro_rules! a { (fn $a:ident() { fn b() }) => { @fn $a() {} }; (c) => ( $(#[$d])* @$e fn f() {} ) }",
        );
        check("left! { fn a() {} } other! { @fn b() {} } more! { c fn d() {} $(const)? fn e() {} }");
    }
}

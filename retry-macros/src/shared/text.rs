//! Tokens as the user would write them.

use quote::ToTokens;

/// Paths and types to compare and to show.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut text = String::new();
    let mut letters = spaced.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let is_needed = text.chars().last().is_some_and(|last| {
            matches!(last, ',' | '+' | '=') || next == '+' || (is_word(last) && is_word(next))
        });
        if letter != ' ' || is_needed {
            text.push(letter);
        }
    }
    text
}

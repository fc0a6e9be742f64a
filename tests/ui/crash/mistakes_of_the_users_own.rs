use retry_core::crash_context;

#[crash_context]
fn wrong_type(n: u8) -> String {
    let text = n;
    text
}

#[crash_context]
fn no_value(n: u8) -> u8 {
    let m = n;
}

#[crash_context]
fn moved_twice(text: String) -> usize {
    let moved = text;
    moved.len() + text.len()
}

#[crash_context]
fn dangling() -> &'static str {
    let text = String::new();
    &text
}

#[crash_context]
fn unknown() -> u8 {
    let list = Vec::new();
    1
}

#[crash_context]
async fn wrong_type_in_async(n: u8) -> Result<u8, String> {
    let m = n;
    m
}

fn main() {
    let _ = (wrong_type(1), no_value(1), moved_twice(String::new()), dangling(), unknown(), wrong_type_in_async(1));
}

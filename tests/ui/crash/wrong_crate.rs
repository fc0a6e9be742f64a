use retry_core::crash_context;

#[crash_context(crate = self::kit)]
fn relative() {}

#[crash_context(crate = retry_core)]
fn without_colons() {}

#[crash_context(crate)]
fn alone() {}

#[crash_context(crate("::retry_core"))]
fn in_parentheses() {}

#[crash_context(crate = ::retry_core, crate = ::retry_core)]
fn twice() {}

fn main() {
    relative();
    without_colons();
    alone();
    in_parentheses();
    twice();
}

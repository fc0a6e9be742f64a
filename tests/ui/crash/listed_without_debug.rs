use retry_core::crash_context;

struct Silent;

#[crash_context(silent)]
fn by_name(silent: Silent) {
    let _ = silent;
}

#[crash_context(&silent, ..)]
fn by_reference(n: u8, silent: &Silent) {
    let _ = (silent, n);
}

#[crash_context(local)]
fn local() {
    let local = Silent;
    let _ = local;
}

#[crash_context(&local)]
fn local_by_reference() {
    let local = vec![Silent];
    let _ = local.len();
}

#[crash_context(value)]
fn generic<T>(value: T) {
    let _ = value;
}

#[crash_context(silent)]
async fn asynchronous(silent: Silent) {
    let _ = silent;
}

fn main() {
    by_name(Silent);
    by_reference(1, &Silent);
    local();
    local_by_reference();
    generic(1);
    let _ = asynchronous(Silent);
}

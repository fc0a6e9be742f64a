use retry_core::crash_context;

#[crash_context]
fn sync(n: u8) {
    let m = n;
    let _ = (__frame, __entered, __s0, __t1, __scope);
    let _ = (&m).crash_local();
}

#[crash_context]
async fn asynchronous((a, b): (u8, u8)) {
    let _ = (__arg0, a, b, __frame);
}

fn main() {
    sync(1);
    let _ = asynchronous((1, 2));
}

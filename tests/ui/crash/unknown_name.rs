use retry_core::crash_context;

#[crash_context(oder, ..)]
fn misspelt(order: u8) {
    let _ = order;
}

#[crash_context(&totl)]
fn local(order: u8) -> u8 {
    let total = order;
    total
}

#[crash_context(skip(nowhere), redact(orders), allow(tken))]
fn options(order: u8, token: u8) -> u8 {
    order + token
}

#[crash_context(inside)]
fn of_a_closure(order: u8) -> u8 {
    let call = |inside: u8| inside + order;
    call(1)
}

#[crash_context(self)]
fn no_receiver(order: u8) -> u8 {
    order
}

#[crash_context(order)]
async fn asynchronous(ordr: u8) -> u8 {
    ordr
}

fn main() {
    misspelt(1);
    local(1);
    options(1, 2);
    of_a_closure(1);
    no_receiver(1);
    let _ = asynchronous(1);
}

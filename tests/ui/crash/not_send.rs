use std::cell::Cell;
use std::rc::Rc;

use retry_core::crash_context;

#[crash_context]
async fn local() {
    let shared = Rc::new(1);
    std::future::ready(()).await;
    drop(shared);
}

#[crash_context]
async fn argument(cell: &Cell<u8>) {
    std::future::ready(()).await;
    cell.set(1);
}

#[crash_context(&cell)]
async fn borrowed(cell: Cell<u8>) {
    std::future::ready(()).await;
}

fn is_send(_: impl Send) {}

fn main() {
    is_send(local());
    is_send(argument(&Cell::new(1)));
    is_send(borrowed(Cell::new(1)));
}

use retry_core::*;

#[derive(RetryClassify)]
fn function() {}

fn main() {
    function();
}

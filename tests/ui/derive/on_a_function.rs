

#[derive(retry_core::RetryClassify)]
fn function() {}

fn main() {
    function();
}

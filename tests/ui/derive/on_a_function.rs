use retry_core::RetryClassify;

#[derive(RetryClassify)]
fn function() {}

fn main() {
    function();
}

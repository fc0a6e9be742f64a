use retry_core::RetryClassify;

#[derive(RetryClassify)]
#[retry(crate = retry_core)]
enum Relative {
    Busy,
}

#[derive(RetryClassify)]
#[retry(crate = ::retry_core, crate = ::retry_core)]
enum Twice {
    Busy,
}

#[derive(RetryClassify)]
#[retry(crate = "::retry_core")]
enum Text {
    Busy,
}

#[derive(RetryClassify)]
#[retry(crate)]
enum NoValue {
    Busy,
}

fn main() {
    let _ = (Relative::Busy.classify(), Twice::Busy.classify());
    let _ = (Text::Busy.classify(), NoValue::Busy.classify());
}

use retry_core::RetryClassify;

#[derive(RetryClassify)]
#[retry(default = transiet)]
enum Near {
    Busy,
}

#[derive(RetryClassify)]
#[retry(default = 5)]
enum Number {
    Busy,
}

#[derive(RetryClassify)]
#[retry(default)]
enum NoValue {
    Busy,
}

#[derive(RetryClassify)]
#[retry(default = transient, default = permanent)]
enum Twice {
    Busy,
}

#[derive(RetryClassify)]
#[retry(default = transient)]
#[retry(default = transient)]
enum TwiceApart {
    Busy,
}

#[derive(RetryClassify)]
#[retry(default = transient)]
struct Structure;

fn main() {
    let _ = (Near::Busy.classify(), Number::Busy.classify(), NoValue::Busy.classify());
    let _ = (Twice::Busy.classify(), TwiceApart::Busy.classify(), Structure.classify());
}

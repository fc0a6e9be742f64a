use retry_core::RetryClassify;

#[derive(RetryClassify)]
#[retry(defalt = transient)]
enum OnTheType {
    Busy,
}

#[derive(RetryClassify)]
enum Variants {
    #[retry(transiant)]
    Near,
    #[retry(never)]
    Never,
    #[retry(retryable)]
    Retryable,
    #[retry(colour)]
    Far,
    #[retry(default = transient)]
    Default,
    #[retry(after = 3, backoff = exp)]
    OfTheAttribute,
}

#[derive(RetryClassify)]
#[retry(transient)]
enum VerdictOnTheType {
    Busy,
}

#[derive(RetryClassify)]
enum OnAField {
    Busy(#[retry(transient)] u8),
}

fn main() {
    let _ = (OnTheType::Busy.classify(), Variants::Near.classify(), OnAField::Busy(1).classify());
    let _ = VerdictOnTheType::Busy.classify();
}

use retry_core::RetryClassify;

#[derive(RetryClassify)]
union Bits {
    number: u32,
}

fn main() {
    let _ = Bits { number: 1 };
}

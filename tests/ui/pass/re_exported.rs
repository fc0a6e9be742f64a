#![deny(warnings)]

//! A library that re-exports the runtime under another name, and hands the attribute on in macros of its own.

pub mod kit {
    pub use retry_core as again;

    #[macro_export]
    macro_rules! retried {
        ($error:ty, $variant:ident, $name:ident $body:block) => {
            #[$crate::kit::again::retry(crate = $crate::kit::again, $variant = 3, attempts = 2)]
            fn $name() -> Result<u8, $error> $body
        };
    }

    #[macro_export]
    macro_rules! error {
        ($name:ident { $($variant:ident),* }) => {
            #[derive(Debug, $crate::kit::again::RetryClassify)]
            #[retry(crate = $crate::kit::again, default = transient)]
            pub enum $name {
                $($variant,)*
            }
        };
    }
}

error!(ApiError { Timeout, Conflict });

retried!(ApiError, Timeout, call { Err(ApiError::Conflict) });

#[kit::again::retry(crate = crate::kit::again, until = |value| *value > 1, jitter = none)]
fn option() -> Option<u8> {
    Some(2)
}

fn main() {
    let _ = (call(), option());
    let delays = kit::again::retry_policy!(ApiError: crate = crate::kit::again, Timeout = 3);
    let _ = kit::again::retry_with!(crate = crate::kit::again, delays, |_| Err::<(), _>(ApiError::Timeout));
}

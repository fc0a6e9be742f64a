//! Which errors are worth another try, as the error type itself says.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// What an error type says of one of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Classification {
    /// Another try would fail as well.
    Permanent,
    /// Another try may succeed; the policy decides when.
    Transient,
    /// Another try may succeed, but not before this much time has passed.
    ///
    /// It counts as told by the error: no cap and no kind of jitter shortens it, and it does not grow.
    After(Duration),
}

/// Says of an error whether, and when, the call that failed with it is worth another try.
///
/// Mostly derived: see [`#[derive(RetryClassify)]`](derive@crate::RetryClassify). By hand:
///
/// ```
/// use retry_core::{Classification, RetryClassify};
///
/// struct Status(u16);
///
/// impl RetryClassify for Status {
///     fn classify(&self) -> Classification {
///         match self.0 {
///             408 | 429 | 500.. => Classification::Transient,
///             _ => Classification::Permanent,
///         }
///     }
/// }
///
/// assert_eq!(Status(503).classify(), Classification::Transient);
/// assert_eq!(Status(404).classify(), Classification::Permanent);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which of its values are worth another try",
    label = "no `RetryClassify`",
    note = "consider adding `#[derive(RetryClassify)]` to `{Self}`",
    note = "where the type is not yours, say in the attribute which errors to retry: `when(|error| ..) = 30`"
)]
pub trait RetryClassify {
    /// Whether, and when, another try is worth it.
    fn classify(&self) -> Classification;
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<T: RetryClassify + ?Sized> RetryClassify for $pointer {
            fn classify(&self) -> Classification {
                T::classify(&**self)
            }
        }
    )*};
}
through!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl RetryClassify for Infallible {
    fn classify(&self) -> Classification {
        match *self {}
    }
}

impl<T: RetryClassify> RetryClassify for Option<T> {
    /// Asks the inner error; `None` is permanent.
    fn classify(&self) -> Classification {
        self.as_ref().map_or(Classification::Permanent, RetryClassify::classify)
    }
}

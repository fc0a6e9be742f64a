//! `unsafe`, `extern`, `pub`, `#[cfg]` arguments.

use retry_core::retry;
use retry_core::testing::record;

use crate::common::{Calls, Failure};

#[test]
fn plain_sync_function() {
    #[retry(Busy = 1)]
    fn plain(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    let (waits, calls) = (record(), Calls::new());
    assert_eq!((plain(&calls), calls.take()), (Ok(3), 3));
    assert_eq!(waits.delays().len(), 2);
}

#[test]
fn unsafe_function() {
    /// # Safety
    /// `n` points to a number.
    #[retry(Busy = 1)]
    unsafe fn deref(calls: &Calls, n: *const u32) -> Result<u32, Failure> {
        calls.third()?;
        // SAFETY: the caller's word.
        Ok(unsafe { *n })
    }
    let (_waits, calls) = (record(), Calls::new());
    let pointer: unsafe fn(&Calls, *const u32) -> Result<u32, Failure> = deref;
    // SAFETY: it points to a number.
    assert_eq!((unsafe { pointer(&calls, &7) }, calls.take()), (Ok(7), 3));
}

#[tokio::test(start_paused = true)]
async fn async_unsafe_function() {
    /// # Safety
    /// `n` points to a number.
    #[retry(Busy = 1)]
    async unsafe fn deref(calls: &Calls, n: *const u32) -> Result<u32, Failure> {
        calls.third_async().await?;
        // SAFETY: the caller's word.
        Ok(unsafe { *n })
    }
    let calls = Calls::new();
    // SAFETY: it points to a number.
    assert_eq!((unsafe { deref(&calls, &7) }.await, calls.take()), (Ok(7), 3));
}

#[test]
fn extern_functions() {
    #[retry(Busy = 1)]
    #[allow(improper_ctypes_definitions)]
    extern "C" fn c(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    /// # Safety
    /// None is needed.
    #[retry(Busy = 1)]
    #[allow(improper_ctypes_definitions)]
    unsafe extern "system" fn system(calls: &Calls) -> Result<u32, Failure> {
        calls.third()
    }
    let (_waits, calls) = (record(), Calls::new());
    let pointer: extern "C" fn(&Calls) -> Result<u32, Failure> = c;
    assert_eq!((pointer(&calls), calls.take()), (Ok(3), 3));
    // SAFETY: none is needed.
    assert_eq!((unsafe { system(&calls) }, calls.take()), (Ok(3), 3));
}

mod visibility {
    use super::{Calls, Failure, retry};

    pub(super) mod deeper {
        use super::{Calls, Failure, retry};

        #[retry(Busy = 1)]
        pub(crate) fn in_crate(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[retry(Busy = 1)]
        pub(in crate::kinds::qualifiers) async fn in_path(calls: &Calls) -> Result<u32, Failure> {
            calls.third_async().await
        }

        #[retry(Busy = 1)]
        pub fn public(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }

        #[retry(Busy = 1)]
        pub(super) fn in_parent(calls: &Calls) -> Result<u32, Failure> {
            calls.third()
        }
    }

    pub(super) fn in_parent(calls: &Calls) -> Result<u32, Failure> {
        deeper::in_parent(calls)
    }
}

#[tokio::test(start_paused = true)]
async fn visibilities() {
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((visibility::deeper::in_crate(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((visibility::deeper::in_path(&calls).await, calls.take()), (Ok(3), 3));
    assert_eq!((visibility::deeper::public(&calls), calls.take()), (Ok(3), 3));
    assert_eq!((visibility::in_parent(&calls), calls.take()), (Ok(3), 3));
}

#[test]
fn cfg_arguments() {
    #[retry(Busy = 1)]
    fn conditional(
        calls: &Calls,
        #[cfg(test)] here: u32,
        #[cfg(not(test))] not_here: NoSuchType,
        #[allow(unused_variables)] unused: u32,
    ) -> Result<u32, Failure> {
        calls.third()?;
        #[cfg(not(test))]
        return not_here;
        Ok(here)
    }
    let (_waits, calls) = (record(), Calls::new());
    assert_eq!((conditional(&calls, 7, 0), calls.take()), (Ok(7), 3));
}

//! An attempt as crash reports see it: from the second on it is known which one it is, and what the earlier ones failed
//! with. The first costs nothing; without the feature `crash` none does.

#[cfg(feature = "crash")]
pub(crate) use with_reports::History;
#[cfg(feature = "crash")]
pub use with_reports::within;
#[cfg(not(feature = "crash"))]
pub(crate) use without_reports::History;
#[cfg(not(feature = "crash"))]
pub use without_reports::within;

#[cfg(feature = "crash")]
mod with_reports {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use pin_project_lite::pin_project;

    use crate::call::{Anchor, Call};
    use crate::crash::attempts::{CallFrame, EARLIER, earlier};
    use crate::observe::Shown;
    use crate::site::Site;

    /// What the attempts so far failed with. It does not move while its frame is on the stack: the call boxes it.
    #[derive(Debug, Default)]
    pub(crate) struct History(Option<CallFrame>);

    impl History {
        /// An attempt has failed, and there will be another.
        pub(crate) fn failed(
            &mut self,
            site: &'static Site,
            max: Option<u32>,
            failures: u32,
            error: Shown<'_>,
        ) {
            let info = self.0.get_or_insert_with(|| CallFrame::new(site)).info();
            info.number = failures.saturating_add(1);
            info.max = max;
            if !crate::crash::is_installed() {
                // Nobody wants to hear of it.
                return;
            }
            if info.earlier.len() == EARLIER {
                // The first one says what it began with.
                info.earlier.remove(1);
            }
            info.earlier.push(earlier(&error));
        }

        /// The next attempt begins on this thread, and so do all after it.
        #[allow(clippy::trivially_copy_pass_by_ref)] // its address is what counts
        pub(crate) fn stay(&mut self, anchor: &Anchor) {
            if let Some(frame) = &mut self.0 {
                frame.stay(anchor);
            }
        }

        pub(crate) fn frame(&self) -> Option<&CallFrame> {
            self.0.as_ref()
        }
    }

    pin_project! {
        /// An attempt that is polled.
        #[derive(Debug)]
        #[must_use = "futures do nothing unless they are polled"]
        pub struct Within<'a, T, F> {
            call: &'a Call<T>,
            #[pin]
            attempt: F,
        }
    }

    /// An attempt of this call.
    #[inline]
    pub fn within<T, F: Future>(call: &Call<T>, attempt: F) -> Within<'_, T, F> {
        Within { call, attempt }
    }

    impl<T, F: Future> Future for Within<'_, T, F> {
        type Output = F::Output;

        #[inline]
        fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
            let this = self.project();
            match this.call.crash_frame() {
                None => this.attempt.poll(context),
                Some(frame) => poll_entered(frame, this.attempt, context),
            }
        }
    }

    /// With the call on the stack: out of the way of one that has not failed.
    #[cold]
    #[inline(never)]
    fn poll_entered<F: Future>(
        frame: &CallFrame,
        attempt: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let anchor = 0_u8;
        let _entered = frame.enter(&anchor);
        attempt.poll(context)
    }
}

#[cfg(not(feature = "crash"))]
mod without_reports {
    use crate::call::{Anchor, Call};
    use crate::observe::Shown;
    use crate::site::Site;

    /// Nothing.
    #[derive(Debug, Default)]
    pub(crate) struct History;

    #[allow(clippy::unused_self)]
    impl History {
        pub(crate) fn failed(&mut self, _: &'static Site, _: Option<u32>, _: u32, _: Shown<'_>) {}

        #[allow(clippy::trivially_copy_pass_by_ref)]
        pub(crate) fn stay(&mut self, _: &Anchor) {}
    }

    /// An attempt of this call.
    #[inline]
    pub fn within<T, F: Future>(_call: &Call<T>, attempt: F) -> F {
        attempt
    }
}

//! Which way a value is kept, by what its type can do. The compiler looks for the method on the [`Type`] itself, behind one
//! reference less at each step, and takes the first that the type allows: hence the ladders of traits. The methods' names
//! are such that no trait of the user's has them.

use std::fmt::Debug;

use super::chain::{Holder, Keeps, Slot};
use super::plain::Plain;
use super::slot::{Argument, Beginning, Data, InLoop, KnownArgument, NotKept, Type, Written};
use super::snapshot::Snapshot;

/// One ladder: what its method does with the holder, then from the first step to the last the trait, the bounds and the
/// holder.
macro_rules! ladder {
    (
        fn $method:ident $arguments:tt -> $output:ty $body:block
        $($step:ident [$($reference:tt)*] [$($bounds:tt)*] $holder:ty, $doc:literal;)+
    ) => {$(
        #[doc = $doc]
        pub trait $step {
            /// How it is kept.
            type Holder: Holder;

            /// The step that the compiler took.
            fn $method $arguments -> $output $body
        }

        impl<T: $($bounds)*> $step for $($reference)* Type<T>
        where
            $holder: Keeps<T>,
        {
            type Holder = $holder;
        }
    )+};
}

ladder! {
    fn crash_local(&self, _slot: &Slot<Self::Holder>) -> () {}
    LocalData [&&] [Plain] Data<T::Copy>, "A local of plain data.";
    LocalBeginning [&] [Snapshot] Beginning, "A local that is a text or a collection.";
    LocalType [] [Sized] NotKept, "Any other local.";
}

ladder! {
    fn crash_local_in_loop(&self, _slot: &Slot<Self::Holder>) -> () {}
    LoopData [&&] [Plain] Data<T::Copy>, "A local of plain data, bound in a loop.";
    LoopBeginning [&] [Snapshot] InLoop, "A text or a collection that is bound in a loop.";
    LoopType [] [Sized] NotKept, "Any other local that is bound in a loop.";
}

ladder! {
    fn crash_local_debug(&self, _slot: &Slot<Self::Holder>) -> () {}
    DebugData [&&] [Plain] Data<T::Copy>, "A local of plain data.";
    DebugWritten [&] [Debug] Written, "A local with a `Debug`, which may be used.";
    DebugType [] [Sized] NotKept, "Any other local.";
}

ladder! {
    fn crash_argument(&self) -> Slot<Self::Holder> { Slot::new() }
    ArgumentData [&&&&] [Plain] Data<T::Copy>, "An argument of plain data.";
    ArgumentKnown [&&&] [Copy + Snapshot] KnownArgument<T>, "A reference to a text or a collection.";
    ArgumentCopied [&&] [Copy + Debug] Argument<T>, "An argument that can be copied, and shown by the user's code.";
    ArgumentBeginning [&] [Snapshot] Beginning, "A text or a collection.";
    ArgumentType [] [Sized] NotKept, "Any other argument.";
}

ladder! {
    fn crash_argument_debug(&self) -> Slot<Self::Holder> { Slot::new() }
    DebugArgumentData [&&&&] [Plain] Data<T::Copy>, "An argument of plain data.";
    DebugArgumentKnown [&&&] [Copy + Snapshot] KnownArgument<T>, "A reference to a text or a collection.";
    DebugArgumentCopied [&&] [Copy + Debug] Argument<T>, "An argument that can be copied, and shown by the user's code.";
    DebugArgumentWritten [&] [Debug] Written, "An argument with a `Debug`, which may be used.";
    DebugArgumentType [] [Sized] NotKept, "Any other argument.";
}

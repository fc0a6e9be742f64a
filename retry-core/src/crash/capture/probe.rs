//! Which way a value is kept, by what its type can do. The compiler looks for the method on the probe itself, behind one
//! reference less at each step, and takes the first that the type allows: hence the ladders of traits. The methods' names
//! are such that no trait of the user's has them.

use std::fmt::Debug;

use super::chain::{Holder, Keeps};
use super::plain::Plain;
use super::slot::{Argument, Beginning, Data, Held, InLoop, KnownArgument, NotKept, Type, Written, held};
use super::snapshot::Snapshot;

/// Asks how a value of this type is kept.
#[derive(Debug)]
pub struct Probe<T>(pub Type<T>);

/// One ladder: its method, then from the first step to the last the trait, the bounds and the holder.
macro_rules! ladder {
    ($method:ident: $($step:ident [$($reference:tt)*] [$($bounds:tt)*] $holder:ty, $doc:literal;)+) => {$(
        #[doc = $doc]
        pub trait $step {
            /// How it is kept.
            type Holder: Holder;

            /// The step that the compiler took.
            fn $method(&self) -> Held<Self::Holder> {
                held()
            }
        }

        impl<T: $($bounds)*> $step for $($reference)* Probe<T>
        where
            $holder: Keeps<T>,
        {
            type Holder = $holder;
        }
    )+};
}

ladder! {
    crash_local:
    LocalData [&&] [Plain] Data<T::Copy>, "A local of plain data.";
    LocalBeginning [&] [Snapshot] Beginning, "A local that is a text or a collection.";
    LocalType [] [Sized] NotKept, "Any other local.";
}

ladder! {
    crash_local_in_loop:
    LoopData [&&] [Plain] Data<T::Copy>, "A local of plain data, bound in a loop.";
    LoopBeginning [&] [Snapshot] InLoop, "A text or a collection that is bound in a loop.";
    LoopType [] [Sized] NotKept, "Any other local that is bound in a loop.";
}

ladder! {
    crash_local_debug:
    DebugData [&&] [Plain] Data<T::Copy>, "A local of plain data.";
    DebugWritten [&] [Debug] Written, "A local with a `Debug`, which may be used.";
    DebugType [] [Sized] NotKept, "Any other local.";
}

ladder! {
    crash_argument:
    ArgumentData [&&&&] [Plain] Data<T::Copy>, "An argument of plain data.";
    ArgumentKnown [&&&] [Copy + Snapshot] KnownArgument<T>, "A reference to a text or a collection.";
    ArgumentCopied [&&] [Copy + Debug] Argument<T>, "An argument that can be copied, and shown by the user's code.";
    ArgumentBeginning [&] [Snapshot] Beginning, "A text or a collection.";
    ArgumentType [] [Sized] NotKept, "Any other argument.";
}

ladder! {
    crash_argument_debug:
    DebugArgumentData [&&&&] [Plain] Data<T::Copy>, "An argument of plain data.";
    DebugArgumentKnown [&&&] [Copy + Snapshot] KnownArgument<T>, "A reference to a text or a collection.";
    DebugArgumentCopied [&&] [Copy + Debug] Argument<T>, "An argument that can be copied, and shown by the user's code.";
    DebugArgumentWritten [&] [Debug] Written, "An argument with a `Debug`, which may be used.";
    DebugArgumentType [] [Sized] NotKept, "Any other argument.";
}

//! Code that compiles because there is one way to read it. It is built apart, with the default features and nothing else in
//! the build. An implementation of a std trait for a std type, in this crate
//! or in any that it brings along, would be a second way, and such code would need annotations: so nothing that has one may
//! become a dependency. (`serde_json` has some for comparisons, `askama` has one for `fmt::Error`.)

use std::fmt;
use std::time::Duration;

use retry_core::crash_context;

struct Kind {
    event: bool,
    span: bool,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Which error the closure returns follows from the only one that becomes a `fmt::Error`.
        let mut has_bits = false;
        let mut write_bit = |name: &str| {
            if has_bits {
                f.write_str(" | ")?;
            }
            f.write_str(name)?;
            has_bits = true;
            Ok(())
        };
        if self.event {
            write_bit("EVENT")?;
        }
        if self.span {
            write_bit("SPAN")?;
        }
        Ok(())
    }
}

fn the_error_of_a_closure_that_writes_is_clear() {
    #[crash_context]
    fn shown(kind: &Kind) -> String {
        format!("{kind:?}")
    }
    assert_eq!(shown(&Kind { event: true, span: true }), "EVENT | SPAN");
}

fn what_is_compared_with_a_plain_value_is_clear() {
    macro_rules! parsed {
        ($($text:literal as $($type:ty)*),*) => {
            $($({
                let value: $type = $text.parse().unwrap();
                assert!(value == $text.parse().unwrap());
            })*)*
        };
    }
    parsed!("1" as u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64, "x" as char, "true" as bool);
    assert!(Duration::from_secs(1) == Default::default() || Duration::ZERO == Default::default());
}

fn what_an_empty_list_holds_is_clear() {
    let list: Vec<u8> = Vec::new();
    assert_eq!(&list[..], &[]);
    assert_eq!(list, []);
    assert_eq!(Some(&list[..]), Some(&[][..]));
}

fn main() {
    the_error_of_a_closure_that_writes_is_clear();
    what_is_compared_with_a_plain_value_is_clear();
    what_an_empty_list_holds_is_clear();
}

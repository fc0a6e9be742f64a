//! What is assigned is kept again, and "as of line n" is said where a value may have changed since, and nowhere else.

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, block_on, look};

#[test]
fn by_every_operator() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        a = 2;
        let mut b = 1;
        b += 5;
        let mut c = 9;
        c -= 1;
        c *= 2;
        c /= 4;
        c %= 3;
        let mut d = 0b1010_u8;
        d |= 1;
        d &= 0b11;
        d ^= 0b100;
        d <<= 2;
        d >>= 1;
        look()
    }
    assert_shows(&f(), "f", "a = 2\nb = 6\nc = 1\nd = 14");
}

#[test]
fn at_an_index() {
    #[crash_context]
    fn f(at: usize) -> Report {
        let mut array = [1, 2, 3];
        array[at] = 9;
        array[0] += 1;
        let mut nested = [[0; 2]; 2];
        nested[at][0] = 5;
        look()
    }
    assert_shows(&f(1), "f", "at = 1\narray = [2, 9, 3]\nnested = [[0, 0], [5, 0]]");
}

#[test]
fn a_field_of_a_tuple() {
    #[crash_context]
    fn f() -> Report {
        let mut pair = (1, 2);
        pair.0 = 9;
        look()
    }
    assert_shows(&f(), "f", "pair = (1, 2) @-2");
}

#[test]
fn taken_apart() {
    #[crash_context]
    fn f() -> Report {
        let (mut a, mut b, mut c) = (1, 2, 3);
        (a, b) = (b, a);
        [c, _] = [7, 8];
        (_, (a, ..)) = (0, (4, 5, 6));
        let mut d = 0;
        let mut e = 0;
        struct Own {
            d: u8,
            e: u8,
        }
        Own { d, e } = Own { d: 10, e: 11 };
        Some(d).unwrap_or(e);
        look()
    }
    assert_shows(&f(), "f", "a = 4\nb = 1\nc = 7\nd = 10\ne = 11");
}

#[test]
fn in_loops() {
    #[crash_context]
    fn f() -> Report {
        let mut sum = 0;
        let mut last = None;
        for n in 1..=4 {
            sum += n;
            last = Some(n);
        }
        let mut rounds = 0;
        while rounds < 3 {
            rounds += 1;
        }
        let mut count = 10;
        let found = loop {
            count -= 1;
            if count == 5 {
                break count;
            }
        };
        look()
    }
    assert_shows(&f(), "f", "sum = 10\nlast = Some(4)\nrounds = 3\ncount = 5\nfound = 5");
}

#[test]
fn in_branches_and_arms() {
    #[crash_context]
    fn f(n: u8) -> Report {
        let mut a = 0;
        if n == 1 {
            a = 1;
        } else {
            a = 2;
        }
        let mut b = 0;
        match n {
            1 => b = 10,
            _ => b = 20,
        }
        let mut c = 0;
        match n {
            1 => {
                c = 100;
            }
            _ if n > 9 => c += 5,
            _ => (),
        }
        let mut d = 0;
        let same = n == 1 && {
            d = 7;
            true
        };
        let e = if n == 1 {
            d += 1;
            d
        } else {
            0
        };
        look()
    }
    assert_shows(&f(1), "f", "n = 1\na = 1\nb = 10\nc = 100\nd = 8\nsame = true\ne = 8");
    assert_shows(&f(2), "f", "n = 2\na = 2\nb = 20\nc = 0\nd = 0\nsame = false\ne = 0");
}

#[test]
fn bound_later() {
    #[crash_context]
    fn f(n: u8) -> Report {
        let a;
        let b: u8;
        let never: u8;
        if n == 1 {
            a = "one".to_owned();
            b = 1;
        } else {
            a = String::new();
            b = 2;
        }
        let (c, d);
        (c, d) = (3, 4);
        let e;
        loop {
            e = 5;
            break;
        }
        look()
    }
    assert_shows(&f(1), "f", "n = 1\na = \"one\" @-13\nb = 1\nc = 3\nd = 4\ne = 5");
}

#[test]
fn declared_and_crashed_before_it_is_bound() {
    #[crash_context]
    fn f() -> Report {
        let late;
        let report = look();
        late = 1;
        let _: u8 = late;
        report
    }
    assert_shows(&f(), "f", "");
}

#[test]
fn declared_in_a_loop_and_bound_in_one_round_only() {
    #[crash_context]
    fn f() -> Option<Report> {
        for n in 0..2 {
            let late;
            if n == 1 {
                return Some(look());
            }
            late = n;
            let _: u8 = late;
        }
        None
    }
    assert_shows(&f().unwrap(), "f", "n = 1");
}

#[test]
fn assigned_by_what_comes_to_an_end_in_the_middle() {
    #[crash_context]
    fn f(stop: bool) -> Result<Report, Report> {
        let mut a = 1;
        a = if stop { return Err(look()) } else { 2 };
        Ok(look())
    }
    assert_shows(&f(true).unwrap_err(), "f", "stop = true\na = 1");
    assert_shows(&f(false).unwrap(), "f", "stop = false\na = 2");
}

#[test]
fn changed_through_a_reference() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        let b = &mut a;
        *b = 2;
        let mut c = 3;
        std::mem::swap(&mut c, &mut 4);
        let mut d = [3, 1, 2];
        d.sort();
        let mut e = 5;
        let address = &raw mut e;
        let mut f = 6;
        for n in &mut [1] {
            f += *n;
        }
        let mut g = Some(1);
        g.take();
        let mut h = Some(1);
        if let Some(n) = &mut h {
            *n = 2;
        }
        let mut i = Some(1);
        if let Some(ref mut n) = i {
            *n = 2;
        }
        look()
    }
    assert_shows(
        &f(),
        "f",
        "a = 1 @-23
         b = 1 @-22
         c = 3 @-20
         d = [3, 1, 2] @-18
         e = 5 @-16
         address = 0x..
         f = 7
         g = Some(1) @-10
         h = Some(1) @-8
         i = Some(1) @-4",
    );
}

#[test]
fn matched_by_a_reference_that_is_not_written() {
    #[crash_context]
    fn f() -> Report {
        let mut a = Some(1);
        match a {
            Some(ref mut n) => *n = 2,
            None => (),
        }
        let mut b = (1, 2);
        let (ref mut c, _) = b;
        *c = 3;
        look()
    }
    assert_shows(&f(), "f", "a = Some(1) @-8\nb = (1, 2) @-3\nc = 1 @-2");
}

#[test]
fn changed_by_closures() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        let mut add = || a += 1;
        add();
        let mut b = 1;
        (0..3).for_each(|_| b += 1);
        let mut c = 1;
        let read = || c + 1;
        let d = 1;
        let captured = move || d + 1;
        look()
    }
    assert_shows(
        &f(),
        "f",
        "a = 1 @-9
         add: {{closure}}
         b = 1 @-6
         c = 1 @-4
         read: {{closure}}
         d = 1
         captured: {{closure}}",
    );
}

#[test]
fn a_closure_that_is_called_where_it_stands() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        (|| {
            a += 1;
            a = a * 3;
        })();
        look()
    }
    assert_shows(&f(), "f", "a = 6");
}

#[test]
fn changed_by_macros() {
    macro_rules! bump {
        ($name:ident) => {
            $name += 1
        };
    }
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        bump!(a);
        let mut b = 1;
        assert!(b < 2 && matches!(b, 1), "{b}");
        let mut c = String::new();
        use std::fmt::Write;
        write!(c, "{a}").unwrap();
        let list = vec![b; 2];
        look()
    }
    assert_shows(&f(), "f", "a = 1 @-8\nb = 1\nc = \"\" @-4\nlist = [1, 1] @-1");
}

#[test]
fn changed_among_the_arguments_of_a_macro_that_only_reads() {
    #[crash_context]
    fn f() -> Report {
        let mut a = Some(1);
        assert_eq!(a.take(), Some(1));
        let mut b = 0..9;
        assert!(b.any(|n| n == 3), "{:?}", b.start);
        let mut c = 1;
        println!("{}", {
            c += 1;
            c
        });
        let mut d = (1, [2]);
        println!("{}", std::mem::replace(&mut d.1[0], 3));
        let mut e = 1;
        println!("{e} {e} {} {d}", e == 1 && e <= 2 && e >= 0, e = e, d = e.max(1));
        let mut f = [1, 2];
        assert!(matches!(f.iter().max(), Some(n) if *n == f[1]));
        look()
    }
    assert_shows(
        &f(),
        "f",
        "a = Some(1) @-15
         b = 0..9 @-13
         c = 1 @-11
         d = (1, [2]) @-6
         e = 1
         f = [1, 2]",
    );
}

#[test]
fn reading_is_no_change() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 5_i32;
        a = a.abs().pow(2).max(3).checked_add(1).unwrap_or(0);
        println!("{a}");
        let read = &a;
        let mut b = Some(2);
        b = b.map(|n| n + 1).filter(|n| *n > 0);
        let is_some = b.is_some();
        let mut c = [1, 2, 3];
        c = [3; 3];
        let sum: i32 = c.iter().sum();
        let first = c[0];
        look()
    }
    assert_shows(
        &f(),
        "f",
        "a = 26
         read = 26
         b = Some(3)
         is_some = true
         c = [3, 3, 3]
         sum = 9
         first = 3",
    );
}

#[test]
fn what_is_not_mut_has_no_mark() {
    #[crash_context]
    fn f() -> Report {
        let array = [1, 2];
        let call = || array[0];
        let text = format!("{array:?}");
        let range = 0..call();
        look()
    }
    assert_shows(&f(), "f", "array = [1, 2]\ncall: {{closure}}\ntext = \"[1, 2]\" @-2\nrange = 0..1");
}

#[test]
fn an_iterator_is_moved_on_by_a_loop() {
    #[crash_context]
    fn f() -> Report {
        let mut rest = 0..9;
        rest.next();
        let mut by_ref = 0..9;
        for n in by_ref.by_ref() {
            if n == 3 {
                break;
            }
        }
        look()
    }
    assert_shows(&f(), "f", "rest = 0..9 @-8\nby_ref = 0..9 @-6");
}

#[test]
fn text_is_not_kept_again() {
    #[crash_context]
    fn f() -> Report {
        let mut text = "a".to_owned();
        text = "b".to_owned();
        text += "c";
        look()
    }
    assert_shows(&f(), "f", "text = \"a\" @-3");
}

#[test]
fn an_assignment_as_a_value() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        let unit = a = 2;
        let mut b = 0;
        let block = {
            b += 1;
            b = b + 1
        };
        let call = std::convert::identity(a += 3);
        look()
    }
    assert_shows(&f(), "f", "a = 5\nunit = ()\nb = 2\nblock = ()\ncall = ()");
}

#[test]
fn in_a_condition_and_in_arguments() {
    #[crash_context]
    fn f() -> Report {
        let mut n = 0;
        while {
            n += 1;
            n < 3
        } {}
        let mut m = 0;
        let list = [
            {
                m += 1;
                m
            },
            {
                m += 1;
                m
            },
        ];
        look()
    }
    assert_shows(&f(), "f", "n = 3\nm = 2\nlist = [1, 2]");
}

#[test]
fn an_argument_that_is_made_mutable() {
    #[crash_context]
    fn f(numbers: [u8; 3], count: u8, kept: u8) -> Report {
        let mut numbers = numbers;
        numbers.sort();
        let mut count = count;
        count += 1;
        {
            let mut kept = kept;
            kept += 1;
        }
        look()
    }
    assert_shows(
        &f([3, 2, 1], 1, 5),
        "f",
        "numbers = [3, 2, 1] @-9
         count = 2
         kept = 5",
    );
}

#[test]
fn a_copy_that_is_moved_elsewhere_and_changed_there() {
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        a += 1;
        (move || {
            a += 10;
        })();
        look()
    }
    #[crash_context]
    async fn g() -> Report {
        let mut a = 1;
        a += 1;
        async move {
            a += 10;
        }
        .await;
        look()
    }
    assert_shows(&f(), "f", "a = 2 @-4");
    assert_shows(&block_on(g()), "g", "a = 2 @-5");
}

#[test]
fn shadowed_within_a_macro() {
    macro_rules! local {
        ($name:ident = $value:expr) => {
            #[allow(unused_mut)]
            let mut $name = $value;
        };
    }
    macro_rules! pattern {
        ($name:ident) => {
            Some(mut $name)
        };
    }
    #[crash_context]
    fn f() -> Report {
        let mut a = 1;
        local!(a = "text");
        a = "more";
        let mut b = 1;
        if let pattern!(b) = Some("text") {
            b = "more";
        }
        look()
    }
    assert_shows(&f(), "f", "a = 1 @-7\nb = 1");
}

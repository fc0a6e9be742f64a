//! Which values are in scope: those of blocks, loops and arms that have ended are gone, and so is what is shadowed.

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, look};

#[test]
fn shadowed() {
    #[crash_context]
    fn f(a: u8) -> Report {
        let a = a + 1;
        let a = "text";
        let a = 'a';
        let b = 1;
        let b = b;
        look()
    }
    assert_shows(&f(1), "f", "a = 'a'\nb = 1");
}

#[test]
fn shadowed_in_a_block() {
    #[crash_context]
    fn f() -> (Report, Report) {
        let a = 1;
        let inner = {
            let a = 2;
            let only_inside = 3;
            look()
        };
        (inner, look())
    }
    let (inner, outer) = f();
    assert_shows(&inner, "f", "a = 2\nonly_inside = 3");
    assert_shows(&outer, "f", "a = 1\ninner: Report");
}

#[test]
fn nested_blocks() {
    #[crash_context]
    fn f() -> Vec<Report> {
        let a = 1;
        let mut reports = Vec::new();
        {
            let b = 2;
            {
                let c = 3;
                reports.push(look());
            }
            reports.push(look());
            #[allow(unused_unsafe)]
            unsafe {
                let d = 4;
                reports.push(look());
            }
        }
        reports.push(look());
        reports
    }
    let reports = f();
    for (report, expected) in reports.iter().zip(["b = 2\nc = 3", "b = 2", "b = 2\nd = 4", ""]) {
        assert_shows(report, "f", &format!("a = 1\nreports: Vec<Report>\n{expected}"));
    }
}

#[test]
fn loops() {
    #[crash_context]
    fn f() -> Vec<Report> {
        let mut reports = vec![];
        for n in 0..2 {
            let square = n * n;
            reports.push(look());
        }
        let mut left = 1;
        while left > 0 {
            let before = left;
            left -= 1;
            reports.push(look());
        }
        loop {
            let once = true;
            reports.push(look());
            break;
        }
        reports.push(look());
        reports
    }
    let reports = f();
    let expected = [
        "n = 0\nsquare = 0",
        "n = 1\nsquare = 1",
        "left = 0\nbefore = 1",
        "left = 0\nonce = true",
        "left = 0",
    ];
    assert_eq!(reports.len(), expected.len());
    for (report, expected) in reports.iter().zip(expected) {
        assert_shows(report, "f", &format!("reports: Vec<Report>\n{expected}"));
    }
}

#[test]
fn continue_and_break_end_a_round() {
    #[crash_context]
    fn f() -> Report {
        for n in 0..3 {
            let half = n / 2;
            if n == 1 {
                let inside = 1;
                continue;
            }
            if n == 2 {
                break;
            }
        }
        'outer: for a in 0..2 {
            for b in 0..2 {
                let sum = a + b;
                if sum == 1 {
                    continue 'outer;
                }
            }
        }
        look()
    }
    assert_shows(&f(), "f", "");
}

#[test]
fn for_patterns() {
    #[crash_context]
    fn f() -> Vec<Report> {
        let mut reports = Vec::new();
        for (at, &letter) in ['a', 'b'].iter().enumerate() {
            reports.push(look());
        }
        for [x, y] in [[1, 2]] {
            reports.push(look());
        }
        for item in &[7_u8] {
            reports.push(look());
        }
        for (_, _) in [(1, 2)] {
            reports.push(look());
        }
        reports
    }
    let reports = f();
    let expected = ["at = 0\nletter = 'a'", "at = 1\nletter = 'b'", "x = 1\ny = 2", "item = 7", ""];
    assert_eq!(reports.len(), expected.len());
    for (report, expected) in reports.iter().zip(expected) {
        assert_shows(report, "f", &format!("reports: Vec<Report>\n{expected}"));
    }
}

#[test]
fn if_let() {
    #[crash_context]
    fn f(value: Option<Result<u8, char>>) -> Report {
        if let Some(Ok(number)) = value {
            look()
        } else if let Some(Err(letter)) = value {
            look()
        } else {
            look()
        }
    }
    assert_shows(&f(Some(Ok(1))), "f", "value = Some(Ok(1))\nnumber = 1");
    assert_shows(&f(Some(Err('e'))), "f", "value = Some(Err('e'))\nletter = 'e'");
    assert_shows(&f(None), "f", "value = None");
}

#[test]
fn if_let_chains() {
    #[crash_context]
    fn f(a: Option<u8>, b: Option<u8>) -> Report {
        if let Some(left) = a
            && left > 0
            && let Some(right) = b
            && let sum = left + right
            && sum < 100
        {
            return look();
        }
        look()
    }
    assert_shows(&f(Some(1), Some(2)), "f", "a = Some(1)\nb = Some(2)\nleft = 1\nright = 2\nsum = 3");
    assert_shows(&f(Some(1), None), "f", "a = Some(1)\nb = None");
}

#[test]
fn let_else() {
    #[crash_context]
    fn f(value: Option<(u8, &str)>) -> Report {
        let Some((number, text)) = value else {
            let missing = true;
            return look();
        };
        look()
    }
    assert_shows(&f(Some((1, "a"))), "f", "value = Some((1, \"a\"))\nnumber = 1\ntext = \"a\" @-4");
    assert_shows(&f(None), "f", "value = None\nmissing = true");
}

#[test]
fn while_let() {
    #[crash_context]
    fn f() -> Vec<Report> {
        let mut stack = vec![1, 2];
        let mut reports = Vec::new();
        while let Some(top) = stack.pop() {
            reports.push(look());
        }
        while let Some(n) = stack.pop()
            && let m = n
        {
            unreachable!("{m}");
        }
        reports.push(look());
        reports
    }
    let reports = f();
    assert_shows(&reports[0], "f", "stack = [1, 2] @-3\nreports: Vec<Report>\ntop = 2");
    assert_shows(&reports[1], "f", "stack = [1, 2] @-3\nreports: Vec<Report>\ntop = 1");
    assert_shows(&reports[2], "f", "stack = [1, 2] @-10\nreports: Vec<Report>");
}

#[test]
fn match_arms() {
    enum Shape {
        Circle { radius: f64 },
        Square(u8),
        Named(String),
    }
    use Shape::{Circle, Named, Square};
    #[crash_context]
    fn f(shape: Shape) -> Report {
        match shape {
            Circle { radius: r } if r > 9.0 => look(),
            Circle { radius } => {
                let area = radius * 2.0;
                look()
            }
            Square(side @ (1 | 2)) => look(),
            Square(other) => look(),
            Named(name) if let Some(first) = name.chars().next() => look(),
            Named(ref name) => look(),
        }
    }
    assert_shows(&f(Circle { radius: 10.0 }), "f", "shape: Shape\nr = 10.0");
    assert_shows(&f(Circle { radius: 1.0 }), "f", "shape: Shape\nradius = 1.0\narea = 2.0");
    assert_shows(&f(Square(2)), "f", "shape: Shape\nside = 2");
    assert_shows(&f(Square(3)), "f", "shape: Shape\nother = 3");
    assert_shows(&f(Named("ab".into())), "f", "shape: Shape\nname = \"ab\" @+0\nfirst = 'a'");
    assert_shows(&f(Named("".into())), "f", "shape: Shape\nname = \"\" @+0");
}

#[test]
fn or_patterns_and_bindings() {
    #[crash_context]
    fn f(pair: (u8, u8)) -> Report {
        match pair {
            (0, n) | (n, 0) => look(),
            whole @ (x, ..) if x == 1 => look(),
            (a @ 2..=5, b @ _) => look(),
            _ => look(),
        }
    }
    assert_shows(&f((7, 0)), "f", "pair = (7, 0)\nn = 7");
    assert_shows(&f((1, 2)), "f", "pair = (1, 2)\nwhole = (1, 2)\nx = 1");
    assert_shows(&f((3, 2)), "f", "pair = (3, 2)\na = 3\nb = 2");
    assert_shows(&f((9, 9)), "f", "pair = (9, 9)");
}

#[test]
fn slices_taken_apart() {
    #[crash_context]
    fn f(words: &[&str]) -> Report {
        match words {
            [] => look(),
            [only] => look(),
            [first, middle @ .., last] => look(),
        }
    }
    assert_shows(&f(&[]), "f", "words = []");
    assert_shows(&f(&["a"]), "f", "words = [\"a\"]\nonly = \"a\" @+0");
    assert_shows(
        &f(&["a", "b", "c"]),
        "f",
        "words = [\"a\", \"b\", \"c\"]\nfirst = \"a\" @+0\nmiddle = [\"b\"] @+0\nlast = \"c\" @+0",
    );
}

#[test]
fn a_match_arm_that_has_ended() {
    #[crash_context]
    fn f(n: u8) -> Report {
        let kind = match n {
            small @ 0..9 => small + 1,
            large => large - 1,
        };
        look()
    }
    assert_shows(&f(3), "f", "n = 3\nkind = 4");
}

#[test]
fn labelled_blocks() {
    #[crash_context]
    fn f(n: u8) -> Report {
        let found = 'search: {
            let inside = 1;
            if n == 1 {
                break 'search inside;
            }
            let more = 2;
            more
        };
        look()
    }
    assert_shows(&f(1), "f", "n = 1\nfound = 1");
    assert_shows(&f(2), "f", "n = 2\nfound = 2");
}

#[test]
fn closures_are_left_alone() {
    #[crash_context]
    fn f(a: u8) -> Report {
        let call = |b: u8| {
            let inside = b;
            look()
        };
        call(1)
    }
    assert_shows(&f(1), "f", "a = 1\ncall: {{closure}}");
}

#[test]
fn nested_functions_are_left_alone() {
    #[crash_context]
    fn outer(a: u8) -> Report {
        #[inline(never)]
        fn plain(b: u8) -> Report {
            let inside = b;
            annotated(b)
        }
        #[crash_context]
        fn annotated(c: u8) -> Report {
            look()
        }
        plain(a + 1)
    }
    let report = outer(1);
    assert_shows(&report, "outer", "a = 1");
    assert_shows(&report, "annotated", "c = 2");
    assert!(report.frames.iter().any(|frame| !frame.annotated && frame.function.ends_with("::plain")));
}

#[test]
fn the_question_mark_and_early_returns() {
    #[crash_context]
    fn inner(fail: bool) -> Result<u8, String> {
        let value = 1;
        if fail {
            let why = "because";
            return Err(why.to_owned());
        }
        Ok(value)
    }
    #[crash_context]
    fn outer(fail: bool) -> Result<Report, String> {
        let got = inner(fail)?;
        Ok(look())
    }
    let report = outer(false).unwrap();
    assert_eq!(crate::support::frames(&report), ["outer"]);
    assert_shows(&report, "outer", "fail = false\ngot = 1");
    assert_eq!(outer(true).unwrap_err(), "because");
    assert_eq!(crate::support::frames(&look()), [""; 0]);
}

#[test]
fn conditions_of_compilation() {
    #[crash_context]
    fn f(#[cfg(any())] absent: Absent, #[cfg(test)] present: u8, plain: u8) -> Report {
        #[cfg(any())]
        let never = no_such_function();
        #[cfg(test)]
        let always = 1;
        #[cfg(not(any()))]
        {
            let inside = 2;
            return look();
        }
        #[allow(unreachable_code)]
        look()
    }
    assert_shows(&f(1, 2), "f", "present = 1\nplain = 2\nalways = 1\ninside = 2");
}

#[test]
fn macros_in_the_body() {
    macro_rules! local {
        ($name:ident = $value:expr) => {
            let $name = $value;
        };
    }
    #[crash_context]
    fn f() -> Report {
        local!(hidden = 1);
        let shown = hidden + 1;
        macro_rules! twice {
            ($e:expr) => {
                $e * 2
            };
        }
        let more = twice!(shown);
        look()
    }
    assert_shows(&f(), "f", "shown = 2\nmore = 4");
}

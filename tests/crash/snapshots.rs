//! Text and collections: a bounded snapshot at the binding.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};

use retry_core::crash::Report;
use retry_core::crash_context;

use crate::support::{assert_shows, look, values};

#[test]
fn text() {
    #[crash_context]
    fn f() -> Report {
        let literal = "a\"b";
        let owned = String::from("ä\n");
        let empty = String::new();
        let boxed: Box<str> = "box".into();
        let counted: Rc<str> = "rc".into();
        let shared: Arc<str> = "arc".into();
        let borrowed = Cow::Borrowed("cow");
        let made: Cow<'static, str> = Cow::Owned("cow".into());
        let slice = &owned[..2];
        let maybe = Some("some".to_owned());
        let nothing: Option<String> = None;
        let terminated = CString::new("c").unwrap();
        look()
    }
    assert_shows(
        &f(),
        "f",
        "literal = \"a\\\"b\" @-12
         owned = \"ä\\n\" @-11
         empty = \"\" @-10
         boxed = \"box\" @-9
         counted = \"rc\" @-8
         shared = \"arc\" @-7
         borrowed = \"cow\" @-6
         made = \"cow\" @-5
         slice = \"ä\" @-4
         maybe = Some(\"some\") @-3
         nothing = None @-2
         terminated = \"c\" @-1",
    );
}

#[test]
fn paths() {
    #[crash_context]
    fn f() -> Report {
        let path = Path::new("/tmp/a b");
        let owned = PathBuf::from("/home");
        let os = OsStr::new("os");
        let os_owned = OsString::from("owned");
        let joined = owned.join("x");
        look()
    }
    assert_shows(
        &f(),
        "f",
        "path = \"/tmp/a b\" @-5
         owned = \"/home\" @-4
         os = \"os\" @-3
         os_owned = \"owned\" @-2
         joined = \"/home/x\" @-1",
    );
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_text() {
    use std::os::unix::ffi::OsStringExt;
    #[crash_context]
    fn f() -> Report {
        let path = PathBuf::from(OsString::from_vec(vec![b'a', 0xff, b'b']));
        let c = CString::new(vec![0xfe, b'c']).unwrap();
        look()
    }
    assert_shows(&f(), "f", "path = \"a\u{fffd}b\" @-2\nc = \"\u{fffd}c\" @-1");
}

#[test]
fn collections() {
    #[crash_context]
    fn f() -> Report {
        let list = vec![1, 2, 3];
        let queue = VecDeque::from([1_u8, 2]);
        let linked = LinkedList::from(['a']);
        let heap = BinaryHeap::from([5]);
        let sorted = BTreeSet::from([2, 1]);
        let set = HashSet::from(["one"]);
        let map = HashMap::from([("key".to_owned(), 1_u64)]);
        let tree = BTreeMap::from([(1, "a"), (2, "b")]);
        let slice = &list[1..];
        let boxed = list.clone().into_boxed_slice();
        let shared = Arc::new(vec![1]);
        let none: Vec<u8> = Vec::new();
        look()
    }
    assert_shows(
        &f(),
        "f",
        "list = [1, 2, 3] @-12
         queue = [1, 2] @-11
         linked = ['a'] @-10
         heap = [5] @-9
         sorted = {1, 2} @-8
         set = {\"one\"} @-7
         map = {\"key\": 1} @-6
         tree = {1: \"a\", 2: \"b\"} @-5
         slice = [2, 3] @-4
         boxed = [1, 2, 3] @-3
         shared = [1] @-2
         none = [] @-1",
    );
}

#[test]
fn nested() {
    #[crash_context]
    fn f() -> Report {
        let words = vec!["a".to_owned(), "b".to_owned()];
        let groups = HashMap::from([(1, vec![Some("x".to_owned()), None])]);
        let pairs = vec![(1, "one".to_owned())];
        let results: Vec<Result<u8, String>> = vec![Ok(1), Err("bad".into())];
        let options = Some(vec![1.5]);
        let pair = ("text".to_owned(), 2);
        let single = ("text".to_owned(),);
        let array = ["a".to_owned(), "b".to_owned()];
        let result: Result<String, u8> = Ok("fine".into());
        look()
    }
    assert_shows(
        &f(),
        "f",
        "words = [\"a\", \"b\"] @-9
         groups = {1: [Some(\"x\"), None]} @-8
         pairs = [(1, \"one\")] @-7
         results = [Ok(1), Err(\"bad\")] @-6
         options = Some([1.5]) @-5
         pair = (\"text\", 2) @-4
         single = (\"text\",) @-3
         array = [\"a\", \"b\"] @-2
         result = Ok(\"fine\") @-1",
    );
}

#[test]
fn what_holds_own_types_shows_its_type() {
    #[derive(Debug)]
    struct Own;
    #[crash_context]
    fn f() -> Report {
        let list = vec![Own];
        let map = HashMap::from([(1, Own)]);
        let cell = RefCell::new(1);
        let lock = Mutex::new("a".to_owned());
        let dynamic: Vec<Box<dyn std::fmt::Debug>> = Vec::new();
        look()
    }
    assert_shows(
        &f(),
        "f",
        "list: Vec<Own>
         map: HashMap<i32, Own>
         cell: RefCell<i32>
         lock: Mutex<String>
         dynamic: Vec<Box<dyn Debug>>",
    );
}

#[test]
fn cells_and_atomics() {
    #[crash_context]
    fn f() -> Report {
        let cell = Cell::new(1);
        cell.set(2);
        let flag = AtomicBool::new(true);
        let count = Arc::new(AtomicU64::new(3));
        look()
    }
    assert_shows(&f(), "f", "cell = Cell { value: 1 } @-4\nflag = true @-2\ncount = 3 @-1");
}

#[test]
fn huge_ones_are_cut() {
    #[crash_context]
    fn f() -> Report {
        let text = "x".repeat(1_000_000);
        let list = vec![7_u64; 1_000_000];
        let words = vec!["word".to_owned(); 100_000];
        let map: BTreeMap<u32, u32> = (0..100_000).map(|n| (n, n)).collect();
        let long_first = vec!["y".repeat(1000), "z".to_owned()];
        look()
    }
    let report = f();
    let values = values(&report, "f");
    assert!(
        values["text"].starts_with(" = \"xxxxxxxx") && values["text"].ends_with("x\"... (1000000 bytes) @-5")
    );
    assert!(
        values["list"].starts_with(" = [7, 7, 7, 7, ")
            && values["list"].ends_with("7, ...] (1000000 items) @-4")
    );
    assert!(
        values["words"].starts_with(" = [\"word\", \"word\", ")
            && values["words"].ends_with("] (100000 items) @-3")
    );
    assert!(
        values["map"].starts_with(" = {0: 0, 1: 1, ") && values["map"].ends_with("...} (100000 items) @-2")
    );
    assert!(values["long_first"].contains("yyyy") && values["long_first"].ends_with(" @-1"), "{values:?}");
    assert!(values.values().all(|value| value.len() < 400), "{values:#?}");
}

#[test]
fn an_argument_is_shown_at_more_length() {
    #[crash_context]
    fn f(text: &str, list: &[u64]) -> Report {
        look()
    }
    let report = f(&"x".repeat(1_000_000), &[u64::MAX; 100_000]);
    let found = values(&report, "f");
    assert!(
        found["text"].contains("xxxxx") && found["list"].contains("18446744073709551615, "),
        "{found:#?}"
    );
    let report = f(&"\u{1}".repeat(1_000_000), &[7; 100_000]);
    let values = values(&report, "f");
    assert!((500..1200).contains(&values["text"].len()), "{values:#?}");
    assert!((200..1200).contains(&values["list"].len()), "{values:#?}");
    assert!(
        values["text"].contains("1000000 bytes") && values["list"].contains("100000 items"),
        "{values:#?}"
    );
}

#[test]
fn cut_within_a_character() {
    #[crash_context]
    fn f() -> Report {
        let a = "ä".repeat(1000);
        let b = format!("x{}", "ä".repeat(1000));
        let c = "😀".repeat(1000);
        let d = format!("xyz{}", "😀".repeat(1000));
        look()
    }
    let report = f();
    for (name, value) in values(&report, "f") {
        assert!(!value.contains('\u{fffd}') && !value.contains("\\u"), "{name}{value}");
        assert!(value.contains("bytes)"), "{name}{value}");
    }
}

#[test]
fn a_table_that_is_nearly_empty_is_not_searched() {
    #[crash_context]
    fn f() -> Report {
        let mut map = HashMap::with_capacity(1_000_000);
        map.insert(1, 2);
        let small: HashMap<_, _> = map.clone().into_iter().collect();
        let moved = map;
        look()
    }
    assert_shows(
        &f(),
        "f",
        "map = {} @-4
         small = {1: 2} @-2
         moved = {...} (1 items) @-1",
    );
}

#[test]
fn not_in_loops() {
    #[crash_context]
    fn f() -> Option<Report> {
        let outside = "a".to_owned();
        for n in 0..3 {
            let text = format!("{n}");
            let list = vec![n];
            let number = n + 1;
            if n == 2 {
                return Some(look());
            }
        }
        None
    }
    assert_shows(
        &f().unwrap(),
        "f",
        "outside = \"a\" @-6
         n = 2
         text: String
         list: Vec<i32>
         number = 3",
    );
}

#[test]
fn bound_by_patterns() {
    #[crash_context]
    fn f(pair: (String, Option<Vec<u8>>)) -> Report {
        let (name, list) = pair;
        if let Some(list) = &list {
            let report = look();
            return report;
        }
        look()
    }
    assert_shows(
        &f(("n".into(), Some(vec![1]))),
        "f",
        "pair = (\"n\", Some([1])) @-3
         name = \"n\" @-2
         list = [1] @-1",
    );
}

#[test]
fn what_is_moved_or_gone_is_still_shown_as_it_was() {
    #[crash_context]
    fn f() -> Report {
        let text = "moved".to_owned();
        let list = vec![1];
        drop(list);
        let taken = text;
        look()
    }
    assert_shows(&f(), "f", "text = \"moved\" @-4\nlist = [1] @-3\ntaken = \"moved\" @-1");
}

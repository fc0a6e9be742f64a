//! The pictures of `walkthrough`: rustdoc gets them as text, others as files.

use super::{docs, read};

#[test]
fn each_picture_of_the_walkthrough_is_there_twice() {
    let page = read(&docs("walkthrough.md"));
    let embedded = read(&docs("pictures/embedded.md"));
    let shown: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("![")?.strip_suffix(']')?.rsplit_once("]["))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(shown, ["terminal", "page", "viewer"]);
    for name in shown {
        let start = format!("[{name}]: data:image/webp;base64,");
        let data = embedded.lines().find_map(|line| line.strip_prefix(&start));
        let data = data.unwrap_or_else(|| panic!("{name} is not embedded"));
        let file = std::fs::read(docs(&format!("pictures/{name}.webp"))).expect("the picture is a file");
        assert!(file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP"));
        let padding = data.bytes().rev().take_while(|byte| *byte == b'=').count();
        assert_eq!(data.len() / 4 * 3 - padding, file.len(), "{name}: make the pictures again");
    }
}

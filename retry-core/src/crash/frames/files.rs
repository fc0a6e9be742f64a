//! Source files: how they are called, and the lines in them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::report::{Place, Source};

/// Lines shown before and after the place.
const AROUND: u32 = 5;
/// Files that are larger were not written by hand.
const LARGEST_FILE: u64 = 4 << 20;
/// Characters of a line.
const LONGEST_LINE: usize = 300;

/// Debug information calls files by absolute paths, the compiler calls them as it was given them, mostly relative to
/// where it ran: the files of one crate tell what is between the two.
#[derive(Debug, Default)]
pub(super) struct Roots(Vec<String>);

impl Roots {
    /// Both are the same file.
    pub(super) fn learn(&mut self, absolute: &str, relative: &str) {
        if is_absolute(relative) {
            return;
        }
        if let Some(root) = absolute.strip_suffix(relative)
            && root.ends_with(['/', '\\'])
            && !self.0.iter().any(|known| known == root)
        {
            self.0.push(root.to_owned());
            self.0.sort_by_key(String::len);
        }
    }

    /// As the compiler would call it.
    pub(super) fn relative<'a>(&self, file: &'a str) -> &'a str {
        self.0.iter().find_map(|root| file.strip_prefix(root.as_str())).unwrap_or(file)
    }

    /// Where it may be.
    fn candidates<'a>(&'a self, file: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        self.0.iter().map(move |root| Path::new(root).join(file))
    }
}

/// Whether both call the same file.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() < other.len() { (other, one) } else { (one, other) };
    long.strip_suffix(short)
        .is_some_and(|root| root.is_empty() || (root.ends_with(['/', '\\']) && !is_absolute(short)))
}

pub(super) fn is_absolute(file: &str) -> bool {
    file.starts_with(['/', '\\']) || file.get(1..2) == Some(":")
}

/// Reads lines of source files, each file once.
pub(super) struct Library<'a> {
    pub(super) roots: &'a Roots,
    pub(super) nearby: Nearby,
    read: HashMap<PathBuf, Option<Rc<str>>>,
}

/// Lines, and the file that they stand in.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) source: Source,
    pub(super) path: PathBuf,
}

/// Where to look for files of which only a relative path is known.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    /// Sure to belong to this program.
    own: Vec<PathBuf>,
    /// May belong to another one, which has files of the same name.
    doubtful: Vec<PathBuf>,
}

impl Nearby {
    pub(super) fn find() -> Self {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let mut own: Vec<PathBuf> =
            package.iter().flat_map(|package| package.ancestors().take(4)).map(Path::to_path_buf).collect();
        let mut doubtful = Vec::new();
        if let Ok(here) = std::env::current_dir() {
            let built_here = std::env::current_exe().is_ok_and(|program| program.starts_with(&here));
            if built_here && here.parent().is_some() { own.push(here) } else { doubtful.push(here) }
        }
        Self { own, doubtful }
    }
}

impl<'a> Library<'a> {
    pub(super) fn new(roots: &'a Roots, nearby: Nearby) -> Self {
        Self { roots, nearby, read: HashMap::new() }
    }

    /// The lines around a place. `absolute` is the file by the debug information, `heading` the line and the name of a
    /// function that is known to be in it.
    pub(super) fn around(
        &mut self,
        place: &Place,
        absolute: Option<&str>,
        heading: Option<(u32, &str)>,
    ) -> Option<Found> {
        let mut sure: Vec<PathBuf> = absolute.map(PathBuf::from).into_iter().collect();
        let mut doubtful = Vec::new();
        if is_absolute(&place.file) {
            sure.push(PathBuf::from(&place.file));
        } else {
            sure.extend(self.roots.candidates(&place.file));
            sure.extend(self.nearby.own.iter().map(|folder| folder.join(&place.file)));
            doubtful.extend(self.nearby.doubtful.iter().map(|folder| folder.join(&place.file)));
        }
        let sure = sure.iter().find_map(|path| Some((path, self.text(path)?)));
        let (path, text) = sure.or_else(|| {
            let (line, function) = heading?;
            let mut texts = doubtful.iter().filter_map(|path| Some((path, self.text(path)?)));
            texts.find(|(_, text)| has_heading(text, line, function))
        })?;
        Some(Found { source: lines_around(&text, place)?, path: path.clone() })
    }

    fn text(&mut self, path: &Path) -> Option<Rc<str>> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let text = read(path).map(Rc::from);
        self.read.insert(path.to_path_buf(), text.clone());
        text
    }
}

/// Only regular files, which nobody has to wait for.
fn read(path: &Path) -> Option<String> {
    let about = fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > LARGEST_FILE {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST_FILE).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn has_heading(text: &str, line: u32, function: &str) -> bool {
    let line = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    text.lines().nth(line).is_some_and(|line| line.contains("fn ") && line.contains(function))
}

fn lines_around(text: &str, place: &Place) -> Option<Source> {
    let first_line = place.line.saturating_sub(AROUND).max(1);
    let before = place.line.checked_sub(first_line)?;
    let (skip, take) = (usize::try_from(first_line - 1).ok()?, usize::try_from(before + 1 + AROUND).ok()?);
    let lines: Vec<String> = text.lines().skip(skip).take(take).map(cut).collect();
    (lines.len() > usize::try_from(before).ok()?).then_some(Source { first_line, lines })
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Library, Nearby, Roots, is_same};
    use crate::crash::report::{Place, Source};
    use std::fs;
    use std::path::PathBuf;

    fn place(file: &str, line: u32) -> Place {
        Place { file: file.to_owned(), line, column: None }
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("retry-core-frames-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        folder
    }

    #[test]
    fn paths_are_called_as_the_compiler_calls_them() {
        let mut roots = Roots::default();
        roots.learn("/ws/shop/src/orders.rs", "src/orders.rs");
        roots.learn("/ws/shop/src/orders.rs", "/ws/shop/src/orders.rs");
        roots.learn("/ws/shop/src/orders.rs", "rs");
        roots.learn("/ws/shop/src/main.rs", "shop/src/main.rs");
        assert_eq!(roots.0, ["/ws/", "/ws/shop/"]);
        assert_eq!(roots.relative("/ws/shop/src/main.rs"), "shop/src/main.rs");
        assert_eq!(roots.relative("/elsewhere/src/main.rs"), "/elsewhere/src/main.rs");
        assert!(is_same("/ws/src/main.rs", "src/main.rs"));
        assert!(is_same("src/main.rs", "src/main.rs"));
        assert!(!is_same("/ws/src/xmain.rs", "main.rs"));
        assert!(!is_same("/ws/a/main.rs", "/main.rs"));
    }

    #[test]
    fn five_lines_before_and_after() {
        let folder = folder("lines");
        let file = folder.join("src/main.rs");
        let text: Vec<String> = (1..=20).map(|line| format!("line {line}")).collect();
        fs::write(&file, text.join("\r\n")).unwrap();
        let roots = Roots::default();
        let mut library = Library::new(&roots, Nearby::default());
        let absolute = file.to_str();
        let mut at =
            |line| library.around(&place("src/main.rs", line), absolute, None).map(|found| found.source);
        assert_eq!(at(10), Some(Source { first_line: 5, lines: text[4..15].to_vec() }));
        assert_eq!(at(2), Some(Source { first_line: 1, lines: text[..7].to_vec() }));
        assert_eq!(at(20), Some(Source { first_line: 15, lines: text[14..].to_vec() }));
        assert_eq!(at(21), None);
        assert_eq!(at(0), None);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn another_program_s_file_of_the_same_name_is_not_shown() {
        let folder = folder("doubtful");
        fs::write(folder.join("src/main.rs"), "fn main() {\n    divide();\n}\n").unwrap();
        let roots = Roots::default();
        let nearby = Nearby { own: Vec::new(), doubtful: vec![folder.clone()] };
        let mut library = Library::new(&roots, nearby);
        assert_eq!(library.around(&place("src/main.rs", 2), None, None), None);
        assert_eq!(library.around(&place("src/main.rs", 2), None, Some((2, "main"))), None);
        let found = library.around(&place("src/main.rs", 2), None, Some((1, "main")));
        assert_eq!(found.unwrap().path, folder.join("src/main.rs"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn nothing_that_may_block_or_is_too_large_is_read() {
        let folder = folder("bounded");
        let long = folder.join("src/long.rs");
        fs::write(&long, "x".repeat(1000)).unwrap();
        let large = folder.join("src/large.rs");
        fs::write(&large, "\n".repeat((4 << 20) + 1)).unwrap();
        let roots = Roots::default();
        let mut library = Library::new(&roots, Nearby::default());
        let mut at = |path: &str| library.around(&place(path, 1), None, None);
        let cut = at(long.to_str().unwrap()).unwrap().source.lines.remove(0);
        assert_eq!(cut.chars().count(), 301);
        assert_eq!(at(large.to_str().unwrap()), None);
        assert_eq!(at("/dev/zero"), None);
        assert_eq!(at("/"), None);
        #[cfg(unix)]
        {
            let fifo = folder.join("src/fifo.rs");
            assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            assert_eq!(at(fifo.to_str().unwrap()), None);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

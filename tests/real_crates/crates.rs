//! Which crates, and what has to be said about some of them.

/// A crate, and how its tests are run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// `None`: the newest.
    pub(crate) version: Option<String>,
    pub(crate) features: Vec<String>,
    /// Tests that are not run: they take minutes, or look at what the source says.
    pub(crate) skipped_tests: Vec<String>,
    /// Macros whose calls take functions without attributes only.
    pub(crate) left_macros: Vec<String>,
    /// Files that are not annotated.
    pub(crate) left_files: Vec<String>,
}

/// Small, well known, and each with odd code of its own. Their versions are fixed, so that a run says something about
/// the attribute and nothing about them.
const CRATES: &[&str] = &[
    // unsafe, no_std, functions made by macros
    "itoa@1.0.19",
    "arrayvec@0.7.8",
    "smallvec@1.16.6",
    "fixedbitset@0.5.9",
    "slab@0.4.12",
    "bytes@1.12.2",
    // generics, traits
    "semver@1.0.28",
    "either@1.19.0",
    "textwrap@0.16.4",
    "log@0.4.35",
    "tracing-core@0.1.36",
    "winnow@1.0.5",
    // async, hand-written futures
    "async-channel@2.5.0",
    "async-lock@3.5.0",
    // The attribute cannot tell that a `mut` was a macro's.
    "event-listener@5.4.2 --leave-macro pin_project",
];

/// The crates that are run if no others are asked for.
pub(crate) fn all() -> Vec<Crate> {
    CRATES.iter().filter_map(|words| parse(words.split(' ').map(str::to_owned)).ok()).flatten().collect()
}

/// `NAME[@VERSION]`, each followed by what has to be said about it.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Vec<Crate>, String> {
    let mut crates: Vec<Crate> = Vec::new();
    let mut words = words;
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            let (name, version) = match word.split_once('@') {
                Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
                None => (word, None),
            };
            crates.push(Crate { name, version, ..Crate::default() });
            continue;
        }
        let last =
            crates.last_mut().ok_or_else(|| format!("`{word}` stands behind the crate it is about"))?;
        let list = match word.as_str() {
            "--features" => &mut last.features,
            "--skip-test" => &mut last.skipped_tests,
            "--leave-macro" => &mut last.left_macros,
            "--leave-file" => &mut last.left_files,
            _ => return Err(format!("there is no `{word}`")),
        };
        list.push(words.next().ok_or_else(|| format!("something is missing behind `{word}`"))?);
    }
    Ok(crates)
}

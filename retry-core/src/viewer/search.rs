//! Finding reports by what is in them.

use retry_core::crash::{Frame, Report, Shown};

/// Words, all of which have to be somewhere in a report.
pub(crate) struct Search {
    words: Vec<String>,
}

impl Search {
    pub(crate) fn new(text: &str) -> Self {
        Self { words: text.split_whitespace().map(str::to_lowercase).collect() }
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.words.is_empty()
    }

    /// In its message and causes, its functions and their places, its values and their names, its context, the
    /// application, or its id.
    pub(crate) fn finds(&self, report: &Report) -> bool {
        self.words.iter().all(|word| {
            let has = |text: &str| text.to_lowercase().contains(word);
            let has_any = |texts: &[String]| texts.iter().any(|text| has(text));
            has(&report.message)
                || has_any(&report.causes)
                || report.type_name.as_deref().is_some_and(has)
                || report.place.as_ref().is_some_and(|place| has(&format!("{}:{}", place.file, place.line)))
                || report.app.as_ref().is_some_and(|app| has(&format!("{} {}", app.name, app.version)))
                || report.frames.iter().any(|frame| in_frame(frame, &has))
                || report.context.iter().any(|entry| has(&entry.name) || in_value(&entry.value, &has))
                || report.thread.name.as_deref().is_some_and(has)
                || has(&report.id)
                || has(&report.fingerprint)
        })
    }
}

fn in_frame(frame: &Frame, has: &impl Fn(&str) -> bool) -> bool {
    let in_place =
        || frame.place.as_ref().is_some_and(|place| has(&format!("{}:{}", place.file, place.line)));
    let in_attempts =
        || frame.attempt.as_ref().is_some_and(|attempt| attempt.earlier.iter().any(|error| has(error)));
    let in_variables = || {
        let mut variables = frame.variables.iter();
        variables
            .any(|variable| has(&variable.name) || has(&variable.type_name) || in_value(&variable.value, has))
    };
    has(&frame.function) || in_place() || in_attempts() || in_variables()
}

fn in_value(value: &Shown, has: &impl Fn(&str) -> bool) -> bool {
    match value {
        Shown::Value { text, .. } => has(text),
        Shown::Failed { why, text } => has(why) || has(text),
        _ => false,
    }
}

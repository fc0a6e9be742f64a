//! The list of frames, as people want to see it.

use super::super::report::Frame;

/// What becomes of the frames in their list.
#[derive(Debug, PartialEq)]
pub(super) enum Row<'a> {
    Frame(&'a Frame),
    /// A run of frames of libraries.
    Libraries(&'a [Frame]),
    /// So many frames are not shown.
    Left(usize),
}

/// Runs of library frames as one row, and the middle of more rows than `oldest` and `newest` left out.
pub(super) fn rows(frames: &[Frame], oldest: usize, newest: usize) -> Vec<Row<'_>> {
    let tells = |frame: &Frame| frame.is_own() || frame.attempt.is_some() || !frame.variables.is_empty();
    // Where none does, all are worth as much.
    let none_tells = !frames.iter().any(tells);
    let is_shown = |frame: &Frame| none_tells || tells(frame);
    let runs = frames.chunk_by(|one, next| !is_shown(one) && !is_shown(next));
    let mut rows: Vec<_> = runs
        .map(|run| match run {
            [frame] if is_shown(frame) => Row::Frame(frame),
            _ => Row::Libraries(run),
        })
        .collect();
    let left = rows.len().saturating_sub(oldest + newest);
    if left > 1 {
        let count = |row| if let Row::Libraries(frames) = row { frames.len() } else { 1 };
        let left = rows.drain(oldest..oldest + left).map(count).sum();
        rows.insert(oldest, Row::Left(left));
    }
    rows
}

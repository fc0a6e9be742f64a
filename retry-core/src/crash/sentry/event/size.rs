//! Not larger than the server takes: what is far from the crash is left out first.

use super::Made;
use super::marks::Marks;
use sentry_types::protocol::v7::{Frame, Stacktrace};
use serde_json::Value as Json;

/// It takes 1 MB, or 1 MiB.
pub(super) const LARGEST: usize = 1_000_000;
/// Of how many frames the source, and then the values, are kept.
const STEPS: [usize; 5] = [30, 10, 5, 1, 0];
/// How many frames are kept, then.
const FRAMES: [usize; 3] = [100, 30, 10];

impl Made {
    /// Leaves out as little as is needed.
    pub(super) fn within(mut self, largest: usize) -> Self {
        type Step = fn(&mut Made, usize);
        let source: Step = Self::keep_source;
        let values: Step = Self::keep_values;
        let frames: Step = Self::keep_frames;
        let steps = STEPS.map(|count| (source, count)).into_iter();
        let steps =
            steps.chain(STEPS.map(|count| (values, count))).chain(FRAMES.map(|count| (frames, count)));
        for (step, count) in steps {
            if self.to_json().len() <= largest {
                break;
            }
            step(&mut self, count);
        }
        self
    }

    /// The frame at fault, and those that called it.
    fn keep_source(&mut self, count: usize) {
        let Some(kept) = self.nearest(count) else { return };
        for (_, frame) in self.frames().iter_mut().enumerate().filter(|(index, _)| !kept.contains(index)) {
            frame.pre_context.clear();
            frame.post_context.clear();
            frame.context_line = None;
        }
    }

    fn keep_values(&mut self, count: usize) {
        let Some(kept) = self.nearest(count) else { return };
        let left_out: Vec<usize> = (0..self.frames().len()).filter(|index| !kept.contains(index)).collect();
        for index in left_out {
            if let Some(frame) = self.frames().get_mut(index) {
                frame.vars.clear();
            }
            let marks = self.frame_marks().and_then(|marks| marks.get_mut(&index.to_string()));
            if let Some(marks) = marks.and_then(Json::as_object_mut) {
                marks.remove("vars");
            }
        }
    }

    fn keep_frames(&mut self, count: usize) {
        let Some(kept) = self.nearest(count) else { return };
        let mut index = 0;
        if let Some(stack) = self.stack() {
            stack.frames.retain(|_| {
                index += 1;
                kept.contains(&(index - 1))
            });
        }
        // They are numbered anew, and which of them were cut matters little now.
        if let Some(marks) = self.frame_marks() {
            marks.retain(|key, _| key.is_empty());
        }
    }

    /// So many frames up to the one at fault. None where there are no more.
    fn nearest(&mut self, count: usize) -> Option<std::ops::Range<usize>> {
        let frames = self.frames();
        let fault = frames.iter().rposition(|frame| frame.in_app == Some(true));
        let end = fault.map_or(frames.len(), |fault| fault + 1);
        (frames.len() > count).then(|| end.saturating_sub(count)..end)
    }

    fn frames(&mut self) -> &mut [Frame] {
        self.stack().map_or(&mut [], |stack| stack.frames.as_mut_slice())
    }

    fn stack(&mut self) -> Option<&mut Stacktrace> {
        self.event.exception.values.last_mut()?.stacktrace.as_mut()
    }

    fn frame_marks(&mut self) -> Option<&mut Marks> {
        let last = self.event.exception.values.len().checked_sub(1)?.to_string();
        let exception = self.marks.get_mut("exception")?.get_mut("values")?.get_mut(&last)?;
        exception.get_mut("stacktrace")?.get_mut("frames")?.as_object_mut()
    }
}

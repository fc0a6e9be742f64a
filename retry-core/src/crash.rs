//! Panic reports with the values of every annotated frame.

mod capture;
mod frames;
mod redact;
mod render;
mod report;
mod value;

pub use render::ReadError;
pub use report::{
    App, AttemptInfo, ContextEntry, Frame, Kind, Place, Process, Report, SCHEMA, Shown, Source, Thread,
    Variable,
};

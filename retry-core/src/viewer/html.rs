//! What else a report can be written as.

use retry_core::crash::Report;

pub(crate) fn page(report: &Report) -> String {
    let text = report.to_text(false).replace('&', "&amp;").replace('<', "&lt;");
    format!("<!doctype html><meta charset=\"utf-8\"><title>Crash</title><pre>{text}</pre>")
}

pub(crate) fn markdown(report: &Report) -> String {
    report.to_text(false)
}

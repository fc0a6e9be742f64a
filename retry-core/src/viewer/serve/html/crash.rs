//! The page of a crash, with its reports.

use super::{about, ago, page};
use crate::serve::views::{CrashPage, CrashRow, ReportRow};
use maud::{Markup, html};

pub(in crate::serve) fn crash(view: &CrashPage) -> Markup {
    let CrashPage { base, message, crash, reports } = view;
    let main = html! {
        h1 { (crash.title) }
        (about(crash, &html! {}))
        @if let Some(message) = message {
            pre.message.lines tabindex="0" role="region" aria-label="The whole message" { (message) }
        }
        (facts(crash))
        (table(base, reports))
    };
    page(base, &crash.title, &html! {}, &main)
}

fn facts(crash: &CrashRow) -> Markup {
    html! {
        dl.facts {
            div { dt { "Seen" } dd { (crash.count) "x" } }
            div { dt { "Last seen" } dd { (ago(&crash.last)) } }
            div { dt { "First seen" } dd { (ago(&crash.first)) } }
            div { dt { "Fingerprint" } dd { code { (crash.fingerprint) } } }
        }
    }
}

fn table(base: &str, reports: &[ReportRow]) -> Markup {
    html! {
        table.reports {
            caption { "Reports of this crash, the newest first" }
            thead {
                tr {
                    th scope="col" { "When (UTC)" }
                    th.number scope="col" { "Seen" }
                    th scope="col" { "Application" }
                    th scope="col" { "Thread" }
                    th scope="col" { "Also as" }
                }
            }
            tbody { @for report in reports { (row(base, report)) } }
        }
    }
}

fn row(base: &str, report: &ReportRow) -> Markup {
    let ReportRow { name, seen, .. } = report;
    html! {
        tr {
            th scope="row" {
                a.title href={ (base) "/report/" (name) } { time datetime=(seen.exact) { (seen.utc) } } " "
                span.ago { (seen.ago) }
            }
            td.number { span.unit { "seen " } (report.occurrences) span.unit { "x" } }
            td { (report.app) }
            td { span.unit { "thread " } (report.thread) }
            td { (other_form(base, report, "txt", "text")) " " (other_form(base, report, "json", "JSON")) }
        }
    }
}

fn other_form(base: &str, report: &ReportRow, extension: &str, form: &str) -> Markup {
    let label = format_args!("Report of {} as {form}", report.seen.utc);
    html! {
        a href={ (base) "/report/" (report.name) "." (extension) } aria-label=(label) { (form) }
    }
}

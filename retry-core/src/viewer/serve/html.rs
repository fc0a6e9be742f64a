//! The HTML of the pages, all of whose values are escaped.

mod crash;
mod crashes;

pub(super) use crash::crash;
pub(super) use crashes::crashes;

use super::views::{CrashRow, Moment};
use maud::{DOCTYPE, Markup, html};

pub(super) fn error(base: &str, error: &str) -> Markup {
    let main = html! {
        h1 { "Not here" }
        p.message { (error) }
        p { a href={ (base) "/" } { "All crashes" } }
    };
    page(base, "Crash reports", &html! {}, &main)
}

/// What all pages have around what is their own.
fn page(base: &str, title: &str, header: &Markup, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href={ (base) "/style.css" };
            }
            body {
                a.skip href="#main" { "To the content" }
                header {
                    a.home href={ (base) "/" } { "Crash reports" }
                    (header)
                }
                main #main { (main) }
            }
        }
    }
}

/// What kind of a crash it is, and where; with more behind it.
fn about(crash: &CrashRow, more: &Markup) -> Markup {
    html! {
        div.about {
            span.kind.(crash.kind) { (crash.kind) } " "
            @if let Some(function) = &crash.function { span.function { (function) } " " }
            span.place { (crash.place) }
            (more)
        }
    }
}

/// How long ago it was, and when where one points at it.
fn ago(moment: &Moment) -> Markup {
    html! {
        time datetime=(moment.exact) title={ (moment.utc) " UTC" } { (moment.ago) }
    }
}

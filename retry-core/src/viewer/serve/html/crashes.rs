//! The page of all crashes, or of those that were searched for.

use super::{about, ago, page};
use crate::serve::views::{CrashRow, CrashesPage};
use maud::{Markup, html};

pub(in crate::serve) fn crashes(view: &CrashesPage) -> Markup {
    let header = html! { span.folder { (view.folder) } };
    let main = html! {
        h1 { "Crashes" }
        (search(view))
        p.shown role="status" { (view.shown) }
        @if !view.crashes.is_empty() { (table(&view.base, &view.crashes)) }
        (pages(view.previous, view.next))
        @if !view.unreadable.is_empty() { (unreadable(&view.unreadable)) }
    };
    page(&view.base, "Crash reports", &header, &main)
}

fn search(view: &CrashesPage) -> Markup {
    html! {
        form #search role="search" action={ (view.base) "/" } method="get" {
            label for="q" { "Words in a message, a function, a value or the context" }
            input #q name="q" type="search" value=(view.query) autocomplete="off";
            label for="sort" { "Sorted by" }
            select #sort name="sort" {
                @for order in &view.orders {
                    option value=(order.name) selected[order.chosen] { (order.said) }
                }
            }
            button type="submit" { "Show" }
            @if !view.query.is_empty() { a href={ (view.base) "/" } { "Show all" } }
        }
    }
}

fn table(base: &str, crashes: &[CrashRow]) -> Markup {
    html! {
        table.crashes {
            caption { "Crashes, the reports of each put together" }
            thead {
                tr {
                    th scope="col" { "Crash" }
                    th.number scope="col" { "Seen" }
                    th.number scope="col" { "Reports" }
                    th scope="col" { "Last seen" }
                    th scope="col" { "First seen" }
                }
            }
            tbody { @for crash in crashes { (row(base, crash)) } }
        }
    }
}

fn row(base: &str, crash: &CrashRow) -> Markup {
    let app = html! { " " span.app { (crash.app) } };
    html! {
        tr {
            th scope="row" {
                a.title href={ (base) "/crash/" (crash.fingerprint) } { (crash.title) }
                (about(crash, &app))
            }
            td.number.count { span.unit { "seen " } (crash.count) span.unit { "x" } }
            td.number.reports {
                (crash.reports)
                span.unit { @if crash.reports == 1 { " report" } @else { " reports" } }
            }
            td.time { span.unit { "last " } (ago(&crash.last)) }
            td.time { span.unit { "first " } (ago(&crash.first)) }
        }
    }
}

fn pages(previous: Option<usize>, next: Option<usize>) -> Markup {
    html! {
        @if previous.is_some() || next.is_some() {
            nav.pages aria-label="Pages" {
                @if let Some(page) = previous { (button(page, "Previous page")) }
                @if let Some(page) = next { (button(page, "Next page")) }
            }
        }
    }
}

fn button(page: usize, says: &str) -> Markup {
    html! {
        button form="search" name="page" value=(page) { (says) }
    }
}

fn unreadable(errors: &[String]) -> Markup {
    html! {
        section aria-labelledby="unreadable" {
            h2 #unreadable { "Reports that cannot be read" }
            ul.unreadable { @for error in errors { li { (error) } } }
        }
    }
}

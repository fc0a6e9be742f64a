//! The elements of the page. `html!` escapes all that it is given but what is marked: style and script, which are ours.

use maud::{Markup, PreEscaped, html};

use super::{
    CrumbView, FrameView, LibraryView, LineView, LinkView, POLICY, Page, Piece, RowView, SCRIPT, STYLE,
    ValueView,
};

/// What is known of the reader's editors; the last one is what the reader writes.
const EDITORS: [(&str, &str); 8] = [
    ("VS Code", "vscode://file/{path}:{line}"),
    ("VSCodium", "vscodium://file/{path}:{line}"),
    ("Cursor", "cursor://file/{path}:{line}"),
    ("Zed", "zed://file/{path}:{line}"),
    ("IntelliJ IDEA", "idea://open?file={path}&line={line}"),
    ("RustRover", "rustrover://open?file={path}&line={line}"),
    ("TextMate", "txmt://open?url=file://{path}&line={line}"),
    ("another one", ""),
];

pub(super) fn page(page: &Page) -> Markup {
    html! {
        (PreEscaped("<!doctype html>"))
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "retry-core " (env!("CARGO_PKG_VERSION")) };
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#frames" { "To the frames" }
                (top(page))
                (tools())
                main {
                    div.story {
                        (stack(&page.rows))
                        @if !page.crumbs.is_empty() { (before(&page.crumbs)) }
                    }
                    aside aria-label="About the crash" { (about(page)) }
                }
                (to_copy("as-text", &page.text))
                (to_copy("as-markdown", &page.markdown))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// What happened.
fn top(page: &Page) -> Markup {
    html! {
        header.top {
            p.kicker {
                span.badge { (page.kind) }
                @if let Some(app) = &page.app { " " span { (app) } }
                " " time datetime=(page.time) { (page.time) }
                @if let Some(seen) = &page.seen { " " span.seen { (seen) } }
            }
            h1 { (page.message) }
            @if let Some(rest) = &page.message_rest {
                pre.message tabindex="0" role="group" aria-label="The whole message" { "\n" (rest) }
            }
            p.where {
                @if let Some(function) = &page.function { "in " code { (function) } " " }
                @if let Some(place) = &page.place { "at " code { (place) } " " }
                "on thread " code { (page.thread) }
            }
            @for attempt in &page.attempts { p.attempt { (attempt) } }
            @if !page.causes.is_empty() {
                h2 { "Caused by" }
                ol.causes { @for cause in &page.causes { li { (cause) } } }
            }
        }
    }
}

/// What needs the script, which makes it visible.
fn tools() -> Markup {
    html! {
        section.tools.needs-script hidden aria-label="Tools" {
            label.search {
                span.unseen { "Search frames and values" }
                input #search type="search" placeholder="Search frames and values  ( / )" autocomplete="off" spellcheck="false";
            }
            span #found.found role="status" aria-live="polite" {}
            span.spread {}
            button #unfold type="button" aria-pressed="false" { "Open all" }
            button #turn type="button" aria-pressed="false" { "Oldest first" }
            button type="button" data-copy="as-text" { "Copy as text" }
            button type="button" data-copy="as-markdown" { "Copy as Markdown" }
            details.settings {
                summary { "Editor" }
                div.panel {
                    label {
                        "Open files with "
                        select #editor { @for (name, template) in EDITORS { option value=(template) { (name) } } }
                    }
                    label {
                        "Link to a place "
                        input #template type="text" spellcheck="false" autocomplete="off";
                    }
                    label {
                        "Folder of the sources on this machine "
                        input #root type="text" placeholder="as in the report" spellcheck="false" autocomplete="off";
                    }
                    p {
                        "The link is made of " code { "{path}" } ", " code { "{line}" } " and " code { "{column}" }
                        ". Both stay in this browser."
                    }
                }
            }
            span #done.unseen role="status" aria-live="polite" {}
        }
    }
}

fn stack(rows: &[RowView]) -> Markup {
    html! {
        section.stack aria-labelledby="frames" {
            h2 #frames tabindex="-1" { "Stack " small #order { "most recent call first" } }
            div.frames {
                @for row in rows {
                    @match row {
                        RowView::Frame(view) => (frame(view)),
                        RowView::Libraries(frames) => (libraries(frames)),
                        RowView::Left(count) => p.left {
                            (count) " frames more are not shown on this page; the JSON report has them"
                        },
                    }
                }
                @if rows.is_empty() { p.left { "The stack could not be read." } }
            }
        }
    }
}

fn before(crumbs: &[CrumbView]) -> Markup {
    html! {
        section aria-labelledby="before" {
            h2 #before { "Before it happened " small { "most recent first" } }
            ol.crumbs {
                @for crumb in crumbs {
                    li.crumb {
                        span.when { (crumb.time) } " "
                        span.level.bad[crumb.bad] { (crumb.level) } " "
                        span.from { (crumb.target) } " "
                        @if !crumb.message.is_empty() { span { (crumb.message) } " " }
                        @for (name, value) in &crumb.fields { code { (name) " = " (value) } " " }
                    }
                }
            }
        }
    }
}

fn libraries(frames: &[LibraryView]) -> Markup {
    html! {
        details.libraries {
            summary { (counted(frames.len(), "frame of a library", "frames of libraries")) }
            ol {
                @for frame in frames {
                    li {
                        code { (frame.function) }
                        @if let Some(place) = &frame.place { " " span.place { (place) } }
                    }
                }
            }
        }
    }
}

fn frame(frame: &FrameView) -> Markup {
    html! {
        details.frame.fault[frame.fault].library[!frame.own] #{ "frame-" (frame.number) } open[frame.fault] {
            summary {
                code.function title=(frame.full_function) { (frame.function) }
                @if frame.fault { " " span.tag { "crashed here" } }
                @if let Some(attempt) = &frame.attempt { " " span.tag.quiet { (attempt) } }
                @if let Some(place) = &frame.place { " " span.place { (place) } }
            }
            div.body.no-source[frame.lines.is_empty()] {
                @if !frame.lines.is_empty() {
                    div.source {
                        div.lines role="group" aria-label={ "Source of " (frame.function) } {
                            @for view in &frame.lines { (line(view)) }
                        }
                    }
                }
                div.beside { (beside(frame)) }
            }
        }
    }
}

fn line(line: &LineView) -> Markup {
    html! {
        div.line.here[line.here] {
            span.number { @if line.here { span.unseen { "at " } } (line.number) }
            code {
                @for piece in &line.pieces {
                    @match &piece.value {
                        Some((name, value)) => span.v data-name=(name) title=(value) { (piece.text) },
                        None => (colored(piece)),
                    }
                }
            }
        }
    }
}

/// What the lines speak of.
fn beside(frame: &FrameView) -> Markup {
    html! {
        @if !frame.earlier.is_empty() {
            h3 { "Attempts before" }
            ol.earlier start=(frame.earlier_from) { @for error in &frame.earlier { li { (error) } } }
        }
        @if !frame.values.is_empty() { (values(&frame.values)) }
        @if !frame.others.is_empty() {
            details.others {
                summary { (counted(frame.others.len(), "more value", "more values")) ", not in these lines" }
                (values(&frame.others))
            }
        }
        @if let Some(remark) = frame.remark { p.remark { (remark) } }
        p.meta {
            @if frame.full_function != frame.function { code { (frame.full_function) } " " }
            @if let Some(view) = &frame.link { (link(view)) }
        }
    }
}

fn link(link: &LinkView) -> Markup {
    html! {
        a.editor data-file=(link.file) data-path=(link.path) data-line=(link.line) data-column=(link.column)
            href=[&link.href] hidden[link.href.is_none()] { "Open in editor" }
    }
}

fn values(views: &[ValueView]) -> Markup {
    html! {
        dl.values { @for view in views { (value(view)) } }
    }
}

fn value(value: &ValueView) -> Markup {
    let short = html! {
        code { @for piece in &value.short { (colored(piece)) } }
    };
    html! {
        div.value data-name=(value.name) {
            dt {
                code { (value.name) }
                @if let Some(name) = &value.type_name { " " span.type title=(value.full_type) { (name) } }
            }
            dd {
                @if value.whole.is_empty() { (short) } @else {
                    details.long {
                        summary { (short) }
                        pre tabindex="0" role="group" aria-label={ (value.name) ", the whole value" } {
                            "\n" @for piece in &value.whole { (colored(piece)) }
                        }
                    }
                }
                @if let Some(mark) = &value.mark { " " span.mark { (mark) } }
                @if let Some(note) = &value.note { " " span.note { (note) } }
            }
        }
    }
}

fn colored(piece: &Piece) -> Markup {
    html! {
        @if piece.class.is_empty() { (piece.text) } @else { span class=(piece.class) { (piece.text) } }
    }
}

/// Context, facts, notes and hints.
fn about(page: &Page) -> Markup {
    html! {
        @if !page.context.is_empty() {
            section aria-labelledby="context" { h2 #context { "Context" } (values(&page.context)) }
        }
        section aria-labelledby="facts" {
            h2 #facts { "Facts" }
            dl.facts { @for (name, value) in &page.facts { div { dt { (name) } dd { (value) } } } }
        }
        @if !page.notes.is_empty() {
            section aria-labelledby="notes" {
                h2 #notes { "Notes" }
                ul.notes { @for note in &page.notes { li { (note) } } }
            }
        }
        @if !page.hints.is_empty() {
            section aria-labelledby="hints" {
                h2 #hints { "To see more next time" }
                ul.notes { @for hint in &page.hints { li { (quoting(hint)) } } }
            }
        }
    }
}

fn quoting(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces { @if piece.class.is_empty() { (piece.text) } @else { code { (piece.text) } } }
    }
}

/// For the script to copy. The first line feed in it belongs to the tag.
fn to_copy(id: &str, text: &str) -> Markup {
    html! {
        textarea #(id) hidden readonly aria-hidden="true" tabindex="-1" { "\n" (text) }
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

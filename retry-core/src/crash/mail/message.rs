//! The mail as a file.

use super::super::report::Report;
use super::Draft;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use std::time::UNIX_EPOCH;

pub(super) struct Attachment {
    pub(super) name: String,
    content_type: ContentType<'static>,
    content: fn(&Report) -> String,
}

/// For programs, and for people.
pub(super) fn attachments(report: &Report) -> [Attachment; 2] {
    let stem = stem(report);
    [
        Attachment {
            name: format!("{stem}.json"),
            content_type: ContentType::new("application/json"),
            content: Report::to_json,
        },
        Attachment {
            name: format!("{stem}.html"),
            content_type: ContentType::new("text/html").attribute("charset", "utf-8"),
            content: Report::to_html,
        },
    ]
}

/// `shop-crash-20260415T101112`, in letters that every system has in its files' names.
fn stem(report: &Report) -> String {
    let kept = |text: &str, most, also: &str| -> String {
        let kept = |letter: &char| letter.is_ascii_alphanumeric() || also.contains(*letter);
        text.chars().take(most).filter(kept).collect()
    };
    let app = report.app.as_ref().map(|app| kept(&app.name, 64, "-_")).filter(|app| !app.is_empty());
    let seconds = report.time.split('.').next().unwrap_or_default();
    let time = kept(seconds, 24, "");
    [app.as_deref(), Some("crash"), Some(time.as_str()).filter(|time| !time.is_empty())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("-")
}

/// Not by the crate's `MessageBuilder`, which adds a `Message-ID`: giving one is for the program that sends it.
pub(super) fn eml(draft: &Draft<'_>) -> Vec<u8> {
    let attached = attachments(draft.report).map(|attachment| {
        let content = (attachment.content)(draft.report).into_bytes();
        MimePart::new(attachment.content_type, content).attachment(attachment.name)
    });
    let body = MimePart::new("text/plain", draft.body());
    let mut mail = MimePart::new("multipart/mixed", [body].into_iter().chain(attached).collect::<Vec<_>>());
    let to = draft.to.iter().map(|address| Address::new_address(None::<&str>, address)).collect();
    let headers: [(_, HeaderType<'_>); 5] = [
        // What makes mail programs open it for editing.
        ("X-Unsent", Raw::new("1").into()),
        ("To", Address::new_list(to).into()),
        ("Subject", Text::new(draft.subject()).into()),
        ("Date", date(draft.report).into()),
        ("MIME-Version", Raw::new("1.0").into()),
    ];
    mail.headers.splice(0..0, headers.map(|(name, value)| (name.into(), value)));
    let mut out = Vec::new();
    mail.write_part(&mut out);
    out
}

fn date(report: &Report) -> Date {
    let time = humantime::parse_rfc3339(&report.time).ok();
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or_else(Date::now, |since| Date::from(since.as_secs()))
}

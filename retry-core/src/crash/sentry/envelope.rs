//! An event with the report's files, as it is posted.

use super::About;
use super::event;
use crate::crash::report::Report;
use sentry_types::Dsn;
use sentry_types::protocol::v7::{Attachment, EnvelopeHeaders};
use serde_json::json;
use std::time::SystemTime;

/// Servers take 20 MB; the event and its headers have 2 of them.
const ATTACHMENTS: usize = 18_000_000;

/// The whole body of the request, not compressed. Without attachments where the server does not take as much.
pub(super) fn envelope(
    report: &Report,
    about: &About,
    dsn: &Dsn,
    sent_at: SystemTime,
    attachments: bool,
) -> Vec<u8> {
    let headers = EnvelopeHeaders::new()
        .with_event_id(event::id(report))
        .with_dsn(dsn.clone())
        .with_sdk(event::sdk())
        .with_sent_at(sent_at);
    let event = event::json(report, about);
    let mut envelope = line(&headers);
    envelope
        .extend(line(&json!({ "type": "event", "content_type": "application/json", "length": event.len() })));
    envelope.extend(event);
    envelope.push(b'\n');
    let files = if attachments { self::attachments(report) } else { Vec::new() };
    for file in files {
        // Writing to memory does not fail.
        _ = file.to_writer(&mut envelope);
        envelope.push(b'\n');
    }
    envelope
}

fn line(header: &impl serde::Serialize) -> Vec<u8> {
    // Nothing in a header is what JSON cannot say.
    let mut line = serde_json::to_vec(header).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The whole report, as far as a server takes it.
pub(super) fn attachments(report: &Report) -> Vec<Attachment> {
    let file = |filename: &str, content_type: &str, text: String| Attachment {
        buffer: text.into_bytes(),
        filename: filename.to_owned(),
        content_type: Some(content_type.to_owned()),
        ty: None,
    };
    let files = vec![
        file("report.json", "application/json", report.to_json()),
        file("report.html", "text/html", report.to_html()),
    ];
    fitting(files, ATTACHMENTS)
}

/// Without the largest, as long as they are too large together.
fn fitting(mut files: Vec<Attachment>, most: usize) -> Vec<Attachment> {
    while files.iter().map(|file| file.buffer.len()).sum::<usize>() > most {
        let largest =
            files.iter().enumerate().max_by_key(|(_, file)| file.buffer.len()).map(|(index, _)| index);
        let Some(largest) = largest else { break };
        files.remove(largest);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crash::render::tests::full_report;
    use sentry_types::protocol::v7::{Envelope, EnvelopeItem};
    use std::time::{Duration, UNIX_EPOCH};

    const DSN: &str = "http://0123456789abcdef0123456789abcdef@127.0.0.1:8000/7";

    fn posted(report: &Report, attachments: bool) -> Vec<u8> {
        let sent_at = UNIX_EPOCH + Duration::from_millis(1_714_564_800_123);
        envelope(report, &About::default(), &DSN.parse().unwrap(), sent_at, attachments)
    }

    fn lines(envelope: &[u8]) -> Vec<serde_json::Value> {
        envelope.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    #[test]
    fn an_envelope_has_the_event_and_the_report_s_files() {
        let report = full_report();
        let envelope = posted(&report, true);
        let read = Envelope::from_slice(&envelope).unwrap();
        assert_eq!(read.uuid().unwrap().simple().to_string(), report.id);
        let items: Vec<&EnvelopeItem> = read.items().collect();
        let [EnvelopeItem::Event(event), EnvelopeItem::Attachment(json), EnvelopeItem::Attachment(html)] =
            items.as_slice()
        else {
            panic!("{items:?}");
        };
        assert_eq!(event.event_id.simple().to_string(), report.id);
        assert_eq!((json.filename.as_str(), &json.buffer), ("report.json", &report.to_json().into_bytes()));
        assert_eq!((html.filename.as_str(), &html.buffer), ("report.html", &report.to_html().into_bytes()));
        let types = [json, html].map(|file| file.content_type.clone().unwrap());
        assert_eq!(types, ["application/json", "text/html"]);
    }

    #[test]
    fn its_headers_say_when_it_is_sent_where_to_and_by_whom() {
        let envelope = posted(&full_report(), false);
        let [header, item, event] = &lines(&envelope)[..] else { panic!("it is three lines") };
        let expected = json!({
            "event_id": "01234567-89ab-cdef-0123-456789abcdef",
            "dsn": DSN.parse::<Dsn>().unwrap().to_string(),
            "sdk": { "name": "retry-core", "version": env!("CARGO_PKG_VERSION") },
            "sent_at": "2024-05-01T12:00:00.123Z",
        });
        assert_eq!(header, &expected);
        let length = envelope.split(|byte| *byte == b'\n').nth(2).unwrap().len();
        assert_eq!(item, &json!({ "type": "event", "content_type": "application/json", "length": length }));
        assert_eq!(event["event_id"], json!("0123456789abcdef0123456789abcdef"));
        assert!(event["_meta"].is_object(), "the protocol's types would have left it out");
    }

    #[test]
    fn the_largest_files_are_left_out_where_they_are_too_large_together() {
        let file = |size: usize| Attachment { buffer: vec![0; size], ..Attachment::default() };
        let left = |most| -> Vec<usize> {
            fitting(vec![file(3), file(9), file(5)], most).iter().map(|file| file.buffer.len()).collect()
        };
        assert_eq!(left(17), [3, 9, 5]);
        assert_eq!(left(16), [3, 5]);
        assert_eq!(left(7), [3]);
        assert_eq!(left(2), [0_usize; 0]);
    }

    #[test]
    fn an_envelope_is_never_larger_than_servers_take() {
        let mut report = full_report();
        report.notes = vec!["x".repeat(1_000_000); 10];
        let envelope = posted(&report, true);
        assert!(envelope.len() < 20_000_000, "{}", envelope.len());
        assert_eq!(Envelope::from_slice(&envelope).unwrap().items().count(), 2, "the page is left out");
    }
}

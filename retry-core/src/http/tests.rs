//! The table of signals, row by row, from real header maps.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{HttpError, Reply, Signal};
use crate::Classification::{self, After, Permanent, Transient};
use crate::{RetryClassify, ToldDelay};

const DATE: &str = "Wed, 21 Oct 2015 07:28:00 GMT";
/// The same in seconds since 1970.
const NOW: u64 = 1_445_412_480;

fn seconds(seconds: u64) -> Classification {
    After(Duration::from_secs(seconds))
}

fn milliseconds(milliseconds: u64) -> Classification {
    After(Duration::from_millis(milliseconds))
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
    }
    headers
}

/// What a reply says that was given at `DATE` by the server's clock.
fn says(status: u16, lines: &[(&str, &str)], body: &str) -> (Classification, Signal) {
    let mut headers = headers(lines);
    headers.append("date", HeaderValue::from_static(DATE));
    let verdict = Reply::new(StatusCode::from_u16(status).unwrap(), &headers).body(body.as_bytes()).verdict();
    (verdict.classification(), verdict.signal())
}

fn classified(status: u16, lines: &[(&str, &str)]) -> Classification {
    says(status, lines, "").0
}

#[test]
fn seven_statuses_are_worth_another_try_by_themselves() {
    let worth_it = [408, 425, 429, 500, 502, 503, 504];
    for status in 100..1000 {
        let expected = if worth_it.contains(&status) { Transient } else { Permanent };
        assert_eq!(says(status, &[], ""), (expected, Signal::Status), "{status}");
        assert_eq!(StatusCode::from_u16(status).unwrap().classify(), expected, "{status}");
    }
}

#[test]
fn retry_after_has_all_its_forms() {
    for (text, expected) in [
        ("0", seconds(0)),
        ("120", seconds(120)),
        (" 120 ", seconds(120)),
        ("1.5", milliseconds(1500)),
        ("Wed, 21 Oct 2015 07:29:00 GMT", seconds(60)),
        ("Wednesday, 21-Oct-15 07:29:00 GMT", seconds(60)),
        ("Wed Oct 21 07:29:00 2015", seconds(60)),
        ("Wed, 21 Oct 2015 07:27:59 GMT", seconds(0)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", seconds(0)),
        ("99999999999999999999", After(Duration::MAX)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", seconds(253_402_300_799 - NOW)),
    ] {
        assert_eq!(says(503, &[("retry-after", text)], ""), (expected, Signal::RetryAfter), "{text}");
    }
}

#[test]
fn retry_after_that_makes_no_sense_is_not_there() {
    for text in [
        "-1",
        "+1",
        "",
        "  ",
        "soon",
        "NaN",
        "inf",
        "1e300",
        "1e3",
        "5s",
        "1, 2",
        "Wed, 32 Oct 2015 07:29:00 GMT",
    ] {
        assert_eq!(says(503, &[("retry-after", text)], ""), (Transient, Signal::Status), "{text}");
    }
    let mut not_text = HeaderMap::new();
    not_text.insert("retry-after", HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    assert_eq!(Reply::new(StatusCode::SERVICE_UNAVAILABLE, &not_text).classify(), Transient);
}

#[test]
fn a_server_that_asks_for_no_time_at_all_gets_the_policys_own_delay() {
    for lines in [
        &[("retry-after", "0")][..],
        &[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"), ("date", DATE)],
        &[("retry-after-ms", "0")],
        &[("grpc-retry-pushback-ms", "0")],
        &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "0")],
    ] {
        let headers = headers(lines);
        let reply = Reply::new(StatusCode::SERVICE_UNAVAILABLE, &headers);
        assert_eq!(reply.verdict().classification(), seconds(0), "{lines:?}");
        assert_eq!(reply.classify(), Transient, "{lines:?}");
        let error = HttpError::new(StatusCode::SERVICE_UNAVAILABLE, headers.clone(), "");
        assert_eq!((error.classify(), error.told()), (Transient, None), "{lines:?}");
    }
}

#[test]
fn a_date_of_an_email_is_read_too() {
    for text in [
        "Wed, 21 Oct 2015 07:29:00 UTC",
        "Wed, 21 Oct 2015 07:29:00 +0000",
        "Wed, 21 Oct 2015 09:29:00 +0200",
        "21 Oct 2015 07:29:00 GMT",
        "Wed, 21 Oct 2015 07:28:60 GMT",
    ] {
        let After(wait) = classified(503, &[("retry-after", text)]) else { panic!("{text}") };
        assert!((59..=60).contains(&wait.as_secs()), "{text}: {wait:?}");
    }
    assert_eq!(classified(503, &[("retry-after", "Tue, 31 Dec 1968 00:00:00 GMT")]), seconds(0));
}

#[test]
fn of_two_retry_after_the_first_counts() {
    assert_eq!(classified(503, &[("retry-after", "7"), ("retry-after", "9")]), seconds(7));
    assert_eq!(classified(503, &[("retry-after", "bad"), ("retry-after", "9")]), Transient);
}

#[test]
fn retry_after_makes_no_error_worth_another_try() {
    for status in [400, 401, 404, 409, 410, 422, 501, 200, 202, 301] {
        assert_eq!(classified(status, &[("retry-after", "7")]), Permanent, "{status}");
    }
    // But it can be asked for, say after a 202.
    let headers = headers(&[("retry-after", "7")]);
    let told = Reply::new(StatusCode::ACCEPTED, &headers).told();
    assert_eq!(told, Some((Duration::from_secs(7), Signal::RetryAfter)));
}

#[test]
fn without_a_date_of_the_servers_this_machines_clock_counts() {
    let headers = headers(&[("retry-after", "Wed, 21 Oct 2015 07:29:00 GMT")]);
    let reply = Reply::new(StatusCode::SERVICE_UNAVAILABLE, &headers);
    assert_eq!(reply.received(UNIX_EPOCH + Duration::from_secs(NOW - 10)).classify(), seconds(70));
    assert_eq!(reply.verdict().classification(), seconds(0));
    let mut broken = headers.clone();
    broken.insert("date", HeaderValue::from_static("yesterday"));
    let reply = Reply::new(StatusCode::SERVICE_UNAVAILABLE, &broken);
    assert_eq!(reply.received(UNIX_EPOCH + Duration::from_secs(NOW)).classify(), seconds(60));
}

#[test]
fn a_server_whose_clock_is_wrong_is_waited_for_as_long_as_it_means() {
    // Its clock is years behind ours.
    let told = headers(&[("date", DATE), ("retry-after", "Wed, 21 Oct 2015 07:29:00 GMT")]);
    assert_eq!(
        Reply::new(StatusCode::SERVICE_UNAVAILABLE, &told).received(SystemTime::now()).classify(),
        seconds(60)
    );
}

#[test]
fn an_explicit_no_and_an_explicit_yes_override_the_status() {
    for name in ["stripe-should-retry", "x-should-retry", "X-Should-Retry"] {
        assert_eq!(says(503, &[(name, "false"), ("retry-after", "7")], ""), (Permanent, Signal::ShouldRetry));
        assert_eq!(says(400, &[(name, "true")], ""), (Transient, Signal::ShouldRetry));
        assert_eq!(says(409, &[(name, "TRUE"), ("retry-after", "7")], ""), (seconds(7), Signal::RetryAfter));
        assert_eq!(says(400, &[(name, "maybe")], ""), (Permanent, Signal::Status));
        assert_eq!(says(200, &[(name, "true")], ""), (Permanent, Signal::Status));
    }
    assert_eq!(classified(503, &[("x-should-retry", "true"), ("stripe-should-retry", "false")]), Permanent);
    assert_eq!(classified(503, &[("x-should-retry", "true"), ("x-should-retry", "false")]), Permanent);
    // It overrides a pushback too.
    assert_eq!(classified(503, &[("x-should-retry", "true"), ("grpc-retry-pushback-ms", "-1")]), Transient);
}

#[test]
fn vendors_tell_milliseconds() {
    for (name, text, expected) in [
        ("retry-after-ms", "1500", milliseconds(1500)),
        ("retry-after-ms", "1500.5", After(Duration::from_micros(1_500_500))),
        ("x-ms-retry-after-ms", "250", milliseconds(250)),
        ("x-amz-retry-after", "250", milliseconds(250)),
    ] {
        let lines = [(name, text), ("retry-after", "7")];
        assert_eq!(says(429, &lines, ""), (expected, Signal::Milliseconds), "{name}: {text}");
        assert_eq!(classified(400, &lines), Permanent, "{name} makes no error worth another try");
    }
    for (name, text) in [
        ("retry-after-ms", "-5"),
        ("retry-after-ms", "NaN"),
        ("retry-after-ms", "1e300"),
        ("x-amz-retry-after", "1.5"),
        ("x-amz-retry-after", "soon"),
        ("x-amz-retry-after", ""),
    ] {
        assert_eq!(classified(429, &[(name, text), ("retry-after", "7")]), seconds(7), "{name}: {text}");
    }
}

#[test]
fn azure_tells_only_where_it_limits() {
    for (status, expected) in
        [(429, milliseconds(250)), (503, milliseconds(250)), (500, Transient), (408, Transient)]
    {
        assert_eq!(classified(status, &[("x-ms-retry-after-ms", "250")]), expected, "{status}");
    }
}

#[test]
fn a_pushback_says_when_or_never() {
    for (text, expected) in [
        ("0", milliseconds(0)),
        ("250", milliseconds(250)),
        ("2147483647", milliseconds(2_147_483_647)),
        ("-1", Permanent),
        ("2147483648", Permanent),
        ("1.5", Permanent),
        ("+1", Permanent),
        ("soon", Permanent),
        ("", Permanent),
    ] {
        let lines = [("grpc-retry-pushback-ms", text), ("retry-after", "7")];
        assert_eq!(says(503, &lines, ""), (expected, Signal::Pushback), "{text}");
    }
    assert_eq!(
        classified(503, &[("grpc-retry-pushback-ms", "1"), ("grpc-retry-pushback-ms", "2")]),
        Permanent
    );
    assert_eq!(
        classified(400, &[("grpc-retry-pushback-ms", "250")]),
        Permanent,
        "it makes no error worth another try"
    );
}

#[test]
fn google_tells_in_the_body() {
    let detail = |delay: &str| {
        format!(r#"{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{delay}"}}"#)
    };
    let others = r#"{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"x","n":1.5}]},
        {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"\"a\" \u00e4","url":null}]}"#;
    let body = format!(
        r#"{{"error":{{"code":429,"message":"Quota {{exceeded}}","status":"RESOURCE_EXHAUSTED","details":[{others},{}]}}}}"#,
        detail("37s")
    );
    let told = (seconds(37), Signal::RetryInfo);
    assert_eq!(says(429, &[], &body), told);
    assert_eq!(says(429, &[], &format!("[{body}\n]\n")), told, "Gemini answers with a list");
    assert_eq!(
        says(429, &[], &format!(r#"{{"code":8,"details":[{}]}}"#, detail("37s"))),
        told,
        "grpc-gateway"
    );
    assert_eq!(says(429, &[("retry-after", "7")], &body), told, "it counts before `Retry-After`");
    assert_eq!(says(400, &[], &body).0, Permanent, "it makes no error worth another try");

    let alone = |delay: &str| says(503, &[], &format!(r#"{{"details":[{}]}}"#, detail(delay))).0;
    assert_eq!(alone("1.500s"), milliseconds(1500));
    assert_eq!(alone("0.000000001s"), After(Duration::from_nanos(1)));
    assert_eq!(alone("315576000000s"), seconds(315_576_000_000));
    assert_eq!(alone("99999999999999999999999s"), After(Duration::MAX));
    for delay in ["-1s", "37", "s", "", "NaNs", "1e300s", "1m"] {
        assert_eq!(alone(delay), Transient, "{delay}");
    }
}

#[test]
fn what_is_not_as_googles_api_says_does_not_spoil_what_is() {
    let told = r#"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}"#;
    for body in [
        format!(r#"{{"error":"quota","message":"quota","code":8,"details":[{told}]}}"#),
        format!(r#"{{"error":{{"details":["a",7,null,true,-1,{{}},{{"@type":5}},{told}]}}}}"#),
        format!(
            r#"{{"error":{{"details":[{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":5}},{told}]}}}}"#
        ),
        format!(r#"{{"details":{{"a":1.5e3}},"error":{{"code":429.0,"details":[{told}]}}}}"#),
        format!("\u{feff}{{\"details\":[{told}]}}"),
        format!(
            r#"{{"details":[{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}},{told}]}}"#
        ),
    ] {
        assert_eq!(says(429, &[], &body), (seconds(37), Signal::RetryInfo), "{body}");
    }
}

#[test]
fn a_body_that_is_no_such_error_says_nothing() {
    let deep = format!("{}google.rpc.RetryInfo{}", "[".repeat(200_000), "]".repeat(200_000));
    for body in [
        "",
        "google.rpc.RetryInfo",
        "{\"details\":\"google.rpc.RetryInfo\"}",
        "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\"",
        "{\"details\":[\"type.googleapis.com/google.rpc.RetryInfo\", 5, null]}",
        "{\"details\":[{\"@type\":\"google.rpc.RetryInfo\",\"retryDelay\":\"5s\"}]}",
        "<html>google.rpc.RetryInfo</html>",
        deep.as_str(),
    ] {
        assert_eq!(says(503, &[], body), (Transient, Signal::Status), "{}", &body[..body.len().min(100)]);
    }
}

#[test]
fn the_drafts_of_ratelimit_tell_where_nothing_is_left() {
    for (lines, expected) in [
        (&[("ratelimit", r#""default";r=0;t=30"#)][..], seconds(30)),
        (&[("ratelimit", r#""default";r=50;t=30"#)], Transient),
        (&[("ratelimit", r"default;r=0;t=30")], seconds(30)),
        (&[("ratelimit", r#""burst";r=0;t=5, "daily";r=0;t=3600;pk=:cHsdsRa894==:"#)], seconds(3600)),
        (&[("ratelimit", r#""burst";r=0;t=5"#), ("ratelimit", r#""daily";r=7;t=3600"#)], seconds(5)),
        (&[("ratelimit", r#""default";r=0"#)], Transient),
        (&[("ratelimit", r#""default";t=30"#)], Transient),
        (&[("ratelimit", r#""default";r=0;t=-30"#)], Transient),
        (&[("ratelimit", r#""default";r=0;t=1.5"#)], milliseconds(1500)),
        (&[("ratelimit", r#""default";r=0;t="30""#)], Transient),
        (&[("ratelimit", r#"("a" "b");r=0;t=30"#)], Transient),
        (&[("ratelimit", "limit=100, remaining=0, reset=30")], seconds(30)),
        (&[("ratelimit", "limit=100, remaining=1, reset=30")], Transient),
        (&[("ratelimit", "limit=100;w=60, remaining=0, reset=30")], seconds(30)),
        (&[("ratelimit", "\"broken")], Transient),
        (&[("ratelimit-remaining", "0"), ("ratelimit-reset", "30")], seconds(30)),
        (&[("ratelimit-remaining", "0"), ("ratelimit-reset", "1445412510")], seconds(30)),
        (&[("ratelimit-remaining", "1"), ("ratelimit-reset", "30")], Transient),
        (&[("ratelimit-reset", "30")], Transient),
        (&[("ratelimit", "100"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "30")], seconds(30)),
        (&[("ratelimit", r#""default";r=0;t=30"#), ("retry-after", "7")], seconds(7)),
        (
            &[
                ("ratelimit", r#""default";r=0;t=30"#),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "90"),
            ],
            seconds(30),
        ),
    ] {
        assert_eq!(classified(429, lines), expected, "{lines:?}");
    }
}

#[test]
fn sentrys_limits_tell_where_they_hold_for_all_that_is_sent() {
    let bugsinks = "60::key, 86400:transaction;span:organization";
    for (text, expected) in [
        (bugsinks, seconds(60)),
        ("86400:transaction;span:organization", Transient),
        ("60::organization:quota:custom", seconds(60)),
        ("60:", seconds(60)),
        (" 0.5 : : key", milliseconds(500)),
        ("5::key,7::project, 9:error:key", seconds(7)),
        ("60", Transient),
        ("60:error:key", Transient),
        ("-60::key", Transient),
        ("soon::key, 3::key", seconds(3)),
        ("::", Transient),
        ("", Transient),
    ] {
        assert_eq!(classified(429, &[("x-sentry-rate-limits", text)]), expected, "{text:?}");
    }
    let limited = [("x-sentry-rate-limits", bugsinks)];
    assert_eq!(says(429, &limited, ""), (seconds(60), Signal::SentryRateLimits));
    assert_eq!(classified(403, &limited), Permanent);
    assert_eq!(classified(200, &limited), Permanent);
    assert_eq!(classified(429, &[limited[0], ("retry-after", "7")]), seconds(7));
    assert_eq!(classified(429, &[("x-sentry-rate-limits", "3::key"), limited[0]]), seconds(60), "two lines");
}

#[test]
fn resets_tell_in_every_dialect_where_nothing_is_left() {
    let soon = (NOW + 30).to_string();
    for reset in [
        soon.as_str(),
        "1445412510000",
        "1445412510.0",
        "30",
        "30s",
        "0m30s",
        "30000ms",
        "2015-10-21T07:28:30Z",
        "2015-10-21 07:28:30 UTC",
        "Wed, 21 Oct 2015 07:28:30 GMT",
    ] {
        for (remaining, name) in [
            ("x-ratelimit-remaining", "x-ratelimit-reset"),
            ("x-rate-limit-remaining", "x-rate-limit-reset"),
            ("x-ratelimit-remaining", "x-ratelimit-reset-after"),
            ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
            ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
            ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
            ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ] {
            let said = |left| says(429, &[(remaining, left), (name, reset)], "");
            assert_eq!(said("0"), (seconds(30), Signal::RateLimitReset), "{name}: {reset}");
            assert_eq!(said("1"), (Transient, Signal::Status), "{name}: {reset}");
            assert_eq!(says(429, &[(name, reset)], "").0, Transient, "{name} alone");
        }
    }
}

#[test]
fn of_two_limits_of_which_nothing_is_left_the_later_reset_counts() {
    let lines = [
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", "12ms"),
        ("x-ratelimit-remaining-tokens", "0"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ];
    assert_eq!(classified(429, &lines), seconds(360));
}

#[test]
fn github_limits_with_403_as_well() {
    let github = ("x-github-request-id", "C0FF:EE");
    let reset = (NOW + 30).to_string();
    let exhausted = [github, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.as_str())];
    let left = [github, ("x-ratelimit-remaining", "58"), ("x-ratelimit-reset", reset.as_str())];
    let secondary = r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes"}"#;
    for status in [403, 429] {
        assert_eq!(says(status, &exhausted, ""), (seconds(31), Signal::RateLimitReset), "a second more");
        assert_eq!(says(status, &[github, ("retry-after", "7")], ""), (seconds(7), Signal::RetryAfter));
        assert_eq!(says(status, &left, secondary), (seconds(60), Signal::GitHub));
    }
    assert_eq!(says(429, &[github], ""), (seconds(60), Signal::GitHub));
    assert_eq!(says(403, &[github, ("retry-after", "0")], secondary), (seconds(60), Signal::GitHub));
    let link = r#"{"documentation_url":"https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"}"#;
    assert_eq!(says(403, &left, link), (seconds(60), Signal::GitHub));
    assert_eq!(says(403, &left, r#"{"message":"Must have admin rights to Repository."}"#).0, Permanent);
    assert_eq!(says(403, &[], secondary).0, Permanent, "another server's text");
    assert_eq!(says(503, &[github], ""), (Transient, Signal::Status));
    // Others limit with 403 too, and say when to come back.
    assert_eq!(says(403, &[("retry-after", "7")], "").0, seconds(7));
    assert_eq!(says(403, &[("retry-after", "-7")], "").0, Permanent);
    assert_eq!(says(403, &[("x-amz-retry-after", "7")], "").0, Permanent);
}

#[test]
fn the_signals_count_in_their_order() {
    let lines = [
        ("stripe-should-retry", "true"),
        ("retry-after-ms", "1000"),
        ("grpc-retry-pushback-ms", "2000"),
        ("retry-after", "4"),
        ("ratelimit", r#""a";r=0;t=5"#),
        ("x-sentry-rate-limits", "6::key"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "6"),
        ("x-github-request-id", "1"),
    ];
    let body = r#"{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}"#;
    let in_turn = [
        (seconds(1), Signal::Milliseconds),
        (seconds(2), Signal::Pushback),
        (seconds(3), Signal::RetryInfo),
        (seconds(4), Signal::RetryAfter),
        (seconds(5), Signal::RateLimit),
        (seconds(6), Signal::SentryRateLimits),
        (seconds(7), Signal::RateLimitReset),
        (seconds(60), Signal::GitHub),
        (Transient, Signal::Status),
    ];
    let skipped = [1, 2, 3, 3, 4, 5, 6, 8, 9];
    for (turn, (expected, skip)) in in_turn.into_iter().zip(skipped).enumerate() {
        let body = if turn <= 2 { body } else { "" };
        assert_eq!(says(429, &lines[skip..], body), expected, "turn {turn}");
    }
    assert_eq!(says(404, &lines, body), (seconds(1), Signal::Milliseconds), "an explicit yes");
}

#[test]
fn hostile_values_neither_panic_nor_hang() {
    let names = [
        "retry-after",
        "date",
        "ratelimit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-reset-tokens",
        "anthropic-ratelimit-tokens-reset",
        "x-sentry-rate-limits",
        "stripe-should-retry",
        "x-should-retry",
        "x-amz-retry-after",
        "grpc-retry-pushback-ms",
        "x-ms-retry-after-ms",
        "retry-after-ms",
        "x-sentry-rate-limits",
    ];
    let values = [
        "-1",
        "-9223372036854775808",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1e300",
        "1e-300",
        "0x7fffffff",
        "  ",
        "\t",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sat, 01 Jan 10000 00:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "+999999-12-31T23:59:59Z",
        "P999999999999Y",
        "99999999999999h",
        "1h1h1h",
        "0.000000000000000000000000001",
        "\"a\";r=0;t=999999999999999",
        "\"a\";r=0;t=9999999999999999",
        "remaining=0, reset=999999999999999",
        "();r=0;t=1",
        "::::,,::,-1::,9999999999999999999999::",
    ];
    for value in values {
        for name in names {
            for status in [200, 403, 404, 429, 503] {
                // What it says is of no interest: that it says something is.
                let lines = [(name, value), ("x-ratelimit-remaining", "0"), ("ratelimit-remaining", "0")];
                let _ = says(status, &lines, value);
                let _ =
                    Reply::new(StatusCode::SERVICE_UNAVAILABLE, &headers(&lines)).received(UNIX_EPOCH).told();
            }
        }
    }
    let digits = "9".repeat(10_000_000);
    assert_eq!(says(429, &[("retry-after", &digits)], "").0, After(Duration::MAX));
    for text in ["9", "1h", "\"a\";r=0;t=1,", "-", "[", "{\"details\":[", "\u{9}"] {
        let long = text.repeat(100_000);
        let _ = says(429, &[("x-github-request-id", "1")], &long);
        for name in names {
            let _ = says(429, &[(name, &long)], "");
        }
    }
}

#[test]
fn an_http_error_keeps_what_was_answered_and_classifies_itself() {
    let response =
        http::Response::builder().status(429).header("retry-after", "37").body("slow down\nplease").unwrap();
    let error = HttpError::check(response).unwrap_err();
    assert_eq!(error.status(), 429);
    assert_eq!(error.headers()["retry-after"], "37");
    assert_eq!(error.text(), "slow down\nplease");
    assert!(error.is_whole());
    assert_eq!(error.classify(), seconds(37));
    assert_eq!(error.told(), Some(Duration::from_secs(37)));
    assert_eq!(error.to_string(), "429 Too Many Requests: slow down please");
    let fine = http::Response::builder().status(302).body("").unwrap();
    assert!(HttpError::check(fine).is_ok());
}

#[test]
fn an_http_error_keeps_a_piece_of_a_large_body_and_shows_a_line() {
    let error = HttpError::new(StatusCode::BAD_GATEWAY, HeaderMap::new(), "ä".repeat(1_000_000));
    assert_eq!(error.body().len(), HttpError::BODY_LIMIT);
    assert!(!error.is_whole());
    assert_eq!(error.to_string(), format!("502 Bad Gateway: {}…", "ä".repeat(200)));
    let binary = HttpError::new(StatusCode::BAD_GATEWAY, HeaderMap::new(), [0xff, 0, 1]);
    assert_eq!(binary.to_string(), "502 Bad Gateway");
    let json =
        HttpError::new(StatusCode::BAD_GATEWAY, HeaderMap::new(), "{\n  \"error\": {\n    \"code\": 5\n");
    assert_eq!(json.to_string(), "502 Bad Gateway: { \"error\": { \"code\": 5");
    let turned = HttpError::new(StatusCode::BAD_GATEWAY, HeaderMap::new(), "a\u{202e}b");
    assert_eq!(turned.to_string(), "502 Bad Gateway: ab");
    let odd = HttpError::new(StatusCode::from_u16(599).unwrap(), HeaderMap::new(), "\u{1b}[31mred\r\n");
    assert_eq!(odd.to_string(), "599 <unknown status code>: [31mred");
}

#[test]
fn an_http_error_shows_no_secrets() {
    let secrets = ["set-cookie", "proxy-authorization", "x-api-key", "location", "x-session", "x-csrf-token"];
    let mut lines = secrets.map(|name| (name, "secret")).to_vec();
    lines.push(("retry-after", "1"));
    let headers = headers(&lines);
    let shown = format!("{:?}", HttpError::new(StatusCode::BAD_GATEWAY, headers, ""));
    assert!(!shown.contains("secret") && shown.contains("retry-after"), "{shown}");
}

#[test]
fn a_response_of_the_http_crate_classifies_itself_by_its_headers() {
    let response = http::Response::builder().status(429).header("retry-after", "37").body(()).unwrap();
    assert_eq!(response.classify(), seconds(37));
}

#[test]
fn an_http_error_is_small() {
    assert_eq!(size_of::<HttpError>(), size_of::<usize>());
}

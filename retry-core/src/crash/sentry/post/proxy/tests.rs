//! Which proxy is chosen.

use super::*;

fn chosen(url: &str, variables: &[(&str, &str)]) -> String {
    let dsn: sentry_types::Dsn = url.parse().unwrap();
    let variable =
        |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
    match choose(dsn.scheme(), dsn.host(), &variable) {
        Ok(Some(proxy)) => format!("{} {}:{}", proxy.protocol(), proxy.host(), proxy.port()),
        Ok(None) => "none".to_owned(),
        Err(why) => why,
    }
}

#[test]
fn each_scheme_has_its_variables_and_the_lower_case_counts_first() {
    let https = "https://key@sentry.example.com/4";
    let http = "http://key@sentry.example.com/4";
    for (url, variables, proxy) in [
        (https, &[][..], "none"),
        (https, &[("HTTPS_PROXY", "http://p:1")], "HTTP p:1"),
        (https, &[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "q:2")], "HTTP q:2"),
        (https, &[("HTTPS_PROXY", " "), ("ALL_PROXY", "p")], "HTTP p:80"),
        (https, &[("HTTP_PROXY", "p:1")], "none"),
        (https, &[("all_proxy", "socks5://p")], "SOCKS5 p:1080"),
        (https, &[("all_proxy", "socks5h://u:p@p:9")], "SOCKS5h p:9"),
        (https, &[("https_proxy", "https://p/")], "HTTPS p:443"),
        (https, &[("https_proxy", "http://[::1]:3128/")], "HTTP [::1]:3128"),
        (http, &[("HTTPS_PROXY", "p:1")], "none"),
        (http, &[("HTTP_PROXY", "p:1")], "HTTP p:1"),
        (http, &[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")], "none"),
        (http, &[("http_proxy", "p:1"), ("REQUEST_METHOD", "GET")], "HTTP p:1"),
    ] {
        assert_eq!(chosen(url, variables), proxy, "{url} {variables:?}");
    }
}

#[test]
fn a_value_that_is_no_address_is_told_and_not_shown() {
    for value in ["gopher://u:secret@p", "http://", "://", "http://a b", "\u{0}", "http://secret%ff@p"] {
        assert_eq!(
            chosen("https://key@host/4", &[("https_proxy", value)]),
            "the value of https_proxy is no address of a proxy; write it like http://proxy.example.com:3128",
            "{value}"
        );
    }
}

#[test]
fn names_addresses_and_networks_are_exempt() {
    for (host, list, is) in [
        ("sentry.example.com", "example.com", true),
        ("sentry.example.com", ".example.com", true),
        ("sentry.example.com", "*.example.com", true),
        ("sentry.example.com", "a,  EXAMPLE.com:443 ,b", true),
        ("sentry.example.com", "com", true),
        ("sentry.example.com", "sentry.example.com.", true),
        ("sentry.example.com", "*", true),
        ("sentry.example.com", "ample.com", false),
        ("sentry.example.com", "x.sentry.example.com", false),
        ("sentry.example.com", "", false),
        ("sentry.example.com", ",.,*.,:", false),
        ("sentry.example.com", "é", false),
        ("10.1.2.3", "10.0.0.0/8", true),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4/32,2.3", false),
        ("[2001:db8::1]", "2001:db8::/32", true),
        ("[2001:db8::1]", "[2001:db8::1]", true),
        ("[2001:db8::1]", "10.0.0.0/8", false),
        ("1.example", "1.example/8", false),
    ] {
        assert_eq!(is_exempt(host, list), is, "{host} {list}");
    }
}

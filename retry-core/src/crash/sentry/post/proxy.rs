//! Which proxy the environment names, by the rules that `curl`, Go and Python share.

use ipnet::IpNet;
use sentry_types::Scheme;
use std::env;
use std::net::IpAddr;
use ureq::Proxy;

/// The proxy for this server; why it cannot be used, where there is one that is not understood.
pub(super) fn from_environment(scheme: Scheme, host: &str) -> Result<Option<Proxy>, String> {
    choose(scheme, host, &|name| env::var(name).ok())
}

fn choose(
    scheme: Scheme,
    host: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, String> {
    let first = |names: &[&'static str]| {
        let set =
            |name: &&'static str| Some((*name, variable(name).filter(|value| !value.trim().is_empty())?));
        names.iter().find_map(set)
    };
    // A CGI program's `HTTP_PROXY` is a header of the request that it answers.
    let is_cgi = variable("REQUEST_METHOD").is_some();
    let named = match scheme {
        Scheme::Https => first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
        Scheme::Http if is_cgi => first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
        Scheme::Http => first(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
    };
    let Some((name, address)) = named else { return Ok(None) };
    if first(&["no_proxy", "NO_PROXY"]).is_some_and(|(_, list)| is_exempt(host, &list)) {
        return Ok(None);
    }
    let address = address.trim();
    let with_scheme = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    // Not the value, which may hold a password.
    let not = |_| {
        format!("the value of {name} is no address of a proxy; write it like http://proxy.example.com:3128")
    };
    Proxy::new(&with_scheme).map(Some).map_err(not)
}

/// `NO_PROXY`: names with all that is below them, addresses and networks; a port that is written with them is passed over.
fn is_exempt(host: &str, list: &str) -> bool {
    let host = host.trim_end_matches('.');
    let address: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some(address) = address {
            let entry = entry.trim_start_matches('[').trim_end_matches(']');
            let network = entry.parse().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
            return network.is_ok_and(|network: IpNet| network.contains(&address));
        }
        let name = entry.rsplit_once(':').map_or(entry, |(name, _port)| name);
        let name = name.trim_start_matches('*').trim_matches('.');
        is_below(host, name)
    })
}

fn is_below(host: &str, name: &str) -> bool {
    let Some(start) = host.len().checked_sub(name.len()).filter(|_| !name.is_empty()) else { return false };
    host.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name))
        && (start == 0 || host[..start].ends_with('.'))
}

#[cfg(test)]
mod tests;

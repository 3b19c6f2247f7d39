//! What stands before every page: names, origins, sessions, and the headers of every response.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    console::{Console, Running},
    pages,
};

/// Refuses foreign names and foreign forms, and gives every response its headers.
///
/// - A page elsewhere could make its own name resolve to this machine (DNS rebinding) and then
///   read everything here as its own: only `localhost`, IP addresses and declared names are served.
/// - A page elsewhere could send a form here with the person's cookie: whatever changes something
///   must come from a page of this very origin, and the browser must say so.
pub(crate) async fn guard(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let mut response = if !host(headers, request.uri())
        .is_some_and(|host| known(host, &console.setting().hosts))
    {
        pages::refusal(StatusCode::MISDIRECTED_REQUEST, "wrong-name", WRONG_NAME)
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) && !own_form(headers) {
        pages::refusal(StatusCode::FORBIDDEN, "foreign-form", FOREIGN_FORM)
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets only sessions pass.
pub(crate) async fn signed_in(
    State(running): State<Running>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let person = !path.starts_with("/parts/");
    let admitted =
        session(request.headers()).is_some_and(|secret| running.door.admits(secret, person));
    if admitted {
        return next.run(request).await;
    }
    if wants_page(request.method(), path, request.headers()) {
        return Redirect::to("/sign-in").into_response();
    }
    pages::refusal(StatusCode::UNAUTHORIZED, "not-signed-in", NOT_SIGNED_IN)
}

/// The session's secret that the browser sends.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Whether whoever asks wants to read a page, rather than a script a part or JSON.
fn wants_page(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    *method == Method::GET
        && !path.starts_with("/parts/")
        && !path.ends_with(".json")
        && !path.ends_with(".csv")
        && headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"))
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    // Two names in one request are somebody's trick; so is a second one in the request line.
    let other = uri.authority().is_some_and(|authority| authority.as_str() != host);
    (hosts.next().is_none() && !other).then_some(host)
}

fn known(host: &str, declared: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok()
        || declared.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Browsers send `Origin` with every POST; one that is hidden or foreign is refused, and so is
/// none, unless `Sec-Fetch-Site` vouches for it.
fn own_form(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => ["http://", "https://"]
            .iter()
            .any(|scheme| origin.strip_prefix(scheme).is_some_and(|name| name == host)),
        (None, Some(_)) => site.is_some(),
        _ => false,
    }
}

/// Name of the cookie that holds the session's secret.
pub(crate) const COOKIE: &str = "freehold_session";

const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
         img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // `no-referrer` would also hide the origin of our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
];

const WRONG_NAME: &str = "The address names a host that this console does not answer to. Open it by \
    localhost or its IP address, as the terminal printed it.";
const FOREIGN_FORM: &str = "The form did not come from a page of this console, so nothing was done. \
    Open the console by the address that the terminal printed and send it from there.";
const NOT_SIGNED_IN: &str = "Nobody is signed in here, or the session ended. Sign in again.";

#[cfg(test)]
mod tests;

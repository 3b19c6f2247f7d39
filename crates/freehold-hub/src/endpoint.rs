//! Where a hub is. Weights and tokens go over TLS, or do not leave the machine.

use std::{fmt, net::IpAddr};

use http::{Uri, uri::Authority};

/// The address of a hub: `https://HOST`, or `http://` where the host is this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
}

/// Why an address is none of a hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No `https://HOST`.
    #[error("`{text}` is no address of a hub")]
    Unreadable {
        /// What was given.
        text: String,
    },
    /// Not encrypted, and not this machine.
    #[error("`{text}` is not encrypted")]
    Plain {
        /// What was given.
        text: String,
    },
    /// It holds a name and a password, which would show up wherever the address does.
    #[error("the address of `{host}` holds a password")]
    Password {
        /// The host alone.
        host: String,
    },
}

impl Endpoint {
    /// Reads one.
    ///
    /// # Errors
    /// [`EndpointError`]: it is none, or it is neither encrypted nor this machine's.
    pub fn read(text: &str) -> Result<Self, EndpointError> {
        let text = text.trim().trim_end_matches('/');
        let shown = || freehold_artifact::finding::shown(text.as_bytes(), 200);
        let unreadable = || EndpointError::Unreadable { text: shown() };
        let uri: Uri = text.parse().map_err(|_| unreadable())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(unreadable)?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(EndpointError::Password { host: host.to_owned() });
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(unreadable());
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(host) => {}
            Some("http") => return Err(EndpointError::Plain { text: shown() }),
            _ => return Err(unreadable()),
        }
        Ok(Self { text: text.to_owned() })
    }

    /// Without `/` at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is the public hub, whose stored token must go to nobody else.
    pub fn is_public_hub(&self) -> bool {
        self.text == PUBLIC_HUB
    }

    /// The address of a page below; `path` is encoded and begins with `/`.
    pub(crate) fn page(&self, path: &str) -> Option<Uri> {
        format!("{}{path}", self.text).parse().ok()
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self { text: PUBLIC_HUB.to_owned() }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether bytes may be had from there: encrypted, or from this machine.
pub(crate) fn is_allowed(uri: &Uri) -> bool {
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => is_loopback(host),
        _ => false,
    }
}

/// Whether two addresses are on the same server: scheme, host and port.
pub(crate) fn same_origin(a: &Uri, b: &Uri) -> bool {
    let port = |uri: &Uri| uri.port_u16().unwrap_or(usual_port(uri));
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    a.scheme_str() == b.scheme_str() && host(a) == host(b) && port(a) == port(b)
}

/// Where a redirect leads from `base`: an address or a path (RFC 3986, section 5; a path that
/// begins with no `/` is of no hub, and is not followed).
pub(crate) fn resolve(base: &Uri, target: &str) -> Option<Uri> {
    if let Some(rest) = target.strip_prefix("//") {
        return format!("{}://{rest}", base.scheme_str()?).parse().ok();
    }
    if target.starts_with('/') {
        let authority: &Authority = base.authority()?;
        return format!("{}://{authority}{target}", base.scheme_str()?).parse().ok();
    }
    let without_fragment = target.split('#').next()?;
    without_fragment.parse::<Uri>().ok().filter(|uri| uri.host().is_some())
}

/// 443 for https, else 80.
pub(crate) fn usual_port(uri: &Uri) -> u16 {
    if uri.scheme_str() == Some("https") { 443 } else { 80 }
}

/// Bytes of a path or of one of its parts as an address takes them (RFC 3986, section 2.3);
/// `keep` names what stays besides.
pub(crate) fn encoded(text: &str, keep: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-_.~".contains(c) || keep.contains(c) {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// `localhost` is this machine by RFC 6761, section 6.3.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

const PUBLIC_HUB: &str = "https://huggingface.co";

//! Where a server is, taken apart once instead of for each request.

use http::{HeaderValue, Uri, uri::PathAndQuery};

/// A base address as OpenAI's clients take it (`http://10.0.0.5:8000/v1`).
#[derive(Debug)]
pub(crate) struct Address {
    /// As declared, for messages.
    pub(crate) text: String,
    pub(crate) secure: bool,
    /// IPv6 addresses in brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What the header `host` says.
    pub(crate) host_header: HeaderValue,
    path: String,
}

impl Address {
    /// Reads one; `None` if it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/').to_owned();
        let uri: Uri = text.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let host = uri.host()?.to_owned();
        // The usual port stays unsaid: RFC 9110, section 7.2, and some servers compare the text.
        let usual = if secure { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        let said = if port == usual { host.clone() } else { format!("{host}:{port}") };
        let path = uri.path().trim_end_matches('/').to_owned();
        Some(Self { secure, host, port, host_header: said.try_into().ok()?, path, text })
    }

    /// The target of a request for a page below.
    pub(crate) fn page(&self, below: &str) -> Option<Uri> {
        let target = PathAndQuery::try_from(format!("{}{below}", self.path)).ok()?;
        Some(Uri::from(target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, u16, &str, &str)>) {
        let address = Address::read(text);
        let page = address.as_ref().and_then(|address| address.page("/models")).unwrap_or_default();
        let found = address.as_ref().map(|address| {
            let said = address.host_header.to_str().unwrap_or_default();
            (address.host.as_str(), address.port, said, page.path())
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_are_taken_apart() {
        check("http://a:8000/v1/", Some(("a", 8000, "a:8000", "/v1/models")));
        check("http://a/v1", Some(("a", 80, "a", "/v1/models")));
        check("https://a", Some(("a", 443, "a", "/models")));
        check("https://[::1]:80/x/v1", Some(("[::1]", 80, "[::1]:80", "/x/v1/models")));
        for wrong in ["", "a:8000", "/v1", "ftp://a/v1", "http://", "http://a b"] {
            check(wrong, None);
        }
    }
}

//! PEM (RFC 7468): labelled blocks of base64. Text around the blocks is ignored, as it allows.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// One block.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    /// Wiped when it is dropped: it may be a private key.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether it has headers (`Proc-Type: 4,ENCRYPTED`).
    pub(super) headers: bool,
}

/// The blocks of a text, in order. A block that is cut or no base64 is none.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        rest = after;
        let Some((label, body)) = after.split_once("-----") else { break };
        let end = format!("-----END {label}-----");
        let Some((body, after)) = body.split_once(&end) else { continue };
        rest = after;
        let headers = body.contains(':');
        let body: Zeroizing<String> =
            Zeroizing::new(body.chars().filter(|one| !one.is_ascii_whitespace()).collect());
        match STANDARD.decode(body.as_bytes()) {
            Ok(bytes) => found.push(Block { label, bytes: Zeroizing::new(bytes), headers }),
            Err(_) if headers => {
                found.push(Block { label, bytes: Zeroizing::default(), headers });
            }
            Err(_) => {}
        }
    }
    found
}

/// A block as OpenSSL writes it: lines of 64 characters, a newline at the end.
pub(super) fn write(label: &str, bytes: &[u8]) -> String {
    let body = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII, so every index is a boundary.
        let (line, more) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

//! The style and the script, compiled in, under names that change with their content, so that
//! browsers may keep them for ever.

use std::{fmt::Write, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::digest::{SHA256, digest};

use crate::pages;

/// A file of the console.
pub(crate) struct Asset {
    /// Its path.
    pub(crate) path: String,
    kind: &'static str,
    bytes: &'static [u8],
}

/// The style of all pages.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "css", "text/css; charset=utf-8", include_bytes!("../assets/console.css"))
});

/// The script of all pages; each works without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/console.js");
    Asset::new("console", "js", "text/javascript; charset=utf-8", bytes)
});

impl Asset {
    fn new(stem: &str, extension: &str, kind: &'static str, bytes: &'static [u8]) -> Self {
        let mut path = format!("/assets/{stem}-");
        for byte in digest(&SHA256, bytes).as_ref().iter().take(8) {
            // Writing into a string cannot fail.
            let _infallible = write!(path, "{byte:02x}");
        }
        path.push('.');
        path.push_str(extension);
        Self { path, kind, bytes }
    }
}

/// Sends one of them.
pub(crate) async fn show(Path(name): Path<String>) -> Response {
    let found = [&*STYLE, &*SCRIPT]
        .into_iter()
        .find(|asset| asset.path.strip_prefix("/assets/").is_some_and(|path| path == name));
    let Some(asset) = found else { return pages::not_found().await };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.bytes).into_response()
}

/// Browsers ask for an icon; there is none.
pub(crate) async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}

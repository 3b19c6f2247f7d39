//! A console without an installation: the pages for deciding, and nothing else.

use std::sync::Arc;

use freehold_console::Console;
use http::Method;

use crate::support::{Browser, SystemClock, serve, setting};

async fn deciding() -> Browser {
    Browser::at(serve(Console::deciding(setting(Arc::new(SystemClock)))).await)
}

#[tokio::test]
async fn nobody_signs_in_and_nothing_of_an_installation_is_there() {
    let browser = deciding().await;
    let page = browser.send(Method::GET, "/", &[], "").await;
    assert_eq!(page.status(), 200);
    assert!(page.text.contains("<h1>Decide</h1>"), "{}", page.text);
    assert!(page.text.contains("<code>./freehold up</code>"), "{}", page.text);
    for word in ["Sign out", "Playground", "/records"] {
        assert!(!page.text.contains(word), "{word}");
    }
    for path in ["/sign-in", "/playground", "/state.json", "/records", "/parts/permits", "/ask"] {
        assert_eq!(browser.send(Method::GET, path, &[], "").await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn foreign_names_and_forms_are_refused() {
    let browser = deciding().await;
    for (host, status) in [("localhost:1", 200), ("console.example.org", 200), ("evil.test", 421)] {
        let page = browser.send(Method::GET, "/", &[("host", host)], "").await;
        assert_eq!(page.status(), status, "{host}");
    }
    let foreign = [("origin", "http://evil.test")];
    assert_eq!(browser.send(Method::POST, "/", &foreign, "a=b").await.status(), 403);
}

/// Browsers ask at once; whoever opens connections and says nothing would keep others out.
#[tokio::test]
async fn who_says_nothing_keeps_nobody_out() {
    let browser = deciding().await;
    let address = browser.origin.trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let page = browser.send(Method::GET, "/", &[], "").await;
    assert_eq!(page.status(), 200, "those that said nothing were closed");
}

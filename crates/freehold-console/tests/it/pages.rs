//! Headers of every response, files that never change, and the state as a page and as JSON.

use http::Method;
use serde_json::Value;

use crate::support::House;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_response_has_the_headers() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    for (path, status) in [
        ("/sign-in", 303),
        ("/", 200),
        ("/playground", 200),
        ("/models", 200),
        ("/models.json", 200),
        ("/models.csv", 200),
        ("/posture.json", 200),
        ("/records.csv", 200),
        ("/records?outcome=lost", 400),
        ("/state", 200),
        ("/state.json", 200),
        ("/records", 200),
        ("/records/nonsense", 404),
        ("/records/01M849D99JPATP7M4VF42VRXVA", 404),
        ("/records/01M849D99JPATP7M4VF42VRXVA.json", 404),
        ("/nowhere", 404),
        ("/assets/console.css", 404),
        ("/ask", 405),
    ] {
        let page = house.get(path, &cookie).await;
        assert_eq!(page.status(), status, "{path}");
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), value, "{path}");
        }
        for inline in [" style=", " onclick=", "<style", "javascript:"] {
            assert!(!page.text.contains(inline), "{inline} in {path}");
        }
        assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{path}");
    }
}

#[tokio::test]
async fn files_are_named_by_their_content_and_kept() {
    let house = House::saying("hello").await;
    let page = house.get("/sign-in", "").await;
    for (start, kind) in [
        ("<link rel=\"stylesheet\" href=\"", "text/css; charset=utf-8"),
        ("<script src=\"", "text/javascript; charset=utf-8"),
    ] {
        let file = house.get(page.between(start, "\""), "").await;
        assert_eq!((file.status(), file.header("content-type")), (200, kind));
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(!file.text.contains("://"), "a file names another host");
    }
}

#[tokio::test]
async fn the_state_is_told_as_measured() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let state: Value = serde_json::from_str(&house.get("/state.json", &cookie).await.text).unwrap();
    assert_eq!(state["workers"][0]["restarts"], 3);
    assert_eq!(state["workers"][0]["state"]["is"], "down");
    assert_eq!(state["controls"]["admission"]["standing"], "not_in_force");
    assert_eq!(state["controls"]["boundary"]["standing"], "partly");
    assert_eq!(state["log"]["entries"], 0);
    assert!(state["disk"]["free_bytes"].as_u64().unwrap() > 0);
    let page = house.get("/state", &cookie).await;
    for text in
        ["1 of 2 measures in force", "no programs: not in force", "takes entries", " free of "]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let part = house.get("/parts/permits", &cookie).await;
    assert!(part.text.starts_with("<ul class=\"permits\" id=\"permits\""), "{}", part.text);
}

#[tokio::test]
async fn long_forms_are_refused() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let form = format!("model=m&message={}", "a".repeat(2 << 20));
    let page = house.send(Method::POST, "/ask", &[("cookie", &cookie)], &form).await;
    assert_eq!(page.status(), 413);
    assert!(page.text.contains("longer than 1 MiB"), "{}", page.text);
    assert_eq!(house.log.status().size, 0);
}

//! Nobody gets in without a token, nobody twice with one, and no page elsewhere gets in at all.

use http::Method;

use crate::support::House;

const INSIDE: [&str; 16] = [
    "/",
    "/posture.json",
    "/models",
    "/models.json",
    "/models.csv",
    "/records.csv",
    "/parts/attention",
    "/playground",
    "/state",
    "/state.json",
    "/records",
    "/records.json",
    "/records/01M849D99JPATP7M4VF42VRXVA.json",
    "/parts/permits",
    "/parts/state",
    "/parts/receipt/01M849D99JPATP7M4VF42VRXVA",
];

#[tokio::test]
async fn every_page_wants_a_session() {
    let house = House::saying("hello").await;
    for path in INSIDE {
        for cookie in ["", "freehold_session=", "freehold_session=guess"] {
            let page = house.get(path, cookie).await;
            let expected =
                if path.ends_with(".json") || path.ends_with(".csv") || path.starts_with("/parts/")
                {
                    (401, "")
                } else {
                    (303, "/sign-in")
                };
            assert_eq!((page.status(), page.header("location")), expected, "{path}");
        }
    }
    for path in ["/ask", "/sign-out"] {
        let page = house.send(Method::POST, path, &[], "model=m&message=hi").await;
        assert_eq!(page.status(), 401, "{path}");
    }
    assert_eq!(house.log.status().size, 0, "nothing was asked");
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_closed_cookie_once() {
    let house = House::saying("hello").await;
    let token = house.token();
    let address = format!("/sign-in?token={token}");
    for _ in 0..2 {
        // Looking at the address, as mail scanners do, uses nothing up.
        let page = house.get(&address, "").await;
        assert_eq!(page.status(), 200);
        assert!(page.text.contains(&format!("value=\"{token}\"")));
    }
    let form = format!("token={token}");
    let page = house.send(Method::POST, "/sign-in", &[], &form).await;
    assert_eq!((page.status(), page.header("location")), (303, "/"));
    let cookie = page.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(house.get("/playground", cookie).await.status(), 200);
    assert_eq!(house.get("/sign-in", cookie).await.header("location"), "/");

    let again = house.send(Method::POST, "/sign-in", &[], &form).await;
    assert_eq!((again.status(), again.header("set-cookie")), (401, ""));
    assert!(again.text.contains("each one works once"));

    let out = house.send(Method::POST, "/sign-out", &[("cookie", cookie)], "").await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(house.get("/playground", cookie).await.status(), 303);
}

#[tokio::test]
async fn guessing_ends_in_a_wait() {
    let house = House::saying("hello").await;
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(house.send(Method::POST, "/sign-in", &[], "token=guess").await.status());
    }
    assert_eq!(statuses, [vec![401; 10], vec![429]].concat());
    let form = format!("token={}", house.token());
    let right = house.send(Method::POST, "/sign-in", &[], &form).await;
    assert_eq!(right.status(), 429, "the right token waits as well");
    assert!(right.header("retry-after").parse::<u64>().is_ok());
}

#[tokio::test]
async fn forms_of_other_pages_do_nothing() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let form = format!("token={}", house.token());
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let headers = [("origin", origin), ("cookie", &*cookie)];
        for (path, form) in [("/sign-in", &*form), ("/ask", "model=m&message=m"), ("/sign-out", "")]
        {
            let page = house.send(Method::POST, path, &headers, form).await;
            assert_eq!(page.status(), 403, "{origin} {path}");
        }
    }
    assert_eq!(house.log.status().size, 0);
    assert_eq!(house.get("/state", &cookie).await.status(), 200, "still signed in");
}

#[tokio::test]
async fn other_names_are_not_answered() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let port = house.origin.rsplit(':').next().unwrap();
    for (host, expected) in [
        (format!("localhost:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        ("console.example.org".to_owned(), 200),
        (format!("evil.example:{port}"), 421),
        ("127.0.0.1.evil.example".to_owned(), 421),
    ] {
        for path in ["/state", "/sign-in"] {
            let headers = [("host", &*host), ("cookie", &*cookie)];
            let page = house.send(Method::GET, path, &headers, "").await;
            let expected = if path == "/sign-in" && expected == 200 { 303 } else { expected };
            assert_eq!(page.status(), expected, "{host} {path}");
        }
    }
}

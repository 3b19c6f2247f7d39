//! The record explorer on a real log: filters, pages, files, and the steps of a proof.

use http::Method;
use serde_json::Value;

use crate::support::{HOSTILE, House};

async fn ask(house: &House, cookie: &str, model: &str, message: &str) {
    let form = format!("model={model}&message={message}");
    let page = house.send(Method::POST, "/ask", &[("cookie", cookie)], &form).await;
    assert_eq!(page.status(), 200);
}

async fn records(house: &House, cookie: &str, query: &str) -> Value {
    let page = house.get(&format!("/records.json{query}"), cookie).await;
    assert_eq!(page.status(), 200, "{query}: {}", page.text);
    serde_json::from_str(&page.text).unwrap()
}

/// As a form sends it.
const MODEL: &str = "%3Cb+id%3Downed%3E%22%27%26";

#[tokio::test]
async fn filters_leave_what_was_asked_for() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    ask(&house, &cookie, MODEL, "one").await;
    ask(&house, &cookie, "nobody", "two").await;
    ask(&house, &cookie, MODEL, "three").await;
    for (query, count) in [
        ("", 3),
        ("?outcome=answered", 2),
        ("?outcome=refused", 1),
        ("?outcome=truncated", 0),
        ("?outcome=open", 0),
        ("?outcome=event", 0),
        ("?principal=TEST", 3),
        ("?principal=somebody", 0),
        ("?model=owned", 2),
        ("?since=2020-01-01T00:00", 3),
        ("?until=2020-01-01T00:00", 0),
        ("?since=2099-01-01T00:00", 0),
    ] {
        let found = records(&house, &cookie, query).await;
        let shown = found["records"].as_array().unwrap();
        assert_eq!(shown.len(), count, "{query}: {found}");
        for record in shown {
            for entry in record["entries"].as_array().unwrap() {
                assert_ne!(entry["body"]["state"], "opened", "a list opens nothing");
            }
        }
    }
    let page = house.get("/records?outcome=lost", &cookie).await;
    assert_eq!(page.status(), 400);
    assert!(page.text.contains("is no outcome"), "{}", page.text);
    let page = house.get("/records?principal=%22%3Cb%3E", &cookie).await;
    assert!(page.text.contains("value=\"&quot;&lt;b&gt;\""), "{}", page.text);
    assert!(page.text.contains("No record is like this."), "{}", page.text);
}

#[tokio::test]
async fn pages_hold_each_record_once() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    for _ in 0..53 {
        ask(&house, &cookie, MODEL, "one").await;
    }
    let all = records(&house, &cookie, "").await;
    assert_eq!(all["records"].as_array().unwrap().len(), 53);
    assert_eq!(all["next"], Value::Null);
    let first = house.get("/records?model=owned", &cookie).await;
    assert_eq!(first.text.matches("<li><a href=\"/records/").count(), 50);
    let next = first.between("<nav class=\"pages\" aria-label=\"Pages\"> <a href=\"", "\"");
    assert_eq!(next, "/records?model=owned&amp;before=7");
    let second = house.get(&next.replace("&amp;", "&"), &cookie).await;
    assert_eq!(second.text.matches("<li><a href=\"/records/").count(), 3);
    assert!(second.text.contains("<a href=\"/records?model=owned\">Newest</a>"), "{}", second.text);
    // A page that begins between a question and its answer does not show the question as open.
    let middle = records(&house, &cookie, "?before=3").await;
    assert_eq!(middle["records"].as_array().unwrap().len(), 1, "{middle}");
}

#[tokio::test]
async fn a_file_for_spreadsheets() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    ask(&house, &cookie, MODEL, "one").await;
    let file = house.get("/records.csv", &cookie).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    let mut lines = file.text.lines();
    assert_eq!(
        lines.next(),
        Some("record,time,who,model,end,tokens_read,tokens_written,microseconds,proof")
    );
    let line = lines.next().unwrap();
    assert!(
        line.contains(&format!(",tester,\"{}\",answered,1,1,", HOSTILE.replace('"', "\"\""))),
        "{line}"
    );
    assert_eq!(lines.next(), None);
}

#[tokio::test]
async fn a_proof_can_be_followed() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    ask(&house, &cookie, MODEL, "one").await;
    let found = records(&house, &cookie, "").await;
    let id = found["records"][0]["id"].as_str().unwrap();
    loop {
        let page = house.get(&format!("/records/{id}"), &cookie).await;
        if page.text.contains("the root of 2 entries") {
            // Two leaves: each is the other's neighbour, and both meet in one root.
            let leaf = |number: usize| {
                let entry = &found["records"][0]["entries"][number];
                entry["leaf_hash"].as_str().unwrap().to_owned()
            };
            for (number, side) in [(1, "right"), (0, "left")] {
                let with = format!("with <code>{}</code> on the {side}", leaf(number));
                assert!(page.text.contains(&with), "{with}: {}", page.text);
            }
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn models_and_posture_are_told() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let home = house.get("/", &cookie).await;
    for text in ["is down", "is not fully confined", "./freehold doctor --dir '/a b'", "to look at"]
    {
        assert!(home.text.contains(text), "{text}: {}", home.text);
    }
    let posture: Value =
        serde_json::from_str(&house.get("/posture.json", &cookie).await.text).unwrap();
    assert_eq!(posture["controls"]["admission"]["standing"], "not_in_force");
    assert_eq!(posture["attention"][0]["urgent"], true);
    let models: Value =
        serde_json::from_str(&house.get("/models.json", &cookie).await.text).unwrap();
    assert_eq!(
        (&models[0]["model"]["name"], &models[0]["admitted"]),
        (&HOSTILE.into(), &Value::Null)
    );
    let page = house.get("/models", &cookie).await;
    assert!(page.text.contains("weights not seen by Freehold"), "{}", page.text);
    assert!(
        page.text.contains(&format!("/playground?model={}", MODEL.replace('+', "%20"))),
        "{}",
        page.text
    );
    let file = house.get("/models.csv", &cookie).await;
    assert_eq!(file.text.lines().count(), 2);
}

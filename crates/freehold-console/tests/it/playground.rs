//! Asking: with a form and with a script, and what the receipt says about it.

use freehold_engine::Step;
use freehold_types::RecordId;
use http::Method;
use serde_json::Value;

use crate::support::{HOSTILE, House, Page};

/// [`HOSTILE`] and a question, as a form carries them.
const FORM: &str = "model=%3Cb%20id%3Downed%3E%22%27%26&class=&passage=&message=What%3F";

async fn ask(house: &House, cookie: &str, form: &str) -> Page {
    house.send(Method::POST, "/ask", &[("cookie", cookie)], form).await
}

fn record(page: &Page) -> RecordId {
    page.between("data-record=\"", "\"").parse().expect("the receipt names a record")
}

#[tokio::test]
async fn a_form_gets_a_page_with_answer_and_receipt() {
    let house = House::saying("At 9:40.").await;
    let cookie = house.cookie().await;
    let page = ask(&house, &cookie, &FORM.replace("passage=", "passage=Gate%3A+9%3A40.")).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.between("<p class=\"answer\">", "</p>"), "At 9:40.");
    let id = record(&page);
    let shown = house.log.show(id).unwrap();
    assert_eq!(shown.entries.len(), 2, "an intent and an outcome");
    for text in [
        "recorded before release",
        "sha256:0707070707070707",
        "the only backend of this model",
        "label <b>internal</b>",
        "mean token probability over 1 token",
        &format!("./freehold audit show {id} --dir '/a b'"),
        "What?</textarea>",
        "Gate: 9:40.</textarea>",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let json = house.get(&format!("/records/{id}.json"), &cookie).await;
    let json: Value = serde_json::from_str(&json.text).unwrap();
    let asked: Value =
        serde_json::from_str(json["entries"][0]["body"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(asked["messages"][0]["content"], "Passage: Gate: 9:40.\n\nQuestion: What?");
}

#[tokio::test]
async fn the_receipt_settles_when_the_checkpoint_is_signed() {
    let house = House::saying("hello").await;
    let cookie = house.cookie().await;
    let id = record(&ask(&house, &cookie, FORM).await);
    let path = format!("/parts/receipt/{id}");
    loop {
        let part = house.get(&path, &cookie).await;
        assert_eq!(part.status(), 200);
        if part.text.contains("data-proof=\"settled\"") {
            assert!(part.text.contains("are in the checkpoint of 2 entries"), "{}", part.text);
            return;
        }
        assert!(part.text.contains("for the next checkpoint"), "{}", part.text);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_script_gets_the_gateways_own_stream() {
    let house =
        House::new(|_| vec![Step::Say("<script>".into()), Step::Say("alert(1)".into())]).await;
    let cookie = house.cookie().await;
    let headers = [("cookie", &*cookie), ("accept", "text/event-stream")];
    let page = house.send(Method::POST, "/ask", &headers, FORM).await;
    assert!(page.header("content-type").starts_with("text/event-stream"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.text.ends_with("data: [DONE]\n\n"), "{}", page.text);
    let id: RecordId = page.header("x-freehold-record").parse().unwrap();
    let record = house.get(&format!("/records/{id}"), &cookie).await;
    assert_eq!(
        record.between("<h2 class=\"t\" id=\"h-1\">", "</p>"),
        "Answered</h2><p class=\"answer\">&lt;script&gt;alert(1)"
    );
}

#[tokio::test]
async fn answers_and_names_cannot_become_markup() {
    let house =
        House::saying("<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;").await;
    let cookie = house.cookie().await;
    let form = FORM.replace("passage=", "passage=%3C%2Ftextarea%3E%3Cscript%3E");
    let page = ask(&house, &cookie, &form).await;
    let id = record(&page);
    let mut pages = vec![page];
    for path in ["/playground", "/state", "/records", "/parts/state", &format!("/records/{id}")] {
        pages.push(house.get(path, &cookie).await);
    }
    for page in pages {
        assert_eq!(page.status(), 200);
        let inner = page.text.replacen("<script src=\"/assets/", "", 1);
        for mark in ["<script", "<img", "<b id", "<i>tried", "<u>", "<s>", "</textarea><s"] {
            assert!(!inner.contains(mark), "{mark} in {}", page.text);
        }
    }
    let refused = house.get("/sign-in?token=%22%3E%3Cscript%3E", "").await;
    assert!(refused.text.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{}", refused.text);
}

#[tokio::test]
async fn refusals_are_told_and_have_their_receipt() {
    let house = House::new(|_| vec![Step::CallTool("delete".into(), "{}".into())]).await;
    let cookie = house.cookie().await;
    for (form, why, receipt) in [
        (FORM.replace("class=", "class=restricted"), "no answer", "egress refused"),
        (FORM.replace("class=", "class=%0A"), "no answer", "unknown label"),
        ("model=none&message=hi".to_owned(), "there is no model `none` here", "model not found"),
        (FORM.to_owned(), "no answer", "tool not offered"),
    ] {
        let page = ask(&house, &cookie, &form).await;
        assert_eq!(page.status(), 200, "{form}");
        assert!(page.text.contains(why), "{why}: {}", page.text);
        assert!(page.text.contains(receipt), "{receipt}: {}", page.text);
        assert!(page.text.contains("<b>Stopped at:</b>"), "{}", page.text);
        assert!(house.log.show(record(&page)).is_ok());
    }
}

#[tokio::test]
async fn without_a_record_there_is_no_answer() {
    let house = House::saying("never to be seen").await;
    let cookie = house.cookie().await;
    house.log.close();
    let page = ask(&house, &cookie, FORM).await;
    assert!(!page.text.contains("never to be seen"));
    assert!(page.text.contains("no answer"), "{}", page.text);
    assert!(page.text.contains("no record, so no answer"), "{}", page.text);
    assert!(HOSTILE.contains('<'), "the name in the form is the hostile one");
}

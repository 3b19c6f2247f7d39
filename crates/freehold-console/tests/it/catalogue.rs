//! The catalogue's pages: what is found, what is not and why, and the same for programs.

use std::sync::Arc;

use freehold_catalog::{Adopter, Catalog, Constraints};
use freehold_console::Console;
use http::Method;
use serde_json::Value;

use crate::support::{Browser, Page, SystemClock, serve, setting};

const LLAMA: &str = "meta-llama/Llama-3.1-8B-Instruct";

struct Catalogue(Browser);

impl Catalogue {
    async fn new() -> Self {
        Self(Browser::at(serve(Console::deciding(setting(Arc::new(SystemClock)))).await))
    }

    async fn get(&self, path: &str) -> Page {
        self.0.send(Method::GET, path, &[], "").await
    }

    async fn json(&self, path: &str) -> Value {
        let page = self.get(path).await;
        assert_eq!(page.status(), 200, "{path}: {}", page.text);
        serde_json::from_str(&page.text).unwrap()
    }
}

#[tokio::test]
async fn the_selector_finds_what_the_catalogue_does() {
    let pages = Catalogue::new().await;
    let constraints = Constraints {
        context: Some(100_000),
        adopter: Adopter { monthly_users: Some(800_000_000), ..Adopter::default() },
        ..Constraints::default()
    };
    let today = "2026-11-23".parse().unwrap();
    let wanted = Catalog::embedded().unwrap().search(&constraints, today).unwrap();
    let query = "context=100k&users=800M";
    let matches = pages.json(&format!("/catalogue.json?{query}")).await;
    let ids: Vec<&str> =
        matches.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let known: Vec<&str> = wanted.matches.iter().map(|it| it.id.0.as_str()).collect();
    assert_eq!(ids, known);

    let all = pages.json(&format!("/catalogue.json?{query}&all=1")).await;
    assert_eq!(all.as_array().unwrap().len(), Catalog::embedded().unwrap().models().count());

    let csv = pages.get(&format!("/catalogue.csv?{query}")).await;
    assert!(csv.text.starts_with("id,name,publisher,"), "{}", csv.text);
    let line = csv.text.lines().find(|line| line.starts_with(LLAMA)).unwrap();
    assert!(line.contains("excluded") && line.contains("700 million"), "{line}");
}

#[tokio::test]
async fn exclusions_are_explained_with_their_sources() {
    let pages = Catalogue::new().await;
    let page = pages.get("/catalogue?text=llama-3.1-8b&users=800M&commercial=yes").await;
    assert_eq!(page.status(), 200);
    for part in [
        "<h2 id=\"excluded\">Excluded</h2>",
        "700 million",
        "rel=\"external noreferrer\"",
        "value=\"800M\"",
        "catalog search llama-3.1-8b --users 800M --commercial",
        "/catalogue.json?text=llama-3.1-8b&amp;users=800M&amp;commercial=yes",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
}

#[tokio::test]
async fn what_is_no_question_is_said_on_the_page() {
    let pages = Catalogue::new().await;
    for (query, words) in [
        ("min=many", "Not a search"),
        ("hardware=h1000", "Did you mean"),
        ("region=%3Cb%3E", "`&lt;b&gt;` is no region"),
        ("memory=24", "write 24GB"),
        ("memory=0", "0 bytes of memory hold no model"),
        ("hardware=nvidia-h100-sxm-80gb&count=0", "at least 1"),
        ("form=q4_k_m", "asks for hardware or memory"),
        ("language=german", "did you mean de?"),
        ("language=xx", "those that models name"),
    ] {
        let page = pages.get(&format!("/catalogue?{query}")).await;
        assert_eq!(page.status(), 400, "{query}");
        assert!(page.text.contains(words), "{query}: {}", page.text);
        assert_eq!(pages.get(&format!("/catalogue.json?{query}")).await.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn one_model_with_what_is_not_known_of_it() {
    let pages = Catalogue::new().await;
    let page = pages.get(&format!("/catalogue/model?id={LLAMA}")).await;
    assert_eq!(page.status(), 200);
    for part in [
        "<h1>Llama 3.1 8B Instruct</h1>",
        "32 layers × 4,096",
        "open-weight with a custom licence",
        "131 kB",
        "8,192",
        "1.07 GB",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let json = pages.json(&format!("/catalogue/model.json?id={LLAMA}")).await;
    assert_eq!((&json["id"], &json["kv_bytes_per_token"]), (&LLAMA.into(), &131_072.into()));
    let unknown = pages.get("/catalogue/model?id=openai/gpt-oss-120b").await;
    assert!(unknown.text.contains("<span class=\"unknown\">not confirmed</span>"));
    let absent = pages.get("/catalogue/model?id=llama-3.1-8b-instuct%3Cb%3E").await;
    assert_eq!(absent.status(), 404);
    assert!(absent.text.contains(LLAMA) && !absent.text.contains("<b>"), "{}", absent.text);
    assert_eq!(pages.get("/catalogue/model.json?id=x").await.status(), 404);
}

#[tokio::test]
async fn models_side_by_side() {
    let pages = Catalogue::new().await;
    let query = format!("id={LLAMA}&id=openai%2Fgpt-oss-120b&id={LLAMA}");
    let page = pages.get(&format!("/catalogue/compare?{query}")).await;
    assert_eq!(page.status(), 200);
    assert!(
        page.text.contains("OSI open source") && page.text.contains("differs"),
        "{}",
        page.text
    );
    let json = pages.json(&format!("/catalogue/compare.json?{query}")).await;
    assert_eq!(json["models"].as_array().unwrap().len(), 2);
    for (query, status) in [("", 400), ("id=openai%2Fgpt-oss-120b", 400), ("id=a&id=b", 404)] {
        for end in ["", ".json"] {
            let page = pages.get(&format!("/catalogue/compare{end}?{query}")).await;
            assert_eq!(page.status(), status, "{end}?{query}");
        }
    }
}

#[tokio::test]
async fn a_licence_stated_second_hand_is_shown_with_who_states_it() {
    let pages = Catalogue::new().await;
    let page = pages.get("/catalogue?text=GLM-4.6&licence=osi").await;
    assert!(page.text.contains("more would meet it if their licence"), "{}", page.text);
    let page = pages.get("/catalogue?text=GLM-4.6&licence=osi&second=yes").await;
    assert!(page.text.contains("if the licence is what"), "{}", page.text);
    assert!(!page.text.contains("more would meet it"), "{}", page.text);
}

#[tokio::test]
async fn less_used_questions_are_folded_until_one_is_asked() {
    let pages = Catalogue::new().await;
    assert!(pages.get("/catalogue").await.text.contains("<details><summary>More to ask"));
    let asked = pages.get("/catalogue?language=de").await;
    assert!(asked.text.contains("<details open><summary>More to ask"));
}

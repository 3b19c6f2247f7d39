//! Workers that die, are full, or cannot start.

use std::{future::poll_fn, task::Poll, time::Duration};

use freehold_engine::{Engine, EngineError, Health};
use freehold_engine_local::{LocalEngine, LocalOptions, StartError, WorkerState};
use freehold_policy::BackendId;
use freehold_testkit::models::Family;
use futures_util::StreamExt;
use rustix::process::Signal;
use serde_json::json;
use tempfile::TempDir;

use crate::kit::{self, Kit};

fn signal(pid: u32, signal: Signal) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

async fn until_ready(kit: &Kit) {
    for _ in 0..500 {
        if kit.engine.health().await == Health::Ready {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:?}", kit.engine.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_cuts_its_answers_and_comes_back() {
    let kit = kit::start(|_| {});
    let before = kit.text("tiny", &kit::body("Hi", json!({"max_tokens": 8}))).await;
    for round in 1..=3 {
        let body = kit::body("Go on", json!({"logprobs": true, "top_logprobs": 20}));
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(kit.stream("tiny", &body).await.unwrap());
        }
        // All have begun; some may even be finished when the worker dies.
        signal(kit.pid(), Signal::KILL);
        for mut stream in streams {
            let mut last = None;
            while let Some(event) = stream.next().await {
                last = Some(event);
            }
            match last {
                Some(Err(EngineError::Cut(why))) => {
                    // How it ended, and what it wrote, is for the operator's log alone.
                    assert_eq!(why, "the worker ended and is being started again");
                }
                Some(Ok(event)) => {
                    let text = String::from_utf8_lossy(&event);
                    assert!(text.contains("\"finish_reason\":\""), "ended cleanly with {text}");
                }
                other => panic!("{other:?}"),
            }
        }
        until_ready(&kit).await;
        assert_eq!(kit.engine.status()[0].restarts, round);
        let after = kit.text("tiny", &kit::body("Hi", json!({"max_tokens": 8}))).await;
        assert_eq!(after, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_busy_and_dropped_answers_make_room() {
    let kit = kit::start(|options| (options.parallel, options.queue) = (1, 1));
    let body = kit::body("Go on", json!({}));
    let running = kit.stream("tiny", &body).await.unwrap();
    // A worker that is stopped finishes nothing meanwhile.
    signal(kit.pid(), Signal::STOP);
    let mut waiting = Box::pin(kit.reply("tiny", &body));
    // It is in the queue once its prompt was rendered, on another thread.
    while kit.engine.status()[0].requests < 2 {
        let pending =
            poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await;
        assert!(pending);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    match kit.reply("tiny", &body).await {
        Err(EngineError::Busy { retry_after }) => assert!(retry_after >= Duration::from_secs(1)),
        _ => panic!("not busy: {:?}", kit.engine.status()),
    }
    drop(running);
    signal(kit.pid(), Signal::CONT);
    waiting.await.unwrap();
    assert_eq!(kit.engine.status()[0].requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_engine_ends_the_worker() {
    let kit = kit::start(|_| {});
    let process = format!("/proc/{}", kit.pid());
    drop(kit);
    for _ in 0..500 {
        if !std::path::Path::new(&process).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{process} is still there");
}

fn start_error(change: impl FnOnce(&TempDir, &mut LocalOptions)) -> StartError {
    let folder = TempDir::new().unwrap();
    let mut options = kit::options(&folder);
    let model = kit::model(&folder, Family::Qwen2, "tiny");
    change(&folder, &mut options);
    LocalEngine::start(BackendId("local".to_owned()), vec![model], &options).unwrap_err()
}

#[test]
fn what_cannot_start_says_why() {
    let error = start_error(|_, options| options.program = "/no/such/program".into());
    assert!(matches!(error, StartError::Spawn { .. }), "{error}");

    let error = start_error(|_, options| options.arguments = vec!["--list".to_owned()]);
    assert!(matches!(error, StartError::Worker { .. }), "{error}");

    let error = start_error(|folder, options| {
        std::fs::write(folder.path().join("a file"), "").unwrap();
        options.cache = folder.path().join("a file");
    });
    assert!(matches!(error, StartError::Cache { .. }), "{error}");

    // One changed byte in an admitted file.
    let error = start_error(|folder, _| {
        let file = folder.path().join("tiny/model.safetensors");
        let mut bytes = std::fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&file, bytes).unwrap();
    });
    assert!(matches!(error, StartError::Vet { .. }), "{error}");
}

#[test]
fn too_little_memory_is_said_before_loading() {
    let folder = TempDir::new().unwrap();
    let mut options = kit::options(&folder);
    (options.context, options.parallel) = (0, 4_000_000_000);
    let model = kit::model(&folder, Family::Qwen2, "tiny");
    let error =
        LocalEngine::start(BackendId("local".to_owned()), vec![model], &options).unwrap_err();
    assert!(matches!(error, StartError::Memory { .. }), "{error}");
    assert!(error.to_string().contains("lower `context` or `parallel`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_derived_file_is_derived_anew() {
    let folder = TempDir::new().unwrap();
    let options = kit::options(&folder);
    for _ in 0..2 {
        let model = kit::model(&folder, Family::Qwen2, "tiny");
        let id = BackendId("local".to_owned());
        let engine = LocalEngine::start(id, vec![model], &options).unwrap();
        assert_eq!(engine.status()[0].state, WorkerState::Ready);
        drop(engine);
        let files = std::fs::read_dir(&options.cache).unwrap().map(|entry| entry.unwrap().path());
        let gguf = files.into_iter().find(|path| path.extension().unwrap() == "gguf").unwrap();
        let mut bytes = std::fs::read(&gguf).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&gguf, bytes).unwrap();
    }
}

//! Engines over tiny generated models, and requests to them.

use std::{sync::Arc, time::Duration};

use freehold_convert::{AdapterSource, OutputType, Source};
use freehold_engine::{
    Call, Engine, EngineError, Events, Reply,
    conformance::{self, permit},
};
use freehold_engine_local::{LocalAdapter, LocalEngine, LocalModel, LocalOptions};
use freehold_policy::BackendId;
use freehold_testkit::models::{self, Family};
use freehold_vet::Admission;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A running engine and the folder of its models.
pub struct Kit {
    pub engine: Arc<LocalEngine>,
    pub _folder: TempDir,
}

/// Options whose worker is this test binary.
pub fn options(folder: &TempDir) -> LocalOptions {
    let mut options =
        LocalOptions::new(std::env::current_exe().unwrap(), folder.path().join("cache"));
    options.arguments =
        ["worker_process", "--exact", "--ignored", "--nocapture", "--test-threads=1"]
            .map(str::to_owned)
            .to_vec();
    options.threads = 1;
    options.context = 512;
    options.parallel = 8;
    options
}

/// A model of this family, generated from a fixed seed, admitted.
pub fn model(folder: &TempDir, family: Family, name: &str) -> LocalModel {
    let path = folder.path().join(name);
    models::write(family, &path, 7).unwrap();
    if family != Family::Bert {
        add_template(&path);
    }
    LocalModel::new(name.to_owned(), admitted(&path))
}

/// An adapter for this model, as one GGUF file.
pub fn adapter(folder: &TempDir, family: Family, base: &LocalModel, name: &str) -> LocalAdapter {
    let files = models::adapter_files(family, 9);
    let bytes = |(name, bytes): &(String, Vec<u8>)| (name.clone(), bytes.clone());
    let files: Vec<_> = files.iter().map(bytes).collect();
    let opened = base.admission.files().iter();
    let base: Vec<_> =
        opened.map(|file| (file.name.clone(), std::fs::read(&file.path).unwrap())).collect();
    let source = |files: &'static [(String, Vec<u8>)]| {
        Source::new("it", files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])))
    };
    let both = AdapterSource { adapter: &source(files.leak()), base: &source(base.leak()) };
    let mut gguf = Vec::new();
    freehold_convert::convert_adapter(&both, OutputType::F32, &mut gguf).unwrap();
    let path = folder.path().join(format!("{name}.gguf"));
    std::fs::write(&path, gguf).unwrap();
    LocalAdapter { name: name.to_owned(), admission: admitted(&path), scale: 8.0 }
}

pub fn admitted(path: &std::path::Path) -> Admission {
    freehold_testkit::admission::admitted(path).unwrap()
}

/// The chat template of the tests: short, with tools.
fn add_template(path: &std::path::Path) {
    let file = path.join("tokenizer_config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    config["chat_template"] = json!(
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}\
         {% if tools %}{{ tools | tojson }}\n<tool_call>\n{% endif %}assistant:"
    );
    std::fs::write(&file, config.to_string()).unwrap();
}

pub fn start(change: impl FnOnce(&mut LocalOptions)) -> Kit {
    let folder = TempDir::new().unwrap();
    let mut options = options(&folder);
    change(&mut options);
    let model = model(&folder, Family::Qwen2, "tiny");
    let engine = LocalEngine::start(BackendId("local".to_owned()), vec![model], &options).unwrap();
    Kit { engine, _folder: folder }
}

pub fn body(content: &str, more: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": content}], "temperature": 0});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub fn call(model: &str, body: &Value) -> Call {
    conformance::call(model, body, Duration::from_secs(60))
}

impl Kit {
    pub async fn reply(&self, model: &str, body: &Value) -> Result<Reply, EngineError> {
        let permit = permit(self.engine.backend()).unwrap();
        self.engine.chat(permit, call(model, body)).await
    }

    /// A whole answer.
    pub async fn whole(&self, model: &str, body: &Value) -> Result<Value, EngineError> {
        match self.reply(model, body).await? {
            Reply::Whole(whole) => Ok(serde_json::from_slice(&whole.body).unwrap()),
            Reply::Stream(_) => panic!("a stream"),
        }
    }

    /// The text of choice 0.
    pub async fn text(&self, model: &str, body: &Value) -> String {
        let answer = self.whole(model, body).await.unwrap();
        answer["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn stream(&self, model: &str, body: &Value) -> Result<Events, EngineError> {
        let mut body = body.clone();
        body["stream"] = json!(true);
        match self.reply(model, &body).await? {
            Reply::Stream(events) => Ok(events),
            Reply::Whole(_) => panic!("not a stream"),
        }
    }

    pub fn pid(&self) -> u32 {
        self.engine.status()[0].pid.unwrap()
    }
}

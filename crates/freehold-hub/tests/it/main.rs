//! Pulls from a hub on this machine, which misbehaves in every way that a pull must bear.

mod faults;
mod storage;

use std::{path::Path, time::Duration};

use freehold_hub::{
    Choice, Endpoint, Hub, Patience, PullError, Reference, Store, Token, Vetted, fetch,
};
use freehold_testkit::hub::{self, File};
use freehold_types::Timestamp;

/// A model that the scan finds clean: 100 kB of weights in one tensor.
pub fn model() -> Vec<(&'static str, File)> {
    vec![
        (".gitattributes", File::text("*.safetensors filter=lfs\n")),
        ("README.md", File::text("---\nlicense: apache-2.0\n---\n# A model\n")),
        ("config.json", File::text("{\"model_type\": \"llama\"}\n")),
        ("model.safetensors", File::large(&weights(25_000))),
        ("pytorch_model.bin", File::large(PICKLE)),
    ]
}

/// A safetensors file with so many numbers.
pub fn weights(numbers: usize) -> Vec<u8> {
    let length = numbers * 4;
    let header =
        format!(r#"{{"w":{{"dtype":"F32","shape":[{numbers}],"data_offsets":[0,{length}]}}}}"#);
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend((0..length).map(|at| u8::try_from(at * 31 % 251).unwrap()));
    bytes
}

/// As it is for people, but quick.
pub fn patience() -> Patience {
    Patience {
        answer: Duration::from_secs(10),
        silence: Duration::from_secs(10),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_secs(2),
        attempts: 4,
    }
}

/// Pulls with a token or without; everything that a pull does.
pub fn pull(
    hub: &hub::Hub,
    folder: &Path,
    reference: &str,
    choice: &Choice,
    token: Option<&str>,
) -> Result<Vetted, PullError> {
    let reference: Reference = reference.parse()?;
    let token = token.and_then(Token::new);
    let asked = Hub::new(Endpoint::read(&hub.endpoint())?, token, patience())?;
    let locked = Store::at(folder).lock(&reference.repository, &|| {})?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listing = runtime.block_on(asked.list(&reference))?;
    locked.remember(&reference, &listing)?;
    let plan = choice.plan(listing)?;
    let fetched = match locked.present(&plan)? {
        Some(present) => present,
        None => {
            locked.has_space(&plan)?;
            runtime.block_on(fetch(&asked, &locked, &plan, &|_| {}))?
        }
    };
    fetched.vet(&locked, &reference.revision, Timestamp(0), &|_, _| {})
}

/// The same of a model on `main`; the folder that is visible then, with its files.
#[track_caller]
pub fn visible(hub: &hub::Hub, folder: &Path) -> (std::path::PathBuf, Vec<String>, u64) {
    match pull(hub, folder, "a/model", &Choice::default(), None) {
        Ok(Vetted::Clean(snapshot)) => {
            let names = snapshot.files.iter().map(|file| file.path.clone()).collect();
            (snapshot.folder, names, snapshot.fetched)
        }
        Ok(Vetted::Held(held)) => panic!("{held:?}"),
        Err(error) => panic!("{error:?}"),
    }
}

/// Whether anything is where engines look.
pub fn nothing_is_visible(folder: &Path) -> bool {
    std::fs::read_dir(folder.join("snapshots")).map_or(0, Iterator::count) == 0
        && std::fs::read_dir(folder.join("blobs/sha256")).map_or(0, Iterator::count) == 0
}

/// `os.system("id")` as a pickle: never loaded, only read.
pub const PICKLE: &[u8] = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.";

//! The models among the files that were scanned: which folder each is, and the texts that speak of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use freehold_artifact::gguf::{self, GgufError, Value};
use freehold_terms::{Carried, Document, Folder, Role, is_weights, locations, role};

use super::package;
use crate::ScannedFile;

/// The models' folders, by path.
pub(super) fn folders(path: &Path, files: &[ScannedFile]) -> Vec<Folder> {
    let root = match std::fs::canonicalize(path) {
        Ok(root) if root.is_dir() => root,
        Ok(file) => file.parent().map(Path::to_path_buf).unwrap_or_default(),
        Err(_) => return Vec::new(),
    };
    let single = !path.is_dir();
    let readable: Vec<&ScannedFile> = files.iter().filter(|file| file.digest.is_some()).collect();
    let cards: BTreeSet<&str> =
        readable.iter().filter(|file| is_home(&file.path)).map(|it| parent(&it.path)).collect();
    let lone = lone(&readable, &cards);
    let mut weights: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in readable.iter().filter(|file| file.bytes > 0 && is_weights(&file.path)) {
        let own = parent(&file.path);
        let home = if lone.contains(own) { own } else { home(own, &cards) };
        weights.entry(home).or_default().push(file.path.clone());
    }
    let homes: Vec<&str> = weights.keys().copied().collect();
    let one = |(home, weights): (&&str, &Vec<String>)| {
        folder(&root, home, weights, &readable, &homes, single)
    };
    weights.iter().map(one).collect()
}

/// Whether a file says that its folder is a model's.
fn is_home(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(role(path), Some(Role::Card | Role::AdapterConfig | Role::Openness))
        || INDEXES.contains(&name)
}

/// Folders with a legal text of their own below a card that speaks of no model but of many: beside it
/// lie neither weights nor an index of parts.
fn lone<'a>(files: &[&'a ScannedFile], cards: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let beside = |home: &str| {
        files.iter().filter(|file| parent(&file.path) == home).any(|file| {
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            is_weights(&file.path) || INDEXES.contains(&name)
        })
    };
    let legal = files.iter().filter(|file| matches!(role(&file.path), Some(Role::Licence(_))));
    let own: BTreeSet<&str> = legal.map(|file| parent(&file.path)).collect();
    own.into_iter().filter(|own| !beside(home(own, cards)) || home(own, cards) == *own).collect()
}

/// The nearest folder at or above one that says it is a model's; else the folder itself.
fn home<'a>(own: &'a str, cards: &BTreeSet<&'a str>) -> &'a str {
    let mut at = own;
    loop {
        if let Some(found) = cards.get(at) {
            return found;
        }
        if at.is_empty() {
            return own;
        }
        at = parent(at);
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn folder(
    root: &Path,
    home: &str,
    weights: &[String],
    files: &[&ScannedFile],
    homes: &[&str],
    single: bool,
) -> Folder {
    let place = root.join(home);
    let own =
        |file: &&&ScannedFile| within(&file.path, home) && !elsewhere(&file.path, home, homes);
    let mut folder = Folder {
        path: home.to_owned(),
        name: name(&place, weights, single),
        weights: weights.to_vec(),
        files: files.iter().filter(own).map(|file| file.path.clone()).collect(),
        ..Folder::default()
    };
    let texts = files.iter().filter(|file| parent(&file.path) == home);
    folder.documents = texts.filter_map(|file| document(root, file)).collect();
    let states = |it: &Document| matches!(it.role, Role::Card | Role::Licence(_) | Role::Openness);
    if !folder.documents.iter().any(states) {
        folder.documents.extend(above(root, home, files));
    }
    if !single {
        folder.documents.extend(package::documents(root, &place, weights.first()));
    }
    folder.carried = weights.iter().flat_map(|file| carried(root, file)).collect();
    let is_there =
        |location: &String| !Path::new(location).is_absolute() && place.join(location).exists();
    folder.found = locations(&folder).into_iter().filter(is_there).collect();
    folder
}

fn within(path: &str, home: &str) -> bool {
    home.is_empty() || path.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a file belongs to a model further down.
fn elsewhere(path: &str, home: &str, homes: &[&str]) -> bool {
    let deeper = |other: &&&str| other.len() > home.len() && within(other, home);
    homes.iter().filter(deeper).any(|other| within(path, other))
}

/// The legal texts of the nearest folder above that has some.
fn above(root: &Path, home: &str, files: &[&ScannedFile]) -> Vec<Document> {
    let mut at = home;
    while !at.is_empty() {
        at = parent(at);
        let legal = files.iter().filter(|file| {
            parent(&file.path) == at && matches!(role(&file.path), Some(Role::Licence(_)))
        });
        let found: Vec<_> = legal.filter_map(|file| document(root, file)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn document(root: &Path, file: &ScannedFile) -> Option<Document> {
    let role = role(&file.path)?;
    let text = text(&root.join(&file.path))?;
    Some(Document { path: file.path.clone(), role, text, digest: file.digest })
}

/// The beginning of a text file.
pub(super) fn text(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_TEXT).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What people call the model: its repository in a hub's cache, else its folder, else its file.
fn name(place: &Path, weights: &[String], single: bool) -> String {
    let parts =
        place.components().rev().map(|part| part.as_os_str().to_string_lossy().into_owned());
    for part in parts.clone().take(4) {
        if let Some(repository) = part.strip_prefix("models--") {
            return repository.replacen("--", "/", 1);
        }
    }
    let file = || weights.first().map(PathBuf::from);
    let stem = |file: PathBuf| Some(file.file_stem()?.to_string_lossy().into_owned());
    match single {
        true => file().and_then(stem).unwrap_or_default(),
        false => parts.clone().next().unwrap_or_default(),
    }
}

/// What GGUF says of itself.
fn carried(root: &Path, file: &str) -> Vec<Carried> {
    if !file.to_lowercase().ends_with(".gguf") {
        return Vec::new();
    }
    let path = root.join(file);
    let Ok(length) = path.metadata().map(|it| it.len()) else { return Vec::new() };
    let mut most = 1 << 20;
    loop {
        let mut head = Vec::new();
        let read = File::open(&path).and_then(|it| it.take(most).read_to_end(&mut head));
        if read.is_err() {
            return Vec::new();
        }
        match gguf::parse(&head, length) {
            Ok(read) => {
                let texts = read.metadata.iter().filter_map(|(key, value)| match value {
                    Value::String(text) if key.starts_with("general.") => Some(Carried {
                        file: file.to_owned(),
                        key: (*key).to_owned(),
                        value: String::from_utf8_lossy(text).into_owned(),
                    }),
                    _ => None,
                });
                return texts.collect();
            }
            Err(GgufError::Short { .. }) if most < length && most < MOST_METADATA => most *= 4,
            Err(_) => return Vec::new(),
        }
    }
}

/// Files that say which folders are parts of one model.
const INDEXES: [&str; 2] = ["model_index.json", "modules.json"];
/// Longer than any licence or card.
const MOST_TEXT: u64 = 1 << 21;
/// No published vocabulary comes near.
const MOST_METADATA: u64 = 1 << 26;

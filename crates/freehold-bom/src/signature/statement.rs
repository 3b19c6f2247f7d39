//! The in-toto statement (v1) with the predicate `https://model_signing/signature/v1.0`: every file
//! of the model with its digest, and how the files were chosen.

use std::collections::BTreeMap;

use freehold_types::Digest;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::identity::hex;

/// What is signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The name of the model's folder or file. It binds nothing: a model may be renamed.
    pub name: String,
    /// How the files were chosen and cut.
    pub serialization: Serialization,
    /// Every file, or every part of every file, in the order of their names.
    pub resources: Vec<Resource>,
    /// What else the predicate says. Other tools ignore it; Freehold writes `freehold_admission`.
    pub more: Map<String, Value>,
}

/// How files were chosen and cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serialization {
    /// Whole files, or parts.
    pub method: Method,
    /// Whether links were followed; else a link is an error.
    pub allow_symlinks: bool,
    /// What was left out: files, or folders with all in them, relative to the model.
    pub ignore_paths: Vec<String>,
}

/// Whole files, or parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// One digest a file.
    Files,
    /// One digest for each of a file's parts, of this many bytes but for the last. An empty file
    /// has no part, so nothing is said about it.
    Shards(u64),
}

/// One file, or one part of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// The file, relative to the model, `/` between parts; `.` where the model is one file.
    pub path: String,
    /// The bytes from the first up to and without the second; `None` is the whole file.
    pub range: Option<(u64, u64)>,
    /// SHA-256 of these bytes.
    pub digest: Digest,
}

/// Where the bytes of a model differ from what was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The file, relative to the model.
    pub path: String,
    /// In what: `changed`, `added` (it is not in the signature), `removed`.
    pub what: Parts,
}

/// In what a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    /// Its bytes are others.
    Changed,
    /// It is not in the signature.
    Added,
    /// It is in the signature only.
    Removed,
}

/// Why a payload is no statement that can be compared.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// It contradicts itself: the signer's tool is broken, or somebody tampered before signing.
    #[error("what was signed contradicts itself: the digest of the whole is not that of its parts")]
    Root,
    /// It is something else, or in a form that is not read.
    #[error("what was signed cannot be read")]
    Unreadable(#[from] Unreadable),
}

/// Why a statement is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or not of the shape.
    #[error("it is no statement about a model")]
    Shape(#[source] serde_json::Error),
    /// Another type of statement.
    #[error("it is of type `{found}`, not `{STATEMENT}`")]
    Type {
        /// The type.
        found: String,
    },
    /// Another predicate.
    #[error("it says something else about the model: `{found}`, not `{PREDICATE}`")]
    Predicate {
        /// The predicate's type.
        found: String,
    },
    /// Not exactly one subject.
    #[error("it is about {count} subjects, not one")]
    Subjects {
        /// How many.
        count: usize,
    },
    /// Digests of a kind that is not computed here.
    #[error("its digests are `{found}`; only SHA-256 is computed")]
    Hash {
        /// The kind.
        found: String,
    },
    /// Another way of cutting files.
    #[error("it lists the model's files by a method that is not known: `{found}`")]
    Method {
        /// The method.
        found: String,
    },
    /// A name that leads out of the model, or that stands there twice.
    #[error("it lists `{name}`, which is no name of one file in the model")]
    Name {
        /// The name.
        name: String,
    },
    /// A digest that is none.
    #[error("the digest of `{name}` is none")]
    Digest {
        /// Whose.
        name: String,
    },
}

impl Statement {
    /// A statement about files that were chosen so. They are put in order.
    pub fn new(name: String, serialization: Serialization, mut resources: Vec<Resource>) -> Self {
        resources.sort_by(|a, b| order(a).cmp(&order(b)));
        Self { name, serialization, resources, more: Map::new() }
    }

    /// SHA-256 over all digests in order: what the statement's subject is called by.
    pub fn root(&self) -> Digest {
        let mut context = Context::new(&SHA256);
        for one in &self.resources {
            context.update(one.digest.as_bytes());
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Digest::from_bytes(bytes)
    }

    /// As JSON, the same bytes for the same statement.
    pub fn to_json(&self) -> Vec<u8> {
        let algorithm = self.algorithm();
        let resources = self.resources.iter().map(|one| {
            let name = match one.range {
                None => one.path.clone(),
                Some((start, end)) => format!("{}:{start}:{end}", one.path),
            };
            serde_json::json!({
                "name": name, "algorithm": algorithm, "digest": hex(one.digest.as_bytes()),
            })
        });
        let resources: Vec<_> = resources.collect();
        let mut serialization = Map::new();
        let method = match self.serialization.method {
            Method::Files => "files",
            Method::Shards(size) => {
                serialization.insert("shard_size".to_owned(), size.into());
                "shards"
            }
        };
        serialization.insert("method".to_owned(), method.into());
        serialization.insert("hash_type".to_owned(), "sha256".into());
        serialization.insert("allow_symlinks".to_owned(), self.serialization.allow_symlinks.into());
        if !self.serialization.ignore_paths.is_empty() {
            let ignored = self.serialization.ignore_paths.clone();
            serialization.insert("ignore_paths".to_owned(), ignored.into());
        }
        let mut predicate = Map::new();
        predicate.insert("serialization".to_owned(), serialization.into());
        predicate.insert("resources".to_owned(), resources.into());
        predicate.extend(self.more.clone());
        let statement = serde_json::json!({
            "_type": STATEMENT,
            "subject": [{
                "name": self.name, "digest": { "sha256": hex(self.root().as_bytes()) },
            }],
            "predicateType": PREDICATE,
            "predicate": predicate,
        });
        statement.to_string().into_bytes()
    }

    /// Reads a statement. Only what a trusted key signed should come here.
    ///
    /// # Errors
    /// [`StatementError`] says what it is instead.
    pub fn from_json(json: &[u8]) -> Result<Self, StatementError> {
        // The type first, so that another statement is called by its name.
        let head: Head = serde_json::from_slice(json).map_err(Unreadable::Shape)?;
        if head.kind != STATEMENT {
            return Err(Unreadable::Type { found: head.kind }.into());
        }
        if head.predicate != PREDICATE {
            return Err(Unreadable::Predicate { found: head.predicate }.into());
        }
        let body: Body = serde_json::from_slice(json).map_err(Unreadable::Shape)?;
        let [subject] = body.subject.as_slice() else {
            return Err(Unreadable::Subjects { count: body.subject.len() }.into());
        };
        let serialization = body.predicate.serialization.checked()?;
        let algorithm = algorithm(serialization.method);
        let mut seen = BTreeMap::new();
        let mut resources = Vec::with_capacity(body.predicate.resources.len());
        for one in body.predicate.resources {
            if one.algorithm != algorithm {
                return Err(Unreadable::Hash { found: one.algorithm }.into());
            }
            let digest: Digest = format!("sha256:{}", one.digest.to_ascii_lowercase())
                .parse()
                .map_err(|_| Unreadable::Digest { name: one.name.clone() })?;
            let Some((path, range)) = named(&one.name, serialization.method) else {
                return Err(Unreadable::Name { name: one.name }.into());
            };
            if seen.insert((path.to_owned(), range), ()).is_some() {
                return Err(Unreadable::Name { name: one.name }.into());
            }
            resources.push(Resource { path: path.to_owned(), range, digest });
        }
        let statement = Self {
            name: subject.name.clone(),
            serialization,
            resources,
            more: body.predicate.more,
        };
        let root = hex(statement.root().as_bytes());
        match subject.digest.get("sha256") {
            Some(stated) if stated.eq_ignore_ascii_case(&root) => Ok(statement),
            _ => Err(StatementError::Root),
        }
    }

    /// Where a model's files, chosen and cut the same way, differ from these; by path.
    pub fn differences(&self, actual: &[Resource]) -> Vec<Difference> {
        let key = |one: &Resource| (one.path.clone(), one.range);
        let table = |all: &[Resource]| -> BTreeMap<_, _> {
            all.iter().map(|one| (key(one), one.digest)).collect()
        };
        let (signed, there) = (table(&self.resources), table(actual));
        let files = |all: &BTreeMap<(String, Option<(u64, u64)>), Digest>| -> Vec<String> {
            all.keys().map(|(path, _)| path.clone()).collect()
        };
        let (signed_files, there_files) = (files(&signed), files(&there));
        let mut found: BTreeMap<String, Parts> = BTreeMap::new();
        for ((path, range), digest) in &signed {
            if there_files.binary_search(path).is_err() {
                found.insert(path.clone(), Parts::Removed);
            } else if there.get(&(path.clone(), *range)) != Some(digest) {
                found.insert(path.clone(), Parts::Changed);
            }
        }
        for (path, range) in there.keys() {
            if signed_files.binary_search(path).is_err() {
                found.insert(path.clone(), Parts::Added);
            } else if !signed.contains_key(&(path.clone(), *range)) {
                found.insert(path.clone(), Parts::Changed);
            }
        }
        found.into_iter().map(|(path, what)| Difference { path, what }).collect()
    }

    fn algorithm(&self) -> String {
        algorithm(self.serialization.method)
    }
}

/// `model-signing` sorts by the parts of a path, not by its text: `sub/a` comes before `sub.txt`.
fn order(one: &Resource) -> (Vec<&str>, Option<(u64, u64)>) {
    (one.path.split('/').collect(), one.range)
}

fn algorithm(method: Method) -> String {
    match method {
        Method::Files => "sha256".to_owned(),
        Method::Shards(size) => format!("sha256-sharded-{size}"),
    }
}

/// Path and range of a resource's name.
fn named(name: &str, method: Method) -> Option<(&str, Option<(u64, u64)>)> {
    let (path, range) = match method {
        Method::Files => (name, None),
        Method::Shards(size) => {
            let (rest, end) = name.rsplit_once(':')?;
            let (path, start) = rest.rsplit_once(':')?;
            let (start, end) = (number(start)?, number(end)?);
            if start >= end || start % size != 0 || end - start > size {
                return None;
            }
            (path, Some((start, end)))
        }
    };
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let fits = path == "." || path.split('/').all(plain);
    (fits && !path.contains('\0')).then_some((path, range))
}

/// A number as it is written, and no other spelling of it.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate: String,
}

#[derive(Deserialize)]
struct Body {
    subject: Vec<Subject>,
    predicate: Predicate,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    name: String,
    digest: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Predicate {
    serialization: Stated,
    resources: Vec<Listed>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    algorithm: String,
    digest: String,
}

#[derive(Deserialize)]
struct Stated {
    method: String,
    hash_type: String,
    allow_symlinks: bool,
    #[serde(default)]
    ignore_paths: Vec<String>,
    /// A protocol buffer's number: 1000000000.0 where Python wrote it.
    #[serde(default)]
    shard_size: Option<f64>,
}

impl Stated {
    fn checked(self) -> Result<Serialization, Unreadable> {
        if self.hash_type != "sha256" {
            return Err(Unreadable::Hash { found: self.hash_type });
        }
        let method = match (self.method.as_str(), self.shard_size) {
            ("files", _) => Method::Files,
            // Up to 2^53, where such numbers are exact.
            ("shards", Some(size)) if size >= 1.0 && size <= EXACT && size.fract() == 0.0 => {
                Method::Shards(size as u64)
            }
            _ => return Err(Unreadable::Method { found: self.method }),
        };
        let (allow_symlinks, ignore_paths) = (self.allow_symlinks, self.ignore_paths);
        Ok(Serialization { method, allow_symlinks, ignore_paths })
    }
}

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://model_signing/signature/v1.0";
const EXACT: f64 = 9_007_199_254_740_992.0;

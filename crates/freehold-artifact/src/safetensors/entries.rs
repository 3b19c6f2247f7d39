//! The header's JSON object, read entry by entry so that a name that stands twice is seen
//! (a plain map would silently keep the last).

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use serde::{
    Deserialize,
    de::{Deserializer, Error, MapAccess, Visitor},
};

use super::Dtype;

/// One tensor's entry as it stands in the header.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<u64>,
    pub(super) data_offsets: (u64, u64),
}

type Entries = (Vec<(String, Entry)>, BTreeMap<String, String>);

pub(super) fn read(json: &[u8]) -> Result<Entries, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let entries = reader.deserialize_map(EntriesVisitor)?;
    reader.end()?;
    Ok(entries)
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut tensors = Vec::new();
        let mut seen = HashSet::new();
        let mut metadata = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("`{name}` stands twice")));
            }
            if name == "__metadata__" {
                metadata = map.next_value()?;
            } else {
                tensors.push((name, map.next_value()?));
            }
        }
        Ok((tensors, metadata))
    }
}

//! A JSON object as its fields in order, values unparsed: how unknown fields are kept.

use std::{borrow::Cow, collections::BTreeSet, fmt, ops::Deref};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::fault::{Expected, RequestError, read};

/// A JSON string that borrows from the input where it holds no escapes. (`Option<Cow<str>>` never
/// borrows with serde's derive; this does.)
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fields of a JSON object in their order, each name once, values as they were written.
#[derive(Debug, Clone, Default)]
pub struct Object<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Reads a body.
    pub(crate) fn of_body(body: &'a [u8]) -> Result<Self, RequestError> {
        let fields: Fields<'a> =
            serde_json::from_slice(body).map_err(|error| RequestError::of_body(body, &error))?;
        fields.once("")
    }

    /// Reads a value within a body, which `path` leads to.
    pub(crate) fn within(
        raw: &'a RawValue,
        path: &str,
        expected: &'static str,
    ) -> Result<Self, RequestError> {
        let fields: Fields<'a> = serde_json::from_str(raw.get())
            .map_err(|_| RequestError::kind(path.to_owned(), raw, expected))?;
        fields.once(path)
    }

    /// Takes out a field that must be there; `path` leads to the object.
    pub(crate) fn required<T: Expected<'a>>(
        &mut self,
        path: &str,
        name: &str,
    ) -> Result<T, RequestError> {
        let full = || join(path, name).into();
        let raw = self.take(name).ok_or_else(|| RequestError::Missing(full()))?;
        read(raw, full)
    }

    /// Removes a field and returns its unparsed value; `null` counts as absent.
    pub fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let place = self.0.iter().position(|(key, _)| &**key == name)?;
        let (_, value) = self.0.remove(place);
        (value.get() != "null").then_some(value)
    }

    /// A field's unparsed value.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(key, _)| &**key == name).map(|(_, value)| *value)
    }

    /// The fields that are left, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (&**key, *value))
    }

    /// Whether no field is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The path to a field of the object that `path` leads to.
pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// All fields, with those that come again.
struct Fields<'a> {
    all: Vec<(Text<'a>, &'a RawValue)>,
    twice: Option<Text<'a>>,
}

impl<'a> Fields<'a> {
    fn once(self, path: &str) -> Result<Object<'a>, RequestError> {
        match self.twice {
            Some(name) => Err(RequestError::Twice(join(path, &name))),
            None => Ok(Object(self.all)),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields { all: Vec::new(), twice: None };
        // A body has room for a million names.
        let mut names = BTreeSet::new();
        while let Some((key, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            if !names.insert(key.clone()) && fields.twice.is_none() {
                fields.twice = Some(key.clone());
            }
            fields.all.push((key, value));
        }
        Ok(fields)
    }
}

//! A release as the Model Openness Framework sees it: its components and their licences, read from
//! a `mof.yml` in either of the forms that the framework's tool has had.

use crate::yaml::{self, Node};

use super::parts::{PARTS, Part};

/// A release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Release {
    /// What it calls itself.
    pub name: String,
    /// Its components.
    pub parts: Vec<Stated>,
    /// Licences that hold where a component has none of its own.
    pub licences: Everywhere,
}

/// A component that a release states to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Which.
    pub part: &'static Part,
    /// Its own licence: `None` for the release's, `Some("")` where it says that there is none.
    pub licence: Option<String>,
    /// Where it is: a path or an address; empty where that is not said.
    pub location: String,
    /// The line that states it; 0 where no file does.
    pub line: u32,
}

/// Licences of a whole release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Everywhere {
    /// Of everything.
    pub distribution: Option<String>,
    /// Of code.
    pub code: Option<String>,
    /// Of data.
    pub data: Option<String>,
    /// Of documents.
    pub document: Option<String>,
}

impl Release {
    /// Reads a `mof.yml`; nothing where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let read = yaml::read(text, 1);
        let release = read.root.get("release")?;
        let components = release.get("components")?;
        let named =
            |name: &str| Some(release.get("license")?.get(name)?.get("name")?.text()?.to_owned());
        Some(Self {
            name: release.get("name").and_then(Node::text).unwrap_or_default().to_owned(),
            parts: components.items().iter().filter_map(stated).collect(),
            licences: Everywhere {
                distribution: named("distribution"),
                code: named("code"),
                data: named("data"),
                document: named("document"),
            },
        })
    }

    /// The component, where the release has it.
    pub(crate) fn part(&self, id: u8) -> Option<&Stated> {
        self.parts.iter().find(|stated| stated.part.id == id)
    }

    /// The licence that holds for a component: its own, else that of its kind, else of everything.
    pub(crate) fn licence<'a>(&'a self, stated: &'a Stated) -> Option<&'a str> {
        let own = stated.licence.as_deref();
        let kind = match stated.part.kind {
            super::ComponentKind::Code => &self.licences.code,
            super::ComponentKind::Data => &self.licences.data,
            super::ComponentKind::Document => &self.licences.document,
        };
        let licence = own.or(kind.as_deref()).or(self.licences.distribution.as_deref())?;
        (!licence.is_empty()).then_some(licence)
    }
}

fn stated(node: &Node) -> Option<Stated> {
    let text = |name: &str| node.get(name).and_then(Node::text);
    let name = text("name")?;
    let part = PARTS.iter().find(|part| part.name.eq_ignore_ascii_case(name))?;
    let licence = text("license").or(text("license_name"));
    if licence.is_some_and(|it| it.eq_ignore_ascii_case("component not included")) {
        return None;
    }
    let none = ["unlicensed", "license not specified", "pending evaluation"];
    let licence = licence.map(|it| match none.contains(&it.to_lowercase().as_str()) {
        true => String::new(),
        false => it.to_owned(),
    });
    let location = text("component_path").or(text("location")).unwrap_or_default().to_owned();
    Some(Stated { part, licence, location, line: node.line() })
}

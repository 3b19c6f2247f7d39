//! Which model on which hardware: names of the catalogue, looked up.

use freehold_catalog::{Catalog, Hardware, Model};

use crate::ask::Ask;

/// What a plan is about, as far as it was named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// The model.
    pub model: Option<&'a Model>,
    /// The hardware.
    pub hardware: Option<&'a Hardware>,
    /// How many of it for one replica, where that was said.
    pub devices: Option<u32>,
    /// Memory of the machine in bytes, where that was said: a processor does not fix it.
    pub ram: Option<f64>,
}

/// A name that the catalogue does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSubject {
    /// No model.
    #[error("the catalogue has no model `{name}`")]
    Model {
        /// As it was written.
        name: String,
        /// Names that are close.
        close: Vec<String>,
    },
    /// None of something.
    #[error("`{name}` is no `{hardware}` at all: the count must be at least 1")]
    NoCount {
        /// As it was written.
        name: String,
        /// The hardware.
        hardware: String,
    },
    /// No hardware.
    #[error("the catalogue has no hardware `{name}`")]
    Hardware {
        /// As it was written.
        name: String,
        /// Names that are close.
        close: Vec<String>,
    },
}

impl<'a> Subject<'a> {
    /// What was named.
    ///
    /// # Errors
    /// [`UnknownSubject`] where the catalogue does not have it.
    pub fn of(catalog: &'a Catalog, ask: &Ask) -> Result<Self, UnknownSubject> {
        let ram = ask.number("ram").map(|gigabytes| gigabytes * 1e9);
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        let model = match ask.text("model") {
            None => None,
            Some(name) => Some(catalog.model(name).ok_or_else(|| UnknownSubject::Model {
                name: name.to_owned(),
                close: owned(catalog.close_models(name)),
            })?),
        };
        let Some(on) = ask.text("on") else {
            return Ok(Self { model, hardware: None, devices: None, ram });
        };
        // A name may end like a count, so the whole of it comes first.
        let counted = on.rsplit_once('x').and_then(|(name, count)| {
            let count = count.parse::<u32>().ok()?;
            Some((catalog.hardware_named(name)?, count))
        });
        let found = catalog.hardware_named(on).map(|hardware| (hardware, None));
        let found = found.or(counted.map(|(hardware, count)| (hardware, Some(count))));
        let Some((hardware, devices)) = found else {
            let close = owned(catalog.close_hardware(on));
            return Err(UnknownSubject::Hardware { name: on.to_owned(), close });
        };
        if devices == Some(0) {
            let hardware = hardware.id.0.clone();
            return Err(UnknownSubject::NoCount { name: on.to_owned(), hardware });
        }
        Ok(Self { model, hardware: Some(hardware), devices, ram })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(on: &str, expected: Result<(&str, Option<u32>), &[&str]>) {
        let catalog = Catalog::embedded().unwrap();
        let mut ask = Ask::default();
        ask.set("on", on).unwrap();
        let found = Subject::of(catalog, &ask);
        let found = found.map(|subject| (subject.hardware.unwrap().id.0.clone(), subject.devices));
        match (found, expected) {
            (Ok((name, devices)), Ok(expected)) => assert_eq!((name.as_str(), devices), expected),
            (Err(UnknownSubject::Hardware { close, .. }), Err(expected)) => {
                assert!(expected.iter().all(|one| close.iter().any(|it| it == one)), "{close:?}");
            }
            (found, _) => panic!("{on}: {found:?}"),
        }
    }

    #[test]
    fn hardware_is_named_with_a_count_or_without() {
        check("nvidia-l4", Ok(("nvidia-l4", None)));
        check("nvidia-l4x4", Ok(("nvidia-l4", Some(4))));
        check("NVIDIA-H100-SXM-80GBx2", Ok(("nvidia-h100-sxm-80gb", Some(2))));
        check("nvidia-l44", Err(&["nvidia-l4"]));
        let mut ask = Ask::default();
        ask.set("on", "nvidia-l4x0").unwrap();
        let error = Subject::of(Catalog::embedded().unwrap(), &ask).unwrap_err().to_string();
        assert!(error.ends_with("the count must be at least 1"), "{error}");
    }
}

//! The files of `data/`, compiled in. A new file is a new line here.

/// Every file with its name, in the order in which they are read.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("sources.json", include_str!("../data/sources.json")),
    ("licences.json", include_str!("../data/licences.json")),
    ("quantisations.json", include_str!("../data/quantisations.json")),
    ("hardware.json", include_str!("../data/hardware.json")),
    ("prices.json", include_str!("../data/prices.json")),
    ("tasks.json", include_str!("../data/tasks.json")),
    ("models/deepseek.json", include_str!("../data/models/deepseek.json")),
    ("models/meta.json", include_str!("../data/models/meta.json")),
    ("models/openai.json", include_str!("../data/models/openai.json")),
];

#[cfg(test)]
mod tests;

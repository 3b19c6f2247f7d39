//! The files of `data/`, compiled in. A new file is a new line here.

/// Every file with its name, in the order in which they are read.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("sources.json", include_str!("../data/sources.json")),
    ("licences.json", include_str!("../data/licences.json")),
    ("quantisations.json", include_str!("../data/quantisations.json")),
    ("hardware.json", include_str!("../data/hardware.json")),
    ("prices.json", include_str!("../data/prices.json")),
    ("tasks.json", include_str!("../data/tasks.json")),
    ("models-sources.json", include_str!("../data/models-sources.json")),
    ("models-benchmarks.json", include_str!("../data/models-benchmarks.json")),
    ("models/ai2.json", include_str!("../data/models/ai2.json")),
    ("models/alibaba.json", include_str!("../data/models/alibaba.json")),
    ("models/bigcode.json", include_str!("../data/models/bigcode.json")),
    ("models/bigscience.json", include_str!("../data/models/bigscience.json")),
    ("models/cohere.json", include_str!("../data/models/cohere.json")),
    ("models/deepseek.json", include_str!("../data/models/deepseek.json")),
    ("models/eleutherai.json", include_str!("../data/models/eleutherai.json")),
    ("models/embedders.json", include_str!("../data/models/embedders.json")),
    ("models/freehold.json", include_str!("../data/models/freehold.json")),
    ("models/google.json", include_str!("../data/models/google.json")),
    ("models/huggingface.json", include_str!("../data/models/huggingface.json")),
    ("models/ibm.json", include_str!("../data/models/ibm.json")),
    ("models/images.json", include_str!("../data/models/images.json")),
    ("models/meta.json", include_str!("../data/models/meta.json")),
    ("models/microsoft.json", include_str!("../data/models/microsoft.json")),
    ("models/minimax.json", include_str!("../data/models/minimax.json")),
    ("models/mistral.json", include_str!("../data/models/mistral.json")),
    ("models/moonshot.json", include_str!("../data/models/moonshot.json")),
    ("models/nvidia.json", include_str!("../data/models/nvidia.json")),
    ("models/openai.json", include_str!("../data/models/openai.json")),
    ("models/others.json", include_str!("../data/models/others.json")),
    ("models/speech.json", include_str!("../data/models/speech.json")),
    ("models/tencent.json", include_str!("../data/models/tencent.json")),
    ("models/tii.json", include_str!("../data/models/tii.json")),
    ("models/zai.json", include_str!("../data/models/zai.json")),
];

#[cfg(test)]
mod tests;

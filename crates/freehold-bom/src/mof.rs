//! The Model Openness Framework's YAML, as LF AI's model_openness_tool reads it
//! (`schema/mof_schema.json` there, commit 6ece587258c637298bd4a7e1c9f312d9d94c5fdc).

use crate::model::Model;

/// The document. Fields whose value is not known are empty, as in the tool's own sample. The day of release
/// is left out then: the schema asks for one, and an empty text is no day.
pub fn mof(model: &Model) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut out = Lines(String::new());
    out.map(0, "framework");
    out.value(2, "name", "Model Openness Framework");
    out.value(2, "version", "1.0");
    out.value(2, "date", "2024-12-15");
    out.map(0, "release");
    out.value(2, "name", &model.name);
    out.value(2, "version", &text(&model.version));
    if let Some(day) = &model.released {
        out.value(2, "date", day);
    }
    out.value(2, "type", kind(model.card.task.as_deref()));
    out.value(2, "architecture", "");
    out.value(2, "origin", model.parents.first().map_or("", |parent| &parent.name));
    out.value(2, "producer", &text(&model.publisher));
    out.value(2, "contact", "");
    out.map(2, "components");
    for (name, description) in COMPONENTS {
        let found = model.components.iter().find(|one| one.name == name);
        out.value(2, "- name", name);
        out.value(4, "description", description);
        out.value(4, "location", found.map_or("", |one| &one.location));
        out.value(4, "license_name", found.map_or("", |one| &one.licence));
        out.value(4, "license_path", found.map_or("", |one| &one.licence_path));
    }
    out.0
}

struct Lines(String);

impl Lines {
    /// A key whose values follow on the next lines.
    fn map(&mut self, indent: usize, key: &str) {
        self.0.push_str(&format!("{:indent$}{key}:\n", ""));
    }

    fn value(&mut self, indent: usize, key: &str, value: &str) {
        self.0.push_str(&format!("{:indent$}{key}: {}\n", "", scalar(value)));
    }
}

/// What the framework calls the kinds of models, for tasks that leave no doubt.
fn kind(task: Option<&str>) -> &'static str {
    match task {
        Some(
            "text-generation"
            | "text2text-generation"
            | "translation"
            | "summarization"
            | "fill-mask"
            | "question-answering"
            | "text-classification"
            | "token-classification"
            | "sentence-similarity",
        ) => "language",
        Some("text-to-image" | "image-to-image" | "unconditional-image-generation") => "image",
        Some(
            "image-classification" | "object-detection" | "image-segmentation" | "depth-estimation",
        ) => "vision",
        Some(
            "automatic-speech-recognition"
            | "text-to-speech"
            | "text-to-audio"
            | "audio-classification",
        ) => "audio",
        Some("text-to-video" | "image-to-video") => "video",
        Some("text-to-3d" | "image-to-3d") => "3d",
        Some("image-text-to-text" | "any-to-any") => "multimodal",
        _ => "",
    }
}

/// A text in quotes: single ones, but for texts with characters that only double ones can hold.
fn scalar(text: &str) -> String {
    let plain = |one: char| !one.is_control() && !matches!(one, '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.chars().all(plain) && !text.contains('\u{feff}') {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        // JSON's strings are YAML's.
        let escaped: String = serde_json::Value::from(text)
            .to_string()
            .chars()
            .map(|one| if plain(one) && one != '\u{feff}' { one.to_string() } else { escape(one) })
            .collect();
        escaped
    }
}

fn escape(one: char) -> String {
    format!("\\u{:04x}", u32::from(one))
}

/// The framework's seventeen components, in its order, with what each is in few words.
pub const COMPONENTS: [(&str, &str); 17] = [
    ("Model architecture", "Code of the architecture"),
    ("Data preprocessing code", "Code that cleans and prepares the data"),
    ("Training code", "Code that trains the model"),
    ("Inference code", "Code that runs the model"),
    ("Evaluation code", "Code that evaluates the model"),
    ("Supporting libraries and tools", "Libraries and tools that the code needs"),
    ("Model parameters (Final)", "The trained weights"),
    ("Model parameters (Intermediate)", "Weights from during the training"),
    ("Datasets", "Data for training, validation and testing"),
    ("Evaluation data", "Data for evaluation"),
    ("Model metadata", "Settings of the training and states of the optimizer"),
    ("Sample model outputs", "Examples of what the model answers"),
    ("Model card", "What the model is, is for, and cannot do"),
    ("Data card", "What the data are, and where they come from"),
    ("Technical report", "How the model was made and how it is used"),
    ("Research paper", "The paper about the model"),
    ("Evaluation results", "What the evaluation found"),
];

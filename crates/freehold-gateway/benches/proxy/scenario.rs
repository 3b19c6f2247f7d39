//! What is asked, and over how many connections.

/// One kind of load.
pub struct Scenario {
    /// As it is printed.
    pub name: &'static str,
    /// Connections, each with one request under way at a time.
    pub connections: usize,
    /// Whether answers are streamed.
    pub stream: bool,
    /// Bytes of the message.
    pub message: usize,
}

impl Scenario {
    /// The request's body for a model.
    pub fn body(&self, model: &str) -> String {
        let text = "lorem ipsum dolor sit amet ".repeat(self.message / 27 + 1);
        let stream = if self.stream { ",\"stream\":true" } else { "" };
        format!(
            r#"{{"messages":[{{"role":"user","content":"{}"}}],"model":"{model}","temperature":0.5,"max_tokens":64{stream}}}"#,
            &text[..self.message]
        )
    }
}

/// All of them; the first also warms up.
pub const SCENARIOS: [Scenario; 4] = [
    Scenario { name: "64 connections", connections: 64, stream: false, message: 400 },
    Scenario { name: "1 connection", connections: 1, stream: false, message: 400 },
    Scenario { name: "64 streams", connections: 64, stream: true, message: 400 },
    Scenario { name: "266 KB bodies", connections: 64, stream: false, message: 266_000 },
];

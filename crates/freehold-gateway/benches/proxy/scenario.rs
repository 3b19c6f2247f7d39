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
    /// How the mock is to stream: `burst`, `slow`, or one event a write.
    pub user: &'static str,
}

impl Scenario {
    /// The request's body for a model.
    pub fn body(&self, model: &str) -> String {
        let text = "lorem ipsum dolor sit amet ".repeat(self.message / 27 + 1);
        let stream = if self.stream { ",\"stream\":true" } else { "" };
        format!(
            r#"{{"messages":[{{"role":"user","content":"{}"}}],"model":"{model}","temperature":0.5,"max_tokens":64,"user":"{}"{stream}}}"#,
            &text[..self.message],
            self.user
        )
    }
}

const fn scenario(
    name: &'static str,
    connections: usize,
    stream: bool,
    message: usize,
    user: &'static str,
) -> Scenario {
    Scenario { name, connections, stream, message, user }
}

/// All of them; the first also warms up.
pub const SCENARIOS: [Scenario; 5] = [
    scenario("64 connections", 64, false, 400, "bench"),
    scenario("1 connection", 1, false, 400, "bench"),
    scenario("64 streams, each event written by itself", 64, true, 400, "bench"),
    scenario("266 KB bodies", 64, false, 266_000, "bench"),
    scenario("64 streams, all events at once", 64, true, 400, "burst"),
];

/// Streams that stay open for half a minute.
pub const fn held(connections: usize) -> Scenario {
    scenario("held streams", connections, true, 400, "slow")
}

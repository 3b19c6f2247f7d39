//! What the gateway reads in a request: one pass, borrowing, the conversation skipped.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Number, Value, value::RawValue};

use crate::{chat::StreamOptions, object::Text};

/// The part of a chat or embedding request that routing, controls and the record need. The body
/// itself goes on unchanged.
#[derive(Debug, Default)]
pub struct RequestHead<'a> {
    /// The model's name.
    pub model: Option<Text<'a>>,
    /// The same value as it stands in the body, quotes included.
    pub model_raw: Option<&'a RawValue>,
    /// Whether the answer is to come as a stream.
    pub stream: bool,
    /// `stream_options` as it stands in the body.
    pub stream_options_raw: Option<&'a RawValue>,
    /// Whether the client asked for the usage at the end of a stream.
    pub include_usage: bool,
    /// `logprobs` as it stands in the body.
    pub logprobs_raw: Option<&'a RawValue>,
    /// Whether the client asked for token probabilities.
    pub logprobs: bool,
    /// Names of the tools on offer, those of the older `functions` too.
    pub tools: Vec<String>,
    /// Sampling parameters and seed: the fields of [`RequestHead::RECORDED`] that are numbers.
    pub parameters: Map<String, Value>,
}

impl<'a> RequestHead<'a> {
    /// Sampling parameters that go into the record. Only numbers do, so that no content can.
    pub const RECORDED: [&'static str; 13] = [
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "frequency_penalty",
        "presence_penalty",
        "repetition_penalty",
        "seed",
        "max_tokens",
        "max_completion_tokens",
        "n",
        "top_logprobs",
        "dimensions",
    ];

    /// Reads a body. It is complete and valid JSON if this succeeds.
    ///
    /// # Errors
    /// The body is not a JSON object, holds a field twice, or one of those read here has a wrong
    /// type.
    pub fn parse(body: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RequestHead<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadVisitor)
    }
}

struct HeadVisitor;

impl<'de> Visitor<'de> for HeadVisitor {
    type Value = RequestHead<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut head = RequestHead::default();
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match &*key {
                "model" => {
                    seen.once(0, &key)?;
                    let raw: &'de RawValue = map.next_value()?;
                    head.model = Some(parse(raw, "model")?);
                    head.model_raw = Some(raw);
                }
                "stream" => {
                    seen.once(1, &key)?;
                    head.stream = map.next_value::<Option<bool>>()?.unwrap_or(false);
                }
                "stream_options" => {
                    seen.once(2, &key)?;
                    let raw: &'de RawValue = map.next_value()?;
                    let options: Option<StreamOptions> = parse(raw, "stream_options")?;
                    head.include_usage = options.unwrap_or_default().include_usage;
                    head.stream_options_raw = Some(raw);
                }
                "logprobs" => {
                    seen.once(3, &key)?;
                    let raw: &'de RawValue = map.next_value()?;
                    head.logprobs = parse::<Option<bool>, _>(raw, "logprobs")?.unwrap_or(false);
                    head.logprobs_raw = Some(raw);
                }
                "tools" => {
                    seen.once(4, &key)?;
                    let tools: Option<Vec<OfferedTool<'de>>> = map.next_value()?;
                    head.tools.extend(tools.into_iter().flatten().filter_map(OfferedTool::name));
                }
                "functions" => {
                    seen.once(5, &key)?;
                    let tools: Option<Vec<Named<'de>>> = map.next_value()?;
                    head.tools
                        .extend(tools.into_iter().flatten().map(|tool| tool.name.to_string()));
                }
                "messages" | "input" => {
                    seen.once(6, &key)?;
                    map.next_value::<IgnoredAny>()?;
                }
                name if RequestHead::RECORDED.contains(&name) => {
                    let raw: &'de RawValue = map.next_value()?;
                    if let Ok(number) = serde_json::from_str::<Number>(raw.get())
                        && head.parameters.insert(name.to_owned(), Value::Number(number)).is_some()
                    {
                        return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(head)
    }
}

fn parse<'de, T: Deserialize<'de>, E: Error>(raw: &'de RawValue, field: &str) -> Result<T, E> {
    serde_json::from_str(raw.get())
        .map_err(|source| E::custom(format_args!("`{field}` is not valid: {source}")))
}

/// Two readers of one body must not see two values, so each field that counts comes once.
#[derive(Default)]
struct Seen([bool; 7]);

impl Seen {
    fn once<E: Error>(&mut self, place: usize, field: &str) -> Result<(), E> {
        if std::mem::replace(&mut self.0[place], true) {
            return Err(E::custom(format_args!("duplicate field `{field}`")));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct OfferedTool<'a> {
    #[serde(borrow, default)]
    function: Option<Named<'a>>,
    #[serde(borrow, default)]
    custom: Option<Named<'a>>,
}

impl OfferedTool<'_> {
    fn name(self) -> Option<String> {
        self.function.or(self.custom).map(|tool| tool.name.to_string())
    }
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let shown = match RequestHead::parse(body.as_bytes()) {
            Ok(head) => format!(
                "{:?} stream={} usage={} logprobs={} tools={:?} {}",
                head.model.as_deref().unwrap_or("-"),
                head.stream,
                head.include_usage,
                head.logprobs,
                head.tools,
                Value::Object(head.parameters),
            ),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{body}");
    }

    #[test]
    fn reads_what_counts_and_skips_the_rest() {
        check(
            r#"{"model":"m\u0061","messages":[{"role":"user","content":"x"}],"stream":true,
                "stream_options":{"include_usage":true},"logprobs":null,"temperature":0.5,"seed":7,
                "stop":"secret","tools":[{"type":"function","function":{"name":"add","x":1}},
                {"type":"custom","custom":{"name":"run"}},{"type":"later"}],
                "functions":[{"name":"old"}],"strange":{"a":[1]}}"#,
            r#""ma" stream=true usage=true logprobs=false tools=["add", "run", "old"] {"temperature":0.5,"seed":7}"#,
        );
        check("{}", r#""-" stream=false usage=false logprobs=false tools=[] {}"#);
        check(
            r#"{"model":"m","seed":"text is content"}"#,
            r#""m" stream=false usage=false logprobs=false tools=[] {}"#,
        );
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        check(r#"{"model":"a","model":"b"}"#, "duplicate field `model` at line 1 column 20");
        check(r#"{"messages":[],"messages":[]}"#, "duplicate field `messages` at line 1 column 25");
        check(r#"{"seed":1,"seed":2}"#, "duplicate field `seed` at line 1 column 19");
        check(
            r#"{"stream":"yes"}"#,
            "invalid type: string \"yes\", expected a boolean at line 1 column 15",
        );
        check("[1]", "invalid type: sequence, expected a JSON object at line 1 column 0");
        check(r#"{"a":1} x"#, "trailing characters at line 1 column 9");
    }
}

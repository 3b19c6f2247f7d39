//! What the gateway reads in a request: one pass, borrowing, the conversation skipped.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Number, Value, value::RawValue};

use crate::{
    chat::StreamOptions,
    fault::{Expected, RequestError, read},
    object::Text,
};

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
    /// Whether there is something to answer: `messages` or `input` that is not null.
    pub question: bool,
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
    /// type. [`RequestError`] names the field.
    pub fn parse(body: &'a [u8]) -> Result<Self, RequestError> {
        let read: Read<'a> =
            serde_json::from_slice(body).map_err(|error| RequestError::of_body(body, &error))?;
        let head = match read.fault {
            Some(fault) => return Err(fault),
            None => read.head,
        };
        let asked = |name| head.parameters.get(name).and_then(Value::as_u64).unwrap_or(0);
        if asked("top_logprobs") > 0 && !head.logprobs {
            return Err(RequestError::Needs { field: "top_logprobs", needs: "`logprobs`: true" });
        }
        Ok(head)
    }
}

/// A head, and the first thing that is wrong with it: known only once all of it is known to be
/// JSON.
#[derive(Default)]
struct Read<'a> {
    head: RequestHead<'a>,
    fault: Option<RequestError>,
    seen: [bool; 7],
}

impl<'de: 'a, 'a> Deserialize<'de> for Read<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadVisitor)
    }
}

struct HeadVisitor;

impl<'de> Visitor<'de> for HeadVisitor {
    type Value = Read<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut it = Read::default();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match &*key {
                "model" => {
                    let raw = it.raw(&mut map, 0, "model")?;
                    it.head.model = it.value(raw, "model");
                    it.head.model_raw = Some(raw);
                }
                "stream" => {
                    let raw = it.raw(&mut map, 1, "stream")?;
                    it.head.stream = it.value(raw, "stream").unwrap_or(false);
                }
                "stream_options" => {
                    let raw = it.raw(&mut map, 2, "stream_options")?;
                    let options = StreamOptions::read(Some(raw));
                    it.head.include_usage = it.checked(options).unwrap_or_default().include_usage;
                    it.head.stream_options_raw = Some(raw);
                }
                "logprobs" => {
                    let raw = it.raw(&mut map, 3, "logprobs")?;
                    it.head.logprobs = it.value(raw, "logprobs").unwrap_or(false);
                    it.head.logprobs_raw = Some(raw);
                }
                "tools" => {
                    let raw = it.raw(&mut map, 4, "tools")?;
                    let tools: Vec<OfferedTool<'de>> = it.value(raw, "tools").unwrap_or_default();
                    it.head.tools.extend(tools.into_iter().filter_map(OfferedTool::name));
                }
                "functions" => {
                    let raw = it.raw(&mut map, 5, "functions")?;
                    let tools: Vec<Named<'de>> = it.value(raw, "functions").unwrap_or_default();
                    it.head.tools.extend(tools.into_iter().map(|tool| tool.name.to_string()));
                }
                "messages" | "input" => {
                    it.once(6, &key);
                    let raw: &'de RawValue = map.next_value()?;
                    it.head.question = raw.get() != "null";
                }
                name if RequestHead::RECORDED.contains(&name) => {
                    let raw: &'de RawValue = map.next_value()?;
                    if let Ok(number) = serde_json::from_str::<Number>(raw.get())
                        && it
                            .head
                            .parameters
                            .insert(name.to_owned(), Value::Number(number))
                            .is_some()
                    {
                        it.wrong(RequestError::Twice(name.to_owned()));
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(it)
    }
}

impl<'a> Read<'a> {
    /// Takes the value of a field that comes once.
    fn raw<A: MapAccess<'a>>(
        &mut self,
        map: &mut A,
        place: usize,
        field: &'static str,
    ) -> Result<&'a RawValue, A::Error> {
        self.once(place, field);
        map.next_value()
    }

    /// Two readers of one body must not see two values, so each field that counts comes once.
    fn once(&mut self, place: usize, field: &str) {
        if std::mem::replace(&mut self.seen[place], true) {
            self.wrong(RequestError::Twice(field.to_owned()));
        }
    }

    /// Reads a value; `null` counts as absent.
    fn value<T: Expected<'a>>(&mut self, raw: &'a RawValue, field: &'static str) -> Option<T> {
        let value = (raw.get() != "null").then(|| read(raw, || field.into()));
        value.and_then(|value| self.checked(value))
    }

    fn checked<T>(&mut self, read: Result<T, RequestError>) -> Option<T> {
        read.map_err(|fault| self.wrong(fault)).ok()
    }

    fn wrong(&mut self, fault: RequestError) {
        self.fault.get_or_insert(fault);
    }
}

impl<'a> Expected<'a> for Vec<OfferedTool<'a>> {
    const WORDS: &'static str = "a list of tools, each with `function.name`,";
}

impl<'a> Expected<'a> for Vec<Named<'a>> {
    const WORDS: &'static str = "a list of functions, each with `name`,";
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
        check(r#"{"model":"a","model":"b"}"#, "`model` is there twice");
        check(r#"{"messages":[],"messages":[]}"#, "`messages` is there twice");
        check(r#"{"seed":1,"seed":2}"#, "`seed` is there twice");
        check(r#"{"stream":"yes"}"#, "`stream` is a text; true or false is expected");
        check(
            r#"{"stream_options":{"include_usage":1}}"#,
            "`stream_options.include_usage` is 1; true or false is expected",
        );
        check(r#"{"top_logprobs":2}"#, "`top_logprobs` needs `logprobs`: true");
        check("[1]", "the body is a list; a JSON object is expected");
        check("  ", "the body is empty; a JSON object is expected");
        // What is no JSON is not searched for fields.
        check(r#"{"model":7,"#, "the body is not valid JSON: it breaks off at line 1, column 11");
        check("{\"a\":1}\n x", "the body is not valid JSON: the mistake is at line 2, column 2");
    }
}

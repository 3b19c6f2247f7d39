//! Answers as the engine gave them, and the gate through which they come only with a permit for
//! each tool call in them.

use std::collections::BTreeMap;

use bytes::Bytes;
use freehold_policy::ToolPermit;
use freehold_types::RecordId;
use freehold_wire::{AnswerHead, Splice};

/// An answer, or an event of one, as the engine gave it. It cannot be sent anywhere.
#[derive(Debug)]
pub struct Held {
    bytes: Bytes,
    /// Place of each call or piece of one, and the name where this piece has it.
    calls: Vec<(Place, Option<String>)>,
}

/// An answer, or an event of one, whose tool calls are permitted. It can be released with a receipt.
#[derive(Debug)]
pub struct Cleared {
    record: RecordId,
    bytes: Bytes,
}

/// Turns what is held into what is cleared, for one answer; it remembers which of its calls are
/// permitted already.
#[derive(Debug)]
pub struct Gate {
    record: RecordId,
    permitted: BTreeMap<Place, String>,
}

/// A tool call came without its permit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no permit for the call of tool `{tool}`")]
pub struct Uncovered {
    /// The tool called.
    pub tool: String,
}

/// Which of `n`, and which call in it.
type Place = (u32, u32);

impl Held {
    /// Reads an answer; `edit` sees what was read and may say what to change in the bytes.
    ///
    /// # Errors
    /// It is not an answer.
    pub fn read(
        bytes: Bytes,
        edit: impl FnOnce(&AnswerHead<'_>) -> Splice,
    ) -> Result<Self, serde_json::Error> {
        let head = AnswerHead::parse(&bytes)?;
        let mut calls = Vec::new();
        for choice in &head.choices {
            for (place, name) in choice.calls() {
                let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
                calls.push(((choice.index, place), name));
            }
        }
        let splice = edit(&head);
        drop(head);
        Ok(Self { bytes: splice.apply(&bytes), calls })
    }
}

impl Cleared {
    /// The record to which it belongs.
    pub(super) fn record(&self) -> RecordId {
        self.record
    }

    /// What will be sent, to be recorded first.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What is sent.
    pub(super) fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl Gate {
    /// A gate for one answer.
    pub fn new(record: RecordId) -> Self {
        Self { record, permitted: BTreeMap::new() }
    }

    /// The tools for whose call a permit is needed, each name as a client would put it together
    /// from the pieces so far. A piece of a call that never had a name needs one for no name, which
    /// nobody grants.
    pub fn demands(&self, held: &Held) -> Vec<String> {
        let mut names = self.permitted.clone();
        let mut demands = Vec::new();
        for (place, name) in &held.calls {
            let known = names.entry(*place).or_default();
            if let Some(name) = name {
                known.push_str(name);
                demands.push(known.clone());
            } else if known.is_empty() {
                demands.push(String::new());
            }
        }
        demands
    }

    /// Clears what is held, in exchange for a permit for each of its [`Gate::demands`].
    ///
    /// # Errors
    /// [`Uncovered`] names the first call without a permit for this record.
    pub fn clear(
        &mut self,
        held: Held,
        mut permits: Vec<ToolPermit>,
    ) -> Result<Cleared, Uncovered> {
        if !held.calls.is_empty() {
            for tool in self.demands(&held) {
                let found = permits
                    .iter()
                    .position(|permit| permit.record() == self.record && permit.tool() == tool);
                let Some(found) = found else { return Err(Uncovered { tool }) };
                drop(permits.swap_remove(found));
            }
            for (place, name) in held.calls {
                self.permitted.entry(place).or_default().push_str(&name.unwrap_or_default());
            }
        }
        Ok(Cleared { record: self.record, bytes: held.bytes })
    }
}

#[cfg(test)]
mod tests {
    use freehold_policy::authorize_tool;
    use freehold_types::Principal;

    use super::*;

    fn held(body: &'static str) -> Held {
        Held::read(Bytes::from_static(body.as_bytes()), |_| Splice::new()).unwrap()
    }

    fn permit(record: RecordId, tool: &str) -> ToolPermit {
        let offered = [tool.to_owned()];
        authorize_tool(record, &Principal("p".into()), tool, &offered, None).unwrap()
    }

    fn piece(index: u32, name: &str) -> Held {
        let body = format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{index},"function":{{{name}"arguments":"{{"}}}}]}}}}]}}"#
        );
        Held::read(Bytes::from(body), |_| Splice::new()).unwrap()
    }

    #[test]
    fn text_passes_and_calls_need_their_own_permit() {
        let (record, other) = (RecordId::new(1, [0; 10]), RecordId::new(2, [0; 10]));
        let two = r#"{"choices":[{"message":{"tool_calls":[{"function":{"name":"a"}},{"function":{"name":"a"}}]}}]}"#;
        let mut gate = Gate::new(record);
        assert!(gate.clear(held(r#"{"choices":[{"message":{"content":"x"}}]}"#), vec![]).is_ok());
        assert_eq!(gate.demands(&held(two)), ["a", "a"]);
        let one = vec![permit(record, "a")];
        assert_eq!(gate.clear(held(two), one).unwrap_err().tool, "a");
        let foreign = vec![permit(record, "a"), permit(other, "a")];
        assert_eq!(gate.clear(held(two), foreign).unwrap_err().tool, "a");
        assert!(gate.clear(held(two), vec![permit(record, "a"), permit(record, "a")]).is_ok());
    }

    #[test]
    fn a_name_in_pieces_is_judged_as_a_client_joins_it() {
        let record = RecordId::new(1, [0; 10]);
        let mut gate = Gate::new(record);
        assert_eq!(gate.clear(piece(0, ""), vec![]).unwrap_err().tool, "");
        gate.clear(piece(0, r#""name":"read","#), vec![permit(record, "read")]).unwrap();
        gate.clear(piece(0, ""), vec![]).unwrap();
        gate.clear(piece(0, r#""name":"","#), vec![]).unwrap();
        let longer = piece(0, r#""name":"_secret","#);
        assert_eq!(gate.demands(&longer), ["read_secret"]);
        assert_eq!(
            gate.clear(longer, vec![permit(record, "_secret")]).unwrap_err().tool,
            "read_secret"
        );
        assert_eq!(gate.clear(piece(1, ""), vec![]).unwrap_err().tool, "");
    }
}

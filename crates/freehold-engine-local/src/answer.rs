//! From one answer's tokens to the parts of OpenAI's answer: whole characters only, nothing of a
//! stop string, tool calls instead of their text, and each token's probabilities beside the text
//! that it stands for.

use std::collections::VecDeque;

use freehold_engine::answer::{FinishReason, Part, TokenLogprob};

use crate::{
    protocol::{StopCause, Top},
    tools::Syntax,
};

/// One choice in the making.
#[derive(Debug)]
pub(crate) struct Choice {
    index: u32,
    stops: Vec<String>,
    tools: Option<Syntax>,
    /// Names tool calls; has random parts.
    call_prefix: String,
    /// Bytes that are not sent yet.
    held: Vec<u8>,
    /// Bytes that were sent.
    sent: u64,
    /// Where each unsent token begins, among all bytes.
    tokens: VecDeque<(u64, TokenLogprob)>,
    with_logprobs: bool,
    /// Whether a space at the very beginning is the tokenizer's and not the answer's.
    strip: bool,
    /// Whether what is held is a tool call to its end.
    calling: bool,
    count: u64,
    done: bool,
}

impl Choice {
    pub(crate) fn new(
        index: u32,
        stops: Vec<String>,
        tools: Option<Syntax>,
        with_logprobs: bool,
        call_prefix: String,
    ) -> Self {
        Self {
            index,
            stops,
            tools,
            call_prefix,
            held: Vec::new(),
            sent: 0,
            tokens: VecDeque::new(),
            with_logprobs,
            strip: false,
            calling: false,
            count: 0,
            done: false,
        }
    }

    /// The same, without a space at the very beginning of its text, for tokenizers that put one
    /// before every text.
    pub(crate) fn without_first_space(self) -> Self {
        Self { strip: true, ..self }
    }

    /// Whether it is finished.
    pub(crate) const fn done(&self) -> bool {
        self.done
    }

    /// Tokens that the model said for it.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Takes a token; the choice is done afterwards if a stop string came.
    pub(crate) fn token(&mut self, bytes: Vec<u8>, top: Option<Top>, parts: &mut Vec<Part>) {
        if self.done {
            return;
        }
        self.count += 1;
        if let Some(top) = top {
            let begins = self.sent + self.held.len() as u64;
            let likeliest = top.likeliest.into_iter().collect();
            let entry = TokenLogprob { bytes: bytes.clone(), logprob: top.logprob, top: likeliest };
            self.tokens.push_back((begins, entry));
        }
        let first = self.count == 1 && self.strip;
        let text = if first { bytes.strip_prefix(b" ").unwrap_or(&bytes) } else { &bytes };
        // A stop string may have begun in what was held, never before it.
        self.held.extend_from_slice(text);
        if let Some(at) = self.stop() {
            self.held.truncate(at);
            let left = self.sent + at as u64;
            self.tokens.retain(|(begins, _)| *begins < left);
            self.end(FinishReason::Stop, parts);
            return;
        }
        if self.calling || self.call_begins(parts) {
            return;
        }
        let ready = self.ready();
        self.send(ready, parts);
    }

    /// Takes the end.
    pub(crate) fn finish(&mut self, cause: StopCause, parts: &mut Vec<Part>) {
        if self.done {
            return;
        }
        let reason = match cause {
            StopCause::End => FinishReason::Stop,
            StopCause::Limit | StopCause::Full => FinishReason::Length,
        };
        self.end(reason, parts);
    }

    fn end(&mut self, reason: FinishReason, parts: &mut Vec<Part>) {
        self.done = true;
        let text = String::from_utf8_lossy(&self.held);
        let begins = |syntax: Syntax| self.calling || syntax.begins(&text);
        let calls = self
            .tools
            .filter(|syntax| begins(*syntax))
            .and_then(|syntax| syntax.parse(&text))
            .unwrap_or_default();
        let reason = if calls.is_empty() {
            self.send(self.held.len(), parts);
            reason
        } else {
            if self.with_logprobs {
                // The tokens of calls have no text of their own to stand beside.
                self.held.clear();
                self.flush_tokens(parts);
            }
            FinishReason::ToolCalls
        };
        for (index, call) in (0..).zip(calls) {
            parts.push(Part::ToolCall {
                choice: self.index,
                index,
                id: format!("call_{}{index:02}", self.call_prefix),
                name: call.name,
                arguments: call.arguments,
            });
        }
        parts.push(Part::Finish { choice: self.index, reason });
    }

    /// Where the first stop string begins in what is held.
    fn stop(&self) -> Option<usize> {
        self.stops.iter().filter_map(|stop| find(&self.held, stop.as_bytes())).min()
    }

    /// Sends what comes before a tool call and holds the rest.
    fn call_begins(&mut self, parts: &mut Vec<Part>) -> bool {
        let Some(syntax) = self.tools else { return false };
        if self.sent == 0 && syntax.begins(&String::from_utf8_lossy(&self.held)) {
            self.calling = true;
        } else if let Some(at) = find(&self.held, syntax.marker().as_bytes()) {
            // Blanks between a text and its calls are layout.
            let text = self.held[..at].trim_ascii_end().len();
            self.send(text, parts);
            self.held.drain(..at - text);
            self.sent += (at - text) as u64;
            self.calling = true;
        }
        self.calling
    }

    /// How much of what is held can be sent: nothing that could be the beginning of a stop string
    /// or of a call, and whole characters.
    fn ready(&self) -> usize {
        let marker = self.tools.map(Syntax::marker);
        let secrets = self.stops.iter().map(String::as_str).chain(marker);
        let begun = secrets.map(|text| overlap(&self.held, text.as_bytes())).max().unwrap_or(0);
        let mut ready = self.held.len() - begun;
        if self.tools.is_some() {
            if self.sent == 0 && self.held.trim_ascii().is_empty() {
                return 0;
            }
            ready = self.held[..ready].trim_ascii_end().len();
        }
        whole_characters(&self.held[..ready])
    }

    fn send(&mut self, length: usize, parts: &mut Vec<Part>) {
        if length == 0 {
            if self.done {
                self.flush_tokens(parts);
            }
            return;
        }
        let text = String::from_utf8_lossy(&self.held[..length]).into_owned();
        self.held.drain(..length);
        self.sent += length as u64;
        let logprobs = self.with_logprobs.then(|| self.sent_tokens());
        parts.push(Part::Content { choice: self.index, text, logprobs });
    }

    /// Tokens without bytes of their own at the end still have probabilities.
    fn flush_tokens(&mut self, parts: &mut Vec<Part>) {
        if self.tokens.is_empty() {
            return;
        }
        let logprobs = Some(self.tokens.drain(..).map(|(_, token)| token).collect());
        parts.push(Part::Content { choice: self.index, text: String::new(), logprobs });
    }

    fn sent_tokens(&mut self) -> Vec<TokenLogprob> {
        let end = if self.done { u64::MAX } else { self.sent };
        let count = self.tokens.iter().take_while(|(begins, _)| *begins < end).count();
        self.tokens.drain(..count).map(|(_, token)| token).collect()
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len().max(1)).position(|window| window == wanted)
}

/// Length of the longest end of `bytes` that is a beginning of `text`.
fn overlap(bytes: &[u8], text: &[u8]) -> usize {
    let longest = bytes.len().min(text.len().saturating_sub(1));
    (1..=longest).rev().find(|length| bytes.ends_with(&text[..*length])).unwrap_or(0)
}

/// Length of `bytes` without an unfinished character at its end.
fn whole_characters(bytes: &[u8]) -> usize {
    let length = bytes.len();
    for back in 1..=length.min(3) {
        let byte = bytes[length - back];
        let needs = match byte {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => 1,
        };
        return if needs > back { length - back } else { length };
    }
    length
}

#[cfg(test)]
mod tests;

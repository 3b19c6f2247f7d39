//! A place in the batch: one sequence of the context and the text that is written in it.

use llama_cpp_2::token::LlamaToken;

use super::ready::Ready;

/// One sequence of the context.
pub(super) struct Slot {
    /// Its number.
    pub(super) sequence: u32,
    /// The tokens whose state the context holds for it.
    pub(super) held: Vec<LlamaToken>,
    /// With which adapter they were computed.
    pub(super) adapter: Option<u32>,
    /// The text in the making.
    pub(super) text: Option<Text>,
}

/// A text in the making.
pub(super) struct Text {
    /// What was asked.
    pub(super) request: Ready,
    /// When it came, to be fair in order.
    pub(super) order: u64,
    /// Tokens said.
    pub(super) said: u32,
    /// The last token said, not yet computed.
    pub(super) next: Option<LlamaToken>,
}

impl Slot {
    /// An empty place.
    pub(super) const fn new(sequence: u32) -> Self {
        Self { sequence, held: Vec::new(), adapter: None, text: None }
    }

    /// How many tokens of `prompt` it holds already. The last token of a prompt is always computed
    /// anew, because its logits are needed.
    pub(super) fn common(&self, prompt: &[LlamaToken], adapter: Option<u32>) -> usize {
        if self.adapter != adapter {
            return 0;
        }
        let same = self.held.iter().zip(prompt).take_while(|(held, wanted)| held == wanted).count();
        same.min(prompt.len().saturating_sub(1))
    }

    /// Tokens of the prompt that are still to be computed.
    pub(super) fn prompt_left(&self) -> usize {
        self.text
            .as_ref()
            .map_or(0, |text| text.request.prompt.len().saturating_sub(self.held.len()))
    }
}

//! How long a text can be at most, known before it is cut into tokens: that takes seconds and much
//! memory for megabytes, during which nobody else's text begins.

use llama_cpp_2::model::LlamaModel;

/// The room for one text.
pub(super) struct Room {
    /// In tokens.
    pub(super) tokens: usize,
    /// Bytes of the vocabulary's longest token.
    longest: usize,
}

impl Room {
    pub(super) fn new(model: &LlamaModel, tokens: usize) -> Self {
        let vocabulary = model.vocab();
        let lengths =
            vocabulary.tokens().map(|token| vocabulary.token_to_piece(token, true, None).len());
        // A character that is in no token becomes the token "unknown".
        Self { tokens, longest: lengths.max().unwrap_or(0).max(LONGEST_CHARACTER) }
    }

    /// Refuses a text that cannot fit, whatever its tokens are. Blanks count by themselves: some
    /// vocabularies make one token of any number of them.
    pub(super) fn check<'a>(
        &self,
        what: &str,
        pieces: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), String> {
        let (mut bytes, mut blanks) = (0_usize, 0_usize);
        for piece in pieces {
            let printed = piece.bytes().filter(|it| !it.is_ascii_whitespace()).count();
            bytes += printed;
            blanks += piece.len() - printed;
        }
        let most = self.tokens.saturating_mul(self.longest);
        if blanks > most.saturating_add(MOST_BLANKS) {
            return Err(format!("{what} has {blanks} blanks, too many to be read; send fewer"));
        }
        if bytes <= most {
            return Ok(());
        }
        Err(format!(
            "{what} has {bytes} bytes without its blanks, which are more than {} tokens in any \
             case, and the context holds {}",
            bytes.div_ceil(self.longest) - 1,
            self.tokens
        ))
    }
}

/// Blanks of a text, beside as many as the longest text has bytes. The worker's memory limit counts
/// on it.
pub(crate) const MOST_BLANKS: usize = 1 << 20;
/// Bytes of a character in UTF-8.
const LONGEST_CHARACTER: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_fit_passes_and_what_cannot_is_refused() {
        let room = Room { tokens: 3, longest: 5 };
        for (text, fits) in [
            ("", true),
            ("123456789012345", true),
            ("1234567890123456", false),
            ("12345 67890\n\t 12345   ", true),
            ("12345 67890\n\t 12345   x", false),
        ] {
            let whole = room.check("it", &[text.to_owned()]);
            assert_eq!(whole.is_ok(), fits, "{text:?}: {whole:?}");
            let (one, other) = text.split_at(text.len() / 2);
            let pieces = room.check("it", &[one.to_owned(), other.to_owned()]);
            assert_eq!(pieces, whole, "{text:?}");
        }
        let blanks = |count| room.check("it", &[" ".repeat(count), "x".to_owned()]);
        assert_eq!(blanks(MOST_BLANKS + 15), Ok(()));
        assert!(blanks(MOST_BLANKS + 16).unwrap_err().contains("blanks"));
        let reason = room.check("the prompt", &["x".repeat(16)]).unwrap_err();
        assert!(reason.contains("more than 3 tokens"), "{reason}");
    }
}

//! Server-sent events: writing and reading them.
//!
//! Format: <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>.

use std::ops::Range;

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The payload with which OpenAI streams end.
pub const DONE: &[u8] = b"[DONE]";

/// The event with which OpenAI streams end, framed.
pub const DONE_EVENT: &[u8] = b"data: [DONE]\n\n";

/// Frames a payload as one event.
pub fn event(payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 8);
    put_event(payload, &mut out);
    out.freeze()
}

/// Appends a payload to `out`, framed as one event.
pub fn put_event(payload: &[u8], out: &mut BytesMut) {
    for line in payload.split(|byte| *byte == b'\n') {
        out.put_slice(b"data: ");
        out.put_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.put_slice(b"\n");
    }
    out.put_slice(b"\n");
}

/// An event is longer than the decoder was told to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is longer than {limit} bytes")]
pub struct TooLong {
    /// The limit in bytes.
    pub limit: usize,
}

/// Reads events from pieces of any size. It holds at most one event and one piece.
#[derive(Debug)]
pub struct Decoder {
    buffer: BytesMut,
    /// Where the next line starts in the buffer.
    line: usize,
    /// Up to where the buffer was searched for an end of line.
    searched: usize,
    /// The event's only data line so far.
    data: Option<Range<usize>>,
    /// Its data lines, once there is a second.
    joined: Option<BytesMut>,
    limit: usize,
}

impl Decoder {
    /// A decoder that accepts events of up to `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), line: 0, searched: 0, data: None, joined: None, limit }
    }

    /// Adds a piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.buffer.put_slice(piece);
    }

    /// The data of the next complete event, without framing; `None` until more pieces come.
    /// Comments and other fields are skipped.
    ///
    /// # Errors
    /// [`TooLong`] once an event exceeds the limit.
    pub fn next_event(&mut self) -> Result<Option<Bytes>, TooLong> {
        while let Some((line, next)) = self.next_line() {
            self.line = next;
            self.searched = next;
            if line.is_empty() {
                if let Some(data) = self.take_event() {
                    return Ok(Some(data));
                }
                continue;
            }
            self.read_line(line);
        }
        if self.buffer.len() > self.limit {
            return Err(TooLong { limit: self.limit });
        }
        Ok(None)
    }

    /// Whether bytes of an unfinished event are held.
    pub fn is_mid_event(&self) -> bool {
        self.data.is_some() || self.line < self.buffer.len()
    }

    /// The next whole line, and where the one after it starts.
    fn next_line(&mut self) -> Option<(Range<usize>, usize)> {
        let rest = &self.buffer[self.searched..];
        let Some(found) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + found;
        let next = match (self.buffer[end], self.buffer.get(end + 1)) {
            (b'\r', Some(b'\n')) => end + 2,
            // Whether a line feed follows is not known yet.
            (b'\r', None) => {
                self.searched = end;
                return None;
            }
            _ => end + 1,
        };
        Some((self.line..end, next))
    }

    fn read_line(&mut self, line: Range<usize>) {
        let text = &self.buffer[line.clone()];
        let Some(value) = text.strip_prefix(b"data") else { return };
        let value = match value {
            [] => value,
            [b':', b' ', rest @ ..] | [b':', rest @ ..] => rest,
            _ => return,
        };
        let span = line.end - value.len()..line.end;
        let Some(first) = self.data.clone() else {
            self.data = Some(span);
            return;
        };
        let joined = self.joined.get_or_insert_with(|| BytesMut::from(&self.buffer[first]));
        joined.put_u8(b'\n');
        joined.put_slice(&self.buffer[span]);
    }

    /// Ends the event at the blank line just read.
    fn take_event(&mut self) -> Option<Bytes> {
        let mut whole = self.buffer.split_to(self.line);
        self.line = 0;
        self.searched = 0;
        let span = self.data.take()?;
        if let Some(joined) = self.joined.take() {
            return Some(joined.freeze());
        }
        whole.truncate(span.end);
        whole.advance(span.start);
        Some(whole.freeze())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(text: &[u8], piece: usize) -> Vec<String> {
        let mut decoder = Decoder::new(1 << 20);
        let mut events = Vec::new();
        for part in text.chunks(piece.max(1)) {
            decoder.push(part);
            while let Some(event) = decoder.next_event().unwrap() {
                events.push(String::from_utf8_lossy(&event).into_owned());
            }
        }
        events
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        for piece in [1, 2, 3, 7, text.len()] {
            assert_eq!(decode(text.as_bytes(), piece), expected, "{text:?} by {piece}");
        }
    }

    #[test]
    fn reads_events_in_pieces_of_any_size() {
        check("data: a\n\ndata:b\n\n", &["a", "b"]);
        check("data: a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]);
        check(": comment\n\nevent: x\nid: 1\ndata: a\ndata: b\ndata: c\n\n", &["a\nb\nc"]);
        check("data\n\n", &[""]);
        check("data: a\rdata: b\r\rdata: [DONE]\n\n", &["a\nb", "[DONE]"]);
        check("database: no\n\ndata: cut", &[]);
        check("\n\n\n", &[]);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = Decoder::new(16);
        decoder.push(&[b'x'; 17]);
        assert_eq!(decoder.next_event(), Err(TooLong { limit: 16 }));
    }

    #[test]
    fn many_data_lines_count_towards_the_limit() {
        let mut decoder = Decoder::new(64);
        decoder.push(&b"data: x\n".repeat(9));
        assert_eq!(decoder.next_event(), Err(TooLong { limit: 64 }));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(payloads in prop::collection::vec("[^\r]{0,40}", 0..6), piece in 1usize..50) {
            let mut out = BytesMut::new();
            for payload in &payloads {
                put_event(payload.as_bytes(), &mut out);
            }
            prop_assert_eq!(decode(&out, piece), payloads);
        }

        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), piece in 1usize..50) {
            decode(&bytes, piece);
        }
    }
}

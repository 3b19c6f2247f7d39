//! OpenAI request, response and stream-event types, and server-sent events.

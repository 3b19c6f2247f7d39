//! Embedded storage behind one Store trait: API keys, subject keys, sessions.

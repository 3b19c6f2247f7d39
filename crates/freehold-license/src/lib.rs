//! Recognises licence texts: which licence a text is, clause by clause, never one more permissive
//! than the text.

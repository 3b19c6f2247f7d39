//! What a model is at each of its layers, how open that is, and whether an adopter may ship it.

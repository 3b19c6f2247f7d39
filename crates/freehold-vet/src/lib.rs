//! Decides what may be loaded; the only maker of an Admission.

//! The adoption check: from answers about a situation to a recommendation that explains itself.

//! Memory, throughput and cost of a model on hardware under a load, each with its arithmetic.

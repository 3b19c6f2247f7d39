//! A model as the plan needs it: how many parameters of which part, what attention keeps and does.

use freehold_catalog::{Catalog, Experts, Fact, Geometry, KvGroup, Model};

use crate::{Figure, Source, Unit};

/// A model's size and shape, with who states them.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What it is called.
    pub name: String,
    /// All parameters.
    pub parameters: f64,
    /// Parameters that one token uses.
    pub active: f64,
    /// Its shape.
    pub geometry: Geometry,
    /// The longest context, in tokens, where its publisher says.
    pub context: Option<f64>,
    /// Who states the parameters.
    pub counted: Source,
    /// Who states the shape.
    pub drawn: Source,
}

/// What a catalogue does not know of a model, so that nothing can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// How many parameters.
    #[error("the catalogue has no count of parameters for this model")]
    Parameters,
    /// Its geometry.
    #[error("the catalogue has no shape (layers, heads, cache) for this model")]
    Geometry,
    /// Memory.
    #[error("the catalogue does not know this device's memory")]
    Memory,
    /// Bandwidth.
    #[error("the catalogue does not know this device's memory bandwidth")]
    Bandwidth,
    /// Arithmetic.
    #[error("nothing is known of how fast this device multiplies")]
    Compute,
}

impl Shape {
    /// The model of the catalogue.
    ///
    /// # Errors
    /// [`Unknown`] names the fact that the catalogue lacks.
    pub fn of(model: &Model, catalog: &Catalog) -> Result<Self, Unknown> {
        let parameters = model.parameters.as_ref().ok_or(Unknown::Parameters)?;
        let geometry = model.geometry.as_ref().ok_or(Unknown::Geometry)?;
        let active = model.active_parameters.as_ref().map(|fact| fact.is);
        Ok(Self {
            name: model.name.clone(),
            parameters: parameters.is as f64,
            active: active.unwrap_or(parameters.is) as f64,
            geometry: geometry.is.clone(),
            context: model.context.as_ref().map(|fact| fact.is as f64),
            counted: source(catalog, parameters),
            drawn: source(catalog, geometry),
        })
    }

    /// Parameters, as a figure.
    pub fn parameters(&self) -> Figure {
        Figure::input("parameters", self.parameters, weight(), self.counted.clone())
    }

    /// Parameters of the input embedding and the output layer together.
    pub fn embeddings(&self) -> Figure {
        let geometry = &self.geometry;
        let tied = geometry.tied.unwrap_or(false);
        let matrices = self.drawn("embedding matrices", if tied { 1.0 } else { 2.0 });
        self.output().times(&matrices).named("embedding parameters")
    }

    /// Parameters of the output layer, which only generated tokens pass. Where nobody was found to
    /// state the vocabulary's size it is counted with the dense layers.
    pub fn output(&self) -> Figure {
        let geometry = &self.geometry;
        let name = match geometry.vocab {
            Some(_) => "entries of the vocabulary",
            None => "entries of the vocabulary (not confirmed, counted with the dense layers)",
        };
        let vocabulary = self.drawn(name, geometry.vocab.unwrap_or(0));
        let width = Figure::input(
            "width of the model",
            f64::from(geometry.hidden),
            weight(),
            self.drawn.clone(),
        );
        vocabulary.times(&width).named("parameters of the output layer")
    }

    /// Parameters of all routed experts; 0 in a dense model.
    pub fn routed(&self) -> Figure {
        let Some(experts) = &self.geometry.experts else { return nothing() };
        let count = self.drawn("experts per layer", experts.count);
        self.expert(experts).times(&count).named("parameters of the experts")
    }

    /// Parameters of the routed experts that one token uses; 0 in a dense model.
    pub fn used(&self) -> Figure {
        let Some(experts) = &self.geometry.experts else { return nothing() };
        let used = self.drawn("experts per token", experts.per_token);
        self.expert(experts).times(&used).named("expert parameters per token")
    }

    /// Everything but embeddings and routed experts: attention, dense and shared layers.
    pub fn dense(&self) -> Figure {
        let rest = self.parameters().minus(&self.embeddings()).minus(&self.routed());
        rest.at_least(&nothing()).named("parameters of attention and dense layers")
    }

    /// One expert's three matrices, over all layers that have experts. Where the width is not known
    /// it follows from all and active parameters.
    fn expert(&self, experts: &Experts) -> Figure {
        let layers = self.drawn("layers with experts", self.expert_layers());
        let name = "parameters of one expert, all layers";
        match experts.intermediate {
            Some(inner) => {
                let width = self.geometry.hidden;
                let matrix = self
                    .drawn("width", width)
                    .times(&self.drawn("width of an expert", inner))
                    .times(&Figure::input("matrices of an expert", 3.0, weight(), matrices()));
                matrix.times(&layers).named(name)
            }
            None => {
                let active =
                    Figure::input("active parameters", self.active, weight(), self.counted.clone());
                let idle = experts.count.saturating_sub(experts.per_token).max(1);
                let idle = self.drawn("experts that a token leaves out", idle);
                self.parameters().minus(&active).over(&idle).named(name)
            }
        }
    }

    /// Layers that have experts.
    pub fn expert_layers(&self) -> u32 {
        self.geometry.expert_layers()
    }

    /// Width of a routed expert, or 0.
    pub fn expert_width(&self) -> u32 {
        self.geometry.experts.as_ref().and_then(|experts| experts.intermediate).unwrap_or(0)
    }

    /// A bare number that the shape says.
    pub(crate) fn drawn(&self, name: &str, value: impl Into<f64>) -> Figure {
        Figure::input(name, value.into(), Unit::one(), self.drawn.clone())
    }

    /// Numbers that the cache of one sequence of that many tokens holds, and bytes of states whose
    /// precision the engine does not choose.
    pub(crate) fn kept(&self, tokens: f64) -> (f64, f64) {
        let mut all = (0.0, 0.0);
        for group in &self.geometry.kv {
            let layers = f64::from(group.layers());
            match group {
                KvGroup::State { values, value_bytes, .. } => {
                    all.1 += layers * *values as f64 * f64::from(*value_bytes);
                }
                group => {
                    let kept = window(group).map_or(tokens, |window| tokens.min(window));
                    all.0 += layers * kept * group.values_per_token() as f64;
                }
            }
        }
        all
    }

    /// Among how many devices of a tensor group the cache of one sequence can be split: at most the
    /// key-value heads; a latent cache not at all.
    pub(crate) fn split(&self, tensor: u32) -> u32 {
        let heads = self.geometry.kv.iter().filter_map(|group| match group {
            KvGroup::Grouped { kv_heads, .. } => Some(*kv_heads),
            KvGroup::Latent { .. } => Some(1),
            KvGroup::State { .. } | KvGroup::None { .. } => None,
        });
        tensor.min(heads.min().unwrap_or(tensor)).max(1)
    }

    /// Multiplications and additions of attention for one more token after `context` others, all
    /// layers: scores and weighted values, two operations each.
    pub(crate) fn attention(&self, context: f64) -> f64 {
        let heads = f64::from(self.geometry.heads);
        self.geometry.kv.iter().map(|group| attention(group, heads, context)).sum()
    }

    /// The same, for the mean token of a prompt of that many tokens.
    pub(crate) fn attention_reading(&self, prompt: f64) -> f64 {
        let heads = f64::from(self.geometry.heads);
        let per = |group: &KvGroup| {
            let mean = match window(group) {
                Some(window) if window < prompt => window * (1.0 - window / (2.0 * prompt)),
                _ => prompt / 2.0,
            };
            match group {
                // While a prompt is read, latent attention is computed in its wide form: keys of the
                // head's width, values without its rotary part.
                KvGroup::Latent { layers, rope_dim, .. } => {
                    let head = f64::from(self.geometry.head_dim.max(*rope_dim));
                    let wide = 2.0 * head - f64::from(*rope_dim);
                    2.0 * heads * wide * mean * f64::from(*layers)
                }
                group => attention(group, heads, mean),
            }
        };
        self.geometry.kv.iter().map(per).sum()
    }
}

fn window(group: &KvGroup) -> Option<f64> {
    match group {
        KvGroup::Grouped { window, .. } => window.map(|window| window as f64),
        _ => None,
    }
}

fn attention(group: &KvGroup, heads: f64, context: f64) -> f64 {
    match group {
        KvGroup::Grouped { layers, head_dim, value_dim, .. } => {
            let both = f64::from(*head_dim) + f64::from(value_dim.unwrap_or(*head_dim).max(1));
            let kept = window(group).map_or(context, |window| context.min(window));
            2.0 * heads * both * kept * f64::from(*layers)
        }
        // Absorbed: every head reads the compressed vector twice and the rotary key once.
        KvGroup::Latent { layers, rank, rope_dim, .. } => {
            let wide = 2.0 * f64::from(*rank) + f64::from(*rope_dim);
            2.0 * heads * wide * context * f64::from(*layers)
        }
        // A few operations for each value of the state, whatever the context.
        KvGroup::State { layers, values, .. } => 6.0 * *values as f64 * f64::from(*layers),
        KvGroup::None { .. } => 0.0,
    }
}

/// Of whom a fact of the catalogue is.
pub(crate) fn source<T>(catalog: &Catalog, fact: &Fact<T>) -> Source {
    let (title, address) = match catalog.source(&fact.source) {
        Some(source) => (source.title.clone(), source.url.clone()),
        None => (fact.source.0.clone(), String::new()),
    };
    Source::Published { title, address, seen: fact.seen.to_string() }
}

/// The unit of a parameter.
pub(crate) fn weight() -> Unit {
    Unit::of("weight")
}

pub(crate) fn nothing() -> Figure {
    Figure::input("none", 0.0, weight(), Source::Definition)
}

fn matrices() -> Source {
    Source::assumed("gate, up and down, as in every mixture of experts of the catalogue")
}

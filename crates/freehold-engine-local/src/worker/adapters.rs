//! The LoRA adapters of a model, of which a context computes with one at a time.

use llama_cpp_2::context::LlamaContext;

use super::load::Adapter;

/// All adapters, and the one in use.
pub(super) struct Adapters {
    all: Vec<Adapter>,
    active: Option<u32>,
}

impl Adapters {
    /// None is in use yet.
    pub(super) const fn new(all: Vec<Adapter>) -> Self {
        Self { all, active: None }
    }

    /// The one that the context computes with now.
    pub(super) const fn active(&self) -> Option<u32> {
        self.active
    }

    /// Makes `context` compute with this one, or with none.
    pub(super) fn put_on(
        &mut self,
        context: &mut LlamaContext<'_>,
        wanted: Option<u32>,
    ) -> Result<(), String> {
        if self.active == wanted {
            return Ok(());
        }
        let place = wanted.or(self.active).unwrap_or_default() as usize;
        let adapter = self.all.get_mut(place).ok_or("there is no such adapter")?;
        match wanted {
            Some(_) => context
                .lora_adapter_set(&mut adapter.weights, adapter.scale)
                .map_err(|error| error.to_string())?,
            None => context
                .lora_adapter_remove(&mut adapter.weights)
                .map_err(|error| error.to_string())?,
        }
        self.active = wanted;
        Ok(())
    }
}

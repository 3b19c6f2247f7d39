//! Whether measurements can be those of the model that is planned: files are mistaken for one another,
//! and a wrong one would move every figure of the plan.

use freehold_catalog::{Catalog, Model};

use super::Observations;
use crate::fit::{TEXTBOOK, constants};
use crate::inputs::Deployment;
use crate::shape::{Shape, Unknown};
use crate::step::{Batch, seconds};
use crate::work::Work;

/// Why measurements are not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    /// No model was named, so nobody knows whose measurements they are.
    #[error("measurements are of one model, and the plan names none")]
    NoModel,
    /// They are another model's.
    #[error("{from} was measured with `{found}`, and the plan is for `{planned}`")]
    OtherModel {
        /// The file.
        from: String,
        /// Its model.
        found: String,
        /// The plan's.
        planned: String,
    },
    /// No device could do that.
    #[error(
        "{from}: run {run} generates {measured:.0} tokens a second, more than {TIMES:.0} times the \
         {most:.0} that this hardware could at its peaks with {concurrency:.0} requests at once, even if \
         no prompt had to be read"
    )]
    Implausible {
        /// The file.
        from: String,
        /// Which run, from 1.
        run: usize,
        /// What it says, in tokens per second.
        measured: f64,
        /// What the peaks allow, in tokens per second.
        most: f64,
        /// Requests in flight.
        concurrency: f64,
    },
}

/// Whether measurements name the planned model, by any name that the catalogue knows, or as the last
/// part of a path. Those that name none are taken.
///
/// # Errors
/// [`Refused::OtherModel`].
pub fn same_model(
    catalog: &Catalog,
    planned: &Model,
    observations: &Observations,
    from: &str,
) -> Result<(), Refused> {
    let Some(found) = observations.model.as_deref() else { return Ok(()) };
    let same = match catalog.model(found) {
        Some(known) => known.id == planned.id,
        // Served from a folder, or a quantised copy: its name goes on where the model's ends.
        None => {
            let last = |name: &str| {
                let name = name.trim_end_matches('/');
                name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase()
            };
            last(found).contains(&last(&planned.id.0))
        }
    };
    if same {
        return Ok(());
    }
    let (found, planned) = (found.to_owned(), planned.id.0.clone());
    Err(Refused::OtherModel { from: from.to_owned(), found, planned })
}

/// The first run that is faster than the device's peaks allow, if any: [`TIMES`] leaves room for
/// speculative decoding and for other forms of weights than the plan's.
///
/// # Errors
/// [`Unknown::Compute`] where nothing is known of the device's speed.
pub fn implausible(
    shape: &Shape,
    deployment: &Deployment,
    observations: &Observations,
    from: &str,
) -> Result<Option<Refused>, Unknown> {
    for (index, run) in observations.runs.iter().enumerate() {
        let work = Work::of(shape, deployment, run.input, run.output)?.values();
        // Engines keep prompts that were read before: the bound is generating alone.
        let batch = Batch::steady(&run.concurrency, &work.stages, &0.0, &run.output.max(1.0));
        let most = batch.sequences / seconds(&work, &constants(&TEXTBOOK), &batch);
        if run.generated > TIMES * most {
            return Ok(Some(Refused::Implausible {
                from: from.to_owned(),
                run: index + 1,
                measured: run.generated,
                most,
                concurrency: run.concurrency,
            }));
        }
    }
    Ok(None)
}

const TIMES: f64 = 3.0;

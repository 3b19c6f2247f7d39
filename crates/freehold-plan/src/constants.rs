//! The fitted constants, and how far off predictions with them were on rows that they were not fitted
//! to. `cargo xtask bench plan` prints them all anew; a test compares.

use crate::fit::{Fitted, constants};
use crate::inputs::{Deployment, DeviceClass, Engine};
use crate::shape::Shape;
use crate::step::Constants;
use crate::{Figure, Interval, Source, Unit};

/// How programs of one kind use devices.
#[derive(Debug)]
pub(crate) struct Regime {
    /// To which rows it was fitted.
    pub to: &'static str,
    /// The constants, in the order of [`crate::fit::NAMES`].
    pub values: Fitted,
    /// Measured over predicted, of models on devices that were measured, and of others.
    pub near: [(&'static str, Interval); 2],
    pub far: [(&'static str, Interval); 2],
    /// Memory and bandwidth of the devices to which it was fitted.
    pub devices: &'static [(f64, f64)],
}

/// How sure a prediction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The device is one of those to which the constants were fitted.
    Measured,
    /// It is not: the intervals are those of whole tables and devices that were held out.
    Extrapolated,
}

impl Regime {
    /// The one for that deployment.
    pub fn of(deployment: &Deployment) -> &'static Self {
        match deployment.engine {
            Engine::Batching | Engine::TensorRt => &MANY,
            Engine::LlamaCpp => &ONE,
        }
    }

    pub fn values(&self) -> Constants<f64> {
        constants(&self.values)
    }

    /// The constants as inputs of figures.
    pub fn figures(&self) -> Constants<Figure> {
        let values = self.values();
        let source = || Source::Fitted { to: self.to.to_owned() };
        let share = |name: &str, value| Figure::input(name, value, Unit::one(), source());
        let time = |name: &str, value| Figure::input(name, value, Unit::of("s"), source());
        Constants {
            compute: share("share of the arithmetic peak that products reach", values.compute),
            weights: share("share of the bandwidth that reading weights reaches", values.weights),
            cache: share("share of the bandwidth that reading caches reaches", values.cache),
            attention: share("share of the 16-bit peak that attention reaches", values.attention),
            links: share("share of the links that exchange reaches", values.links),
            moving: Figure::input(
                "speed of normalisation, routing and the like",
                values.moving,
                Unit::per("B", "s"),
                source(),
            ),
            exchange: time("time of one exchange", values.exchange),
            layer: time("program, for each layer", values.layer),
            reading: time("program, more for each layer while prompts are read", values.reading),
            sequence: time("program, for each sequence", values.sequence),
            waiting: share("longest wait over the mean, among devices", values.waiting),
            widening: share("longer where weights are widened", values.widening),
            occupied: share("share of the caches' memory in use", values.occupied),
        }
    }

    /// By what a prediction of that class is to be multiplied to get where it lies.
    pub fn error(&self, class: &str, trust: Trust) -> Figure {
        let table = match trust {
            Trust::Measured => &self.near,
            Trust::Extrapolated => &self.far,
        };
        let found = table.iter().find(|(name, _)| *name == class);
        let ends = found.map_or((0.4, 2.5), |(_, ends)| (ends.low, ends.high));
        let name = match trust {
            Trust::Measured => "measured over predicted speed, rows held out",
            Trust::Extrapolated => "measured over predicted speed, devices and tables held out",
        };
        Figure::between(name, 1.0, ends, Unit::one(), Source::Fitted { to: self.to.to_owned() })
    }

    /// Whether the device is one to which the constants were fitted: by memory and bandwidth, within
    /// a twentieth.
    pub fn trust(&self, deployment: &Deployment) -> Trust {
        let device = &deployment.device;
        let near = |value: f64, known: f64| (value / known - 1.0).abs() < 0.05;
        let known = self.devices.iter().any(|(memory, bandwidth)| {
            near(device.memory.value(), *memory) && near(device.bandwidth.value(), *bandwidth)
        });
        let usual = device.class == DeviceClass::Gpu || deployment.engine == Engine::LlamaCpp;
        if known && usual { Trust::Measured } else { Trust::Extrapolated }
    }
}

/// Which held-out rows a prediction under load is like.
pub(crate) fn class(shape: &Shape, deployment: &Deployment) -> &'static str {
    match (deployment.engine, shape.geometry.experts.is_some()) {
        (Engine::LlamaCpp, _) => "generating",
        (_, true) => "experts",
        (_, false) => "dense",
    }
}

const fn ends(low: f64, high: f64) -> Interval {
    Interval { low, high }
}

pub(crate) const MANY: Regime = Regime {
    to: "2,266 rows of NVIDIA's TensorRT-LLM pages and of InferenceX (plan-method)",
    values: [
        5.875849e-1,
        0.9,
        7.372503e-1,
        0.8,
        4.568780e-1,
        7.289688e11,
        6.455113e-6,
        1.001081e-4,
        2.957616e-4,
        6.367905e-6,
        1.485282,
        2.100937,
        7.457713e-1,
    ],
    near: [("dense", ends(0.656, 1.300)), ("experts", ends(0.672, 1.615))],
    far: [("dense", ends(0.644, 1.675)), ("experts", ends(0.659, 1.924))],
    devices: &[
        (85_899_345_920.0, 3.35e12),
        (151_397_597_184.0, 4.8e12),
        (193_273_528_320.0, 7.7e12),
        (288_400_343_040.0, 7.75e12),
        (198_674_743_296.0, 8e12),
        (102_641_958_912.0, 1.792e12),
        (85_899_345_920.0, 2.039e12),
        (85_899_345_920.0, 1.935e12),
        (48_305_799_168.0, 0.864e12),
    ],
};

pub(crate) const ONE: Regime = Regime {
    to: "259 rows of llama.cpp and the like on machines with unified memory (plan-method)",
    values: [
        6.771353e-1,
        8.361471e-1,
        6.259485e-1,
        4.486353e-1,
        0.4,
        4.717563e10,
        8e-6,
        2.120174e-4,
        1e-6,
        2.056379e-5,
        1.0,
        1.0,
        0.95,
    ],
    near: [("generating", ends(0.670, 1.437)), ("reading", ends(0.403, 1.924))],
    far: [("generating", ends(0.332, 1.437)), ("reading", ends(0.384, 2.406))],
    devices: &[
        (128e9, 0.273e12),
        (512e9, 0.819e12),
        (128e9, 0.546e12),
        (64e9, 0.273e12),
        (128e9, 0.256e12),
    ],
};

/// How far speeds differ from load to load of one model on one device, of the logarithm, by class.
pub(crate) const SPREAD: [(&str, f64); 3] =
    [("dense", 0.16), ("experts", 0.20), ("generating", 0.14)];

/// Time to the first token: measured over predicted, of InferenceX's rows of vLLM and SGLang, and its
/// median. Bursts, tokenisation, transport and the scheduler's budget of tokens are in it.
pub(crate) const FIRST: (f64, Interval) = (2.50, ends(1.305, 8.929));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;
    use crate::fit::{self, Prior};
    use crate::tables::{self, Measured};

    fn text(name: &str) -> &'static str {
        macro_rules! tables {
            ($($table:literal),+) => {
                match name {
                    $($table => include_str!(concat!("../data/throughput-", $table, ".csv")),)+
                    _ => panic!("{name}"),
                }
            };
        }
        tables!(
            "tensorrt-llm",
            "tensorrt-llm-1.0",
            "tensorrt-llm-0.14",
            "inferencex-sample",
            "silybench-h100",
            "llama-cpp-dgx-spark",
            "unified-memory"
        )
    }

    fn cases(names: &[&str]) -> Vec<Case> {
        let measured = Measured::read(include_str!("../data/measured.json")).unwrap();
        let table = |name: &&str| measured.cases(&tables::rows(name, text(name)).unwrap()).0;
        names.iter().flat_map(table).collect()
    }

    #[test]
    fn constants_are_those_of_the_fit() {
        let check = |names: &[&str], prior: &Prior, regime: &Regime| {
            let all = cases(names);
            let fitted = fit::fit(&all.iter().collect::<Vec<_>>(), prior);
            for ((name, fitted), own) in fit::NAMES.iter().zip(fitted).zip(regime.values) {
                assert!((fitted / own - 1.0).abs() < 5e-3, "{name}: {own} is not {fitted}");
            }
        };
        check(&tables::MANY, &fit::MANY, &MANY);
        check(&tables::ONE, &fit::ONE, &ONE);
    }

    #[test]
    fn a_table_that_no_fit_saw_is_met() {
        let all = cases(&tables::UNSEEN);
        let residuals = fit::residuals(&all.iter().collect::<Vec<_>>(), &MANY.values);
        let error = fit::Error::of(&residuals);
        assert!(error.mape < 0.2 && error.near > 0.95, "{error:?}");
        let ends = MANY.near[0].1;
        let inside =
            residuals.iter().filter(|one| (ends.low..=ends.high).contains(&(-**one).exp()));
        assert!(inside.count() as f64 >= 0.9 * residuals.len() as f64);
    }

    #[test]
    fn devices_are_those_of_the_tables() {
        for (regime, names) in [(&MANY, &tables::MANY[..]), (&ONE, &tables::ONE[..])] {
            let seen: std::collections::BTreeSet<String> =
                cases(names).iter().map(|case| case.device.clone()).collect();
            assert_eq!(seen.len(), regime.devices.len(), "{seen:?}");
        }
    }
}

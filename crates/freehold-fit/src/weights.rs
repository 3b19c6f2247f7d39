//! What each driver counts for. The defaults are a starting point and nobody's finding.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::Driver;

/// Points for each driver, in the order of [`Driver::ALL`]; only their proportions matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weights([u32; Driver::COUNT]);

/// Why there are no such weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A weight is more than can be reckoned with.
    #[error("the weight of {} is {weight}; at most {} can be reckoned with", driver.id(), Weights::MAX)]
    TooLarge {
        /// Whose.
        driver: Driver,
        /// The weight.
        weight: u32,
    },
    /// One driver is given two weights.
    #[error("the weight of {} is given as {first} and as {second}", driver.id())]
    Twice {
        /// Whose.
        driver: Driver,
        /// The weight given first.
        first: u32,
        /// The other one.
        second: u32,
    },
    /// Nothing counts.
    #[error("all weights are 0, so nothing counts")]
    AllZero,
}

impl Weights {
    /// The largest weight of a driver.
    pub const MAX: u32 = 1000;

    /// In the order of [`Driver::ALL`].
    ///
    /// # Errors
    /// If one is above [`Weights::MAX`] or all are 0.
    pub fn new(weights: [u32; Driver::COUNT]) -> Result<Self, WeightsError> {
        for (driver, weight) in Driver::ALL.into_iter().zip(weights) {
            if weight > Self::MAX {
                return Err(WeightsError::TooLarge { driver, weight });
            }
        }
        if weights == [0; Driver::COUNT] {
            return Err(WeightsError::AllZero);
        }
        Ok(Self(weights))
    }

    /// These with what was given for some drivers in place of what they were. The same weight twice
    /// is one weight.
    ///
    /// # Errors
    /// If a driver is given two different weights, or as for [`Weights::new`].
    pub fn given(self, given: &[(Driver, u32)]) -> Result<Self, WeightsError> {
        let mut weights = self.0;
        let mut earlier = [None; Driver::COUNT];
        for (driver, weight) in given {
            let (driver, second) = (*driver, *weight);
            match earlier[driver.place()].replace(second) {
                Some(first) if first != second => {
                    return Err(WeightsError::Twice { driver, first, second });
                }
                _ => weights[driver.place()] = second,
            }
        }
        Self::new(weights)
    }

    /// What one driver counts for.
    pub const fn of(self, driver: Driver) -> u32 {
        self.0[driver.place()]
    }

    /// All, in the order of [`Driver::ALL`].
    pub const fn all(self) -> [u32; Driver::COUNT] {
        self.0
    }

    /// Their sum.
    pub fn sum(self) -> u32 {
        self.0.iter().sum()
    }
}

/// Out of a hundred: 65 for the four value drivers, 35 for the two loads, which decide whether any
/// of that value is had.
impl Default for Weights {
    fn default() -> Self {
        Self([20, 15, 20, 10, 20, 15])
    }
}

/// As a map from driver to weight.
impl Serialize for Weights {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Driver::COUNT))?;
        for driver in Driver::ALL {
            map.serialize_entry(driver.id(), &self.of(driver))?;
        }
        map.end()
    }
}

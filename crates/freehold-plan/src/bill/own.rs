//! The column of those who run the model themselves.

use crate::{
    Figure,
    bill::{
        Capacity, Column, Kind, Line,
        defaults::unknown_device,
        hours_a_month, months_a_year,
        people::{Pay, Staff},
    },
};

/// What running a model takes.
#[derive(Debug, Clone)]
pub struct Own {
    /// The column's name.
    pub name: String,
    /// What one replica carries and is made of.
    pub capacity: Capacity,
    /// How the devices are had.
    pub devices: Devices,
    /// What is stored, in `GB`, and what that costs, in `USD/GB/month`.
    pub storage: (Figure, Figure),
    /// What leaves over the network for each million tokens, in `GB/Mtoken`, and what that costs, in
    /// `USD/GB`.
    pub network: (Figure, Figure),
    /// Who does it.
    pub staff: Staff,
    /// What they cost.
    pub pay: Pay,
}

/// How devices are had.
#[derive(Debug, Clone)]
pub enum Devices {
    /// By the hour; power and space are in the price.
    Rented {
        /// On demand, in `USD/device/h`.
        hourly: Figure,
        /// The part of the price that a commitment saves.
        discount: Figure,
    },
    /// Bought, and written off.
    Bought {
        /// In `USD/device`; the share of the machine around it comes on top.
        price: Figure,
        /// What the rest of the machine adds, as a factor of at least 1.
        machine: Figure,
        /// Over how many years, in `year`.
        life: Figure,
        /// What it draws.
        power: Power,
    },
    /// Already there: what was paid is paid, and only power counts.
    There {
        /// What it draws.
        power: Power,
    },
    /// No price is known; the bill says "at least".
    Unpriced {
        /// What it draws.
        power: Power,
    },
}

/// What devices draw and what that costs.
#[derive(Debug, Clone)]
pub struct Power {
    /// At full load, in `kW/device`.
    pub draw: Figure,
    /// What the machine around them adds, as a factor of at least 1.
    pub machine: Figure,
    /// Which part of full load they draw on average.
    pub load: Figure,
    /// What the building adds (power usage effectiveness), a factor of at least 1.
    pub building: Figure,
    /// In `USD/kW/h`.
    pub price: Figure,
}

impl Own {
    /// The column.
    pub fn column(&self) -> Column {
        let mut lines = vec![self.infrastructure()];
        lines.extend(self.staff.lines(&self.pay));
        Column { name: self.name.clone(), lines, capacity: Some(self.capacity.clone()) }
    }

    fn infrastructure(&self) -> Line {
        let (devices, notes) = self.devices.month();
        let (stored, price) = &self.storage;
        let (sent, fee) = &self.network;
        Line {
            kind: Kind::Infrastructure,
            fixed: Some(stored.times(price).named("storage, a month")),
            per_replica: Some(devices.times(&self.capacity.devices)),
            per_token: Some(sent.times(fee).named("network, for each million tokens")),
            notes,
        }
    }
}

impl Devices {
    /// What one costs a month, in `USD/device/month`, and what has to be said.
    fn month(&self) -> (Figure, Vec<String>) {
        match self {
            Self::Rented { hourly, discount } => {
                let paid = Figure::number(1.0).minus(discount);
                let month = hourly.times(&paid).times(&hours_a_month());
                (month.named("a rented device, a month"), Vec::new())
            }
            Self::Bought { price, machine, life, power } => {
                let months = life.times(&months_a_year());
                let written =
                    price.times(machine).over(&months).named("writing off, a device a month");
                (written.plus(&power.month()).named("a device, a month"), Vec::new())
            }
            Self::There { power } => {
                let note = "the machines are there already: what they cost to buy is not counted";
                (power.month(), vec![note.to_owned()])
            }
            Self::Unpriced { power } => {
                let open = unknown_device();
                let note = "the price of the hardware is missing: this line is at least its power; \
                            --hourly (to rent) or --price (to buy) gives it";
                (power.month().plus(&open).named("a device, a month"), vec![note.to_owned()])
            }
        }
    }
}

impl Power {
    /// What power costs, in `USD/device/month`.
    fn month(&self) -> Figure {
        let drawn = self.draw.times(&self.machine).times(&self.load).times(&self.building);
        drawn.times(&self.price).times(&hours_a_month()).named("power, a device a month")
    }
}

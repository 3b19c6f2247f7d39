//! Medians over rounds, and the ratios that the bars are set in, each taken within one round.

use std::{collections::BTreeMap, time::Duration};

use crate::{load::Load, process::Server, scenario::SCENARIOS};

/// What was measured so far.
#[derive(Default)]
pub struct Report {
    /// By scenario and server.
    figures: BTreeMap<(usize, String), Vec<Figure>>,
    syncs: Vec<Duration>,
}

#[derive(Clone, Copy)]
struct Figure {
    rate: f64,
    median_micros: f64,
    high_micros: f64,
    cpu_micros: f64,
    failures: u64,
}

impl Report {
    /// Adds a round's time for one durable write.
    pub fn add_sync(&mut self, time: Duration) {
        self.syncs.push(time);
    }

    /// Adds a round's load.
    pub fn add(&mut self, scenario: usize, server: &str, load: Load, cpu: Duration) {
        let at = |share: f64| {
            let place = (load.latencies.len() as f64 * share) as usize;
            load.latencies.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
        };
        let figure = Figure {
            rate: load.answers as f64 / load.time.as_secs_f64(),
            median_micros: at(0.5),
            high_micros: at(0.99),
            cpu_micros: cpu.as_secs_f64() * 1e6 / load.answers as f64,
            failures: load.failures,
        };
        self.figures.entry((scenario, server.to_owned())).or_default().push(figure);
    }

    /// Prints a table for each scenario, then what the bars are about.
    pub fn print(&self, servers: &[Server]) {
        for (place, scenario) in SCENARIOS.iter().enumerate() {
            println!("\n{}, medians of rounds (rate: lowest to highest)", scenario.name);
            println!(
                "| server | requests/s | lowest to highest | ÷ direct | ÷ bare | median µs | p99 µs | CPU µs/request | failures |"
            );
            println!("|---|---|---|---|---|---|---|---|---|");
            for server in servers {
                let of = |pick| self.of(place, &server.name, pick);
                let mine = &self.figures[&(place, server.name.clone())];
                let low = mine.iter().map(|one| one.rate).fold(f64::INFINITY, f64::min);
                let high = mine.iter().map(|one| one.rate).fold(0.0, f64::max);
                let beside = |base| self.ratio(place, rate, &server.name, base).0;
                println!(
                    "| {} | {:.0} | {low:.0} to {high:.0} | {:.3} | {:.3} | {:.0} | {:.0} | {:.1} | {} |",
                    server.name,
                    of(rate),
                    beside("mock"),
                    beside("bare"),
                    of(|one| one.median_micros),
                    of(|one| one.high_micros),
                    of(|one| one.cpu_micros),
                    mine.iter().map(|one| one.failures).sum::<u64>(),
                );
            }
        }
        println!("\nmemory, MB: server, idle after the first requests, most");
        for server in servers.iter().filter(|server| server.idle > 0) {
            let most = server.memory("VmHWM:");
            println!(
                "| {} | {:.1} | {:.1} |",
                server.name,
                server.idle as f64 / 1024.0,
                most as f64 / 1024.0
            );
        }
        self.print_bars();
    }

    fn print_bars(&self) {
        let shown = |place, pick: fn(&Figure) -> f64, base| {
            let (median, low, high) = self.ratio(place, pick, "gateway", base);
            format!("{median:.2} ({low:.2} to {high:.2})")
        };
        let sync = median(self.syncs.iter().map(|time| time.as_secs_f64() * 1e6).collect());
        let micros = |name| self.of(1, name, |one| one.median_micros);
        println!("\n| bar | measured (rounds) | gate | goal |\n|---|---|---|---|");
        println!("| 64 connections ÷ bare proxy | {} | .35 | .50 |", shown(0, rate, "bare"));
        println!(
            "| CPU per request ÷ bare proxy | {} | 3.2 | 2 |",
            shown(0, |one| one.cpu_micros, "bare")
        );
        println!(
            "| one connection, added to the bare proxy | {:.0} µs | {:.0} µs | {:.0} µs |",
            micros("gateway") - micros("bare"),
            sync + 100.0,
            sync + 60.0
        );
        println!("| streams ÷ direct | {} | .50 | .60 |", shown(2, rate, "mock"));
        println!("| the same at once ÷ direct | {} | | |", shown(4, rate, "mock"));
        println!("| 266 KB bodies ÷ direct | {} | .20 | .30 |", shown(3, rate, "mock"));
        println!(
            "one fdatasync of 1 KB: {sync:.0} µs; a request waits for two, intent and outcome"
        );
    }

    /// Median, least and greatest of the ratios in each round: what else the machine does in a round
    /// slows both.
    fn ratio(
        &self,
        scenario: usize,
        pick: fn(&Figure) -> f64,
        server: &str,
        base: &str,
    ) -> (f64, f64, f64) {
        let figures = |name: &str| self.figures[&(scenario, name.to_owned())].iter().map(pick);
        let ratios: Vec<f64> =
            figures(server).zip(figures(base)).map(|(one, base)| one / base).collect();
        let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ratios.iter().copied().fold(0.0, f64::max);
        (median(ratios), low, high)
    }

    fn of(&self, scenario: usize, server: &str, pick: fn(&Figure) -> f64) -> f64 {
        median(self.figures[&(scenario, server.to_owned())].iter().map(pick).collect())
    }
}

fn rate(figure: &Figure) -> f64 {
    figure.rate
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

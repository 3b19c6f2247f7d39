//! What a bill takes where nobody says otherwise: public figures with their sources, and assumptions
//! that say so. Each has an interval, and each can be replaced by the person who asks.

use crate::{Figure, Source, Unit, bill::per_month};

/// A year's salary of somebody who can run this, in `USD/year/post`: the mean of software developers in
/// the United States, between the tenth and the ninetieth percentile.
pub fn salary() -> Figure {
    Figure::between(
        "salary",
        144_570.0,
        (79_850.0, 211_450.0),
        Unit::per("USD", "year").over(&Unit::of("post")),
        seen(
            "US Bureau of Labor Statistics, wages of software developers 2024, as repeated by LER.me: \
             mean, 10th and 90th percentile",
            "https://ler.me/occupations/software-developers",
        ),
    )
}

/// What an employer pays in all for each unit of salary.
pub fn on_cost() -> Figure {
    Figure::between(
        "employer's cost for each unit of salary",
        1.0 / 0.702,
        (1.25, 1.0 / 0.615),
        Unit::one(),
        seen(
            "US Bureau of Labor Statistics, Employer Costs for Employee Compensation, June 2025: \
             salaries are 70.2 % of the cost in private industry, 61.5 % in public service; 80 % \
             assumed at the other end",
            "https://www.bls.gov/news.release/ecec.nr0.htm",
        ),
    )
}

/// What it costs to find one person, in `USD/hire`.
pub fn hire() -> Figure {
    Figure::between(
        "finding a person",
        4700.0,
        (2700.0, 28_000.0),
        Unit::per("USD", "hire"),
        seen(
            "SHRM: nearly 4,700 on average; PwC Saratoga 2022: 2,700; more than 28,000 where a search \
             firm finds a technical person (National Recruiting Authority)",
            "https://www.shrm.org/mena/topics-tools/news/talent-acquisition/real-costs-recruitment",
        ),
    )
}

/// Which part of posts is filled anew each year, in `hire/year/post`.
pub fn turnover() -> Figure {
    Figure::between(
        "part of posts filled anew each year",
        0.19,
        (0.08, 0.3),
        Unit::per("hire", "year").over(&Unit::of("post")),
        seen(
            "SHRM Human Capital Benchmarking Report 2016, as reported by Staffing Industry Analysts: \
             19 % a year, 8 % involuntary; the upper end is assumed",
            "http://www.staffingindustry.com/Editorial/Daily-News/Average-cost-per-hire-is-about-4-100-SHRM-says-38837",
        ),
    )
}

/// Who answers for the security of a model that is run here, in `post`.
pub fn own_security() -> Figure {
    post(
        "run it yourself: security",
        (0.1, 0.2, 0.5),
        Source::assumed(
            "a day a week for access, patches, model files and incidents; half a day to half a post",
        ),
    )
}

/// Who evaluates, watches and updates a model that is run here, in `post`.
pub fn own_operations() -> Figure {
    post(
        "run it yourself: MLOps",
        (0.1, 0.3, 0.7),
        Source::assumed("a day and a half a week for evaluation, updates and evidence"),
    )
}

/// Who builds and runs the service, in `post`.
pub fn own_talent() -> Figure {
    post(
        "run it yourself: engineers",
        (0.2, 0.4, 1.0),
        seen(
            "PeakInfer: 33 to 66 hours a month for incidents, updates, tuning and planning, at least; \
             a whole engineer at the other end (Eltherion's cost of ownership)",
            "https://www.peakinfer.com/blog/when-self-hosting-actually-saves-money",
        ),
    )
}

/// What more it takes for each further machine, in `post/machine`.
pub fn own_per_machine() -> Figure {
    Figure::between(
        "run it yourself: engineers for each machine",
        0.02,
        (0.005, 0.05),
        Unit::per("post", "machine"),
        Source::assumed("half a day a month for each machine: failures, drivers, replacements"),
    )
}

/// Who answers for the security of answers that are bought, in `post`: suppliers, keys, contracts.
pub fn hosted_security() -> Figure {
    post(
        "hosted: security",
        (0.05, 0.1, 0.25),
        Source::assumed(
            "half a day a week for the supplier's review, keys, contracts, what leaves",
        ),
    )
}

/// Who evaluates answers that are bought and follows the provider's changes, in `post`.
pub fn hosted_operations() -> Figure {
    post(
        "hosted: evaluation",
        (0.05, 0.15, 0.4),
        Source::assumed("a provider's model changes too: somebody evaluates it and keeps evidence"),
    )
}

/// Who keeps the integration with a provider going, in `post`.
pub fn hosted_talent() -> Figure {
    post(
        "hosted: engineers",
        (0.05, 0.2, 0.5),
        Source::assumed("integration, limits, failures and costs of somebody else's service"),
    )
}

/// A test of security from outside once a year, in `USD/year`.
pub fn security_tests() -> Figure {
    Figure::between(
        "penetration test, a year",
        12_000.0,
        (5000.0, 20_000.0),
        Unit::per("USD", "year"),
        seen(
            "CalculatorHub: 5,000 to 20,000 for a focused test of a web application",
            "https://calculatorhub.com/tools/pen-testing-roi-calculator/",
        ),
    )
}

/// An audit from outside once a year, in `USD/year`.
pub fn audit() -> Figure {
    Figure::between(
        "audit from outside, a year",
        30_000.0,
        (20_000.0, 150_000.0),
        Unit::per("USD", "year"),
        seen(
            "Linford & Company: SOC audits cost 20,000 to 150,000, the median is about 30,000",
            "https://linfordco.com/blog/soc-audit-cost",
        ),
    )
}

/// What a year's commitment saves of the price of a rented device by the hour.
pub fn discount_of_a_year() -> Figure {
    commitment("saved by a year's commitment", (0.3, 0.4, 0.45))
}

/// What three years' commitment saves.
pub fn discount_of_three_years() -> Figure {
    commitment("saved by three years' commitment", (0.5, 0.55, 0.65))
}

/// Nothing saved: by the hour.
pub fn no_discount() -> Figure {
    Figure::input("saved by commitment", 0.0, Unit::one(), Source::Definition)
}

/// Over how many years a machine is written off, in `year`.
pub fn life() -> Figure {
    Figure::between(
        "years until a machine is written off",
        5.0,
        (3.0, 6.0),
        Unit::of("year"),
        seen(
            "Amazon's annual report 2024: five years for a part of its servers, six before; three where \
             accelerators age faster is assumed",
            "https://deepquarry.substack.com/p/amazon-revises-server-lifespan-amid",
        ),
    )
}

/// What the machine around the devices adds to their power.
pub fn machine_power() -> Figure {
    Figure::between(
        "power of the machine for each unit of its devices'",
        1.5,
        (1.2, 10.2 / 5.6),
        Unit::one(),
        seen(
            "NVIDIA's DGX H100: 10.2 kW at most with eight devices of 0.7 kW, 6.5 to 8.5 kW typically",
            "https://www.supercluster.blog/p/6-ai-supercluster-nvidia-dgx-h100",
        ),
    )
}

/// What the machine around the devices adds to their price.
pub fn machine_price() -> Figure {
    Figure::between(
        "price of the machine for each unit of its devices'",
        1.4,
        (1.2, 1.8),
        Unit::one(),
        Source::assumed(
            "processors, memory, disks, network and support come on top of the devices",
        ),
    )
}

/// Which part of full load a serving device draws on average.
pub fn power_load() -> Figure {
    Figure::between(
        "part of full power drawn on average",
        0.6,
        (0.3, 0.8),
        Unit::one(),
        Source::assumed(
            "an idle device draws a part of its power; inference seldom draws all of it",
        ),
    )
}

/// What a building draws for each unit that its computers draw (power usage effectiveness).
pub fn building() -> Figure {
    Figure::between(
        "power of the building for each unit of its computers'",
        1.54,
        (1.1, 1.8),
        Unit::one(),
        seen(
            "Uptime Institute, Global Data Center Survey 2025, as reported by theFreesheet: 1.54 on \
             average, little changed since 2018; 1.1 for the largest and 1.8 for a machine room are \
             assumed",
            "https://thefreesheet.com/2026/01/19/data-centre-efficiency-flatlines-for-sixth-year-as-ai-power-demands-soar",
        ),
    )
}

/// What electricity costs, in `USD/kW/h`.
pub fn electricity() -> Figure {
    Figure::between(
        "electricity",
        0.1194,
        (0.0783, 0.2921),
        Unit::of("USD").over(&Unit::of("kW")).over(&Unit::of("h")),
        seen(
            "US Energy Information Administration, Electricity Monthly Update: the median, lowest and \
             highest of the contiguous states in a September",
            "https://www.eia.gov/electricity/monthly/update/end-use.php",
        ),
    )
}

/// How many times the mean of the day the busiest hour is.
pub fn peak() -> Figure {
    Figure::between(
        "busiest hour for each mean hour",
        3.0,
        (1.5, 5.0),
        Unit::one(),
        Source::assumed(
            "people ask in working hours: a day's requests in eight hours are three times the mean",
        ),
    )
}

/// How many gigabytes are stored beside the weights, in `GB`.
pub fn storage() -> Figure {
    Figure::between(
        "stored beside the weights",
        200.0,
        (50.0, 1000.0),
        Unit::of("GB"),
        Source::assumed("system, a second version of the model, logs and records"),
    )
}

/// What storage costs, in `USD/GB/month`.
pub fn storage_price() -> Figure {
    Figure::between(
        "storage, a gigabyte and month",
        0.1,
        (0.05, 0.2),
        Unit::per("USD", "GB").over(&Unit::of("month")),
        Source::assumed(
            "not confirmed: block storage of large clouds was of this order when last seen",
        ),
    )
}

/// What leaves over the network for each million tokens, in `GB/Mtoken`.
pub fn network() -> Figure {
    Figure::between(
        "sent for each million tokens",
        0.02,
        (0.004, 0.3),
        Unit::per("GB", "Mtoken"),
        Source::assumed(
            "four bytes of text a token; some hundred where each is an event of its own",
        ),
    )
}

/// What the network costs, in `USD/GB`.
pub fn network_price() -> Figure {
    Figure::between(
        "network, a gigabyte",
        0.1,
        (0.02, 0.12),
        Unit::per("USD", "GB"),
        seen(
            "PeakInfer: 150 GB a month for 15 USD",
            "https://www.peakinfer.com/blog/understanding-inference-platform-economics",
        ),
    )
}

/// How many persons a rota around the clock takes at one site: said beside the bill where that is
/// asked for, and not charged.
pub fn rota() -> Figure {
    Figure::input(
        "people in a rota around the clock",
        8.0,
        Unit::of("person"),
        seen(
            "Google's Site Reliability Engineering, chapter 11, as quoted by Umesh Singla: eight at one \
             site, six at each of two",
            "https://umeshsingla.blogspot.com/2019/01",
        ),
    )
}

/// Nothing more is known than that there is a price.
pub fn unknown_device() -> Figure {
    Figure::between(
        "price of the device, a month",
        0.0,
        (0.0, f64::INFINITY),
        per_month().over(&Unit::of("device")),
        Source::assumed("not given: no public price of this device is in the catalogue"),
    )
}

fn commitment(name: &str, (low, value, high): (f64, f64, f64)) -> Figure {
    Figure::between(
        name,
        value,
        (low, high),
        Unit::one(),
        seen(
            "Yobitel: 30 to 45 % for one year, 50 to 65 % for three",
            "https://www.yobitel.com/knowledge-base/reserved-vs-spot",
        ),
    )
}

fn post(name: &str, (low, value, high): (f64, f64, f64), source: Source) -> Figure {
    Figure::between(name, value, (low, high), Unit::of("post"), source)
}

fn seen(title: &str, address: &str) -> Source {
    Source::published(title, address, SEEN)
}

/// The day on which these sources were read.
const SEEN: &str = "2026-11-23";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_default_has_an_interval_and_a_reason() {
        let all = [
            salary(),
            on_cost(),
            hire(),
            turnover(),
            own_security(),
            own_operations(),
            own_talent(),
            own_per_machine(),
            hosted_security(),
            hosted_operations(),
            hosted_talent(),
            security_tests(),
            audit(),
            discount_of_a_year(),
            discount_of_three_years(),
            life(),
            machine_power(),
            machine_price(),
            power_load(),
            building(),
            electricity(),
            peak(),
            storage(),
            storage_price(),
            network(),
            network_price(),
        ];
        let mut names: Vec<_> = all.iter().map(|one| one.name().unwrap().to_owned()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len(), "two defaults of one name are one input");
        for default in all {
            let ends = default.interval().unwrap();
            assert!(
                ends.low > 0.0 && ends.low < default.value() && default.value() < ends.high,
                "{:?}",
                default.name()
            );
            assert_eq!(default.sources().len(), 1);
        }
    }
}

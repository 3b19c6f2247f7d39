//! The sections about money: the bill in columns, where they meet, tiers, growth.

use crate::{
    Figure,
    bill::Bill,
    break_even::{BreakEven, Moved},
    document::{Block, Cell, Footnotes, Section, Table},
    growth::{Growth, Scenario},
    report::{
        Money,
        write::{money, plain, section},
    },
    tiers::Tiers,
    verdict, words,
};

impl Money {
    /// The sections, in reading order.
    pub(crate) fn sections(&self, notes: &mut Footnotes) -> Vec<Section> {
        let mut all = vec![self.bill(notes)];
        if self.own().is_some_and(|own| words::open(&own.total)) {
            let text =
                format!("{} Without it, they meet nowhere that could be told.", verdict::NO_PRICE);
            all.push(section("break-even", "Where they meet", vec![Block::Text(text)]));
        } else if !self.break_even.is_empty() {
            all.push(self.meeting());
        }
        all.extend(self.tiers.as_ref().map(|tiers| self.tiers(tiers)));
        if !self.growth.is_empty() {
            all.push(self.growth());
        }
        all
    }

    /// Short heads for the columns, with what they stand for.
    fn heads(&self) -> Vec<(&'static str, &Bill)> {
        let own = self.bills.iter().any(|bill| bill.name == crate::costs::OWN);
        let heads: &[&str] = match (own, self.bills.len()) {
            (true, 3) => &["run it yourself", "hosted", "premium"],
            (true, 2) if self.same_model_is_hosted() => &["run it yourself", "hosted"],
            (true, 2) => &["run it yourself", "premium"],
            (true, _) => &["run it yourself"],
            (false, 1) if !self.same_model_is_hosted() => &["premium"],
            (false, _) => &["hosted", "premium"],
        };
        heads.iter().copied().zip(&self.bills).collect()
    }

    fn same_model_is_hosted(&self) -> bool {
        self.hosted.is_some()
    }

    fn bill(&self, notes: &mut Footnotes) -> Section {
        let columns = self.heads();
        let mut heads = vec![("a month, in USD", false)];
        heads.extend(columns.iter().map(|(head, _)| (*head, true)));
        heads.push(("from", false));
        let mut table = Table::new("What each way costs a month", &heads);
        for kind in crate::bill::Kind::ALL {
            let lines: Vec<&Figure> = columns
                .iter()
                .filter_map(|(_, bill)| bill.lines.iter().find(|line| line.kind == kind))
                .map(|line| &line.month)
                .collect();
            let mut cells = vec![Cell::of(kind.name())];
            cells.extend(lines.iter().map(|line| money(line)));
            let cited = notes.cite(lines.iter().flat_map(|line| line.sources()));
            cells.push(Cell::of(cited.trim()));
            table.row(cells);
        }
        let mut total = vec![Cell::of("total")];
        total.extend(columns.iter().map(|(_, bill)| money(&bill.total)));
        total.push(Cell::default());
        table.total(total);
        let mut each = vec![Cell::of("for a million tokens")];
        each.extend(columns.iter().map(|(_, bill)| money(&bill.per_token)));
        each.push(Cell::default());
        table.row(each);

        let mut list: Vec<String> = Vec::new();
        for (head, bill) in &columns {
            if *head != bill.name {
                list.push(format!("{head}: {}", bill.name));
            }
            list.extend(bill.size.iter().map(|size| {
                format!(
                    "{head}: {} (spares counted), {}, {}",
                    counted(size.replicas.value(), "replica"),
                    counted(size.devices.value(), "device"),
                    counted(size.machines.value(), "machine")
                )
            }));
            let lines = bill.lines.iter().flat_map(|line| &line.notes);
            list.extend(lines.map(|note| format!("{head}: {note}")));
        }
        let text = format!(
            "At {} a month. Below each amount stands where it lies in 90 of 100 cases.",
            words::tokens(self.volume.value())
        );
        section("bill", "The bill", vec![Block::Text(text), Block::Table(table), Block::List(list)])
    }

    fn meeting(&self) -> Section {
        let today = self.volume.value();
        let mut blocks = Vec::new();
        for meets in &self.break_even {
            let share = words::of_hundred(meets.own_is_cheaper);
            blocks.push(Block::Text(format!(
                "Against {}: {} At today’s volume, running it yourself is cheaper in {share} cases.",
                meets.hosted,
                verdict::meeting(meets, today)
            )));
        }
        if let Some(meets) = self.break_even.first() {
            blocks.push(Block::Table(moved_by(meets)));
        }
        section("break-even", "Where they meet", blocks)
    }

    fn tiers(&self, tiers: &Tiers) -> Section {
        let heads =
            [("to the premium model", true), ("routine", true), ("premium", true), ("both", true)];
        let mut table = Table::new("A month, in USD, by the share of requests", &heads);
        for tier in &tiers.at {
            let bill = |bill: &Option<Bill>| {
                bill.as_ref().map_or(Cell::of("–"), |bill| plain(bill.total.value()))
            };
            table.row(vec![
                Cell::of(percent(tier.share.value())),
                bill(&tier.routine),
                bill(&tier.premium),
                money(&tier.total),
            ]);
        }
        let worth = match tiers.worth_below {
            Some(share) => format!(
                "Both tiers together cost less than {} alone as long as at most {} of the requests go \
                 to it.",
                tiers.premium,
                percent(share)
            ),
            None => format!(
                "At this volume both tiers together never cost less than {} alone.",
                tiers.premium
            ),
        };
        let alone = tiers.at.first().map(|tier| tier.total.value());
        let dearer = tiers.at.iter().find(|tier| tier.share.value() > 0.0).zip(alone).map(
            |(tier, alone)| {
                format!(
                    "Sending {} there adds {} USD a month to {} alone; what it does for answers \
                     only your own evaluation says.",
                    percent(tier.share.value()),
                    words::amount(tier.total.value() - alone),
                    tiers.routine
                )
            },
        );
        let text = [Some(worth), dearer].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let who = format!("routine: {}; premium: {}", tiers.routine, tiers.premium);
        section(
            "tiers",
            "Two tiers",
            vec![Block::Text(text), Block::Table(table), Block::List(vec![who])],
        )
    }

    fn growth(&self) -> Section {
        let columns = self.heads();
        let mut heads = vec![("a month, in USD", false)];
        heads.extend(columns.iter().map(|(head, _)| (*head, true)));
        heads.push(("replicas, devices, machines", true));
        let mut table = Table::new("What growth does to each way", &heads);
        let mut row = |name: String, bills: &[Bill]| {
            let mut cells = vec![Cell::of(name)];
            cells.extend(bills.iter().map(|bill| money(&bill.total)));
            let size = bills.iter().find_map(|bill| bill.size.as_ref());
            cells.push(Cell::of(size.map_or_else(String::new, |size| {
                let all = [&size.replicas, &size.devices, &size.machines];
                all.map(|one| words::amount(one.value())).join(", ")
            })));
            table.row(cells);
        };
        row("today".to_owned(), &self.bills);
        for growth in &self.growth {
            row(growth.scenario.to_string(), &growth.bills);
        }
        let mut list = vec![
            format!("{}: ten times as many requests, each as it is now", Scenario::TenAgents),
            format!("{}: a thousand times as many", Scenario::ThousandInference),
        ];
        list.extend(self.growth.first().iter().flat_map(|growth| machines(growth)));
        section("growth", "Growth", vec![Block::Table(table), Block::List(list)])
    }
}

fn machines(growth: &Growth) -> Vec<String> {
    let line = |one: &crate::growth::Machine| {
        format!(
            "{} are needed above {} a month, {} today’s",
            counted(one.machines, "machine"),
            words::tokens(one.above),
            words::times(one.times)
        )
    };
    growth.next_machines.iter().map(line).collect()
}

/// The three inputs that move a comparison most.
fn moved_by(meets: &BreakEven) -> Table {
    let heads = [
        ("what moves it most", false),
        ("from", true),
        ("to", true),
        ("they meet at", true),
        ("USD a month", true),
    ];
    let mut table = Table::new("The three inputs that matter most, each moved alone", &heads);
    for moved in meets.moved_by.iter().take(3) {
        let ends = |moved: &Moved| {
            let at = |end: Option<f64>| end.map_or("never".to_owned(), short_tokens);
            format!("{} … {}", at(moved.at_low), at(moved.at_high))
        };
        table.row(vec![
            Cell::of(&moved.input),
            plain(moved.between.low),
            plain(moved.between.high),
            Cell::of(ends(moved)),
            Cell::of(format!("± {}", words::amount(moved.swing / 2.0))),
        ]);
    }
    table
}

/// `365 M`, `57 G`: tokens where there is little room.
fn short_tokens(millions: f64) -> String {
    let text = words::tokens(millions);
    let text = text.strip_suffix(" tokens").unwrap_or(&text);
    [(" trillion", " T"), (" billion", " G"), (" million", " M")]
        .iter()
        .find_map(|(long, short)| text.strip_suffix(long).map(|rest| format!("{rest}{short}")))
        .unwrap_or_else(|| text.to_owned())
}

fn percent(share: f64) -> String {
    format!("{} %", words::amount(share * 100.0))
}

fn counted(count: f64, what: &str) -> String {
    let ending = if (count - 1.0).abs() < 1e-9 { "" } else { "s" };
    format!("{} {what}{ending}", words::amount(count))
}

//! What libFuzzer prints at its end, as a row of a table.

/// The figures of one target.
#[derive(Debug, PartialEq, Eq)]
pub struct Figures {
    executions: String,
    coverage: String,
    inputs: usize,
    slowest: String,
    memory: String,
    /// [`HOLDS`], or what broke: `crash`, `timeout`, `oom`, `leak`.
    pub verdict: String,
}

impl Figures {
    /// The head of the table.
    pub const HEAD: &str = "| target | executions | edges covered | inputs kept | slowest input, s | peak memory, MB | verdict |\n\
        |---|---|---|---|---|---|---|";

    /// Reads what was printed; the number of files in the corpus is the caller's.
    pub fn read(said: &str, inputs: usize) -> Self {
        let stat = |name: &str| {
            let line =
                said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
            line.map_or_else(
                || "?".to_owned(),
                |rest| rest.trim_start_matches(':').trim().to_owned(),
            )
        };
        let coverage = said.lines().rev().find_map(|line| {
            let mut words = line.strip_prefix('#')?.split_whitespace();
            words.find(|word| *word == "cov:")?;
            words.next()
        });
        let executions = stat("number_of_executed_units");
        let ended = executions != "?";
        Self {
            executions,
            coverage: coverage.unwrap_or("?").to_owned(),
            inputs,
            slowest: stat("slowest_unit_time_sec"),
            memory: stat("peak_rss_mb"),
            verdict: if ended { HOLDS } else { "did not run" }.to_owned(),
        }
    }

    /// One row.
    pub fn row(&self, name: &str) -> String {
        let Self { executions, coverage, inputs, slowest, memory, verdict } = self;
        format!(
            "| {name} | {executions} | {coverage} | {inputs} | {slowest} | {memory} | {verdict} |"
        )
    }
}

/// Nothing broke.
pub const HOLDS: &str = "holds";

#[cfg(test)]
mod tests {
    //! Reading what libFuzzer prints.

    use super::Figures;

    #[test]
    fn the_closing_lines_are_read() {
        let said = "#2 INITED cov: 3 ft: 3 corp: 1/1b\n#9 DONE   cov: 12 ft: 30 corp: 4/9b\n\
            stat::number_of_executed_units: 9\nstat::slowest_unit_time_sec:    0\n\
            stat::peak_rss_mb:              66\n";
        assert_eq!(Figures::read(said, 4).row("zip"), "| zip | 9 | 12 | 4 | 0 | 66 | holds |");
        assert_eq!(Figures::read("ld: no", 0).verdict, "did not run");
    }
}

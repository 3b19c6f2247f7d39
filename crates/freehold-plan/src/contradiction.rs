//! Answers that cannot all hold: a plan of one of them would be told as one of all.

use crate::{Figure, ask::Ask, demand::Demand, subject::Subject};

/// Why answers cannot all hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Contradiction {
    /// Two volumes.
    #[error(
        "`requests-a-day` is {day}, which with these lengths is {makes}, and `tokens-a-month` is {month}"
    )]
    Volume {
        /// Requests a day, as written.
        day: String,
        /// The tokens a month that they make.
        makes: String,
        /// Tokens a month, as written.
        month: String,
    },
    /// More than half are longer than what 95 of 100 stay below.
    #[error("`{high}` is {p95}, less than `{low}`, which is {p50}")]
    Lengths {
        /// The key of the median.
        low: &'static str,
        /// The key of the 95th percentile.
        high: &'static str,
        /// The median.
        p50: f64,
        /// The 95th percentile.
        p95: f64,
    },
    /// A rank where no adapter is trained.
    #[error("`rank` is the rank of an adapter, and {}", if *full { "`fine-tune` is `full`" } else { "no fine-tuning was asked" })]
    Rank {
        /// Whether all parameters are tuned.
        full: bool,
    },
    /// A memory where the catalogue knows the device's.
    #[error("`ram` is the memory of a machine with a processor, and {}", match hardware {
        Some(hardware) => format!("{hardware} has its own"),
        None => "no processor was named".to_owned(),
    })]
    Memory {
        /// The hardware, if one was named.
        hardware: Option<String>,
    },
    /// Prompts that the model cannot read.
    #[error("`{key}` is {tokens} tokens, and {model} reads at most {context}")]
    Context {
        /// The question.
        key: &'static str,
        /// The answer.
        tokens: f64,
        /// The model.
        model: String,
        /// The longest context that its publisher says.
        context: u64,
    },
}

impl Contradiction {
    /// What to change.
    pub fn way_out(&self) -> &'static str {
        match self {
            Self::Volume { .. } => "give one of both: the other follows",
            Self::Lengths { .. } => "95 of 100 are at most as long as the 95th percentile",
            Self::Rank { full: true } => "leave out `rank`, or set `fine-tune` to lora or qlora",
            Self::Rank { full: false } => "set `fine-tune` to lora or qlora, or leave out `rank`",
            Self::Memory { hardware: Some(_) } => "leave out `ram`",
            Self::Memory { hardware: None } => "name the processor with `on`, or leave out `ram`",
            Self::Context { .. } => {
                "`freehold catalog search --context TOKENS` shows models that read more"
            }
        }
    }
}

/// Whether what was asked of a load and of a model can hold.
///
/// # Errors
/// [`Contradiction`], the first one.
pub fn contradictions(
    ask: &Ask,
    subject: &Subject<'_>,
    demand: &Demand,
) -> Result<(), Contradiction> {
    for (low, high) in [("input-p50", "input-p95"), ("output-p50", "output-p95")] {
        if let (Some(p50), Some(p95)) = (ask.number(low), ask.number(high))
            && p95 < p50
        {
            return Err(Contradiction::Lengths { low, high, p50, p95 });
        }
    }
    volumes(ask, &demand.volume)?;
    let full = ask.text("fine-tune") == Some("full");
    if ask.text("rank").is_some() && (full || ask.text("fine-tune").is_none()) {
        return Err(Contradiction::Rank { full });
    }
    if subject.ram.is_some() && subject.hardware.is_none_or(|one| one.memory.is_some()) {
        let hardware = subject.hardware.map(|hardware| hardware.name.clone());
        return Err(Contradiction::Memory { hardware });
    }
    let Some((model, context)) =
        subject.model.and_then(|model| Some((model, model.context.as_ref()?.is)))
    else {
        return Ok(());
    };
    for key in ["input-p50", "input-p95"] {
        if let Some(tokens) = ask.number(key).filter(|tokens| *tokens > context as f64) {
            let model = model.id.0.clone();
            return Err(Contradiction::Context { key, tokens, model, context });
        }
    }
    Ok(())
}

/// `volume` follows from the requests where both are given.
fn volumes(ask: &Ask, volume: &Figure) -> Result<(), Contradiction> {
    let (Some(day), Some(month)) = (ask.text("requests-a-day"), ask.text("tokens-a-month")) else {
        return Ok(());
    };
    let given = ask.number("tokens-a-month").unwrap_or_default() / 1e6;
    if (given / volume.value()).ln().abs() <= ROUNDED.ln() {
        return Ok(());
    }
    let (day, month) = (day.to_owned(), month.to_owned());
    Err(Contradiction::Volume { day, makes: volume.shown(), month })
}

/// People round what they count.
const ROUNDED: f64 = 1.05;

#[cfg(test)]
mod tests {
    use freehold_catalog::Catalog;

    use super::*;
    use crate::report::{Plan, PlanError};

    fn catalog() -> &'static Catalog {
        Catalog::embedded().unwrap()
    }

    fn check(answers: &[(&str, &str)], expected: Option<&str>) {
        let mut ask = Ask::default();
        for (key, value) in answers {
            ask.set(key, value).unwrap();
        }
        let named = Subject::of(catalog(), &ask).unwrap();
        let model = catalog().model("meta-llama/Llama-3.1-8B-Instruct");
        let found = contradictions(&ask, &Subject { model, ..named }, &Demand::of(&ask));
        let found = found.map_err(|error| error.to_string()).err();
        assert_eq!(found.as_deref(), expected, "{answers:?}");
    }

    #[test]
    fn answers_that_cannot_all_hold_are_refused() {
        check(&[("input-p50", "500"), ("input-p95", "500")], None);
        check(
            &[("input-p50", "500"), ("input-p95", "400")],
            Some("`input-p95` is 400, less than `input-p50`, which is 500"),
        );
        check(
            &[("output-p50", "500"), ("output-p95", "400")],
            Some("`output-p95` is 400, less than `output-p50`, which is 500"),
        );
        check(&[("ram", "256"), ("on", "epyc-9654")], None);
        let ram = "`ram` is the memory of a machine with a processor, and";
        check(&[("ram", "256")], Some(&format!("{ram} no processor was named")));
        let l4 = &catalog().hardware_named("nvidia-l4").unwrap().name;
        let own = format!("{ram} {l4} has its own");
        check(&[("ram", "256"), ("on", "nvidia-l4")], Some(&own));
        let rank = "`rank` is the rank of an adapter, and";
        check(&[("rank", "8")], Some(&format!("{rank} no fine-tuning was asked")));
        check(
            &[("rank", "8"), ("fine-tune", "full")],
            Some(&format!("{rank} `fine-tune` is `full`")),
        );
        check(&[("rank", "8"), ("fine-tune", "qlora")], None);
        let long = "`input-p50` is 200000 tokens, and meta-llama/Llama-3.1-8B-Instruct reads at most 131072";
        check(&[("input-p50", "200k")], Some(long));
        check(&[("input-p50", "100k")], None);
        let lengths = [
            ("input-p50", "1000"),
            ("input-p95", "1000"),
            ("output-p50", "200"),
            ("output-p95", "200"),
            ("requests-a-day", "1000"),
        ];
        let with = |month| [&lengths[..], &[("tokens-a-month", month)]].concat();
        check(&with("36M"), None);
        let makes = "`requests-a-day` is 1000, which with these lengths is 36.52 Mtoken/month, and \
                     `tokens-a-month` is 3G";
        check(&with("3G"), Some(makes));
    }

    #[test]
    fn a_plan_refuses_them_and_unknown_forms_whatever_else_is_named() {
        let plan = |answers: &[(&str, &str)]| {
            let mut ask = Ask::default();
            for (key, value) in answers {
                ask.set(key, value).unwrap();
            }
            Plan::of(Catalog::embedded().unwrap(), &ask, &[]).unwrap_err()
        };
        let error = plan(&[("rank", "8")]);
        assert!(matches!(error, PlanError::Contradiction(_)), "{error}");
        for named in [&[][..], &[("model", "meta-llama/Llama-3.1-8B-Instruct")][..]] {
            let error = plan(&[named, &[("quant", "q9")]].concat());
            assert_eq!(error.to_string(), "no form of weights is called `q9`");
            assert!(error.close().iter().any(|name| name == "q8_0"), "{:?}", error.close());
        }
    }
}

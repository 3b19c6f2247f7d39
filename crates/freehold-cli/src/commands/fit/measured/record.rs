//! What the record says of itself and of the load.

use std::collections::{BTreeMap, HashSet};

use freehold_auditlog::{EntryKind, EntryView, Reader};
use freehold_types::{DataClass, RecordId, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::commands::audit::AuditError;

/// What was recorded.
#[derive(Debug, Default, Serialize)]
pub(super) struct Record {
    /// All entries.
    pub entries: u64,
    /// What is wrong with the log; empty where it verifies.
    pub findings: Vec<String>,
    /// Requests that were recorded before they were answered.
    pub requests: u64,
    /// Those of them that have no outcome: under way, or cut off by a crash.
    pub without_outcome: u64,
    /// Tokens read by models.
    pub prompt_tokens: u64,
    /// Tokens written by models.
    pub completion_tokens: u64,
    /// Outcomes that say nothing of tokens.
    pub uncounted: u64,
    /// What the same tokens would cost at list prices, in millionths of a US dollar.
    pub list_price_microdollars: u64,
    /// From the first request to the last, in seconds.
    pub seconds: u64,
    /// Requests in the busiest hour.
    pub busiest_hour: u64,
    /// Tool calls that were refused.
    pub refused_tools: u64,
    /// The most sensitive label of a request.
    pub highest_class: Option<DataClass>,
    /// Backends that were asked, with how many requests.
    pub backends: BTreeMap<String, u64>,
    #[serde(skip)]
    open: HashSet<RecordId>,
    #[serde(skip)]
    hours: BTreeMap<u64, u64>,
    #[serde(skip)]
    times: Option<(Timestamp, Timestamp)>,
}

/// Reads all entries, one by one.
pub(super) fn read(reader: &Reader, findings: Vec<String>) -> Result<Record, AuditError> {
    let mut record = Record { entries: reader.size(), findings, ..Record::default() };
    for sequence in 0..reader.size() {
        // What the log holds is known to verify or not; a hole is one of the findings then.
        if let Some(entry) = reader.entry(sequence)? {
            record.see(&entry);
        }
    }
    record.without_outcome = record.open.len() as u64;
    record.busiest_hour = record.hours.values().copied().max().unwrap_or(0);
    record.seconds =
        record.times.map_or(0, |(first, last)| last.0.saturating_sub(first.0) / SECOND);
    record.list_price_microdollars =
        PROMPT_PRICE * record.prompt_tokens + COMPLETION_PRICE * record.completion_tokens;
    Ok(record)
}

impl Record {
    fn see(&mut self, entry: &EntryView) {
        match entry.kind {
            EntryKind::Intent => self.see_intent(entry),
            EntryKind::Outcome => self.see_outcome(entry),
            EntryKind::Event => (),
        }
    }

    fn see_intent(&mut self, entry: &EntryView) {
        self.requests += 1;
        self.open.insert(entry.id);
        *self.hours.entry(entry.time.0 / HOUR).or_default() += 1;
        let first = self.times.map_or(entry.time, |(first, _)| first);
        self.times = Some((first, entry.time));
        let class = entry.header["labels"]["class"].as_str().and_then(|class| class.parse().ok());
        self.highest_class = self.highest_class.max(class);
        if let Some(backend) = entry.header["backend"].as_str() {
            *self.backends.entry(backend.to_owned()).or_default() += 1;
        }
    }

    fn see_outcome(&mut self, entry: &EntryView) {
        self.open.remove(&entry.id);
        let usage = &entry.header["usage"];
        if usage.is_object() {
            self.prompt_tokens += usage["prompt_tokens"].as_u64().unwrap_or(0);
            self.completion_tokens += usage["completion_tokens"].as_u64().unwrap_or(0);
        } else {
            self.uncounted += 1;
        }
        let tools = entry.header["tools"].as_array();
        let refused = |tool: &&Value| tool["permitted"] == Value::Bool(false);
        self.refused_tools += tools.into_iter().flatten().filter(refused).count() as u64;
    }

    /// Tokens in thirty days at the rate of the record; none for a record of less than a day.
    pub(super) fn tokens_a_month(&self) -> Option<u64> {
        let tokens = u128::from(self.prompt_tokens + self.completion_tokens);
        let month = tokens * u128::from(MONTH_SECONDS) / u128::from(self.seconds.max(1));
        (self.seconds >= DAY_SECONDS).then_some(u64::try_from(month).unwrap_or(u64::MAX))
    }

    /// The busiest hour against the average one, in hundredths; none for a record of less than a day.
    pub(super) fn peak_hundredths(&self) -> Option<u64> {
        let hours = (self.seconds / 3600).max(1);
        (self.seconds >= DAY_SECONDS && self.requests > 0)
            .then(|| 100 * self.busiest_hour * hours / self.requests)
    }
}

const SECOND: u64 = 1_000_000;
const HOUR: u64 = 3600 * SECOND;
const DAY_SECONDS: u64 = 24 * 3600;
const MONTH_SECONDS: u64 = 30 * DAY_SECONDS;
/// In millionths of a US dollar a token: the list prices of [`freehold_fit::source`] `prices`.
const PROMPT_PRICE: u64 = 3;
const COMPLETION_PRICE: u64 = 15;

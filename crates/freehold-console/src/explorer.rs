//! Finding records: filters, and pages of what they leave, newest first.
//!
//! A record stands where its last entry stands, so that each is listed once however many requests
//! ran beside each other. The log has no index of who asked what; a search reads entries back from
//! the newest one and stops after [`BUDGET`], saying how far it came.

use std::collections::HashSet;

use freehold_auditlog::{AuditLog, EntryKind, EntryView, ReadError, RecordView};
use freehold_types::{RecordId, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::{kit::escaped, way::Entries};

/// What a person filled in, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Query {
    /// Part of the name of who asked.
    pub(crate) principal: String,
    /// Part of the model's name.
    pub(crate) model: String,
    /// One of [`OUTCOMES`].
    pub(crate) outcome: String,
    /// Not before this minute, UTC.
    pub(crate) since: String,
    /// Not after this minute, UTC.
    pub(crate) until: String,
    /// Below this place in the log.
    pub(crate) before: String,
}

/// What can be asked for about the end of a request.
pub(crate) const OUTCOMES: &[(&str, &str)] = &[
    ("", "any"),
    ("answered", "answered"),
    ("refused", "refused"),
    ("failed", "no answer"),
    ("truncated", "cut off"),
    ("open", "not ended yet"),
    ("event", "events only"),
];

/// A query that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    principal: String,
    model: String,
    outcome: String,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    before: Option<u64>,
}

/// Which field is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAQuery {
    /// Not a time.
    #[error("`{0}` is not a time like 2026-11-23T16:00")]
    Time(String),
    /// Not an outcome.
    #[error("`{0}` is no outcome: answered, refused, failed, truncated, open, event")]
    Outcome(String),
    /// Not a place in the log.
    #[error("`{0}` is not a place in the log, which is a number")]
    Place(String),
}

/// A page of records.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// Newest first, bodies sealed.
    pub(crate) records: Vec<RecordView>,
    /// Where the next page begins, if there may be one.
    pub(crate) next: Option<u64>,
    /// Entries that were read for this page.
    pub(crate) read: u64,
}

impl Query {
    /// The same filter with another beginning, as an address's query.
    pub(crate) fn address(&self, before: Option<u64>) -> String {
        let before = before.map(|place| place.to_string()).unwrap_or_default();
        let fields = [
            ("principal", &self.principal),
            ("model", &self.model),
            ("outcome", &self.outcome),
            ("since", &self.since),
            ("until", &self.until),
            ("before", &before),
        ];
        let mut text = String::new();
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(&escaped(value));
        }
        text
    }

    /// Whether it leaves anything out.
    pub(crate) fn narrows(&self) -> bool {
        let texts = [&self.principal, &self.model, &self.outcome, &self.since, &self.until];
        texts.iter().any(|text| !text.is_empty())
    }

    /// Understands it.
    pub(crate) fn parse(&self) -> Result<Filter, NotAQuery> {
        if !OUTCOMES.iter().any(|(value, _)| *value == self.outcome) {
            return Err(NotAQuery::Outcome(self.outcome.clone()));
        }
        let before = match self.before.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| NotAQuery::Place(text.to_owned()))?),
        };
        Ok(Filter {
            principal: self.principal.trim().to_lowercase(),
            model: self.model.trim().to_lowercase(),
            outcome: self.outcome.clone(),
            since: moment(&self.since, 0)?,
            // The whole of that minute.
            until: moment(&self.until, 59_999_999)?,
            before,
        })
    }
}

impl Filter {
    /// The records of one page, at most `most` of them.
    pub(crate) fn search(&self, log: &AuditLog, most: usize) -> Result<Found, ReadError> {
        let mut place = self.before.unwrap_or(u64::MAX).min(log.status().size);
        let mut records = Vec::new();
        let mut ended: HashSet<RecordId> = HashSet::new();
        let mut read = 0;
        while place > 0 && records.len() < most && read < BUDGET {
            let batch = log.before(place, BATCH)?;
            if batch.is_empty() {
                break;
            }
            for entry in batch.into_iter().rev() {
                place = entry.sequence;
                read += 1;
                if self.since.is_some_and(|since| entry.time < since) {
                    // Entries are in the order of time, but for what a clock was set back by.
                    return Ok(Found { records, next: None, read });
                }
                if self.until.is_some_and(|until| entry.time > until) {
                    continue;
                }
                records.extend(self.record(log, entry, &mut ended)?);
                if records.len() == most {
                    break;
                }
            }
        }
        Ok(Found { records, next: (place > 0).then_some(place), read })
    }

    /// The record whose last entry this is, if it is one that is looked for.
    fn record(
        &self,
        log: &AuditLog,
        entry: EntryView,
        ended: &mut HashSet<RecordId>,
    ) -> Result<Option<RecordView>, ReadError> {
        let id = entry.id;
        match entry.kind {
            EntryKind::Event => {
                let events = matches!(self.outcome.as_str(), "" | "event");
                let asks = !self.principal.is_empty() || !self.model.is_empty();
                Ok((events && !asks).then(|| RecordView { id, entries: vec![entry] }))
            }
            EntryKind::Outcome => {
                ended.insert(id);
                if !self.ended_so(&entry.header["ending"]) || !self.asked_by(&entry.header) {
                    return Ok(None);
                }
                let record = log.outline(id)?;
                Ok(self.of_model(&record).then_some(record))
            }
            EntryKind::Intent => {
                let open = matches!(self.outcome.as_str(), "" | "open");
                if ended.contains(&id) || !open || !self.asked_by(&entry.header) {
                    return Ok(None);
                }
                // Its outcome may stand on an earlier page.
                let record = log.outline(id)?;
                let last = record.entries.iter().all(|one| one.kind != EntryKind::Outcome);
                Ok((last && self.of_model(&record)).then_some(record))
            }
        }
    }

    fn ended_so(&self, ending: &Value) -> bool {
        match self.outcome.as_str() {
            "" => true,
            "answered" => ending == "finished",
            kind => !ending[kind].is_null(),
        }
    }

    fn asked_by(&self, header: &Value) -> bool {
        holds(&header["principal"], &self.principal)
    }

    fn of_model(&self, record: &RecordView) -> bool {
        self.model.is_empty() || holds(Entries::of(record).asked("model"), &self.model)
    }
}

fn holds(value: &Value, part: &str) -> bool {
    part.is_empty() || value.as_str().is_some_and(|text| text.to_lowercase().contains(part))
}

/// A minute as a form sends it, and so many microseconds after it.
fn moment(text: &str, after: u64) -> Result<Option<Timestamp>, NotAQuery> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || NotAQuery::Time(text.to_owned());
    let minute: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
    let micros = jiff::tz::Offset::UTC.to_timestamp(minute).map_err(|_| wrong())?.as_microsecond();
    Ok(Some(Timestamp(u64::try_from(micros).map_err(|_| wrong())?.saturating_add(after))))
}

/// Entries that one page may read: a fraction of a second.
const BUDGET: u64 = 2_000;
/// Entries at once: the writer waits for no more than these.
const BATCH: usize = 64;

#[cfg(test)]
mod tests;

//! Figures for Prometheus: counters that requests add to without waiting for each other, and
//! their text form (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::{
    fmt::Write,
    sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// The pages that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/v1/chat/completions`
    Chat,
    /// `/v1/embeddings`
    Embeddings,
    /// `/v1/models` and what is below
    Models,
    /// `/health` and what is below
    Health,
    /// `/metrics`
    Metrics,
    /// Anything else.
    Other,
}

/// All figures of one gateway.
pub(crate) struct Metrics {
    requests: Box<[[AtomicU64; STATUSES]; PAGES.len()]>,
    pub(crate) in_flight: AtomicI64,
    pub(crate) latency: Histogram,
    pub(crate) first_token: Histogram,
    pub(crate) record: Histogram,
    pub(crate) prompt_tokens: AtomicU64,
    pub(crate) completion_tokens: AtomicU64,
    pub(crate) truncated: AtomicU64,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            requests: Box::new(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0)))),
            in_flight: AtomicI64::new(0),
            latency: Histogram::default(),
            first_token: Histogram::default(),
            record: Histogram::default(),
            prompt_tokens: AtomicU64::new(0),
            completion_tokens: AtomicU64::new(0),
            truncated: AtomicU64::new(0),
        }
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, page: Page, status: u16) {
        let place = usize::from(status).saturating_sub(FIRST_STATUS).min(STATUSES - 1);
        self.requests[page as usize][place].fetch_add(1, Relaxed);
    }

    /// The text that a scraper reads. `restarts` are those of the engines that count them.
    pub(crate) fn render(&self, restarts: &[(String, u64)]) -> String {
        let mut out = String::with_capacity(4096);
        head(&mut out, "freehold_requests_total", "counter", "Answers by page and status.");
        for (page, counts) in PAGES.iter().zip(self.requests.iter()) {
            for (place, count) in counts.iter().enumerate() {
                let count = count.load(Relaxed);
                if count > 0 {
                    let status = FIRST_STATUS + place;
                    line(
                        &mut out,
                        format_args!(
                            "freehold_requests_total{{page=\"{page}\",status=\"{status}\"}} {count}"
                        ),
                    );
                }
            }
        }
        head(&mut out, "freehold_requests_in_flight", "gauge", "Requests under way.");
        line(
            &mut out,
            format_args!("freehold_requests_in_flight {}", self.in_flight.load(Relaxed)),
        );
        self.latency.render(
            &mut out,
            "freehold_request_seconds",
            "From a request's first byte to the last of its answer.",
        );
        self.first_token.render(
            &mut out,
            "freehold_first_token_seconds",
            "From a request's first byte to the first token.",
        );
        self.record.render(
            &mut out,
            "freehold_record_seconds",
            "Until the audit log confirmed an entry as durable.",
        );
        head(&mut out, "freehold_tokens_total", "counter", "Tokens read and written by models.");
        for (kind, count) in
            [("prompt", &self.prompt_tokens), ("completion", &self.completion_tokens)]
        {
            line(
                &mut out,
                format_args!("freehold_tokens_total{{kind=\"{kind}\"}} {}", count.load(Relaxed)),
            );
        }
        head(&mut out, "freehold_truncated_total", "counter", "Answers that were cut off.");
        line(&mut out, format_args!("freehold_truncated_total {}", self.truncated.load(Relaxed)));
        if !restarts.is_empty() {
            head(&mut out, "freehold_engine_restarts_total", "counter", "Restarts of engines.");
            for (backend, count) in restarts {
                let backend =
                    backend.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                line(
                    &mut out,
                    format_args!("freehold_engine_restarts_total{{backend=\"{backend}\"}} {count}"),
                );
            }
        }
        out
    }
}

/// Counts of durations by size.
#[derive(Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    /// Counts one.
    pub(crate) fn observe(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|(_, bound)| micros <= *bound).unwrap_or(BOUNDS.len());
        self.buckets[place].fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }

    fn render(&self, out: &mut String, name: &str, help: &str) {
        head(out, name, "histogram", help);
        let mut sum = 0;
        for (place, bucket) in self.buckets.iter().enumerate() {
            sum += bucket.load(Relaxed);
            let bound = BOUNDS.get(place).map_or("+Inf", |(text, _)| text);
            line(out, format_args!("{name}_bucket{{le=\"{bound}\"}} {sum}"));
        }
        let seconds = self.micros.load(Relaxed) as f64 / 1e6;
        line(out, format_args!("{name}_sum {seconds}"));
        line(out, format_args!("{name}_count {sum}"));
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    line(out, format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string does not fail.
    let _ = writeln!(out, "{text}");
}

/// In the order of [`Page`].
const PAGES: [&str; 6] = ["chat", "embeddings", "models", "health", "metrics", "other"];
const FIRST_STATUS: usize = 100;
const STATUSES: usize = 500;

/// Bounds in microseconds, with their text in seconds.
const BOUNDS: [(&str, u64); 16] = [
    ("0.0001", 100),
    ("0.00025", 250),
    ("0.0005", 500),
    ("0.001", 1_000),
    ("0.0025", 2_500),
    ("0.005", 5_000),
    ("0.01", 10_000),
    ("0.025", 25_000),
    ("0.05", 50_000),
    ("0.1", 100_000),
    ("0.25", 250_000),
    ("0.5", 500_000),
    ("1", 1_000_000),
    ("5", 5_000_000),
    ("30", 30_000_000),
    ("120", 120_000_000),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_what_was_counted() {
        let metrics = Metrics::new();
        metrics.answered(Page::Chat, 200);
        metrics.answered(Page::Chat, 200);
        metrics.answered(Page::Other, 404);
        metrics.latency.observe(Duration::from_micros(300));
        metrics.latency.observe(Duration::from_secs(1000));
        let text = metrics.render(&[("a\"b".to_owned(), 3)]);
        for expected in [
            "freehold_requests_total{page=\"chat\",status=\"200\"} 2\n",
            "freehold_requests_total{page=\"other\",status=\"404\"} 1\n",
            "freehold_request_seconds_bucket{le=\"0.00025\"} 0\n",
            "freehold_request_seconds_bucket{le=\"0.0005\"} 1\n",
            "freehold_request_seconds_bucket{le=\"+Inf\"} 2\n",
            "freehold_request_seconds_sum 1000.0003\n",
            "freehold_request_seconds_count 2\n",
            "freehold_engine_restarts_total{backend=\"a\\\"b\"} 3\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}

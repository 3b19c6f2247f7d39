//! What durability, sealing and the tree cost: appends per second at 1, 16 and 256 writers beside
//! two baselines, interleaved in one run, and entries verified per second.
//!
//! The baselines write the same number of bytes and acknowledge after the same kind of sync: a raw
//! preallocated file with one `fdatasync` per batch, and SQLite with a write-ahead log and
//! `synchronous = FULL`, one transaction per batch. Both get their entries through the same kind
//! of queue. Each prints medians of its rounds and ratios to the raw file. Run it with
//! `cargo bench -p freehold-auditlog`; `FREEHOLD_BENCH_ROUNDS` and `FREEHOLD_BENCH_SECONDS` change
//! how long it takes.

// A benchmark speaks through its standard output and stops when something is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::{
    env,
    fs::File,
    os::unix::fs::FileExt,
    path::Path,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use freehold_auditlog::{AuditLog, ExportOptions, Known, export, verify};

#[path = "../tests/support/kit.rs"]
mod kit;

fn main() {
    let rounds: usize = setting("FREEHOLD_BENCH_ROUNDS", 5);
    let seconds: f64 = setting("FREEHOLD_BENCH_SECONDS", 1.5);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let frame = frame_bytes(folder.path());
    println!("frame of {frame} bytes, {rounds} rounds of {seconds} s each");
    hot_path(folder.path());
    verification(folder.path());
    for writers in [1, 16, 256] {
        let mut results = [Vec::new(), Vec::new(), Vec::new()];
        for round in 0..rounds {
            let place = folder.path().join(format!("{writers}-{round}"));
            std::fs::create_dir(&place).unwrap();
            let time = Duration::from_secs_f64(seconds);
            results[0].push(raw(&place, writers, frame, time));
            results[1].push(sqlite(&place, writers, frame, time));
            results[2].push(ours(&place, writers, time));
            std::fs::remove_dir_all(&place).unwrap();
        }
        let [raw, sqlite, ours] = results.map(|mut rates| {
            rates.sort_by(f64::total_cmp);
            rates[rates.len() / 2]
        });
        println!(
            "{writers:>3} writers: raw {raw:>8.0}/s  sqlite {sqlite:>8.0}/s ({:.2})  log {ours:>8.0}/s ({:.2} of raw)",
            sqlite / raw,
            ours / raw
        );
    }
}

/// Appends by this many writers at once, each waiting for its acknowledgement.
fn drive(writers: usize, time: Duration, append: impl Fn(u8, u64) + Send + Sync + 'static) -> f64 {
    let (append, stop, count) =
        (Arc::new(append), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let threads: Vec<_> = (0..writers)
        .map(|writer| {
            let (append, stop, count) = (append.clone(), stop.clone(), count.clone());
            let work = move || {
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    append(writer as u8, number);
                    number += 1;
                    count.fetch_add(1, Ordering::Relaxed);
                }
            };
            thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap()
        })
        .collect();
    thread::sleep(time / 5);
    let (before, start) = (count.load(Ordering::Relaxed), Instant::now());
    thread::sleep(time);
    let rate = (count.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    rate
}

fn ours(place: &Path, writers: usize, time: Duration) -> f64 {
    let log = kit::open(place, Duration::from_secs(1), 32 << 20);
    let appender = log.clone();
    let rate = drive(writers, time, move |writer, number| {
        appender.append_wait(kit::intent(kit::id(writer, number), &[7; INPUT_BYTES])).unwrap();
    });
    log.close();
    rate
}

/// One thread takes whatever waits, writes it, syncs, and tells those who wait.
struct Batcher {
    queue: Mutex<(Vec<mpsc::SyncSender<()>>, bool)>,
    wake: Condvar,
}

fn batched(writers: usize, time: Duration, mut commit: impl FnMut(usize) + Send + 'static) -> f64 {
    let batcher = Arc::new(Batcher { queue: Mutex::default(), wake: Condvar::new() });
    let shared = Arc::clone(&batcher);
    let committer = thread::spawn(move || {
        loop {
            let mut queue = shared.queue.lock().unwrap();
            while queue.0.is_empty() && !queue.1 {
                queue = shared.wake.wait(queue).unwrap();
            }
            let batch = std::mem::take(&mut queue.0);
            drop(queue);
            if batch.is_empty() {
                return;
            }
            commit(batch.len());
            for waiting in batch {
                waiting.send(()).unwrap();
            }
        }
    });
    let shared = Arc::clone(&batcher);
    let rate = drive(writers, time, move |_, _| {
        let (sender, receiver) = mpsc::sync_channel(1);
        shared.queue.lock().unwrap().0.push(sender);
        shared.wake.notify_one();
        receiver.recv().unwrap();
    });
    batcher.queue.lock().unwrap().1 = true;
    batcher.wake.notify_one();
    committer.join().unwrap();
    rate
}

fn raw(place: &Path, writers: usize, frame: usize, time: Duration) -> f64 {
    let file = File::create(place.join("raw")).unwrap();
    let size = 512u64 << 20;
    let zeros = vec![0; 1 << 20];
    for offset in (0..size).step_by(zeros.len()) {
        file.write_all_at(&zeros, offset).unwrap();
    }
    file.sync_all().unwrap();
    let (mut offset, mut buffer) = (0, Vec::new());
    let record = vec![7u8; frame];
    batched(writers, time, move |count| {
        buffer.clear();
        (0..count).for_each(|_| buffer.extend_from_slice(&record));
        // Begins again at the front when it is full, in blocks that exist.
        offset = if offset + buffer.len() as u64 > size { 0 } else { offset };
        file.write_all_at(&buffer, offset).unwrap();
        file.sync_data().unwrap();
        offset += buffer.len() as u64;
    })
}

fn sqlite(place: &Path, writers: usize, frame: usize, time: Duration) -> f64 {
    let mut connection = rusqlite::Connection::open(place.join("sqlite")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("CREATE TABLE record (id INTEGER PRIMARY KEY, body BLOB)").unwrap();
    let record = vec![7u8; frame];
    batched(writers, time, move |count| {
        let transaction = connection.transaction().unwrap();
        let mut insert =
            transaction.prepare_cached("INSERT INTO record (body) VALUES (?1)").unwrap();
        for _ in 0..count {
            insert.execute([&record]).unwrap();
        }
        drop(insert);
        transaction.commit().unwrap();
    })
}

/// Processor time of an append on the caller's thread, without the disk.
fn hot_path(folder: &Path) {
    let place = folder.join("hot");
    std::fs::create_dir(&place).unwrap();
    let log = kit::open(&place, Duration::from_secs(1), 32 << 20);
    let rounds = 20_000u64;
    let (mut intents, mut outcomes) = (Duration::ZERO, Duration::ZERO);
    for number in 0..rounds {
        let id = kit::id(1, number);
        let (intent, outcome) =
            (kit::intent(id, &[7; INPUT_BYTES]), kit::outcome(id, &[8; INPUT_BYTES]));
        intents += timed(&log, intent);
        outcomes += timed(&log, outcome);
    }
    log.close();
    println!(
        "caller's processor time per append: intent {:.2} us, outcome {:.2} us",
        intents.as_secs_f64() * 1e6 / rounds as f64,
        outcomes.as_secs_f64() * 1e6 / rounds as f64
    );
    std::fs::remove_dir_all(place).unwrap();
}

fn timed(log: &AuditLog, entry: freehold_auditlog::Entry) -> Duration {
    let start = processor_time();
    log.append(entry, |result| assert!(result.is_ok()));
    processor_time() - start
}

/// What this thread has used; other programs on the machine do not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn verification(folder: &Path) {
    let place = folder.join("verify");
    std::fs::create_dir(&place).unwrap();
    let log = kit::open(&place, Duration::from_secs(1), 32 << 20);
    let entries = 200_000u64;
    for number in 0..entries {
        let entry = kit::intent(kit::id(1, number), &[7; INPUT_BYTES]);
        log.append(entry, |result| assert!(result.is_ok()));
    }
    log.close();
    let out = place.join("out");
    export(&place.join("log"), &out, &ExportOptions { proofs: false }).unwrap();
    for (name, path) in [("log with its bodies", place.join("log")), ("export", out)] {
        let mut best = f64::MAX;
        for _ in 0..3 {
            let start = processor_time();
            assert_eq!(verify(&path, &Known::default()).unwrap().entries, entries);
            best = best.min((processor_time() - start).as_secs_f64());
        }
        println!(
            "verify {name}: {:.0} entries per second of processor time",
            entries as f64 / best
        );
    }
}

/// What one entry takes in a segment.
fn frame_bytes(folder: &Path) -> usize {
    let place = folder.join("frame");
    std::fs::create_dir(&place).unwrap();
    let log = kit::open(&place, Duration::from_secs(1), 32 << 20);
    log.append_wait(kit::intent(kit::id(1, 1), &[7; INPUT_BYTES])).unwrap();
    let header = log.tail(1).unwrap().remove(0).header.to_string().len();
    log.close();
    (64 + 92 + INPUT_BYTES + header).next_multiple_of(8)
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// With header and envelope about a kilobyte.
const INPUT_BYTES: usize = 200;

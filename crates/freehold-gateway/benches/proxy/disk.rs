//! What one durable write takes on this machine's disk, beside which the gateway's latency is read.

use std::{
    fs::OpenOptions,
    os::unix::fs::FileExt,
    path::Path,
    time::{Duration, Instant},
};

/// Median of 200 writes of 1 KB with fdatasync into a preallocated file.
pub fn median_sync() -> Duration {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sync");
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(&path).unwrap();
    file.write_all_at(&vec![0; 1 << 20], 0).unwrap();
    file.sync_all().unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|place| {
            let begin = Instant::now();
            file.write_all_at(&[1; 1024], place * 1024).unwrap();
            file.sync_data().unwrap();
            begin.elapsed()
        })
        .collect();
    std::fs::remove_file(path).unwrap();
    times.sort_unstable();
    times[times.len() / 2]
}

//! The scanner's speed on a pickle dense with opcodes, on a large archive of torch's and on a header
//! of safetensors with 10,000 tensors, and picklescan's on the same files in the same run if `FREEHOLD_PEER_PICKLESCAN` names it.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (dense, archive) = (folder.path().join("dense.pkl"), folder.path().join("model.pt"));
    write_dense(&dense)?;
    write_archive(&archive)?;
    let header = folder.path().join("model.safetensors");
    write_header(&header)?;
    for path in [&dense, &archive, &header] {
        let bytes = path.metadata()?.len() as f64 / 1e6;
        // Once to have it in the page cache, then the best of three.
        let mut best = f64::INFINITY;
        for round in 0..4 {
            let start = Instant::now();
            let files = freehold_vet::scan(path, &|_, _| {})?;
            if files.iter().any(|file| !file.findings.is_empty()) {
                return Err("an ordinary file is not called clean".into());
            }
            if round > 0 {
                best = best.min(start.elapsed().as_secs_f64());
            }
        }
        let name = path.file_name().unwrap_or_default().display();
        println!(
            "{name}: {bytes:.1} MB scanned and hashed in {best:.3} s, {:.0} MB/s",
            bytes / best
        );
        if let Some(peer) = std::env::var_os("FREEHOLD_PEER_PICKLESCAN") {
            let start = Instant::now();
            Command::new(peer).arg("-p").arg(path).stdout(Stdio::null()).status()?;
            let theirs = start.elapsed().as_secs_f64();
            println!("  picklescan: {theirs:.3} s; {:.1} times as long", theirs / best);
            // What Freehold does: it hashes every byte, too.
            Command::new("sha256sum").arg(path).stdout(Stdio::null()).status()?;
            let both = start.elapsed().as_secs_f64();
            println!("  picklescan and sha256sum: {both:.3} s; {:.1} times as long", both / best);
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        println!("peak memory, the making of the files included: {}", peak.trim());
    }
    Ok(())
}

/// Ten thousand tensors of one number each.
fn write_header(path: &Path) -> std::io::Result<()> {
    let tensor = |at: usize| {
        let (start, end) = (at * 4, at * 4 + 4);
        format!(
            "\"layers.{at}.weight\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{start},{end}]}}"
        )
    };
    let tensors: Vec<String> = (0..10_000).map(tensor).collect();
    let header = format!("{{{}}}", tensors.join(","));
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    file.write_all(&[0; 40_000])?;
    file.flush()
}

/// Some eight million opcodes: a list of dictionaries of small values.
fn write_dense(path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"\x80\x04]\x94(")?;
    for row in 0..420_000u32 {
        let [a, b, c, _] = row.to_le_bytes();
        let id = [b'J', a, b, c, 0];
        file.write_all(b"}\x94(\x8c\x02id\x94")?;
        file.write_all(&id)?;
        file.write_all(b"\x8c\x01k\x94K\x01K\x02\x86\x94\x8c\x01f\x94]\x94(K\x01N\x88K\x07eu")?;
    }
    file.write_all(b"e.")?;
    file.flush()
}

/// A gigabyte of zeros as two storages, not packed, as torch writes them.
fn write_archive(path: &Path) -> std::io::Result<()> {
    let zeros = vec![0; 512 << 20];
    let mut file = BufWriter::new(File::create(path)?);
    let (mut directory, mut offset) = (Vec::new(), 0u32);
    let members: [(&str, &[u8]); 4] = [
        ("archive/data.pkl", b"\x80\x02}q\0."),
        ("archive/version", b"3\n"),
        ("archive/data/0", &zeros),
        ("archive/data/1", &zeros),
    ];
    for (name, content) in members {
        let mut common = vec![0; 8];
        common.extend(crc32fast::hash(content).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u32).to_le_bytes());
        let head = [b"PK\x03\x04\x14\0", &common[..], name.as_bytes()].concat();
        directory.extend([b"PK\x01\x02\x14\0\x14\0", &common[..], &[0; 10]].concat());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        file.write_all(&head)?;
        file.write_all(content)?;
        offset += (head.len() + content.len()) as u32;
    }
    file.write_all(&directory)?;
    file.write_all(b"PK\x05\x06\0\0\0\0\x04\0\x04\0")?;
    file.write_all(&(directory.len() as u32).to_le_bytes())?;
    file.write_all(&offset.to_le_bytes())?;
    file.write_all(&[0; 2])?;
    file.flush()
}

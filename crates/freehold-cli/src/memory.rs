//! How much memory a new program can take without pushing others out.

use std::fs;

/// Bytes; the least of what the kernel estimates (`MemAvailable`, proc_meminfo(5)) and what the
/// control group leaves. `None` where there is no such interface.
pub(crate) fn available() -> Option<u64> {
    let free = meminfo(&fs::read_to_string("/proc/meminfo").ok()?)?;
    Some(group().map_or(free, |group| group.min(free)))
}

fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// What the control group leaves (cgroup v2, `memory.max` less `memory.current`).
fn group() -> Option<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    let folder = format!("/sys/fs/cgroup{path}");
    let number = |name: &str| -> Option<u64> {
        fs::read_to_string(format!("{folder}/{name}")).ok()?.trim().parse().ok()
    };
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_line_is_read() {
        let check = |text: &str, expected| assert_eq!(meminfo(text), expected, "{text:?}");
        check("MemTotal: 9 kB\nMemAvailable:   2048 kB\n", Some(2 << 20));
        check("MemTotal: 9 kB\n", None);
        check("MemAvailable: many kB\n", None);
        check("MemAvailable: 18446744073709551615 kB\n", None);
    }
}

//! Times and sizes as people read them. Times are UTC; a script adds the local time.

use freehold_types::Timestamp;

/// `2026-11-23 05:31:08 UTC`.
pub(crate) fn utc(time: Timestamp) -> String {
    moment(time).map_or_else(
        || "outside the calendar".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// `2026-11-23T05:31:08Z`, for machines.
pub(crate) fn iso(time: Timestamp) -> String {
    moment(time)
        .map_or_else(String::new, |moment| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `3 s`, `4 min`, `5 h`, `6 days`.
pub(crate) fn ago(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// `0.11 s`.
pub(crate) fn seconds(micros: u64) -> String {
    let hundredths = micros.div_ceil(10_000);
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

/// `12.3 GB`, in powers of ten as disks are sold.
pub(crate) fn bytes(count: u64) -> String {
    let (unit, name) = match count {
        0..=999 => return format!("{count} bytes"),
        1_000..=999_999 => (1_000, "kB"),
        1_000_000..=999_999_999 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    format!("{}.{} {name}", count / unit, count % unit * 10 / unit)
}

/// `1,204`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn moment(time: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(i64::try_from(time.0).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_person_writes() {
        assert_eq!(utc(Timestamp(1_795_411_868_000_000)), "2026-11-23 05:31:08 UTC");
        assert_eq!(iso(Timestamp(0)), "1970-01-01T00:00:00Z");
        assert_eq!(utc(Timestamp(u64::MAX)), "outside the calendar");
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_204, "1,204"), (1_234_567, "1,234,567")]
        {
            assert_eq!(count(number), expected);
        }
        for (number, expected) in
            [(999, "999 bytes"), (1_500, "1.5 kB"), (12_340_000_000, "12.3 GB")]
        {
            assert_eq!(bytes(number), expected);
        }
        assert_eq!([seconds(0), seconds(110_000), seconds(1)], ["0.00 s", "0.11 s", "0.01 s"]);
        assert_eq!([ago(3_000_000), ago(240_000_000)], ["3 s", "4 min"]);
    }
}

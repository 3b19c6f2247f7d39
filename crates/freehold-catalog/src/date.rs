//! A day of the calendar, so that a fact's age can be told without a clock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day of the proleptic Gregorian calendar, written `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The text is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day of the form 2026-11-23")]
pub struct ParseDateError(pub String);

impl Date {
    /// The day of that year (1 to 9999), month and day of the month; nothing where there is none.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// The day that many days after 1970-01-01, UTC; the calendar's ends where it is beyond them.
    pub fn from_days(days: i64) -> Self {
        // Howard Hinnant's `civil_from_days`: eras of 400 years that begin on the first of March.
        let days = days.clamp(FIRST_DAY, LAST_DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |number: i64| u8::try_from(number).unwrap_or(1);
        Self { year: u16::try_from(year).unwrap_or(1), month: narrow(month), day: narrow(day) }
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        era * 146_097 + of_era - 719_468
    }

    /// The day that many days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self::from_days(self.days() + i64::from(days))
    }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = || {
            let bytes = text.as_bytes();
            let shaped = bytes.len() == 10
                && bytes.iter().enumerate().all(|(at, byte)| match at {
                    4 | 7 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                });
            let year = text.get(..4).filter(|_| shaped)?.parse().ok()?;
            Self::new(year, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?)
        };
        parts().ok_or_else(|| ParseDateError(text.to_owned()))
    }
}

impl TryFrom<String> for Date {
    type Error = ParseDateError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// 0001-01-01 in days since 1970.
const FIRST_DAY: i64 = -719_162;
/// 9999-12-31 in days since 1970.
const LAST_DAY: i64 = 2_932_896;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_that_are_and_that_are_not() {
        let check = |text: &str, days: Option<i64>| {
            assert_eq!(text.parse::<Date>().ok().map(Date::days), days, "{text}");
        };
        check("1970-01-01", Some(0));
        check("2000-02-29", Some(11_016));
        check("2026-11-23", Some(20_780));
        check("0001-01-01", Some(FIRST_DAY));
        check("9999-12-31", Some(LAST_DAY));
        for wrong in
            ["", "2026-11-31", "1900-02-29", "2026-13-01", "2026-1-01", "2026-11-2é", "+026-11-23"]
        {
            check(wrong, None);
        }
    }

    proptest! {
        #[test]
        fn days_and_dates_are_one_to_one(days in FIRST_DAY..=LAST_DAY, text in ".{0,12}") {
            let date = Date::from_days(days);
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
            if let Ok(parsed) = text.parse::<Date>() {
                prop_assert_eq!(parsed.to_string(), text);
            }
        }
    }
}

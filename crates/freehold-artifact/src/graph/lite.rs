//! TensorFlow Lite: a FlatBuffers file whose operators are listed once
//! (`tensorflow/lite/schema/schema.fbs`).

use std::io::{self, Read, Seek};

use super::{operators, wire::Stream};
use crate::{
    finding::{Finding, shown},
    rules,
};

/// The operators that are not built in.
///
/// # Errors
/// What reading says.
pub fn read(file: &mut (impl Read + Seek + ?Sized), length: u64) -> io::Result<Vec<Finding>> {
    let mut tables = Tables { stream: Stream::new(file, length), length };
    let mut findings = Vec::new();
    if tables.codes(&mut findings)?.is_none() {
        let what = "an offset leads out of the file";
        findings.push(Finding::new(&rules::PROTOBUF, 0, what));
    }
    Ok(findings)
}

struct Tables<'f, F: ?Sized> {
    stream: Stream<'f, F>,
    length: u64,
}

impl<F: Read + Seek + ?Sized> Tables<'_, F> {
    fn codes(&mut self, findings: &mut Vec<Finding>) -> io::Result<Option<()>> {
        let Some(root) = self.reference(0)? else { return Ok(None) };
        let Some(codes) = self.field(root, 1)? else { return Ok(Some(())) };
        let Some(codes) = self.reference(codes)? else { return Ok(None) };
        let Some(count) = self.number(codes)? else { return Ok(None) };
        for index in 0..count.min(MOST_CODES) {
            let Some(code) = self.reference(codes + 4 + 4 * index)? else { return Ok(None) };
            let Some(custom) = self.field(code, 1)? else { continue };
            let Some(custom) = self.reference(custom)? else { return Ok(None) };
            let Some(length) = self.number(custom)? else { return Ok(None) };
            let name = self.stream.bytes(custom + 4, length.min(256) as usize)?;
            let name = String::from_utf8_lossy(name).into_owned();
            // Operators of TensorFlow proper are called by their name behind this word.
            let flex = name.strip_prefix("Flex").and_then(operators::rule);
            let rule = flex.unwrap_or(&rules::TFLITE_CUSTOM);
            findings.push(Finding::new(rule, custom, shown(name.as_bytes(), 120)));
        }
        Ok(Some(()))
    }

    fn number(&mut self, at: u64) -> io::Result<Option<u64>> {
        let bytes = self.stream.bytes(at, 4)?;
        Ok(bytes.first_chunk::<4>().map(|four| u64::from(u32::from_le_bytes(*four))))
    }

    /// Where the offset at `at` leads.
    fn reference(&mut self, at: u64) -> io::Result<Option<u64>> {
        let to = self.number(at)?.map(|offset| at + offset);
        Ok(to.filter(|to| *to < self.length))
    }

    /// Where the table's field of this index lies; `None` where it is left out.
    fn field(&mut self, table: u64, index: u64) -> io::Result<Option<u64>> {
        let Some(back) = self.number(table)? else { return Ok(None) };
        let places = table as i64 - i64::from(back as u32 as i32);
        let Ok(places) = u64::try_from(places) else { return Ok(None) };
        let short = |bytes: &[u8]| bytes.first_chunk::<2>().map(|two| u16::from_le_bytes(*two));
        let size = short(self.stream.bytes(places, 2)?).unwrap_or(0);
        let at = 4 + 2 * index;
        if at + 2 > u64::from(size) {
            return Ok(None);
        }
        let offset = short(self.stream.bytes(places + at, 2)?).unwrap_or(0);
        Ok((offset > 0).then_some(table + u64::from(offset)))
    }
}

const MOST_CODES: u64 = 4096;

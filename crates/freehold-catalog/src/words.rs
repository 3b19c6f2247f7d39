//! Values in words, the same in the terminal, on the pages and in reasons.

use std::borrow::Cow;

use serde_json::Value;

/// A value of that place in words, as in `8.03 B` for `parameters`.
pub fn value(place: &str, value: &Value) -> String {
    match (place, value) {
        ("parameters" | "active_parameters", Value::Number(it)) => {
            it.as_u64().map_or_else(|| it.to_string(), parameters)
        }
        ("context", Value::Number(it)) => {
            format!("{} tokens", it.as_u64().map_or_else(|| it.to_string(), thousands))
        }
        ("memory", Value::Number(it)) => it.as_u64().map_or_else(|| it.to_string(), bytes),
        ("bandwidth" | "interconnect", Value::Number(it)) => {
            format!("{}B/s", scaled(it.as_f64().unwrap_or_default()))
        }
        (place, Value::Number(it)) if place.starts_with("compute.") => {
            let unit = if place.ends_with("int8") { "OP/s" } else { "FLOP/s" };
            format!("{}{unit}", scaled(it.as_f64().unwrap_or_default()))
        }
        ("power", Value::Number(it)) => format!("{}W", scaled(it.as_f64().unwrap_or_default())),
        ("bits", Value::Number(it)) => format!("{it} bits"),
        ("geometry", it) => geometry(it),
        ("languages", it) => languages(it),
        ("quantisations", Value::Array(forms)) => {
            let form = |it: &Value| text(&it["format"]);
            forms.iter().map(form).collect::<Vec<_>>().join(", ")
        }
        ("base_model", it) => format!("{}, {}", text(&it["id"]), text(&it["relation"])),
        ("licence.data" | "category" | "production_default", it) => named(&text(it)).to_owned(),
        (place, it) if place.starts_with("scores.") || place.starts_with("evidence.") => score(it),
        (place, it) if place.starts_with("watch.") => {
            format!("{} (clause {})", text(&it["words"]), text(&it["clause"]))
        }
        (_, it) => text(it),
    }
}

/// A count of parameters, as in `8.03 B` or `270 M`.
pub fn parameters(count: u64) -> String {
    scaled_with(count as f64, &[(1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k")], "")
}

/// Bytes in decimal units, as in `80 GB`.
pub fn bytes(bytes: u64) -> String {
    format!("{}B", scaled(bytes as f64))
}

/// A whole number with a comma between each three digits.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of money, with as many decimals as small prices need.
pub fn money(amount: f64, currency: &str) -> String {
    let decimals = if amount != 0.0 && amount.abs() < 0.1 { 4 } else { 2 };
    format!("{currency} {amount:.decimals$}")
}

/// A name of the data in words, as in `source-available`.
pub fn named(name: &str) -> &str {
    match name {
        "osi" => "OSI open source",
        "custom" => "open-weight with a custom licence",
        "source_available" => "source-available",
        "not_declared" => "not declared",
        "described" => "described only",
        "default" => "open models are a production default",
        "for_most" => "open models for most of it",
        "after_trial" => "open models after a trial on one's own cases",
        "frontier_leads" => "frontier models lead",
        other => other,
    }
}

/// A place's name in words, as in `weights licence`.
pub fn place(name: &str) -> Cow<'_, str> {
    let fixed = match name {
        "active_parameters" => "active parameters",
        "quantisations" => "published forms",
        "base_model" => "made from",
        "licence.weights" => "weights licence",
        "licence.code" => "code licence",
        "licence.data" => "training data",
        "production_default" => "production default",
        "per_hour" => "per hour",
        "cached_input" => "cached input",
        "cache_write" => "cache write",
        "read" => "whole text read",
        other => return listed(other),
    };
    Cow::Borrowed(fixed)
}

/// The name of one of many.
fn listed(name: &str) -> Cow<'_, str> {
    match name.split_once('.') {
        Some(("scores", benchmark)) => Cow::Borrowed(benchmark),
        Some(("compute", precision)) => format!("compute, {precision}").into(),
        Some(("watch", number)) => format!("term {number}").into(),
        Some(("frontier_leads", _)) => Cow::Borrowed("frontier leads"),
        Some(("evidence", rest)) => rest.replace('.', ", ").into(),
        _ => Cow::Borrowed(name),
    }
}

/// A count as people write it: with k, M, B (or G) or T behind it, each a thousand times the one
/// before, as in `8B` or `32k`.
///
/// # Errors
/// [`ParseCountError`] for any other text, and above 9 × 10¹⁵.
pub fn parse_count(text: &str) -> Result<u64, ParseCountError> {
    let text = text.trim().replace(['_', ','], "").to_lowercase();
    let units = [("k", 1e3), ("m", 1e6), ("b", 1e9), ("g", 1e9), ("t", 1e12), ("", 1.0)];
    parse_scaled(&text, &units).ok_or(ParseCountError)
}

/// Bytes as people write them: `24GB` (decimal), `24GiB` (binary), or a bare number of bytes.
///
/// # Errors
/// [`ParseBytesError`] for any other text, and above 9 × 10¹⁵.
pub fn parse_bytes(text: &str) -> Result<u64, ParseBytesError> {
    let units = [
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("", 1.0),
    ];
    parse_scaled(&text.trim().to_lowercase(), &units).ok_or(ParseBytesError)
}

/// The text is no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a number, as 8B, 32k or 2M")]
pub struct ParseCountError;

/// The text is no size of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected bytes, as 24GB or 24GiB")]
pub struct ParseBytesError;

fn parse_scaled(text: &str, units: &[(&str, f64)]) -> Option<u64> {
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let number = number.trim().parse::<f64>().ok()? * factor;
    // Above 2^53 a float is no count any more.
    (number.is_finite() && (0.0..=9e15).contains(&number)).then_some(number.round() as u64)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(it) => it.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(them) => them.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn score(it: &Value) -> String {
    let date = it["date"].as_str().map(|date| format!(", {date}")).unwrap_or_default();
    let model = it["model"].as_str().map(|model| format!("{model} ")).unwrap_or_default();
    let metric = it["metric"].as_str().map(|metric| format!(" {metric}")).unwrap_or_default();
    format!("{model}{}{metric}{date}", text(&it["score"]))
}

fn languages(it: &Value) -> String {
    let named = text(&it["named"]);
    match (named.is_empty(), it["count"].as_u64()) {
        (_, None) => named,
        (true, Some(count)) => format!("{count}, not named"),
        (false, Some(count)) => format!("{named}; {count} in all"),
    }
}

fn geometry(it: &Value) -> String {
    let number = |name: &str| it[name].as_u64().map_or_else(String::new, thousands);
    let mut text = format!(
        "{} layers × {}, {} heads, {} key-value heads of {}",
        number("layers"),
        number("hidden"),
        number("heads"),
        number("kv_heads"),
        number("head_dim"),
    );
    if let Some(experts) = it["experts"].as_object() {
        let number = |name: &str| experts.get(name).and_then(Value::as_u64).unwrap_or(0);
        text.push_str(&format!(", {} of {} experts", number("per_token"), number("count")));
    }
    let groups = it["kv"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ordinary = |group: &Value| group["kind"] == "grouped" && group["window"].is_null();
    if !groups.iter().all(ordinary) {
        let groups: Vec<String> = groups.iter().map(kv_group).collect();
        text.push_str(&format!("; cache: {}", groups.join(", ")));
    }
    text
}

fn kv_group(it: &Value) -> String {
    let number = |name: &str| it[name].as_u64().unwrap_or(0);
    let layers = number("layers");
    match (it["kind"].as_str(), it["window"].as_u64()) {
        (Some("grouped"), Some(window)) => {
            format!("{layers} layers with a window of {}", thousands(window))
        }
        (Some("latent"), _) => format!(
            "{layers} latent of {} + {}",
            number("rank"),
            number("rope_dim") + number("index_dim")
        ),
        (Some("state"), _) => format!("{layers} with a fixed state"),
        (Some("none"), _) => format!("{layers} without their own"),
        _ => format!("{layers} in full"),
    }
}

fn scaled(number: f64) -> String {
    scaled_with(
        number,
        &[(1e18, " E"), (1e15, " P"), (1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")],
        " ",
    )
}

/// Three significant digits, without zeros at the end, in the largest unit that leaves one or more.
fn scaled_with(number: f64, units: &[(f64, &str)], none: &str) -> String {
    let (size, unit) = units
        .iter()
        .copied()
        .find(|(size, _)| number.abs() >= size * 0.9995)
        .unwrap_or((1.0, none));
    let in_unit = number / size;
    let decimals = match in_unit.abs() {
        it if it >= 99.95 => 0,
        it if it >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{in_unit:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{text}{unit}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_in_words() {
        let check = |place: &str, it: Value, words: &str| assert_eq!(value(place, &it), words);
        check("parameters", json!(8_030_261_248_u64), "8.03 B");
        check("parameters", json!(671_000_000_000_u64), "671 B");
        check("parameters", json!(1_000_000_000_000_u64), "1 T");
        check("parameters", json!(999_990_000_u64), "1 B");
        check("parameters", json!(512), "512");
        check("context", json!(131_072), "131,072 tokens");
        check("memory", json!(80_000_000_000_u64), "80 GB");
        check("bandwidth", json!(3.35e12), "3.35 TB/s");
        check("compute.bf16", json!(989.5e12), "990 TFLOP/s");
        check("compute.int8", json!(1979e12), "1.98 POP/s");
        check("licence.data", json!("not_declared"), "not declared");
        check("input", json!(["text", "image"]), "text, image");
        check("languages", json!({"named": ["de"], "count": 119}), "de; 119 in all");
        check("scores.x", json!({"score": 49.2, "metric": "percent"}), "49.2 percent");
        check("power", json!(700.0), "700 W");
        check("watch.1", json!({"words": "so", "clause": "2"}), "so (clause 2)");
        assert_eq!(place("evidence.b.open"), "b, open");
        assert_eq!(place("compute.bf16"), "compute, bf16");
        assert_eq!(money(0.05, "USD"), "USD 0.0500");
        assert_eq!(money(15.0, "USD"), "USD 15.00");
    }

    #[test]
    fn counts_and_bytes_as_people_write_them() {
        assert_eq!(parse_count("8B"), Ok(8_000_000_000));
        assert_eq!(parse_count("1.5b"), Ok(1_500_000_000));
        assert_eq!(parse_count("131,072"), Ok(131_072));
        assert_eq!(parse_count(" 32k "), Ok(32_000));
        assert_eq!(parse_bytes("24GB"), Ok(24_000_000_000));
        assert_eq!(parse_bytes("24 GiB"), Ok(25_769_803_776));
        assert_eq!(parse_bytes("100"), Ok(100));
        for wrong in ["", "B", "-1", "1e99", "é", "1é", "NaN", "inf"] {
            assert_eq!(parse_count(wrong), Err(ParseCountError), "{wrong}");
            assert_eq!(parse_bytes(wrong), Err(ParseBytesError), "{wrong}");
        }
    }
}

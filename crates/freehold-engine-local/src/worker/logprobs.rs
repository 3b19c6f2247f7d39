//! Probabilities from logits: of the model itself, before temperature, penalties and grammar, so
//! that they say how sure the model was and not how it was asked.

/// The logarithm of the sum of all exponentials, which turns logits into logarithms of
/// probabilities. Vocabularies have up to 260,000 tokens and this is done for every token of every
/// text, so it is written for the compiler to compute several at once.
pub(super) fn log_sum(logits: &[f32]) -> f32 {
    let most = largest(logits);
    if !most.is_finite() {
        return most;
    }
    let mut total = 0.0_f64;
    for block in logits.chunks(BLOCK) {
        let (groups, rest) = block.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for group in groups {
            for (sum, logit) in sums.iter_mut().zip(group) {
                *sum += exponential(logit - most);
            }
        }
        let rest = rest.iter().map(|logit| exponential(logit - most));
        total += sums.into_iter().chain(rest).map(f64::from).sum::<f64>();
    }
    (f64::from(most) + total.ln()) as f32
}

/// The `count` likeliest tokens with their logits, likeliest first, lower numbers first among
/// equals.
pub(super) fn likeliest(logits: &[f32], count: usize) -> Vec<(usize, f32)> {
    if count == 0 {
        return Vec::new();
    }
    let mut best: Vec<(usize, f32)> = Vec::with_capacity(count + 1);
    for (token, logit) in logits.iter().copied().enumerate() {
        let full = best.len() == count;
        if full && best.last().is_none_or(|(_, least)| logit <= *least) {
            continue;
        }
        let place = best.partition_point(|(_, better)| *better >= logit);
        best.insert(place, (token, logit));
        best.truncate(count);
    }
    best
}

/// The likeliest token; the lowest number among equals.
pub(super) fn greedy(logits: &[f32]) -> usize {
    let most = largest(logits);
    let has_it = |group: &[f32]| group.iter().fold(false, |found, logit| found | (*logit == most));
    let group = logits.chunks(LANES).position(has_it).unwrap_or(0);
    let rest = logits.iter().enumerate().skip(group * LANES);
    rest.filter(|(_, logit)| **logit == most).map(|(token, _)| token).next().unwrap_or(0)
}

/// The largest number.
fn largest(numbers: &[f32]) -> f32 {
    let larger = |one: f32, other: f32| if other > one { other } else { one };
    let (groups, rest) = numbers.as_chunks::<LANES>();
    let mut most = [f32::NEG_INFINITY; LANES];
    for group in groups {
        for (most, number) in most.iter_mut().zip(group) {
            *most = larger(*most, *number);
        }
    }
    most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, larger)
}

/// e^`power` for powers up to 0, to one part in four million: 2^n by the bits of n, and the rest,
/// at most half of ln 2, by Taylor's series.
fn exponential(power: f32) -> f32 {
    let power = if power > LEAST_POWER { power } else { LEAST_POWER };
    // A number of this size has no bits for fractions, so that the sum is rounded to an integer.
    let rounded = power * std::f32::consts::LOG2_E + ROUNDER;
    let whole = rounded - ROUNDER;
    let rest = power - whole * LN_2_HIGH - whole * LN_2_LOW;
    let mut sum = 1.0 / 720.0;
    for factor in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * rest + factor;
    }
    sum * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

/// Numbers computed at once.
const LANES: usize = 16;
/// Numbers summed with 32 bits before they are added to a sum of 64: few enough to lose nothing.
const BLOCK: usize = 16 * LANES;
/// e to this power is nearly the least number with all its digits.
const LEAST_POWER: f32 = -87.0;
/// 1.5 * 2^23.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts; the first has so few digits that its product with a small integer is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one() {
        let logits = [0.0, 3.5, -2.0, 3.5, f32::NEG_INFINITY, -80.0];
        let total = log_sum(&logits);
        let sum: f64 = logits.iter().map(|logit| f64::from(logit - total).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
    }

    #[test]
    fn exponentials_are_those_of_the_library() {
        for step in 0..=8700 {
            let power = -f64::from(step) / 100.0;
            let (ours, exact) =
                (f64::from(exponential(power as f32)), f64::from(power as f32).exp());
            assert!((ours / exact - 1.0).abs() < 2.5e-7, "e^{power}: {ours} for {exact}");
        }
        assert!(exponential(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn large_vocabularies_lose_no_digits() {
        let mut state = 7_u32;
        let logits: Vec<f32> = (0..150_003)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 24) as f32 * 30.0 - 12.0
            })
            .collect();
        let exact: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum::<f64>().ln();
        assert!((f64::from(log_sum(&logits)) - exact).abs() < 2e-6);
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(logits[greedy(&logits)].to_bits(), most.to_bits());
        assert_eq!(greedy(&logits), likeliest(&logits, 1)[0].0);
    }

    #[test]
    fn ties_go_to_the_lower_number() {
        let logits = [1.0, 3.0, 2.0, 3.0];
        assert_eq!(greedy(&logits), 1);
        assert_eq!(likeliest(&logits, 3), [(1, 3.0), (3, 3.0), (2, 2.0)]);
        assert_eq!(likeliest(&logits, 0), []);
        assert_eq!(likeliest(&logits, 9).len(), 4);
    }
}

//! Probabilities from logits: of the model itself, before temperature, penalties and grammar, so
//! that they say how sure the model was and not how it was asked.

/// The logarithm of the sum of all exponentials, which turns logits into logarithms of
/// probabilities.
pub(super) fn log_sum(logits: &[f32]) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !most.is_finite() {
        return most;
    }
    // What is less than e^-30 of the likeliest changes no digit of a 32-bit sum, even 200,000 times.
    let sum: f64 = logits
        .iter()
        .map(|logit| logit - most)
        .filter(|below| *below > -30.0)
        .map(|below| f64::from(below.exp()))
        .sum();
    (f64::from(most) + sum.ln()) as f32
}

/// The `count` likeliest tokens with their logits, likeliest first, lower numbers first among
/// equals.
pub(super) fn likeliest(logits: &[f32], count: usize) -> Vec<(usize, f32)> {
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
    let mut best = (0, f32::NEG_INFINITY);
    for (token, logit) in logits.iter().copied().enumerate() {
        if logit > best.1 {
            best = (token, logit);
        }
    }
    best.0
}

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
    fn ties_go_to_the_lower_number() {
        let logits = [1.0, 3.0, 2.0, 3.0];
        assert_eq!(greedy(&logits), 1);
        assert_eq!(likeliest(&logits, 3), [(1, 3.0), (3, 3.0), (2, 2.0)]);
        assert_eq!(likeliest(&logits, 0), []);
        assert_eq!(likeliest(&logits, 9).len(), 4);
    }
}

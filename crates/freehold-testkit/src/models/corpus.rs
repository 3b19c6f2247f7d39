//! A few sentences from which the tiny vocabularies are made.

use std::collections::BTreeMap;

/// Enough to give merges in two scripts, digits and punctuation.
pub(super) const TEXT: &str = "\
The harbour office opens at seven and closes at five. Please send the invoice to Margaret Ellis by
Friday, the 14th of May 2027. The water in the cellar is rising, the pump has stopped, and nobody
answers the telephone. She said that they'd rather wait; he says it's too late. I've read the
contract, and I'm not sure we'll sign it. Where is the key to the archive? It hangs beside the door
of the old library, under the clock. The model answers from the passage, and says so where the
passage does not say. Die Größe der Räume ist bekannt. Où est la clé de la bibliothèque? Вода
поднимается. The order of 1200 pieces cost 3,450.75 euros. open weights, open code, open data.";

/// The corpus's words with their numbers, a leading space kept with the word that follows it.
pub(super) fn words() -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    for (place, word) in TEXT.split_whitespace().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        let space = if place == 0 { "" } else { " " };
        *words.entry(format!("{space}{bare}")).or_insert(0) += 1;
    }
    words
}

/// Pairs to merge, most frequent first, ties by text: `symbols` cuts a word into what to begin
/// with. Stops after `count` merges or when no pair occurs twice.
pub(super) fn merges(symbols: impl Fn(&str) -> Vec<String>, count: usize) -> Vec<(String, String)> {
    let mut words: Vec<(Vec<String>, usize)> =
        words().iter().map(|(word, number)| (symbols(word), *number)).collect();
    let mut merges = Vec::new();
    while merges.len() < count {
        let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (word, number) in &words {
            for pair in word.windows(2) {
                *pairs.entry((&pair[0], &pair[1])).or_insert(0) += number;
            }
        }
        let best = pairs.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some(((left, right), 2..)) = best else { break };
        let (left, right) = (left.to_owned(), right.to_owned());
        for (word, _) in &mut words {
            let mut at = 0;
            while at + 1 < word.len() {
                if word[at] == left && word[at + 1] == right {
                    let tail = word.remove(at + 1);
                    word[at].push_str(&tail);
                }
                at += 1;
            }
        }
        merges.push((left, right));
    }
    merges
}

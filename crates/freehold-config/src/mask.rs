//! Messages show the line that is wrong, and what was found: without the secrets that somebody
//! wrote where none belongs.

/// The text with stars, one for each character, in place of the user and password of a URL, and of
/// any quoted value whose name says that it is a secret.
pub(crate) fn masked(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for at in 0..letters.len() {
        if letters[at..].starts_with(&[':', '/', '/']) {
            let end = end_of(&letters, at + 3, |letter| QUOTES.contains(&letter));
            // A password may hold anything, so it reaches to the last @.
            let last = letters[at + 3..end].iter().rposition(|letter| *letter == '@');
            letters[at + 3..at + 3 + last.unwrap_or(0)].fill('*');
        }
        if letters[at] == '=' && says_secret(&letters[..at]) {
            let mut first = at + 1;
            while letters.get(first).is_some_and(|letter| *letter == ' ') {
                first += 1;
            }
            let Some(quote) = letters.get(first).copied().filter(|it| QUOTES.contains(it)) else {
                continue;
            };
            let mut escaped = false;
            let end = end_of(&letters, first + 1, |letter| {
                let ends = letter == quote && !escaped;
                escaped = letter == '\\' && quote == '"' && !escaped;
                ends
            });
            letters[first + 1..end].fill('*');
        }
    }
    letters.into_iter().collect()
}

fn end_of(letters: &[char], from: usize, mut ends: impl FnMut(char) -> bool) -> usize {
    let rest = letters.get(from..).unwrap_or_default();
    rest.iter().position(|letter| ends(*letter)).map_or(letters.len(), |length| from + length)
}

/// Whether the name that ends here, before an equals sign, is one of a secret. What only says where
/// a secret is, is none.
fn says_secret(before: &[char]) -> bool {
    let text: String = before.iter().collect();
    let of_name = |letter: char| letter.is_alphanumeric() || "_-.\"'".contains(letter);
    let name = text.trim_end().rsplit(|letter| !of_name(letter)).next().unwrap_or_default();
    let name = name.trim_matches(QUOTES).to_lowercase();
    let place = ["_env", "_file", "-env", "-file"].iter().any(|end| name.ends_with(end));
    !place && SECRETS.iter().any(|word| name.contains(word))
}

const QUOTES: [char; 2] = ['"', '\''];
const SECRETS: [&str; 6] = ["key", "token", "secret", "password", "passwd", "credential"];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(masked(text), expected);
        assert_eq!(masked(text).chars().count(), text.chars().count(), "carets stay in place");
    }

    #[test]
    fn secrets_are_stars() {
        check("url = \"http://me:pä@s/w@host/v1\"", "url = \"http://*********@host/v1\"");
        check("\"https://token@host\"", "\"https://*****@host\"");
        check("a = 'ftp://u:p@h', b = \"http://u:p@h\"", "a = 'ftp://***@h', b = \"http://***@h\"");
        check("api_key = \"sk-1\" # mine", "api_key = \"****\" # mine");
        check(r#"models = [{ Token="x\"y", z = 1"#, r#"models = [{ Token="****", z = 1"#);
        check("\"api-key\" = 'sk'", "\"api-key\" = '**'");
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "url = \"http://host/v1?user=a\"",
            "api_key_env = \"VLLM_KEY\"",
            "name = \"org/model@v1\"",
            "keys = 3",
            "listen = \"127.0.0.1:8484\"",
            "=",
            "",
        ] {
            check(text, text);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_its_length(text in ".{0,60}") {
            proptest::prop_assert_eq!(masked(&text).chars().count(), text.chars().count());
        }
    }
}

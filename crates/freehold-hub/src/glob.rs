//! Patterns for file names, read as huggingface_hub's `allow_patterns` are: Python's `fnmatch` over
//! the whole name, in which `*` also stands for `/`, and a pattern that ends with `/` means the folder.

/// Whether a name is as a pattern says.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern: Vec<char> = pattern.chars().collect();
    if pattern.last() == Some(&'/') {
        pattern.push('*');
    }
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where the last star stands, and how far it reaches: only that one is ever tried again.
    let mut star = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if let Some(next) = one(&pattern, p, name[n]) {
            p = next;
            n += 1;
        } else if let Some((at, reach)) = star {
            star = Some((at, reach + 1));
            p = at + 1;
            n = reach + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Where the pattern goes on if what is at `p` stands for this character.
fn one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match pattern.get(p)? {
        '?' => Some(p + 1),
        '[' => match set(pattern, p + 1) {
            Some((within, negated, end)) => (holds(within, c) != negated).then_some(end),
            None => (c == '[').then_some(p + 1),
        },
        own => (*own == c).then_some(p + 1),
    }
}

/// The characters of a set that begins after its bracket, whether it is negated, and where the
/// pattern goes on; `None` where it never ends. A `]` that comes first belongs to it.
fn set(pattern: &[char], start: usize) -> Option<(&[char], bool, usize)> {
    let negated = pattern.get(start) == Some(&'!');
    let first = start + usize::from(negated);
    let from = first + usize::from(pattern.get(first) == Some(&']'));
    let end = (from..pattern.len()).find(|at| pattern[*at] == ']')?;
    Some((&pattern[first..end], negated, end + 1))
}

fn holds(set: &[char], c: char) -> bool {
    let mut at = 0;
    while at < set.len() {
        if set.get(at + 1) == Some(&'-') && at + 2 < set.len() {
            if (set[at]..=set[at + 2]).contains(&c) {
                return true;
            }
            at += 3;
        } else {
            if set[at] == c {
                return true;
            }
            at += 1;
        }
    }
    false
}

//! The schema of a file of skops's: which types it names (`skops/io/_general.py` reads `__module__`,
//! `__class__` and `__loader__` of each node).

use serde_json::Value;

use crate::{
    finding::{Finding, shown},
    pickle, rules,
};

/// What the types in a schema would do.
pub fn check(schema: &Value) -> Vec<Finding> {
    let (mut findings, mut waiting) = (Vec::new(), vec![schema]);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(node) => {
                waiting.extend(node.values());
                let text = |key: &str| node.get(key).and_then(Value::as_str);
                let (Some(module), Some(class)) = (text("__module__"), text("__class__")) else {
                    continue;
                };
                let rule = match pickle::falls(module, class) {
                    Some(rule) if pickle::harms(rule) => &rules::SKOPS_HARMS,
                    Some(_) => &rules::SKOPS_UNKNOWN,
                    None => continue,
                };
                let what = shown(format!("{module}.{class}").as_bytes(), 160);
                if findings.len() < MOST && findings.iter().all(|one: &Finding| one.what != what) {
                    findings.push(Finding::new(rule, 0, what));
                }
            }
            _ => {}
        }
    }
    findings
}

const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_judged_at_any_depth() {
        let check = |module: &str, class: &str| {
            let node = serde_json::json!({"__module__": module, "__class__": class});
            let found = check(&serde_json::json!({"content": [{"a": node}]}));
            found.first().map(|one| one.rule.name)
        };
        assert_eq!(check("os", "system"), Some("skops/dangerous-type"));
        assert_eq!(check("mine", "Thing"), Some("skops/unknown-type"));
        assert_eq!(check("sklearn.linear_model._base", "LinearRegression"), None);
        assert_eq!(check("builtins", "dict"), None);
    }
}

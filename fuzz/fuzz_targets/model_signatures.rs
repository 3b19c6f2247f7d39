//! Model signatures, keys and certificates from anyone: no panic, and a statement that is read is
//! written as it was understood.
#![no_main]

use freehold_bom::signature::{Bundle, PublicKey, Roots, Statement};
use freehold_types::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::from_json(bytes) {
        let again = Statement::from_json(&statement.to_json()).expect("it was read before");
        assert_eq!(again, statement);
        assert!(statement.differences(&statement.resources).is_empty());
    }
    let text = String::from_utf8_lossy(bytes);
    let key = PublicKey::from_spki(bytes).or_else(|_| PublicKey::from_pem(&text));
    let Ok(bundle) = Bundle::from_json(bytes) else {
        let _read = Roots::from_pem(&text);
        return;
    };
    if let Ok(key) = key {
        let _answer = bundle.verify(&key);
    }
    if let Ok(roots) = Roots::from_pem(ROOT) {
        let _answer = bundle.verify_certificate(&roots, Timestamp(1_800_000_000_000_000));
    }
});

const ROOT: &str =
    include_str!("../../crates/freehold-bom/src/signature/testdata/root.cert.pem");

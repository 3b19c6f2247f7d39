//! Signatures that `model-signing` made, our own, and every way in which they could deceive.

use freehold_types::Timestamp;
use proptest::prelude::*;
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use super::*;

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("testdata/", $name))
    };
}

fn sha256(bytes: &[u8]) -> freehold_types::Digest {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    freehold_types::Digest::from_bytes(digest.as_ref().try_into().expect("32 bytes"))
}

fn whole(path: &str, bytes: &str) -> Resource {
    Resource { path: path.to_owned(), range: None, digest: sha256(bytes.as_bytes()) }
}

fn part(path: &str, start: u64, bytes: &str) -> Resource {
    let end = start + bytes.len() as u64;
    Resource { range: Some((start, end)), ..whole(path, bytes) }
}

fn golden() -> Vec<Resource> {
    vec![
        whole("config.json", "{}\n"),
        whole("empty", ""),
        whole("sub/a", "a\n"),
        whole("sub.txt", "b\n"),
    ]
}

fn files() -> Serialization {
    let ignore_paths = vec![".git".to_owned()];
    Serialization { method: Method::Files, allow_symlinks: false, ignore_paths }
}

fn public(pem: &str) -> PublicKey {
    PublicKey::from_pem(pem).expect("a key")
}

fn private(pem: &str) -> PrivateKey {
    PrivateKey::from_pem(pem, &SystemRandom::new()).expect("a key")
}

fn verified(bundle: &str, key: &str) -> Result<Statement, VerifyError> {
    Bundle::from_json(bundle.as_bytes()).expect("a bundle").verify(&public(key))
}

#[test]
fn signatures_of_the_python_package_hold() {
    for (bundle, key) in
        [(data!("key.sig"), data!("p256.pub.pem")), (data!("p384.sig"), data!("p384.pub.pem"))]
    {
        let statement = verified(bundle, key).expect("it holds");
        assert_eq!(statement.name, "golden");
        assert_eq!(statement.resources, golden());
        assert_eq!(statement.serialization.ignore_paths.len(), 5);
        assert_eq!(statement.differences(&golden()), []);
    }
    let parts = [
        part("config.json", 0, "{}"),
        part("config.json", 2, "\n"),
        part("sub/a", 0, "a\n"),
        part("sub.txt", 0, "b\n"),
    ];
    let statement = verified(data!("shards.sig"), data!("p256.pub.pem")).expect("it holds");
    assert_eq!(statement.serialization.method, Method::Shards(2));
    assert_eq!(statement.resources, parts);
}

#[test]
fn our_own_signatures_hold() {
    let random = SystemRandom::new();
    for (private_pem, public_pem, curve) in [
        (data!("p256.pkcs8.pem"), data!("p256.pub.pem"), Curve::P256),
        (data!("p256.sec1.pem"), data!("p256.pub.pem"), Curve::P256),
        (data!("p384.sec1.pem"), data!("p384.pub.pem"), Curve::P384),
    ] {
        let key = private(private_pem);
        assert_eq!(key.public(), &public(public_pem));
        assert_eq!((key.public().curve(), key.public().to_pem().as_str()), (curve, public_pem));
        // Out of order: they are put in order of their names' parts.
        let mut statement =
            Statement::new("m".to_owned(), files(), golden().into_iter().rev().collect());
        statement.more.insert("freehold_admission".to_owned(), json!({ "by": "kim" }));
        let bundle = sign(&statement, &key, &random).expect("signed");
        let read = Bundle::from_json(&bundle).expect("a bundle");
        assert_eq!(read.verify(&public(public_pem)).expect("it holds"), statement);
        assert_eq!(statement.resources, golden());
        let other =
            if curve == Curve::P256 { data!("p384.pub.pem") } else { data!("p256.pub.pem") };
        let error = read.verify(&public(other)).expect_err("another key");
        assert!(matches!(error, VerifyError::OtherKey { .. }) && error.is_no(), "{error}");
    }
}

/// Changes a bundle's JSON.
fn changed(bundle: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_str(bundle).expect("JSON");
    change(&mut value);
    value.to_string().into_bytes()
}

#[test]
fn changed_envelopes_are_refused() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let check = |change: &dyn Fn(&mut Value), said: &str, no: bool| {
        let bundle = changed(data!("key.sig"), change);
        let error = match Bundle::from_json(&bundle) {
            Err(error) => (error.to_string(), false),
            Ok(bundle) => {
                let error = bundle.verify(&public(data!("p256.pub.pem"))).expect_err(said);
                (error.to_string(), error.is_no())
            }
        };
        assert!(error.0.contains(said) && error.1 == no, "{said}: {error:?}");
    };
    let payload = |change: &dyn Fn(&mut Value), all: &mut Value| {
        let text = all["dsseEnvelope"]["payload"].as_str().expect("a text");
        let mut inner =
            serde_json::from_slice(&STANDARD.decode(text).expect("base64")).expect("JSON");
        change(&mut inner);
        all["dsseEnvelope"]["payload"] = STANDARD.encode(inner.to_string()).into();
    };
    let material = "verificationMaterial";
    check(&|all| payload(&|it| it["subject"][0]["name"] = "x".into(), all), "not the key's", true);
    check(
        &|all| all["dsseEnvelope"]["signatures"][0]["sig"] = "AAAA".into(),
        "not the key's",
        true,
    );
    check(&|all| all["dsseEnvelope"]["payloadType"] = "text/plain".into(), "text/plain", false);
    check(&|all| all[material]["publicKey"]["hint"] = "00".into(), "another key", true);
    check(&|all| all[material]["tlogEntries"] = json!([{}]), "not verified", false);
    check(&|all| all[material] = json!({}), "neither a key nor a certificate", false);
    check(
        &|all| all[material] = json!({ "x509CertificateChain": { "certificates": [] } }),
        "neither",
        false,
    );
    check(&|all| all["mediaType"] = "application/json".into(), "application/json", false);
    check(&|all| all["dsseEnvelope"]["signatures"] = json!([]), "0 signatures", false);
    check(&|all| all["dsseEnvelope"]["payload"] = "%".into(), "`payload`", false);
    check(&|all| all["dsseEnvelope"] = Value::Null, "no DSSE envelope", false);
    check(&|all| *all = json!([]), "no Sigstore bundle", false);
    // Without a hint the key alone decides, as with signatures before 1.0.
    let bundle = changed(data!("key.sig"), |all| all[material]["publicKey"] = json!({}));
    let bundle = Bundle::from_json(&bundle).expect("a bundle");
    assert!(bundle.verify(&public(data!("p256.pub.pem"))).is_ok());
    assert!(bundle.verify(&public(data!("p384.pub.pem"))).is_err());
}

#[test]
fn statements_that_are_signed_but_wrong_are_refused() {
    let check = |change: &dyn Fn(&mut Value), said: &str| {
        let statement = Statement::new("m".to_owned(), files(), golden());
        let mut json = serde_json::from_slice(&statement.to_json()).expect("JSON");
        change(&mut json);
        let error = Statement::from_json(json.to_string().as_bytes()).expect_err(said);
        let error = VerifyError::Statement(error);
        let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error}: {text}").contains(said), "{said}: {error}: {text}");
    };
    let resource = |name: &'static str, value: &'static str| {
        move |all: &mut Value| all["predicate"]["resources"][0][name] = value.into()
    };
    let serialization = |name: &'static str, value: Value| {
        move |all: &mut Value| all["predicate"]["serialization"][name] = value.clone()
    };
    let zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    check(&resource("digest", zeros), "contradicts itself");
    check(&|all| all["subject"][0]["digest"] = json!({}), "contradicts itself");
    check(&resource("digest", "abc"), "the digest of `config.json` is none");
    check(&resource("algorithm", "md5"), "`md5`");
    for name in ["../x", "/etc/passwd", "a//b", "a/./b", "", "empty"] {
        check(&resource("name", name), &format!("`{name}`"));
    }
    check(&serialization("hash_type", json!("blake3")), "`blake3`");
    check(&serialization("method", json!("tensors")), "`tensors`");
    for size in [json!(0), json!(-1), json!(1.5), json!(1e300), Value::Null] {
        let shards = serialization("shard_size", size);
        check(
            &|all| {
                shards(all);
                serialization("method", json!("shards"))(all)
            },
            "`shards`",
        );
    }
    check(&|all| all["subject"] = json!([]), "0 subjects");
    check(&|all| all["_type"] = "x".into(), "of type `x`");
    check(&|all| all["predicateType"] = "https://slsa.dev/provenance/v1".into(), "slsa.dev");
    check(&|all| all["predicate"] = json!({}), "cannot be read");
    check(&|all| *all = json!([]), "cannot be read");
    let error = verified(data!("blake3.sig"), data!("p256.pub.pem")).expect_err("BLAKE3");
    assert!(!error.is_no(), "{error}");
}

#[test]
fn differences_name_the_file() {
    let check = |signed: Vec<Resource>, there: Vec<Resource>, expected: &[(&str, Parts)]| {
        let statement = Statement::new("m".to_owned(), files(), signed);
        let found = statement.differences(&there);
        let found: Vec<_> = found.iter().map(|one| (one.path.as_str(), one.what)).collect();
        assert_eq!(found, expected);
    };
    let (a, b, c) = (whole("a", "1"), whole("b", "1"), whole("c", "1"));
    check(vec![a.clone(), b.clone()], vec![b.clone(), a.clone()], &[]);
    check(vec![a.clone()], vec![whole("a", "2")], &[("a", Parts::Changed)]);
    let mixed = [("b", Parts::Removed), ("c", Parts::Added)];
    check(vec![a.clone(), b], vec![a, c], &mixed);
    // One part more, one part less, one part changed: the file was changed.
    let parts = || vec![part("a", 0, "xx"), part("a", 2, "yy")];
    check(parts(), parts(), &[]);
    check(parts(), parts()[..1].to_vec(), &[("a", Parts::Changed)]);
    check(parts()[..1].to_vec(), parts(), &[("a", Parts::Changed)]);
    check(parts(), vec![part("a", 0, "xx"), part("a", 2, "yz")], &[("a", Parts::Changed)]);
    check(parts(), vec![], &[("a", Parts::Removed)]);
}

#[test]
fn keys_that_cannot_be_used_say_why() {
    let private = |pem: &str| {
        PrivateKey::from_pem(pem, &SystemRandom::new()).expect_err("no key").to_string()
    };
    for (pem, said) in [
        (data!("encrypted.pem"), "encrypted with a password"),
        (data!("proctype.pem"), "encrypted with a password"),
        (data!("nopublic.pem"), "without its public half"),
        (data!("p521.sec1.pem"), "P-521"),
        (data!("ed25519.pem"), "Ed25519"),
        (data!("rsa.pem"), "RSA"),
        (data!("p256.pub.pem"), "a public key, and a private key is needed"),
        ("", "holds no private key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "malformed"),
    ] {
        assert!(private(pem).contains(said), "{said}: {}", private(pem));
    }
    let public = |pem: &str| PublicKey::from_pem(pem).expect_err("no key").to_string();
    for (pem, said) in [
        (data!("p256.sec1.pem"), "a private key, and a public key is needed"),
        (data!("root.cert.pem"), "a certificate, and a public key is needed"),
        ("-----BEGIN PUBLIC KEY-----", "holds no public key"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "malformed"),
    ] {
        assert!(public(pem).contains(said), "{said}: {}", public(pem));
    }
    // A private key whose halves are of two pairs.
    let mut mixed = ring_free_base64(data!("p256.sec1.pem"));
    mixed[8] ^= 1;
    let mixed = pem::write("EC PRIVATE KEY", &mixed);
    assert_eq!(private(&mixed), "the key is malformed");
}

fn ring_free_base64(pem: &str) -> Vec<u8> {
    super::pem::blocks(pem)[0].bytes.to_vec()
}

#[test]
fn certificates_must_lead_to_a_root_and_be_for_signing() {
    let (root, between, other) =
        (data!("root.cert.pem"), data!("between.cert.pem"), data!("other.cert.pem"));
    let day = |year: u64| Timestamp((year - 1970) * 365 * 86_400_000_000 + 30 * 86_400_000_000);
    let check = |bundle: &str, roots: &str, year: u64| {
        let bundle = Bundle::from_json(bundle.as_bytes()).expect("a bundle");
        let roots = Roots::from_pem(roots).expect("certificates");
        match bundle.verify_certificate(&roots, day(year)) {
            Ok((statement, by)) => {
                assert_eq!(statement.resources, golden());
                by.names.join(", ")
            }
            Err(error) => {
                assert!(error.is_no(), "{error}");
                let cause = std::error::Error::source(&error);
                cause.map(ToString::to_string).unwrap_or_default()
            }
        }
    };
    let signer = "Example Models, Signer, models@example.org";
    assert_eq!(check(data!("leaf.sig"), root, 2027), signer);
    assert_eq!(check(data!("leaf.sig"), &format!("{root}{between}{other}"), 2027), signer);
    for (bundle, roots, year, said) in [
        (data!("leaf.sig"), root, 2025, "CertNotValidYet"),
        (data!("leaf.sig"), root, 2059, "CertExpired"),
        (data!("leaf.sig"), other, 2027, "UnknownIssuer"),
        (data!("expired.sig"), root, 2027, "CertExpired"),
        (data!("tls.sig"), root, 2027, "RequiredEkuNotFound"),
        (data!("encipher.sig"), root, 2027, "not for signing"),
    ] {
        assert!(
            check(bundle, roots, year).contains(said),
            "{said}: {}",
            check(bundle, roots, year)
        );
    }
    assert_eq!(check(data!("expired.sig"), root, 2021), "Example Models, Signer");

    assert!(matches!(Roots::from_pem(between), Err(CertificateError::NoRoot)));
    assert!(matches!(Roots::from_pem(data!("p256.pub.pem")), Err(CertificateError::None)));
    let bundle = Bundle::from_json(data!("leaf.sig").as_bytes()).expect("a bundle");
    let error = bundle.verify(&public(data!("p256.pub.pem"))).expect_err("roots are needed");
    assert!(!error.is_no() && error.to_string().starts_with("not verified"), "{error}");
    let bundle = Bundle::from_json(data!("key.sig").as_bytes()).expect("a bundle");
    let roots = Roots::from_pem(root).expect("certificates");
    let error = bundle.verify_certificate(&roots, day(2027)).expect_err("a key is needed");
    assert!(!error.is_no() && error.to_string().starts_with("not verified"), "{error}");
}

#[test]
fn the_signer_of_a_chain_is_its_first_certificate() {
    // The root is trusted and holds, but its key did not sign: the chain in the bundle is swapped.
    let bundle = changed(data!("leaf.sig"), |all| {
        let chain = &mut all["verificationMaterial"]["x509CertificateChain"]["certificates"];
        chain.as_array_mut().expect("a list").reverse();
    });
    let bundle = Bundle::from_json(&bundle).expect("a bundle");
    let roots = Roots::from_pem(data!("root.cert.pem")).expect("certificates");
    let error = bundle.verify_certificate(&roots, Timestamp(1_800_000_000_000_000));
    assert!(error.expect_err("no signer").is_no());
}

proptest! {
    /// Whatever the bytes, reading ends, and nothing verifies that the key did not sign.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = PublicKey::from_spki(&bytes);
        let _ = PublicKey::from_pem(&text);
        let _ = PrivateKey::from_pem(&text, &SystemRandom::new());
        let _ = Roots::from_pem(&text);
        let _ = Statement::from_json(&bytes);
        prop_assert!(Bundle::from_json(&bytes).is_err());
    }

    /// One byte of a certificate or key changed: it is read or refused, and never verifies.
    #[test]
    fn a_changed_certificate_is_never_trusted(at in 0usize..600, to in any::<u8>()) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let roots = Roots::from_pem(data!("root.cert.pem")).expect("certificates");
        let mut same = false;
        let bundle = changed(data!("leaf.sig"), |all| {
            let raw = &mut all["verificationMaterial"]["x509CertificateChain"]["certificates"][0];
            let text = raw["rawBytes"].as_str().expect("a text");
            let mut der = STANDARD.decode(text).expect("base64");
            let at = at % der.len();
            der[at] = to;
            raw["rawBytes"] = STANDARD.encode(der).into();
        });
        same |= serde_json::from_slice::<Value>(&bundle).ok()
            == serde_json::from_str::<Value>(data!("leaf.sig")).ok();
        let bundle = Bundle::from_json(&bundle).expect("a bundle");
        let answer = bundle.verify_certificate(&roots, Timestamp(1_800_000_000_000_000));
        prop_assert_eq!(answer.is_ok(), same);
    }

    /// What is written is read back, whatever the names.
    #[test]
    fn statements_are_read_back(
        names in proptest::collection::btree_set("[a-zäö:\"\\\\ ]{1,6}(/[a-z.]{1,2}x)?", 0..8),
        size in proptest::option::of(1u64..5),
    ) {
        let method = size.map_or(Method::Files, Method::Shards);
        let resources = names.iter().map(|name| match size {
            None => whole(name, name),
            Some(size) => Resource { range: Some((size, size + 1)), ..whole(name, name) },
        });
        let how = Serialization { method, ..files() };
        let statement = Statement::new("m".to_owned(), how, resources.collect());
        let read = Statement::from_json(&statement.to_json()).expect("it is ours");
        prop_assert_eq!(read, statement);
    }
}

//! `freehold vet sign` and `freehold vet verify`, with Python's `model-signing` as the other side.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    harness::{Ran, admit, run, witness},
    json::valid_text,
};

/// Keys and certificates for tests.
fn data(name: &str) -> String {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../freehold-bom/src/signature/testdata");
    folder.join(name).display().to_string()
}

/// A folder with what a model has, and what it should not have signed.
fn model(home: &Path) -> PathBuf {
    let model = home.join("model");
    fs::create_dir_all(model.join("sub")).expect("a folder");
    fs::create_dir_all(model.join(".git")).expect("a folder");
    for (name, text) in [
        ("config.json", "{}"),
        ("weights.bin", "0123456789"),
        ("empty", ""),
        (".hidden", "h"),
        ("sub/a", "a"),
        ("sub.txt", "b"),
        ("ünï", "c"),
        (".git/HEAD", "x"),
    ] {
        fs::write(model.join(name), text).expect("a file");
    }
    model
}

/// Python's answer.
fn python(what: &str, model: &Path, signature: &Path, key: &str, words: &[&str]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/model_signature.py");
    let mut command = Command::new(witness("FREEHOLD_PYTHON"));
    command.arg(script).arg(what).arg(model).arg(signature).arg(key).args(words);
    let output = command.output().expect("Python can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), said + &String::from_utf8_lossy(&output.stderr))
}

fn verify(home: &Path, model: &Path, signature: &Path, more: &[&str]) -> Ran {
    let (model, signature) = (model.display().to_string(), signature.display().to_string());
    let command = ["vet", "verify", model.as_str(), "--signature", signature.as_str()];
    run(home, &[&command, more].concat())
}

#[test]
fn what_python_signs_verifies() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let (leaf, chain) =
        (format!("leaf={}", data("leaf.cert.pem")), format!("chain={}", data("between.cert.pem")));
    let (key, p256) = (data("p256.pkcs8.pem"), data("p256.pub.pem"));
    let (p384, p384_public, roots) =
        (data("p384.sec1.pem"), data("p384.pub.pem"), data("root.cert.pem"));
    for (at, (key, words, more)) in [
        (&key, vec!["ignore=sub.txt"], vec!["--key", &p256]),
        (&key, vec!["symlinks"], vec!["--key", &p256]),
        (&key, vec!["symlinks", "shard=4"], vec!["--key", &p256]),
        (&p384, vec!["symlinks"], vec!["--key", &p384_public]),
        (&key, vec!["symlinks", &leaf, &chain], vec!["--certificate-chain", &roots]),
    ]
    .into_iter()
    .enumerate()
    {
        if at == 1 {
            symlink("config.json", model.join("link")).expect("a link");
        }
        // In the model, and beside it.
        for signature in [model.join("model.sig"), home.path().join(format!("{at}.sig"))] {
            let signed = python("sign", &model, &signature, key, &words);
            assert!(signed.0, "{words:?}: {}", signed.1);
            let ran = verify(home.path(), &model, &signature, &more);
            assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.stdout, ran.stderr);
            fs::write(model.join("sub/a"), "A").expect("a file");
            let ran = verify(home.path(), &model, &signature, &more);
            assert!(ran.code == 1 && ran.stdout.contains("changed  sub/a"), "{}", ran.stdout);
            fs::write(model.join("sub/a"), "a").expect("a file");
            fs::remove_file(&signature).expect("it can be removed");
        }
    }
}

#[test]
fn what_we_sign_verifies_in_python() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let file = model.join("weights.bin");
    let sign = |path: &Path, out: &Path, key: &str, more: &[&str]| {
        let (path, out, key) = (path.display().to_string(), out.display().to_string(), data(key));
        let command = ["vet", "sign", &path, "--key", &key, "--out", &out];
        let ran = run(home.path(), &[&command, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    let signature = model.join("model.sig");
    for (private, public) in [
        ("p256.sec1.pem", "p256.pub.pem"),
        ("p256.pkcs8.pem", "p256.pub.pem"),
        ("p384.sec1.pem", "p384.pub.pem"),
    ] {
        sign(&model, &signature, private, &[]);
        let answer = python("verify", &model, &signature, &data(public), &[]);
        assert!(answer.0, "{private}: {}", answer.1);
        assert_eq!(verify(home.path(), &model, &signature, &["--key", &data(public)]).code, 0);
    }
    // It is Python that says no, too.
    fs::write(model.join("config.json"), "[]").expect("a file");
    let (yes, said) = python("verify", &model, &signature, &data("p384.pub.pem"), &[]);
    assert!(!yes && said.contains("Hash mismatch for 'config.json'"), "{said}");
    fs::write(model.join("config.json"), "{}").expect("a file");

    let out = home.path().join("one.sig");
    sign(&file, &out, "p256.pkcs8.pem", &[]);
    let answer = python("verify", &file, &out, &data("p256.pub.pem"), &[]);
    assert!(answer.0, "{}", answer.1);
    assert_eq!(verify(home.path(), &file, &out, &["--key", &data("p256.pub.pem")]).code, 0);

    symlink("config.json", model.join("link")).expect("a link");
    sign(&model, &out, "p256.pkcs8.pem", &["--allow-symlinks", "--ignore", "sub"]);
    let answer = python("verify", &model, &out, &data("p256.pub.pem"), &["symlinks"]);
    assert!(answer.0, "what is left out stands in the signature: {}", answer.1);
    fs::write(model.join("link"), "[]").expect("a file");
    assert!(!python("verify", &model, &out, &data("p256.pub.pem"), &["symlinks"]).0);
}

#[test]
fn every_difference_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let signature = model.join("model.sig");
    let (path, out) = (model.display().to_string(), signature.display().to_string());
    let (private, public) = (data("p256.pkcs8.pem"), data("p256.pub.pem"));
    let ran = run(home.path(), &["vet", "sign", &path, "--key", &private, "--out", &out]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 0
    --- out
    signed: 7 files of model, in [HOME]/model/model.sig
    left out: .git
    ");
    let check = |more: &[&str]| {
        let ran = verify(home.path(), &model, &signature, &[&["--key", &public], more].concat());
        ran.text(home.path())
    };
    assert_snapshot!(check(&[]), @"
    code: 0
    --- out
    verified: 7 files are what was signed
    signed by: the key 7d8e6e99cbe055e2bd281213a8ec8e925e828949376b775103ebdf23cd572e22
    nothing is said about: .git, model.sig
    ");
    fs::write(model.join("weights.bin"), "0123456780").expect("a file");
    fs::remove_file(model.join("sub/a")).expect("it can be removed");
    fs::write(model.join("sub/new.py"), "import os").expect("a file");
    fs::remove_file(model.join("empty")).expect("it can be removed");
    symlink("config.json", model.join("empty")).expect("a link");
    fs::write(model.join(".git/hook"), "not asked about").expect("a file");
    assert_snapshot!(check(&[]), @"
    code: 1
    --- out
    refused: 4 files are not what was signed
    link     empty: a link, and links are not followed
    removed  sub/a
    added    sub/new.py: not in the signature
    changed  weights.bin
    nothing is said about: .git, model.sig
    ");
    assert_snapshot!(check(&["--ignore", "sub/new.py", "--allow-symlinks"]), @"
    code: 1
    --- out
    refused: 3 files are not what was signed
    changed  empty
    removed  sub/a
    changed  weights.bin
    nothing is said about: .git, model.sig, sub/new.py
    ");
    let ran = verify(home.path(), &model, &signature, &["--key", &public, "--json"]);
    assert_eq!(ran.code, 1);
    crate::json::valid_text("vet-verify", home.path(), &ran.stdout);
    let what = |all: &Value| {
        let all = all["differences"].as_array().expect("a list").iter();
        all.map(|one| format!("{}: {}", one["path"], one["what"])).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(what(&ran.json()), @r#""empty": "link" "sub/a": "removed" "sub/new.py": "added" "weights.bin": "changed""#);
    let other = data("p384.pub.pem");
    let ran = verify(home.path(), &model, &signature, &["--key", &other]);
    assert_snapshot!(ran.text(home.path()), @"
    code: 1
    --- out
    refused: [HOME]/model/model.sig: it was made with another key: its key's SHA-256 is 7d8e6e99cbe055e2bd281213a8ec8e925e828949376b775103ebdf23cd572e22, the one given is 25a13a3b221ecd6c843fb38380603dacbd742b51f76552184b55bf4a442c11de
    ");
    let ran = verify(home.path(), &model, &signature, &["--key", &other, "--json"]);
    crate::json::valid_text("vet-verify", home.path(), &ran.stdout);
}

#[test]
fn nothing_is_signed_where_all_is_left_out() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let out = home.path().join("x.sig");
    let (path, name) = (model.display().to_string(), out.display().to_string());
    let names = [".hidden", "config.json", "empty", "sub", "sub.txt", "weights.bin", "ünï"];
    let ignored: Vec<_> = names.iter().flat_map(|name| ["--ignore", name]).collect();
    let private = data("p256.pkcs8.pem");
    let command = ["vet", "sign", &path, "--key", &private, "--out", &name];
    assert_snapshot!(run(home.path(), &[&command[..], &ignored].concat()).text(home.path()), @"
    code: 2
    --- err
    error: [HOME]/model holds no file to sign
    hint: name the folder that the model's files are in
    ");
}

#[test]
fn what_cannot_be_told_is_no_yes() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let public = data("p256.pub.pem");
    let bundle = fs::read_to_string(data("key.sig")).expect("a file");
    let check = |change: &dyn Fn(&mut Value), more: &[&str]| {
        let mut value: Value = serde_json::from_str(&bundle).expect("JSON");
        change(&mut value);
        let signature = home.path().join("x.sig");
        fs::write(&signature, value.to_string()).expect("a file");
        verify(home.path(), &model, &signature, more).text(home.path())
    };
    let key = ["--key", public.as_str()];
    let material = "verificationMaterial";
    let keyless = |all: &mut Value| {
        all[material] = json!({ "certificate": { "rawBytes": "AAAA" }, "tlogEntries": [{}] });
    };
    assert_snapshot!(check(&keyless, &key), @"
    code: 2
    --- err
    error: nothing can be said about [HOME]/x.sig
    cause: not verified: it was made without a key of the signer's own (Sigstore, Fulcio and Rekor), and needs their roots of trust and the log's proof, which are not checked here
    hint: check it online: pip install model-signing, then model_signing verify sigstore
    ");
    let roots = data("root.cert.pem");
    assert_snapshot!(check(&|_| {}, &["--certificate-chain", &roots]), @"
    code: 2
    --- err
    error: nothing can be said about [HOME]/x.sig
    cause: not verified: it was made with a key, and needs the signer's public key
    hint: name the signer's public key with --key
    ");
    let leaf = PathBuf::from(data("leaf.sig"));
    assert_snapshot!(verify(home.path(), &model, &leaf, &key).text(home.path())
        .replace(&data(""), "[DATA]"), @"
    code: 2
    --- err
    error: nothing can be said about [DATA]leaf.sig
    cause: not verified: it was made with a certificate, and needs the roots that you trust
    hint: name the roots that you trust with --certificate-chain
    ");
    assert_snapshot!(check(&|all| all["mediaType"] = "text/plain".into(), &key), @"
    code: 2
    --- err
    error: [HOME]/x.sig is no signature that can be read
    cause: it is of type `text/plain`, not `application/vnd.dev.sigstore.bundle.v0.3+json`
    hint: ask the publisher for a signature of OpenSSF Model Signing
    ");
    assert_snapshot!(check(&|all| all["dsseEnvelope"] = Value::Null, &key), @"
    code: 2
    --- err
    error: [HOME]/x.sig is no signature that can be read
    cause: it has no DSSE envelope: it signs one file's digest, not a statement about a model
    hint: ask the publisher for a signature of OpenSSF Model Signing
    ");
    assert_snapshot!(check(&|all| all["dsseEnvelope"]["payloadType"] = "x".into(), &key), @"
    code: 2
    --- err
    error: nothing can be said about [HOME]/x.sig
    cause: it signs something else: `x`, not `application/vnd.in-toto+json`
    hint: check it with the tool that made it: pip install model-signing
    ");
    assert_snapshot!(verify(home.path(), &model, &model.join("config.json"), &key)
        .text(home.path()), @"
    code: 2
    --- err
    error: [HOME]/model/config.json is no signature that can be read
    cause: it is no Sigstore bundle
    cause: missing field `mediaType` at line 1 column 2
    hint: name the file that the publisher gave you as the signature, often model.sig
    ");
    let expired = PathBuf::from(data("expired.sig"));
    let more = ["--certificate-chain", roots.as_str()];
    assert_snapshot!(verify(home.path(), &model, &expired, &more).text(home.path())
        .replace(&data(""), "[DATA]"), @"
    code: 1
    --- out
    refused: [DATA]expired.sig: its certificate is not trusted: it has expired by the day asked about
    ");
}

#[test]
fn keys_and_files_that_cannot_be_used_say_why() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let path = model.display().to_string();
    let out = home.path().join("x.sig").display().to_string();
    let sign = |key: &str, more: &[&str]| {
        let command = ["vet", "sign", &path, "--key", key, "--out", &out];
        let ran = run(home.path(), &[&command, more].concat());
        ran.text(home.path()).replace(&data(""), "[DATA]")
    };
    let keys = ["encrypted", "nopublic", "p521.sec1", "rsa", "p256.pub"];
    let said: Vec<_> = keys.map(|name| sign(&data(&format!("{name}.pem")), &[])).into();
    assert_snapshot!(said.join("\n"), @"
    code: 2
    --- err
    error: [DATA]encrypted.pem cannot be used
    cause: the private key is encrypted with a password
    hint: write it without: openssl pkcs8 -topk8 -nocrypt -in [DATA]encrypted.pem -out key.pem

    code: 2
    --- err
    error: [DATA]nopublic.pem cannot be used
    cause: the private key comes without its public half
    hint: write it with both: openssl ec -in [DATA]nopublic.pem -out key.pem

    code: 2
    --- err
    error: [DATA]p521.sec1.pem cannot be used
    cause: the key is of a kind that is not supported: elliptic curve P-521
    hint: make one: openssl ecparam -name prime256v1 -genkey -noout -out key.pem

    code: 2
    --- err
    error: [DATA]rsa.pem cannot be used
    cause: the key is of a kind that is not supported: RSA
    hint: make one: openssl ecparam -name prime256v1 -genkey -noout -out key.pem

    code: 2
    --- err
    error: [DATA]p256.pub.pem cannot be used
    cause: holds a public key, and a private key is needed
    hint: name the file with the private key
    ");
    fs::copy(data("p256.pkcs8.pem"), model.join("key.pem")).expect("a file");
    assert_snapshot!(sign(&model.join("key.pem").display().to_string(), &[]), @"
    code: 2
    --- err
    error: the private key [HOME]/model/key.pem lies in the model
    hint: move it out of the folder, so that it is not published with the model
    ");
    symlink("config.json", model.join("link")).expect("a link");
    assert_snapshot!(sign(&data("p256.pkcs8.pem"), &[]), @"
    code: 2
    --- err
    error: link cannot be signed: a link, and links are not followed
    hint: sign what links lead to with --allow-symlinks, or leave it out with --ignore
    ");
    fs::write(home.path().join("x.sig"), "my only copy").expect("a file");
    assert_snapshot!(sign(&data("p256.pkcs8.pem"), &["--ignore", "link"]), @"
    code: 2
    --- err
    error: [HOME]/x.sig is there already and is no signature
    hint: name another file with --out
    ");
    fs::remove_file(home.path().join("x.sig")).expect("it can be removed");
    let ran = run(
        home.path(),
        &[
            "vet",
            "sign",
            &path,
            "--key",
            &data("p256.pkcs8.pem"),
            "--out",
            &out,
            "--ignore",
            "link",
            "--json",
        ],
    );
    crate::json::valid_text("vet-sign", home.path(), &ran.stdout);
}

#[test]
fn an_admission_is_signed_and_python_verifies_it() {
    let home = tempfile::tempdir().expect("a folder");
    let model = model(home.path());
    let data_folder = home.path().join("data").display().to_string();
    let (path, out) = (model.display().to_string(), home.path().join("m.sig"));
    let (key, public) = (data("p256.pkcs8.pem"), data("p256.pub.pem"));
    let signature = out.display().to_string();
    let sign = ["vet", "sign", &path, "--key", &key, "--admission", "--dir", &data_folder];
    let signed = |out: &str| run(home.path(), &[&sign[..], &["--out", out]].concat());
    let refused = signed(&signature);
    assert!(
        refused.code == 2 && refused.stderr.contains("is not admitted here"),
        "{}",
        refused.stderr
    );
    admit(home.path(), &model);
    let inside = model.join("model.sig").display().to_string();
    let refused = signed(&inside);
    assert!(
        refused.code == 2 && refused.stderr.contains("would lie in the model"),
        "{}",
        refused.stderr
    );
    let ran = signed(&signature);
    assert!(
        ran.code == 0 && ran.stdout.contains("admitted by: ada on 20"),
        "{}",
        ran.text(home.path())
    );
    let checked = verify(home.path(), &model, &out, &["--key", &public]);
    assert!(
        checked.code == 0 && checked.stdout.contains("admitted by: ada on 20"),
        "{}",
        checked.stdout
    );
    let checked = verify(home.path(), &model, &out, &["--key", &public, "--json"]);
    valid_text("vet-verify", home.path(), &checked.stdout);
    let admission = &checked.json()["admission"];
    let listed = run(home.path(), &["vet", "list", "--json", "--dir", &data_folder]).json();
    for field in ["record", "policy", "until", "digest", "signed_off_by", "admitted"] {
        assert_eq!(admission[field], listed[field], "{field}");
    }
    let (verified, said) = python("verify", &model, &out, &public, &[]);
    assert!(verified, "{said}");
    // Nobody is told of an admission by a signature that does not hold.
    fs::write(model.join("config.json"), "[]").expect("written");
    let checked = verify(home.path(), &model, &out, &["--key", &public, "--json"]);
    assert!(checked.code == 1 && checked.json()["admission"].is_null(), "{}", checked.stdout);
}

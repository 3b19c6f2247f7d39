//! What is read from strangers: names, addresses, patterns, lists.

use proptest::prelude::*;

use crate::{
    Blob, Choice, Commit, Endpoint, Entry, Listing, Reason, Reference, Repository,
    endpoint::{encoded, is_allowed, resolve, same_origin},
    glob::matches,
    hash::Hashes,
    names::{self, NameProblem},
};

#[test]
fn repositories_are_named_as_hubs_name_them() {
    for (text, known) in [
        ("gpt2", true),
        ("Qwen/Qwen3-0.6B", true),
        ("Foo-BAR_foo.bar123", true),
        ("a/b/c", false),
        ("", false),
        ("a/", false),
        ("/a", false),
        ("../a", false),
        ("a/..", false),
        (".a/b", false),
        ("a/b-", false),
        ("foo--bar", false),
        ("foo.git", false),
        ("a b", false),
        ("a\nb", false),
        ("a%2fb", false),
    ] {
        assert_eq!(text.parse::<Repository>().is_ok(), known, "{text:?}");
    }
    assert!("a".repeat(96).parse::<Repository>().is_ok());
    assert!("a".repeat(97).parse::<Repository>().is_err());
}

#[test]
fn references_name_a_revision() {
    let read = |text: &str| text.parse::<Reference>().ok().map(|it| it.revision);
    assert_eq!(read("a/b"), Some("main".to_owned()));
    assert_eq!(read("a/b@v1.0"), Some("v1.0".to_owned()));
    assert_eq!(read("a/b@refs/pr/1"), Some("refs/pr/1".to_owned()));
    for wrong in ["a/b@", "a/b@../x", "a/b@/x", "a/b@x/", "a/b@x?y", "a/b@x#y", "a/b@x y", "a/b@.x"]
    {
        assert_eq!(read(wrong), None, "{wrong}");
    }
    let commit = "0123456789abcdef0123456789abcdef01234567";
    assert!(commit.parse::<Commit>().is_ok());
    assert!(commit.to_uppercase().parse::<Commit>().is_err());
}

#[test]
fn endpoints_are_encrypted_or_on_this_machine() {
    for (text, known) in [
        ("https://hub.example", true),
        ("https://hub.example/prefix/", true),
        ("http://127.0.0.1:8080", true),
        ("http://localhost", true),
        ("http://[::1]:1", true),
        ("http://hub.example", false),
        ("http://127.0.0.1.hub.example", false),
        ("http://localhost.hub.example", false),
        ("https://user:secret@hub.example", false),
        ("https://hub.example?x=1", false),
        ("ftp://hub.example", false),
        ("hub.example", false),
        ("", false),
    ] {
        let read = Endpoint::read(text);
        assert_eq!(read.is_ok(), known, "{text:?}");
        assert!(!format!("{read:?}").contains("secret"));
    }
}

#[test]
fn redirects_lead_where_they_say() {
    let base = "https://hub.example/a/b?c".parse().unwrap();
    for (target, expected, home) in [
        ("/x?y=1", Some("https://hub.example/x?y=1"), true),
        ("https://hub.example:443/x", Some("https://hub.example:443/x"), true),
        ("https://HUB.example/x", Some("https://HUB.example/x"), true),
        ("https://cdn.example/x#f", Some("https://cdn.example/x"), false),
        ("//cdn.example/x", Some("https://cdn.example/x"), false),
        ("https://hub.example:444/x", Some("https://hub.example:444/x"), false),
        ("http://hub.example/x", None, false),
        ("http://127.0.0.1/x", Some("http://127.0.0.1/x"), false),
        ("x/y", None, false),
        ("", None, false),
    ] {
        let found = resolve(&base, target).filter(is_allowed);
        let expected = expected.map(|text| text.parse().unwrap());
        assert_eq!(found, expected, "{target}");
        assert_eq!(found.is_some_and(|it| same_origin(&base, &it)), home, "{target}");
    }
}

#[test]
fn hostile_names_are_refused() {
    let long = "a".repeat(256);
    let longer = vec!["a".repeat(200); 6].join("/");
    let deep = "a/".repeat(9) + "b";
    for (name, problem) in [
        ("config.json", None),
        ("a/b/c.safetensors", None),
        ("über model.txt", None),
        ("console.json", None),
        ("com10.txt", None),
        ("../x", Some(NameProblem::LeadsElsewhere)),
        ("a/../x", Some(NameProblem::LeadsElsewhere)),
        ("a//x", Some(NameProblem::LeadsElsewhere)),
        ("a/", Some(NameProblem::LeadsElsewhere)),
        (".", Some(NameProblem::LeadsElsewhere)),
        ("", Some(NameProblem::LeadsElsewhere)),
        ("/etc/x", Some(NameProblem::Absolute)),
        ("a\\x", Some(NameProblem::Separator)),
        ("c:x", Some(NameProblem::Separator)),
        ("a\0", Some(NameProblem::Control)),
        ("a\nb", Some(NameProblem::Control)),
        ("a\u{202e}nosj", Some(NameProblem::Control)),
        ("nul", Some(NameProblem::Reserved)),
        ("a/COM1.txt", Some(NameProblem::Reserved)),
        ("a.", Some(NameProblem::Reserved)),
        ("a /b", Some(NameProblem::Reserved)),
        (long.as_str(), Some(NameProblem::TooLong)),
        (longer.as_str(), Some(NameProblem::TooLong)),
        (deep.as_str(), Some(NameProblem::TooDeep)),
    ] {
        assert_eq!(names::check(name).err(), problem, "{name:?}");
    }
    for (all, problem) in [
        (vec!["a", "b/a"], None),
        (vec!["a", "A"], Some(NameProblem::Twice)),
        (vec!["a/x", "A/y"], Some(NameProblem::Twice)),
        (vec!["a", "a/b"], Some(NameProblem::FileAndFolder)),
        (vec!["a/b", "A"], Some(NameProblem::FileAndFolder)),
    ] {
        assert_eq!(names::check_all(all.clone()).err().map(|it| it.problem), problem, "{all:?}");
    }
}

#[test]
fn patterns_are_python_s() {
    // Each as Python 3's fnmatch.fnmatchcase answers.
    for (pattern, name, expected) in [
        ("*.json", "config.json", true),
        ("*.json", "a/config.json", true),
        ("*.json", "config.jsonl", false),
        ("onnx/", "onnx/model.onnx", true),
        ("onnx/", "onnxx", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("[ab]x", "bx", true),
        ("[!ab]x", "bx", false),
        ("[!ab]x", "cx", true),
        ("[a-c]x", "bx", true),
        ("[]]x", "]x", true),
        ("[ab", "[ab", true),
        ("*a*b*c", "xxaxxbxxc", true),
        ("*a*b*c", "xxaxxcxxb", false),
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*Q4_K_M*", "model-Q4_K_M.gguf", true),
        ("Model", "model", false),
    ] {
        assert_eq!(matches(pattern, name), expected, "{pattern:?} {name:?}");
    }
}

#[test]
fn git_s_names_are_computed() {
    // `printf 'hello\n' | git hash-object --stdin`.
    let oid = "ce013625030ba8dba906f756967f9e9ca394464a".to_owned();
    let blob = Blob::Git(oid);
    let mut hashes = Hashes::new(&blob, 6);
    hashes.update(b"hel");
    hashes.update(b"lo\n");
    assert!(hashes.finish().are(&blob));
}

fn listing(names: &[&str]) -> Listing {
    let entries = names.iter().map(|name| Entry {
        path: (*name).to_owned(),
        bytes: 1,
        blob: Blob::Git("0".repeat(40)),
    });
    Listing {
        schema: 1,
        endpoint: "https://hub.example".to_owned(),
        repository: "a/b".parse().unwrap(),
        commit: "0".repeat(40).parse().unwrap(),
        card: crate::Card::default(),
        entries: entries.collect(),
    }
}

#[test]
fn of_the_same_weights_the_ones_that_run_nothing_are_taken() {
    let all = [
        ".gitattributes",
        "2_Dense/pytorch_model.bin",
        "3_Dense/model.safetensors",
        "3_Dense/pytorch_model.bin",
        "config.json",
        "flax_model.msgpack",
        "model.safetensors",
        "onnx/model.onnx",
        "original/consolidated.00.pth",
        "original/params.json",
        "pytorch_model.bin",
        "tf_model.h5",
    ];
    let check = |include: &[&str], exclude: &[&str], names: &[&str], expected: &[&str]| {
        let own = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        let choice = Choice { include: own(include), exclude: own(exclude) };
        let plan = choice.plan(listing(names));
        let plan = plan.as_ref().map(|plan| plan.files.iter().map(|it| it.path.as_str()).collect());
        let taken: Vec<&str> = plan.unwrap_or_default();
        assert_eq!(taken, expected, "{include:?} {exclude:?}");
    };
    let usual = [
        "2_Dense/pytorch_model.bin",
        "3_Dense/model.safetensors",
        "config.json",
        "model.safetensors",
        "original/params.json",
    ];
    check(&[], &[], &all, &usual);
    check(&["*.bin"], &["?_*"], &all, &["pytorch_model.bin"]);
    check(&["*.safetensors", "onnx/*"], &["3*"], &all, &["model.safetensors", "onnx/model.onnx"]);
    // Without safetensors there is no choice.
    check(&[], &["*.safetensors"], &["model.safetensors", "x.bin"], &["x.bin"]);
    check(&[], &[], &["pytorch_model.bin", "tf_model.h5"], &["pytorch_model.bin", "tf_model.h5"]);
    check(&["*"], &[], &[".git/config"], &[]);
    check(&["nothing"], &[], &all, &[]);

    let usual = Choice::default().plan(listing(&all)).unwrap();
    assert_eq!(usual.name(), format!("a--b@{}", "0".repeat(40)));
    let reasons: Vec<_> = usual.left_out.iter().map(|it| it.reason).collect();
    assert_eq!(reasons.iter().filter(|it| **it == Reason::Pickle).count(), 3);
    assert_eq!(reasons.iter().filter(|it| **it == Reason::OtherFormat).count(), 3);
    let other = Choice { exclude: vec!["2*".to_owned()], ..Choice::default() };
    let other = other.plan(listing(&all)).unwrap();
    assert_ne!(other.name(), usual.name());
    assert!(other.name().starts_with(usual.name()));
}

proptest! {
    /// A name that passes stays in its folder, on any system.
    #[test]
    fn names_that_pass_stay_within(name in r"[a./\\: \x00\u{202e}]{0,12}") {
        if names::check(&name).is_ok() {
            let path = std::path::Path::new(&name);
            prop_assert!(path.components().all(|it| matches!(it, std::path::Component::Normal(_))));
            prop_assert!(!name.contains('\\'));
        }
    }

    /// Patterns end, and a name is always as itself says, where it holds nothing special.
    #[test]
    fn patterns_end(pattern in r"[ab*?\[\]!-]{0,16}", name in "[ab/]{0,16}") {
        let _either = matches(&pattern, &name);
        prop_assert!(matches(&name.replace('/', "?"), &name));
        let (star, ending) = (format!("*{name}"), format!("b{name}"));
        prop_assert!(matches(&star, &ending));
    }

    /// What is encoded is a path of an address, and says the same.
    #[test]
    fn encoding_is_undone(text in "\\PC{0,40}") {
        let encoded = encoded(&text, "");
        prop_assert!(encoded.bytes().all(|c| c.is_ascii_alphanumeric() || b"%-_.~".contains(&c)));
        let mut bytes = Vec::new();
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                let digits = std::str::from_utf8(&digits).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        prop_assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }

    /// Whatever is read as a repository or a revision, its folder is one name.
    #[test]
    fn references_are_one_folder(text in "[a.@/-]{0,12}") {
        if let Ok(reference) = text.parse::<Reference>() {
            let folder = reference.repository.folder();
            prop_assert!(!folder.contains('/') && !folder.starts_with('.'));
        }
    }
}

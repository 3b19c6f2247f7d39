//! Connections that are cut, files that are not as listed, servers that refuse or lead astray.

use std::fs;

use freehold_hub::{AnswerError, Choice, FileError, PullError, Vetted};
use freehold_testkit::hub::{File, Hub, Redirect, commit};

use crate::{PICKLE, model, nothing_is_visible, patience, pull, visible, weights};

const USUAL: [&str; 3] = ["README.md", "config.json", "model.safetensors"];

#[test]
fn connections_cut_anywhere_do_not_change_the_file() {
    let all = weights(25_000).len();
    for cut_after in [1_024, 9_999, 50_000, all - 1] {
        let hub = Hub::serve("a/model", &model());
        hub.state().cut_after = Some(cut_after);
        let folder = tempfile::tempdir().unwrap();
        let (path, names, fetched) = visible(&hub, folder.path());
        assert_eq!(names, USUAL, "{cut_after}");
        assert_eq!(fs::read(path.join("model.safetensors")).unwrap(), weights(25_000));
        // Not a byte comes twice.
        let texts = model().iter().take(3).skip(1).map(|(_, file)| file.given.len()).sum::<usize>();
        assert_eq!(fetched, (all + texts) as u64, "{cut_after}");
        assert_eq!(hub.asked("model.safetensors"), all.div_ceil(cut_after), "{cut_after}");
        let ranged =
            hub.state().seen.iter().filter(|seen| seen.headers.contains_key("if-range")).count();
        assert_eq!(ranged, all.div_ceil(cut_after) - 1);
    }
}

/// A server that gives a little each time is not followed for ever.
#[test]
fn cuts_without_end_have_an_end() {
    let hub = Hub::serve("a/model", &model());
    hub.state().cut_after = Some(100);
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(pulled, Err(PullError::Answer(AnswerError::Unreachable { .. }))));
    assert_eq!(hub.asked("model.safetensors"), 100);
    assert!(nothing_is_visible(folder.path()));
}

/// Small files one by one at every byte, weights included.
#[test]
fn every_single_cut_is_borne() {
    let bytes = weights(4);
    for cut_after in 1..bytes.len() {
        let hub = Hub::serve("a/model", &[("model.safetensors", File::large(&bytes))]);
        hub.state().cut_after = Some(cut_after);
        let folder = tempfile::tempdir().unwrap();
        let (path, _, fetched) = visible(&hub, folder.path());
        assert_eq!(fs::read(path.join("model.safetensors")).unwrap(), bytes, "{cut_after}");
        assert_eq!(fetched, bytes.len() as u64);
    }
}

#[test]
fn a_server_that_ignores_ranges_gives_the_file_anew() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    // Cut once and for all: what came stays.
    hub.state().cut_after = Some(0);
    let cut = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(cut, Err(PullError::Answer(AnswerError::Unreachable { .. }))), "{cut:?}");
    hub.state().cut_after = Some(60_000);
    hub.state().ignores_range = true;
    let cut = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(cut, Err(PullError::Answer(AnswerError::Unreachable { .. }))), "{cut:?}");
    assert!(nothing_is_visible(folder.path()));
    hub.state().cut_after = None;
    let (path, ..) = visible(&hub, folder.path());
    assert_eq!(fs::read(path.join("model.safetensors")).unwrap(), weights(25_000));
}

#[test]
fn a_file_that_changed_while_it_was_cut_is_begun_anew() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let right = weights(25_000);
    // The first half is of another file, under another validator.
    hub.file("model.safetensors", |file| file.given = vec![7; right.len()]);
    hub.state().cut_after = Some(60_000);
    hub.state().ignores_range = true;
    let cut = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(cut, Err(PullError::Answer(_))), "{cut:?}");
    hub.file("model.safetensors", |file| file.given = right.clone());
    hub.state().cut_after = None;
    hub.state().ignores_range = false;
    let (path, ..) = visible(&hub, folder.path());
    assert_eq!(fs::read(path.join("model.safetensors")).unwrap(), right);
}

#[test]
fn a_part_of_another_file_is_found_out() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    hub.state().cut_after = Some(60_000);
    hub.state().ignores_range = true;
    let cut = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(cut.is_err());
    hub.state().cut_after = None;
    hub.state().ignores_range = false;
    // Somebody writes into the part; the server knows nothing of it.
    let incoming = folder.path().join("incoming/a--model");
    let part = fs::read_dir(&incoming)
        .unwrap()
        .flatten()
        .map(|it| it.path())
        .find(|path| path.extension().is_none() && fs::metadata(path).unwrap().len() == 60_000);
    let part = part.expect("a part");
    let mut bytes = fs::read(&part).unwrap();
    bytes[59_999] ^= 1;
    fs::write(&part, bytes).unwrap();
    let (path, ..) = visible(&hub, folder.path());
    assert_eq!(fs::read(path.join("model.safetensors")).unwrap(), weights(25_000));
}

#[test]
fn files_that_are_not_as_listed_are_refused_by_name() {
    let right = weights(25_000);
    let mut flipped = right.clone();
    flipped[50_000] ^= 1;
    let longer = [right.as_slice(), b"x"].concat();
    let shorter = right[..right.len() - 1].to_vec();
    for (name, given, size) in [
        ("model.safetensors", flipped, false),
        ("model.safetensors", longer, true),
        ("model.safetensors", shorter, true),
        ("config.json", b"{\"model_type\": \"LLAMA\"}\n".to_vec(), false),
        ("config.json", Vec::new(), true),
    ] {
        let hub = Hub::serve("a/model", &model());
        hub.file(name, |file| file.given = given);
        let folder = tempfile::tempdir().unwrap();
        match pull(&hub, folder.path(), "a/model", &Choice::default(), None) {
            Err(PullError::File(FileError::Size { file, .. })) => assert!(size && file == name),
            Err(PullError::File(FileError::Digest { file, .. })) => assert!(!size && file == name),
            other => panic!("{name}: {other:?}"),
        }
        assert!(nothing_is_visible(folder.path()));
        let kept = |path: &str| folder.path().join(path).join(name).exists();
        assert!(!kept(&format!("quarantine/a--model@{}", commit(1))));
    }
}

#[test]
fn the_token_goes_to_the_hub_alone() {
    for redirect in [Redirect::None, Redirect::SameHost, Redirect::Elsewhere] {
        let hub = Hub::serve("a/model", &model());
        hub.state().token = Some("hf_secret".to_owned());
        hub.state().redirect = redirect;
        let folder = tempfile::tempdir().unwrap();
        let choice = Choice::default();
        let pulled = pull(&hub, folder.path(), "a/model", &choice, Some("hf_secret"));
        assert!(matches!(pulled, Ok(Vetted::Clean(_))), "{pulled:?}");
        let state = hub.state();
        assert_eq!(state.seen.iter().any(|it| it.elsewhere), redirect == Redirect::Elsewhere);
        for seen in &state.seen {
            let told = seen.headers.contains_key("authorization");
            assert_eq!(told, !seen.elsewhere, "{seen:?}");
        }
    }
}

#[test]
fn redirects_that_lead_astray_are_not_followed() {
    for redirect in [Redirect::Unencrypted, Redirect::Circle] {
        let hub = Hub::serve("a/model", &model());
        hub.state().redirect = redirect;
        let folder = tempfile::tempdir().unwrap();
        let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
        let refused = matches!(pulled, Err(PullError::Answer(AnswerError::Redirect { .. })));
        assert!(refused, "{pulled:?}");
    }
}

#[test]
fn a_branch_that_moves_meanwhile_changes_nothing() {
    let hub = Hub::serve("a/model", &model());
    let mut next = model();
    next[2].1 = File::text("{\"model_type\": \"qwen3\"}\n");
    let next = next.into_iter().map(|(name, file)| (name.to_owned(), file)).collect();
    hub.state().commits.insert(commit(2), next);
    hub.state().moves_to = Some(commit(2));
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = visible(&hub, folder.path());
    assert!(path.ends_with(format!("a--model@{}", commit(1))));
    assert!(fs::read_to_string(path.join("config.json")).unwrap().contains("llama"));
    // The next time it is the other one, and of its files only the one that differs comes.
    let (path, _, fetched) = visible(&hub, folder.path());
    assert!(path.ends_with(format!("a--model@{}", commit(2))));
    assert_eq!(fetched, 24);
}

#[test]
fn refusals_say_what_is_lacking() {
    let check = |prepare: &dyn Fn(&Hub), reference: &str, token, expected: &str| {
        let hub = Hub::serve("a/model", &model());
        prepare(&hub);
        let folder = tempfile::tempdir().unwrap();
        let error = pull(&hub, folder.path(), reference, &Choice::default(), token).err().unwrap();
        let error = error.to_string().replace(&hub.address.to_string(), "HUB");
        assert_eq!(error, expected);
    };
    let secret = |hub: &Hub| hub.state().token = Some("hf_right".to_owned());
    check(&secret, "a/model", None, "the hub has no repository a/model: RepoNotFound");
    check(&secret, "a/model", Some("hf_wrong"), "the hub has no repository a/model: RepoNotFound");
    let gated = |hub: &Hub| {
        secret(hub);
        hub.state().gated = true;
    };
    check(&gated, "a/model", None, "access to a/model has to be asked for at the hub");
    check(&|_| {}, "a/other", None, "the hub has no repository a/other: RepoNotFound");
    check(&|_| {}, "a/model@v9", None, "a/model has no revision `v9`");
    let instead = |status, headers: &'static str, times: usize| {
        move |hub: &Hub| hub.state().instead = vec![(status, headers); times]
    };
    let twice = instead(403, "x-error-message: Not \u{202e} you\r\n", 1);
    let said = "the hub refuses access to a/model (403): Not \\u{202e} you";
    check(&twice, "a/model", None, said);
    let many = usize::try_from(patience().attempts).unwrap();
    check(&instead(503, "", many), "a/model", None, "HUB answers with status 503");
    let later = instead(429, "retry-after: 3600\r\n", 1);
    check(&later, "a/model", None, "the hub asks to be left alone for 3600 seconds");
    check(&instead(200, "", 1), "a/model", None, "HUB answers with what is no model");
    check(&instead(418, "", 1), "a/model", None, "HUB answers with status 418");
}

#[test]
fn what_passes_is_waited_for() {
    for (status, headers) in [(503, ""), (429, "retry-after: 0\r\n"), (500, ""), (408, "")] {
        let hub = Hub::serve("a/model", &model());
        hub.state().instead = vec![(status, headers); 3];
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(visible(&hub, folder.path()).1, USUAL, "{status}");
    }
}

#[test]
fn a_hub_that_is_not_there_cannot_be_reached() {
    let hub = Hub::serve("a/model", &model());
    let closed = {
        let other = Hub::serve("a/model", &[]);
        other.address
    };
    let folder = tempfile::tempdir().unwrap();
    drop(visible(&hub, folder.path()));
    let mut gone = hub;
    gone.address = closed;
    let pulled = pull(&gone, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(pulled, Err(PullError::Answer(AnswerError::Unreachable { .. }))));
}

#[test]
fn hostile_names_fetch_nothing() {
    for name in [
        "../x",
        "/x",
        "a\\x",
        "a/../../x",
        "nul.txt",
        "README.MD",
        "a\u{202e}x",
        "model.safetensors/x",
    ] {
        let mut files = model();
        files.push((name, File::text("x")));
        let hub = Hub::serve("a/model", &files);
        let folder = tempfile::tempdir().unwrap();
        let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
        assert!(matches!(pulled, Err(PullError::Name(_))), "{name}: {pulled:?}");
        assert_eq!(hub.asked("/resolve/"), 0);
    }
}

#[test]
fn lists_come_in_pages() {
    let hub = Hub::serve("a/model", &model());
    hub.state().page = 2;
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(visible(&hub, folder.path()).1, USUAL);
    assert_eq!(hub.asked("/tree/"), 3);
}

#[test]
fn what_could_do_harm_is_never_visible() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let choice = Choice { include: vec!["*".to_owned()], ..Choice::default() };
    let pulled = pull(&hub, folder.path(), "a/model", &choice, None);
    let Ok(Vetted::Held(held)) = pulled else { panic!("{pulled:?}") };
    assert!(nothing_is_visible(folder.path()));
    assert!(held.folder.starts_with(folder.path().join("quarantine")));
    assert_eq!(fs::read(held.folder.join("pytorch_model.bin")).unwrap(), PICKLE);
    // Whoever leaves it out gets the rest, of which nothing comes again.
    let asked = hub.asked("/resolve/");
    let choice = Choice { exclude: vec!["pytorch_model.bin".to_owned()], ..choice };
    let pulled = pull(&hub, folder.path(), "a/model", &choice, None);
    assert!(matches!(pulled, Ok(Vetted::Clean(_))), "{pulled:?}");
    assert_eq!(hub.asked("/resolve/"), asked);
}

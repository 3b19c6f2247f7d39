//! Messages survive the way there; whatever else arrives is an error and nothing worse.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check<M: Wire + PartialEq + std::fmt::Debug>(message: M) {
    let mut bytes = Vec::new();
    write_frame(&mut bytes, &message).unwrap();
    let again: M = read_frame(&mut &bytes[..]).unwrap();
    assert_eq!(again, message);
    for length in 0..bytes.len() {
        assert!(read_frame::<M>(&mut &bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn messages_survive_and_cut_ones_do_not() {
    let sampling = Sampling {
        temperature: 0.7,
        top_p: 1.0,
        top_k: 0,
        min_p: 0.05,
        repeat_penalty: 1.0,
        frequency_penalty: 0.0,
        presence_penalty: -0.5,
        bias: vec![(7, -100.0)],
        seed: 9,
    };
    let constraint =
        Constraint { schema: "{}".to_owned(), prefix: "<".to_owned(), suffix: String::new() };
    check(ToWorker::Generate(Generate {
        id: u64::MAX,
        prompt: vec!["Grüße".to_owned(), String::new()],
        adapter: Some(1),
        max_tokens: None,
        sampling,
        constraint: Some(constraint),
        logprobs: Some(3),
    }));
    check(ToWorker::Embed(Embed {
        id: 1,
        texts: vec!["a".to_owned()],
        tokens: vec![vec![1, 2], vec![]],
        adapter: None,
    }));
    let top = Top { logprob: -0.5, likeliest: vec![(vec![0xff], -0.5), (vec![], -3.0)] };
    check(FromWorker::Step(vec![Step { id: 3, bytes: vec![0xe2, 0x82], top: Some(top) }]));
    check(FromWorker::Failed((4, (FailureKind::TooLong, "no".to_owned()))));
    check(FromWorker::Embedded((5, (vec![vec![0.25, -1.0]], 2))));
    check(FromWorker::Finished((6, StopCause::Limit)));
}

#[test]
fn announced_lengths_are_not_believed() {
    let huge_frame = u32::MAX.to_le_bytes();
    assert!(matches!(
        read_frame::<FromWorker>(&mut &huge_frame[..]),
        Err(FrameError::TooLong(u32::MAX))
    ));
    // A step list that says it has four thousand million entries in nine bytes.
    let mut list = vec![5];
    list.extend_from_slice(&u32::MAX.to_le_bytes());
    assert!(FromWorker::from_bytes(&list).is_err());
}

proptest! {
    #[test]
    fn hostile_bytes_are_errors(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        let _ = FromWorker::from_bytes(&bytes);
        let _ = ToWorker::from_bytes(&bytes);
        let _ = read_frame::<FromWorker>(&mut &bytes[..]);
    }
}

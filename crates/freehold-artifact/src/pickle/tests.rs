//! Streams that would run something, and streams that only hold data. No payload is ever loaded.

use proptest::prelude::*;

use super::*;
use crate::finding::Verdict;

fn plain(bytes: &[u8]) -> Followed {
    follow(bytes, Reader { joblib: true, frames: Frames::Through })
}

/// Follows the stream; `rule` is the worst finding's, `None` expects a clean one.
fn check(bytes: &[u8], rule: Option<&str>) {
    let followed = plain(bytes);
    let worst = followed.findings.iter().max_by_key(|finding| finding.rule.severity);
    assert_eq!(worst.map(|one| one.rule.name), rule, "{}: {followed:?}", bytes.escape_ascii());
}

#[test]
fn what_runs_is_found_in_every_protocol() {
    let os = Some("pickle/os-system");
    check(b"cos\nsystem\n(S'id'\ntR.", os);
    check(b"(S'id'\nios\nsystem\n.", os);
    check(b"(cos\nsystem\nS'id'\no.", os);
    check(b"\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.", os);
    check(b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94.", os);
    check(b"\x80\x04\x8c\x02os\x8c\x06system\x93.", os);
    check(b"\x80\x03c__builtin__\neval\n(X\x01\x00\x00\x001tR.", Some("pickle/eval"));
    check(b"\x80\x04cnumpy.testing._private.utils\nrunstring\n.", Some("pickle/eval"));
    check(b"\x80\x04\x8c\x07logging\x8c\x09os.system\x93.", Some("pickle/attribute-chain"));
    check(b"\x80\x02cnumpy.core.os\nsystem\n.", Some("pickle/attribute-chain"));
    check(b"\x80\x02ctypes\nCodeType\n.", Some("pickle/code-object"));
    check(b"\x80\x02cshutil\nrmtree\n.", Some("pickle/file-access"));
    check(b"\x80\x02csocket\nsocket\n.", Some("pickle/network"));
}

#[test]
fn names_are_followed_through_memo_and_calls() {
    // Put into the memo, taken out in the other order.
    check(b"\x80\x04\x8c\x06system\x94\x8c\x02os\x940h\x01h\x00\x93.", Some("pickle/os-system"));
    check(b"\x80\x04(\x8c\x02os1\x8c\x02os\x8c\x06system\x93.", Some("pickle/os-system"));
    let getattr = b"\x80\x02cbuiltins\ngetattr\ncposixpath\nos\nX\x06\x00\x00\x00system\x86R.";
    check(getattr, Some("pickle/attribute-chain"));
    let class = b"\x80\x02cbuiltins\ngetattr\nccollections\nOrderedDict\nX\x0b\x00\x00\x00__globals__\x86R.";
    check(class, Some("pickle/attribute-chain"));
    let partial = b"\x80\x02cfunctools\npartial\ncpackage.of.somebody\nf\n\x85R)R.";
    check(partial, Some("pickle/foreign-call"));
    // The name is what a call returns.
    let computed = b"\x80\x04\x8c\x02osc_codecs\nencode\n\x8c\x06flfgrz\x8c\x05rot13\x86R\x93.";
    check(computed, Some("pickle/computed-name"));
    check(b"\x80\x02\x82\x01.", Some("pickle/extension"));
    check(b"\x80\x02cbuiltins\nobject\n}b.", Some("pickle/build-on-global"));
    check(b"\x80\x02cnumpy\nsomething\n.", None);
    check(b"\x80\x02cnumpy\nsomething\n)R.", Some("pickle/unknown-call"));
    check(b"\x80\x02cmine\nModel\n)\x81}b.", Some("pickle/unknown-global"));
}

#[test]
fn a_call_of_something_unknown_is_judged_by_names_and_arguments() {
    let call = |global: &[u8], argument: &[u8], after: &[u8]| {
        let length = (argument.len() as u32).to_le_bytes();
        [b"\x80\x02c", global, b"\nX", &length, argument, b"\x85R", after].concat()
    };
    check(&call(b"somebody\nThing", b"data", b"."), Some("pickle/unknown-global"));
    check(&call(b"somebody\n_unpickle_thing", b"data", b"."), Some("pickle/unknown-global"));
    check(&call(b"somebody\nrun", b"data", b"."), Some("pickle/foreign-call"));
    check(&call(b"somebody\nThing", b"import os; os.getpid()", b"."), Some("pickle/code-argument"));
    check(&call(b"torch.nn\nThing", b"__import__('os')", b"."), Some("pickle/code-argument"));
    check(&call(b"torch.nn\nThing", b"/tmp/x.so", b"."), Some("pickle/unknown-call"));
    check(&call(b"torch.nn\nThing", b"gelu", b"."), None);
    check(&call(b"somebody\nThing", b"data", b"0N."), Some("pickle/discarded-call"));
    check(&call(b"somebody\nThing", b"data", b"N."), Some("pickle/discarded-call"));
    check(&call(b"textwrap\ndedent", b"data", b"."), Some("pickle/standard-call"));
    check(&call(b"pandas.io.common\nurlopen", b"x", b"."), Some("pickle/foreign-call"));
    check(&call(b"sklearn.base\nclone", b"x", b"."), Some("pickle/unknown-call"));
    check(&call(b"dill._dill\n_eval_repr", b"range(0, 3)", b"."), None);
    check(&call(b"dill._dill\n_eval_repr", b"print(1)", b"."), Some("pickle/eval"));
}

#[test]
fn pickles_within_are_handed_on() {
    let held = |opcode: &[u8], written: &[u8], spelling| {
        let followed = plain(&[opcode, written, b"."].concat());
        let [one] = followed.embedded[..] else { panic!("{followed:?}") };
        assert_eq!((one.length, one.spelling), (written.trim_ascii_end().len() as u64, spelling));
        one.spelling.bytes(written.trim_ascii_end())
    };
    let pickle = b"\x80\x02cos\nsystem\nX\x01\0\0\0\xe9\x85R.";
    assert_eq!(held(&[b'C', 22], pickle, Spelling::Plain), pickle);
    let latin: String = pickle.iter().map(|byte| char::from(*byte)).collect();
    let head = [b'X', latin.len() as u8, 0, 0, 0];
    assert_eq!(held(&head, latin.as_bytes(), Spelling::Latin), pickle);
    let escaped = b"\x80\x02cos\\u000asystem\\u000aX\x01\\u0000\\u0000\\u0000\xe9\x85R.\n";
    assert_eq!(held(b"V", escaped, Spelling::Escaped), pickle);
    // Without a head it is told by what it would do.
    assert_eq!(held(&[b'C', 14], b"cos\nsystem\n)R.", Spelling::Plain).len(), 14);
}

#[test]
fn code_in_the_file_is_suspicious_and_calling_it_malicious() {
    let made = b"\x80\x02ccloudpickle.cloudpickle\n_make_function\n)R";
    check(&[&made[..], b"."].concat(), Some("pickle/embedded-code"));
    check(&[&made[..], b")R."].concat(), Some("pickle/embedded-call"));
}

#[test]
fn broken_streams_report_what_ran_before() {
    let followed = plain(b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R\xff");
    assert_eq!(followed.end, End::Broken);
    assert_eq!(Verdict::of(&followed.findings), Verdict::Malicious);
    assert!(followed.findings[0].what.contains("\"id\""), "{followed:?}");
    assert_eq!(plain(b"\x80\x02X\xff\x00\x00\x00abc").end, End::Cut);
    assert_eq!(plain(b"\x80\x02}q\x00.more").end, End::Trailing);
    assert_eq!(plain(b"\x80\x02}q\x00.\x80\x02N.").pickles, 2);
    check(b"\x80\x02N.\x80\x02cos\nsystem\n.", Some("pickle/os-system"));
}

#[test]
fn a_frame_that_ends_within_an_argument() {
    // Of the text's three bytes the frame holds one.
    let bytes = b"\x80\x04\x95\x04\x00\x00\x00\x00\x00\x00\x00]\x8c\x03Zaba.";
    check(bytes, Some("pickle/frame-crossing"));
    check(b"\x80\x04\x95\x06\x00\x00\x00\x00\x00\x00\x00]\x8c\x02aba.", None);
    // A frame that ends between length and text is no harm to any reader.
    check(b"\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00]\x8c\x02aba.", None);
}

#[test]
fn arrays_of_joblib_are_passed() {
    let wrapper = b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(\
        \x8c\x05shapeK\x02\x85\x8c\x05dtypecnumpy\ndtype\n\x8c\x02f8\x88\x88\x87Rub";
    let array = [&wrapper[..], &[0xff; 16], b"."].concat();
    let followed = plain(&array);
    assert_eq!((followed.end, followed.arrays), (End::Stop, 1), "{followed:?}");
    // A plain reader takes the array's bytes for opcodes.
    let hidden = [&wrapper[..], b"cos\nsystem\n.0000", b"."].concat();
    assert!(plain(&hidden).findings.iter().all(|one| one.rule.name == "pickle/frame-crossing"));
    let followed = follow(&hidden[..], Reader { joblib: false, frames: Frames::Through });
    assert!(followed.findings.iter().any(|one| one.rule.name == "pickle/os-system"));
}

#[test]
fn what_a_file_may_be() {
    let like = |bytes: &[u8]| like_a_pickle(bytes, true);
    assert!(like(b"cos\nsystem\n(S'id'\ntR."));
    assert!(like(b"(lp0\nI1\naI2\na."));
    assert!(like(b"\x80\x04N."));
    assert!(like(b"cos\nsystem\n(S'id'\ntR but no end"));
    assert!(!like(b"import os\nprint(1)\n"));
    assert!(!like(b"# A model\n\nIt says things.\n"));
    assert!(!like(b"copyright 2020\nby somebody\n(c)"));
    assert!(!like(b"{\"a\": 1}"));
    assert!(!like(b""));
}

proptest! {
    #[test]
    fn any_bytes_are_followed(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for joblib in [false, true] {
            for frames in [Frames::Through, Frames::Drop] {
                let followed = follow(&bytes[..], Reader { joblib, frames });
                prop_assert!(followed.offset <= bytes.len() as u64);
            }
        }
    }

    /// Opcodes that need nothing but each other go far.
    #[test]
    fn opcodes_at_random_are_followed(
        parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..60),
    ) {
        follow(&parts.concat()[..], Reader { joblib: true, frames: Frames::Through });
    }
}

const PARTS: &[&[u8]] = &[
    b"(",
    b"N",
    b"}",
    b"]",
    b")",
    b"\x85",
    b"\x86",
    b"\x94",
    b"h\x00",
    b"t",
    b"u",
    b"e",
    b"R",
    b"b",
    b"\x81",
    b"0",
    b"1",
    b"2",
    b"cos\nsystem\n",
    b"o",
    b"\x8c\x02os",
    b"\x93",
    b"cbuiltins\ngetattr\n",
    b"cnumpy\ndtype\n",
    b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n",
    b".",
];

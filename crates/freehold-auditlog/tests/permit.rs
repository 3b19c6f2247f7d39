//! A receipt cannot be made, copied or kept by anyone but the writer.

#[test]
fn receipts_come_from_the_writer_alone() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/permits/*.rs");
}

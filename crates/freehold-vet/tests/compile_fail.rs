//! Shows that nothing but the control makes or copies an `Admission`.

#[test]
fn admission_has_one_maker() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

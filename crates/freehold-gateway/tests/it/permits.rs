//! Each effect cannot be written without its permit: these programs do not compile.

#[test]
fn no_effect_without_its_permit() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

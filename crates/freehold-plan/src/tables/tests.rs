use proptest::prelude::*;

use super::*;

const HEAD: &str =
    "model,hardware,parallelism,precision,engine,input_tokens,output_tokens,tokens_per_second";

#[test]
fn rows_are_read_and_errors_have_a_place() {
    let all = rows("t", &format!("# note\n{HEAD}\nm,h,TP2+PP2,FP8,x,100,200,50\n")).unwrap();
    assert_eq!(
        all[0].parallelism,
        Parallelism { tensor: 2, pipeline: 2, attention_by_data: false }
    );
    assert_eq!((all[0].line, all[0].speed, all[0].concurrency), (3, 50.0, None));
    let check = |text: &str, error: &str| {
        assert_eq!(rows("t", text).unwrap_err().to_string(), error);
    };
    check("# nothing\n", "table `t` has no header");
    check(
        &format!("{HEAD}\nm,h,XP3,FP8,x,1,1,1"),
        "table `t`, line 2: column `parallelism` holds `XP3`",
    );
    check(
        &format!("{HEAD}\nm,h,TP1,FP8,x,1,1,fast"),
        "table `t`, line 2: column `tokens_per_second` holds `fast`",
    );
}

#[test]
fn a_speed_per_device_is_of_all_devices() {
    let text = "model,gpu,parallelism,precision,input_tokens,output_tokens,tokens_per_second_per_gpu\n\
                m,h,DEP4,FP4,1000,1000,10\n";
    let row = rows("t", text).unwrap().remove(0);
    assert_eq!((row.speed, row.parallelism.attention_by_data), (40.0, true));
}

proptest! {
    #[test]
    fn hostile_tables_are_errors_or_rows(text in "(?s).{0,300}") {
        _ = rows("t", &text);
        _ = rows("t", &format!("{HEAD}\n{text}"));
        _ = Measured::read(&text);
    }
}

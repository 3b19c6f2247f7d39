//! One `Admission` given away twice.
use freehold_vet::Admission;

fn load(_: Admission) {}

fn twice(admission: Admission) {
    load(admission);
    load(admission);
}

fn main() {
    let _ = twice;
}

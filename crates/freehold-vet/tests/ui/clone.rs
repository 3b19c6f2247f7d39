//! One `Admission` used twice.
use freehold_vet::Admission;

fn load(_: Admission) {}

fn twice(admission: Admission) {
    load(admission.clone());
    load(admission);
}

fn main() {
    let _ = twice;
}

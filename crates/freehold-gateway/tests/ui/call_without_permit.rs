//! An engine cannot be asked without the permit to send data to it.

use freehold_engine::{Call, Engine};

async fn ask(engine: &dyn Engine, call: Call) {
    let _ = engine.chat(call).await;
}

fn main() {}

//! Random profiles from a fixed seed.

use freehold_fit::{GATES, Profile, QUESTION_COUNT, QUESTIONS};

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A profile with this many unknown answers. Later answers, at which gates close, are drawn
    /// less often where a gate reads them: else nearly every profile would be "not yet".
    pub fn profile(&mut self, unknown: usize) -> Profile {
        let mut profile = Profile::EMPTY;
        for (at, question) in QUESTIONS.iter().enumerate() {
            let gated = GATES.iter().any(|gate| gate.questions().contains(&question.id));
            let draws = (0..if gated { 3 } else { 1 }).map(|_| self.below(question.answers.len()));
            profile = profile.with(at, draws.min());
        }
        for _ in 0..unknown {
            profile = profile.with(self.below(QUESTION_COUNT), None);
        }
        profile
    }
}

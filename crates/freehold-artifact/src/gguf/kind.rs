//! How GGUF stores elements: blocks of so many elements in so many bytes.

/// A tensor's element type, with its number in the file (`enum ggml_type` in `ggml.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TensorKind(&'static Row);

/// Name, number, elements in a block, bytes of a block (`ggml-common.h`; `GGML_QUANT_SIZES` in
/// gguf-py's `constants.py`).
type Row = (&'static str, u32, u64, u64);

impl TensorKind {
    /// 32-bit floating point.
    pub const F32: Self = Self(&TABLE[0]);
    /// 16-bit floating point.
    pub const F16: Self = Self(&TABLE[1]);
    /// Upper half of 32-bit floating point.
    pub const BF16: Self = Self(&TABLE[2]);
    /// Blocks of 32 signed bytes with one 16-bit scale.
    pub const Q8_0: Self = Self(&TABLE[3]);

    /// The kind with this number; `None` if it is unknown or was withdrawn.
    pub fn from_number(number: u32) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == number).map(Self)
    }

    /// The number in the file.
    pub const fn number(self) -> u32 {
        self.0.1
    }

    /// The name, as llama.cpp prints it.
    pub const fn name(self) -> &'static str {
        self.0.0
    }

    /// Elements in a block, and bytes of a block.
    pub const fn block(self) -> (u64, u64) {
        (self.0.2, self.0.3)
    }
}

static TABLE: [Row; 35] = [
    ("F32", 0, 1, 4),
    ("F16", 1, 1, 2),
    ("BF16", 30, 1, 2),
    ("Q8_0", 8, 32, 34),
    ("Q4_0", 2, 32, 18),
    ("Q4_1", 3, 32, 20),
    ("Q5_0", 6, 32, 22),
    ("Q5_1", 7, 32, 24),
    ("Q8_1", 9, 32, 36),
    ("Q2_K", 10, 256, 84),
    ("Q3_K", 11, 256, 110),
    ("Q4_K", 12, 256, 144),
    ("Q5_K", 13, 256, 176),
    ("Q6_K", 14, 256, 210),
    ("Q8_K", 15, 256, 292),
    ("IQ2_XXS", 16, 256, 66),
    ("IQ2_XS", 17, 256, 74),
    ("IQ3_XXS", 18, 256, 98),
    ("IQ1_S", 19, 256, 50),
    ("IQ4_NL", 20, 32, 18),
    ("IQ3_S", 21, 256, 110),
    ("IQ2_S", 22, 256, 82),
    ("IQ4_XS", 23, 256, 136),
    ("I8", 24, 1, 1),
    ("I16", 25, 1, 2),
    ("I32", 26, 1, 4),
    ("I64", 27, 1, 8),
    ("F64", 28, 1, 8),
    ("IQ1_M", 29, 256, 56),
    ("TQ1_0", 34, 256, 54),
    ("TQ2_0", 35, 256, 66),
    ("MXFP4", 39, 32, 17),
    ("NVFP4", 40, 64, 36),
    ("Q1_0", 41, 128, 18),
    ("Q2_0", 42, 64, 18),
];

//! Why bytes are not a GGUF file that may be loaded.

/// Why bytes are not a GGUF file that may be loaded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GgufError {
    /// The bytes that were passed end inside metadata or tensor table, the file may not.
    #[error("metadata and tensor table take more than the {given} bytes that were read")]
    Short {
        /// Bytes that were passed.
        given: u64,
    },
    /// A length points past the end of the file.
    #[error("at byte {offset}: the file ends inside metadata or tensor table")]
    Truncated {
        /// Where the cut-off value begins.
        offset: u64,
    },
    /// Not a GGUF file.
    #[error("the file begins with {found:02x?} instead of `GGUF`")]
    Magic {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// A version that is not read.
    #[error("GGUF version {found}; versions 2 and 3 are known")]
    Version {
        /// The version field.
        found: u32,
    },
    /// More entries than the file could hold.
    #[error("at byte {offset}: a count of {found} entries does not fit in the file")]
    Count {
        /// Where the count stands.
        offset: u64,
        /// The count.
        found: u64,
    },
    /// A key or name that is not UTF-8.
    #[error("at byte {offset}: a name is not UTF-8")]
    NotText {
        /// Where the name begins.
        offset: u64,
    },
    /// An unknown value type, or an array of arrays.
    #[error("at byte {offset}: value type {found} is unknown or not allowed here")]
    ValueKind {
        /// Where the type stands.
        offset: u64,
        /// The type's number.
        found: u32,
    },
    /// A key or a tensor name stands twice.
    #[error("`{name}` stands twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// `general.alignment` is not a power of two of type u32.
    #[error("`general.alignment` is not a power of two")]
    Alignment,
    /// A tensor name that llama.cpp cannot hold.
    #[error("tensor name `{name}` is longer than 63 bytes")]
    LongName {
        /// The name.
        name: String,
    },
    /// More than four dimensions.
    #[error("tensor `{name}` has {found} dimensions; at most 4 are allowed")]
    Dimensions {
        /// The tensor.
        name: String,
        /// The dimension count.
        found: u32,
    },
    /// An unknown element type.
    #[error("tensor `{name}` has the unknown type {found}")]
    TensorKind {
        /// The tensor.
        name: String,
        /// The type's number.
        found: u32,
    },
    /// Rows that are no whole number of blocks, or a size beyond 64 bits.
    #[error("tensor `{name}`: its shape does not fit its type")]
    Shape {
        /// The tensor.
        name: String,
    },
    /// Tensors overlap, leave a hole or are out of order.
    #[error("tensor `{name}` lies at data offset {found}, expected {expected}")]
    Offset {
        /// The tensor.
        name: String,
        /// Where the tensor before it ends, aligned.
        expected: u64,
        /// Where the table puts it.
        found: u64,
    },
    /// A tensor ends past the end of the file.
    #[error("tensor `{name}` ends past the end of the file ({file_length} bytes)")]
    OutOfFile {
        /// The tensor.
        name: String,
        /// The length of the file.
        file_length: u64,
    },
}

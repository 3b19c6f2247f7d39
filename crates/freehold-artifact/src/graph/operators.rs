//! TensorFlow's operators that do more than compute (`tensorflow/core/ops/*.cc` lists all).

use crate::rules::{self, Rule};

/// The rule that an operator falls under.
pub(super) fn rule(operator: &str) -> Option<&'static Rule> {
    if FILES.contains(&operator) {
        return Some(&rules::TF_FILES);
    }
    if PYTHON.contains(&operator) {
        return Some(&rules::TF_PYTHON);
    }
    (NETWORK.contains(&operator) || operator.starts_with("IO>")).then_some(&rules::TF_NETWORK)
}

/// Whether it changes files.
pub(super) fn writes(operator: &str) -> bool {
    WRITES.contains(&operator)
}

/// Whether it calls Python.
pub(super) fn calls(operator: &str) -> bool {
    PYTHON.contains(&operator)
}

/// What an ordinary exported model has (saving and restoring itself, and tables out of its assets)
/// is not among them.
static FILES: [&str; 25] = [
    "ImmutableConst",
    "ReadFile",
    "WriteFile",
    "MatchingFiles",
    "WholeFileReader",
    "WholeFileReaderV2",
    "TextLineReader",
    "TextLineReaderV2",
    "FixedLengthRecordReader",
    "FixedLengthRecordReaderV2",
    "TFRecordReader",
    "TFRecordReaderV2",
    "LMDBReader",
    "LMDBDataset",
    "SqlDataset",
    "TextLineDataset",
    "TFRecordDataset",
    "FixedLengthRecordDataset",
    "FixedLengthRecordDatasetV2",
    "DatasetToTFRecord",
    "SaveDataset",
    "SaveDatasetV2",
    "LoadDataset",
    "CreateSummaryFileWriter",
    "AudioMicrofrontendFile",
];
static WRITES: [&str; 5] =
    ["WriteFile", "DatasetToTFRecord", "SaveDataset", "SaveDatasetV2", "CreateSummaryFileWriter"];
static PYTHON: [&str; 3] = ["PyFunc", "PyFuncStateless", "EagerPyFunc"];
static NETWORK: [&str; 14] = [
    "DebugNumericSummary",
    "DebugNumericSummaryV2",
    "DebugNanCount",
    "DataServiceDataset",
    "DataServiceDatasetV2",
    "RegisterDataset",
    "DebugIdentity",
    "DebugIdentityV2",
    "DebugIdentityV3",
    "Rpc",
    "TryRpc",
    "RpcCall",
    "RpcServer",
    "BigQueryReader",
];

//! How sensitive the request's data are.

use freehold_types::{DataClass, Labels};
use http::HeaderMap;

use crate::{
    GatewayOptions,
    error::{Refusal, RequestRefusal},
};

/// What the client says in `x-freehold-class`; without it, the operator's default.
pub(super) fn label(headers: &HeaderMap, options: &GatewayOptions) -> Result<Labels, Refusal> {
    let Some(value) = headers.get(HEADER) else {
        return Ok(Labels { class: options.default_class });
    };
    let class = value.to_str().ok().and_then(|text| text.parse::<DataClass>().ok());
    let class = class.ok_or(RequestRefusal::UnknownLabel { header: HEADER })?;
    Ok(Labels { class })
}

const HEADER: &str = "x-freehold-class";
